#include <algorithm>

#include "engine/lang/functions/entry.h"

namespace tkn::lang {

namespace {

using Record = std::vector<std::string>;

// Records as in RFC 4180; empty lines are left out. Line numbers count from 1.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {}

  // False at the end and on errors; then error() says which.
  bool Next(Record& record) {
    record.clear();
    while (at_ < text_.size() && (text_[at_] == '\n' || IsCrLf())) SkipLineEnd();
    if (at_ >= text_.size()) return false;
    line_of_record_ = line_;
    for (;;) {
      std::string field;
      if (at_ < text_.size() && text_[at_] == '"') {
        if (!Quoted(field)) return false;
      } else if (!Plain(field)) {
        return false;
      }
      record.push_back(std::move(field));
      if (at_ >= text_.size()) return true;
      if (text_[at_] == ',') {
        ++at_;
        continue;
      }
      SkipLineEnd();
      return true;
    }
  }

  const std::string& error() const { return error_; }
  std::size_t line() const { return line_of_record_; }

 private:
  bool IsCrLf() const { return text_.substr(at_, 2) == "\r\n"; }
  void SkipLineEnd() {
    at_ += IsCrLf() ? 2 : 1;
    ++line_;
  }
  bool Fail(std::string_view what) {
    error_ = fmt::format("CSV parse error on line {}: {}", line_, what);
    return false;
  }

  bool Plain(std::string& field) {
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n' && !IsCrLf()) {
      if (text_[at_] == '"') return Fail("bare \" in non-quoted-field");
      field += text_[at_++];
    }
    return true;
  }

  bool Quoted(std::string& field) {
    ++at_;
    while (at_ < text_.size()) {
      if (text_[at_] == '"') {
        if (text_.substr(at_, 2) == "\"\"") {
          field += '"';
          at_ += 2;
          continue;
        }
        ++at_;
        if (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n' && !IsCrLf()) {
          return Fail("extraneous or missing \" in quoted-field");
        }
        return true;
      }
      if (text_[at_] == '\n' || IsCrLf()) {
        field += '\n';
        SkipLineEnd();
        continue;
      }
      field += text_[at_++];
    }
    return Fail("extraneous or missing \" in quoted-field");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t line_of_record_ = 1;
  std::string error_;
};

FunctionResult CsvDecode(Arguments a, Type, const CallContext& context) {
  CsvReader reader(a[0].AsString());
  Record header;
  if (!reader.Next(header)) {
    return CallError(reader.error().empty() ? "missing header line" : reader.error());
  }
  std::vector<ObjectAttribute> attributes;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (std::find(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(i), header[i]) !=
        header.begin() + static_cast<std::ptrdiff_t>(i)) {
      return CallError(fmt::format("duplicate column name {}", Shown(header[i], context)));
    }
    attributes.push_back({std::string(Value::String(header[i]).AsString()), Type::String()});
  }
  const Type row = Type::Object(attributes);
  std::vector<std::size_t> positions;  // of each column among the sorted attributes
  for (const ObjectAttribute& attribute : attributes) {
    positions.push_back(row.AttributeIndex(attribute.name));
  }
  std::vector<Value> rows;
  Record record;
  while (reader.Next(record)) {
    if (record.size() != header.size()) {
      return CallError(
          fmt::format("CSV parse error on line {}: wrong number of fields", reader.line()));
    }
    std::vector<Value> values(record.size());
    for (std::size_t i = 0; i < record.size(); ++i) values[positions[i]] = Value::String(record[i]);
    rows.push_back(Value::ObjectOf(row, std::move(values)));
  }
  if (!reader.error().empty()) return CallError(reader.error());
  return Value::List(row, std::move(rows));
}

}  // namespace

void AddCsvFunctions(FunctionTable& table) {
  table.Add({.name = "csvdecode",
             .description = "Reads CSV: a list with an object for each line under the header.",
             .parameters = {TextParameter("str", "The CSV text.")},
             .body = CsvDecode});
}

}  // namespace tkn::lang
