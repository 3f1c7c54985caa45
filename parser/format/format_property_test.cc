#include <catch2/catch.hpp>
#include <initializer_list>
#include <random>
#include <string>

#include "parser/format/format.h"
#include "parser/format/same_meaning.h"

namespace tkn::parser {
namespace {

// Writes files at random, in every layout that is allowed.
class Writer {
 public:
  explicit Writer(unsigned seed) : random_(seed) {}

  std::string File() {
    std::string text = Body(2);
    if (Below(10) == 0 && text.ends_with('\n')) text.pop_back();
    if (Below(10) != 0) return text;
    std::string carriage_returns;
    for (const char c : text) carriage_returns += c == '\n' ? "\r\n" : std::string(1, c);
    return carriage_returns;
  }

 private:
  unsigned Below(unsigned limit) { return static_cast<unsigned>(random_()) % limit; }
  std::string Pick(std::initializer_list<const char*> texts) {
    return texts.begin()[Below(static_cast<unsigned>(texts.size()))];
  }
  std::string Space() { return Pick({"", "", " ", "  ", "\t"}); }
  std::string Newline() { return Pick({"", "", "\n", " ", "# c\n", "/* d */"}); }

  std::string Leaf() {
    return Pick({"a",
                 "x.y",
                 "1",
                 "2.50",
                 "\"s\"",
                 "\"${v}\"",
                 "\"a${ b }c\"",
                 "true",
                 "null",
                 "-1",
                 "var.x[0]",
                 "f(1,2)",
                 "x[*].y",
                 "x.*.y",
                 "! a",
                 "<<E\n  hi ${ a }\nE\n",
                 "<<-E\n   in\n     der\n  E\n",
                 "a::b( 1 )",
                 "\"%{ if a }x%{ endif }\"",
                 "\"${\n a\n}\"",
                 "\"${ {a=1} }\"",
                 "each.key",
                 "\"$${a}%%{b}\\n\\\"\"",
                 "a.0.b"});
  }

  // A heredoc ends its line, so what goes on behind one stands on the next.
  std::string Expression(int depth) {
    if (depth <= 0 || Below(10) < 3) return Leaf();
    const auto inner = [&] { return Expression(depth - 1); };
    std::string out;
    switch (Below(10)) {
      case 0:
        out = "[" + Newline();
        for (unsigned i = Below(4); i > 0; --i) out += inner() + Newline() + "," + Newline();
        return out + "]";
      case 1:
        out = "{" + Newline();
        for (unsigned i = Below(4); i > 0; --i) {
          out += Pick({"k", "\"q\"", "(z)", "\"${m}\""}) + Space() + Pick({"=", ":"}) + Space() +
                 inner() + Pick({",", "\n", ",\n"});
        }
        return out + "}";
      case 2:
        return inner() + Space() +
               Pick({"+", "-", "*", "/", "%", "==", "!=", "&&", "||", "<", ">="}) + Space() +
               inner();
      case 3:
        return inner() + Space() + "?" + Space() + inner() + Space() + ":" + Space() + inner();
      case 4:
        return "(" + Newline() + inner() + Newline() + ")";
      case 5:
        out = "f" + Space() + "(" + Newline();
        for (unsigned i = Below(3); i > 0; --i) out += inner() + "," + Space();
        return out + inner() + Pick({"", "...", ","}) + Newline() + ")";
      case 6:
        return "[" + Space() + "for " + Pick({"x", "k,v", "k , v"}) + " in " + inner() + Space() +
               ":" + Space() + inner() + Pick({"", " if a"}) + "]";
      case 7:
        return "{for k,v in " + inner() + ":" + Space() + "k" + Space() + "=>" + Space() + inner() +
               Pick({"", "..."}) + "}";
      case 8:
        return "\"x${" + Space() + inner() + Space() + "}y%{if a" + Pick({"", "~", " "}) +
               "}z%{else}w%{endif}\"";
      default:
        return Pick({"-", "!"}) + Space() + inner();
    }
  }

  std::string Body(int depth) {
    std::string out;
    for (unsigned i = Below(6); i > 0; --i) {
      const std::string indent(Below(4), ' ');
      switch (Below(depth > 0 ? 7 : 5)) {
        case 0:
          out += Pick({"\n", "\n\n"});
          break;
        case 1:
          out += indent + Pick({"# c\n", "// c\n", "/* c */\n", "#  é\n"});
          break;
        case 2:
        case 3:
        case 4:
          out += indent + Pick({"a", "bbb", "cc-c", "type", "é"}) + std::to_string(names_++) +
                 Space() + "=" + Space() + Expression(3) +
                 Pick({"", "", " # t", " // u", "/* v */"}) + "\n";
          break;
        default:
          out += indent + Pick({"blk", "variable", "x"}) + " " +
                 Pick({"", "\"l\"", "l", "\"l\" m", "\"a\" /* c */ \"b\"", "\"$${q}\""}) + Space() +
                 "{\n" + Body(depth - 1) + indent + "}\n";
      }
    }
    return out;
  }

  std::mt19937 random_;
  unsigned names_ = 0;
};

TEST_CASE("fmt keeps the meaning, and there is nothing left to do for a second one") {
  int valid = 0;
  for (unsigned seed = 0; seed < 4000; ++seed) {
    const std::string text = Writer(seed).File();
    SourceMap sources;
    Diagnostics diags;
    const tkn::parser::File before = ParseFile(sources, sources.Add("before.tf", text), diags);
    const std::string formatted = Format(text);
    if (diags.HasErrors()) {
      CHECK(formatted == text);
      continue;
    }
    ++valid;
    CAPTURE(seed, text, formatted);
    const tkn::parser::File after = ParseFile(sources, sources.Add("after.tf", formatted), diags);
    REQUIRE_FALSE(diags.HasErrors());
    REQUIRE(MeaningOf(after.body()) == MeaningOf(before.body()));
    REQUIRE(Format(formatted) == formatted);
  }
  CHECK(valid > 1500);  // otherwise the writer is no good
}

}  // namespace
}  // namespace tkn::parser
