#include "parser/navigation.h"

#include <catch2/catch.hpp>

#include "parser/parse.h"

namespace tkn::parser {
namespace {

std::string ContextOf(const std::string& name, const std::string& text, const std::string& what) {
  SourceMap sources;
  Diagnostics diags;
  const File file = ParseFile(sources, sources.Add(name, text), diags);
  return ContextAt(file.body(), static_cast<std::uint32_t>(text.find(what)));
}

TEST_CASE("the context in native syntax is the outermost block") {
  const std::string text = "a = 1\nb \"c\" d {\n  e {\n    f = 2\n  }\n}\ng = 3\n";
  CHECK(ContextOf("x.tf", text, "a =").empty());
  CHECK(ContextOf("x.tf", text, "b ") == "b \"c\" \"d\"");
  CHECK(ContextOf("x.tf", text, "f =") == "b \"c\" \"d\"");
  CHECK(ContextOf("x.tf", text, "g =").empty());
}

TEST_CASE("the context in JSON is the way through objects and arrays") {
  const std::string text = R"({"a": {"b": [1, {"c": "x"}]}, "d": 1})";
  CHECK(ContextOf("x.tf.json", text, "\"a\"").empty());
  CHECK(ContextOf("x.tf.json", text, "\"b\"") == "a");
  CHECK(ContextOf("x.tf.json", text, "1,") == "a.b");
  CHECK(ContextOf("x.tf.json", text, "\"x\"") == "a.b[1]");
  CHECK(ContextOf("x.tf.json", text, "\"d\"").empty());
}

}  // namespace
}  // namespace tkn::parser
