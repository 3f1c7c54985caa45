# cmake -DINPUT=schema.sql -DOUTPUT=schema.cc -P embed_sql.cmake: the SQL as a raw string, in pieces, since a compiler need
# only take literals of 65,536 bytes.
file(READ "${INPUT}" sql)
string(LENGTH "${sql}" length)
set(pieces "")
set(at 0)
while(at LESS length)
  string(SUBSTRING "${sql}" ${at} 8000 piece)
  string(APPEND pieces "R\"sql(${piece})sql\"\n")
  math(EXPR at "${at} + 8000")
endwhile()
file(WRITE "${OUTPUT}" "#include \"state/sqlite/schema.h\"\n\nnamespace tkn::state {\nconstinit const std::string_view kSchemaSql =\n${pieces};\n}  // namespace tkn::state\n")
