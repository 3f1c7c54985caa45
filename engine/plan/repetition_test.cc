#include "engine/plan/repetition.h"

#include <catch2/catch.hpp>

#include "engine/lang/function.h"
#include "engine/value/value.h"
#include "parser/parse.h"

namespace tkn::plan {
namespace {

// `count` or `for_each` with one expression, in which `x` may be named.
struct Case {
  explicit Case(const std::string& text, Value x = Value::Null(Type::Dynamic()))
      : scope(lang::StandardFunctions(), ".") {
    scope.Set("x", std::move(x));
    const FileId file = sources.Add("test.tf", text);
    expression = parser::ParseExpression(sources, file, diags);
  }
  std::string Count() { return Describe(Expand(&expression.expression(), nullptr, scope, diags)); }
  std::string ForEach() {
    return Describe(Expand(nullptr, &expression.expression(), scope, diags));
  }
  std::string Describe(const std::optional<Expansion>& expansion) const {
    if (!expansion) return diags[0].summary;
    std::string text;
    for (const InstanceKey& key : expansion->keys) text += key.ToString();
    return text;
  }

  SourceMap sources;
  Diagnostics diags;
  parser::ParsedExpression expression;
  lang::ValueScope scope;
};

}  // namespace

TEST_CASE("count gives indexes, and takes what converts to a whole number", "[repetition]") {
  CHECK(Case("3").Count() == "[0][1][2]");
  CHECK(Case("\"2\"").Count() == "[0][1]");
  CHECK(Case("0").Count() == "");
  CHECK(Case("x", Value::Number(1).WithMark(MarkKind::kSensitive)).Count() == "[0]");
  CHECK(Case("-1").Count() == "Invalid count argument");
  CHECK(Case("1.5").Count() == "Invalid count argument");
  CHECK(Case("null").Count() == "Invalid count argument");
  CHECK(Case("1e30").Count() == "Invalid count argument");
  CHECK(Case("x", Value::Unknown(Type::Number())).Count() == "Invalid count argument");
  CHECK(Case("x", Value::Dynamic()).Count() == "Invalid count argument");
  CHECK(Case("x", Value::Number(1).WithMark(MarkKind::kEphemeral)).Count() ==
        "Invalid count argument");
  CHECK(Case("\"many\"").Count() == "Incorrect value type");
  CHECK(Case("[1]").Count() == "Incorrect value type");
}

TEST_CASE("for_each gives keys in order, of maps, objects and sets of strings", "[repetition]") {
  CHECK(Case("{b = 1, a = 2}").ForEach() == "[\"a\"][\"b\"]");
  const Value set = Value::Set(Type::String(), {Value::String("y"), Value::String("x")});
  CHECK(Case("x", set).ForEach() == "[\"x\"][\"y\"]");
  CHECK(Case("{}").ForEach() == "");
  CHECK(Case("[\"a\"]").ForEach() == "Invalid for_each argument");
  CHECK(Case("null").ForEach() == "Invalid for_each argument");
  CHECK(Case("x", Value::Dynamic()).ForEach() == "Invalid for_each argument");
  CHECK(Case("x", Value::Unknown(Type::Map(Type::String()))).ForEach() ==
        "Invalid for_each argument");
  CHECK(Case("x", set.WithMark(MarkKind::kSensitive)).ForEach() == "Invalid for_each argument");
  CHECK(Case("x", Value::Set(Type::Number(), {Value::Number(1)})).ForEach() ==
        "Invalid for_each set argument");
  CHECK(Case("x", Value::Set(Type::String(), {Value::Null(Type::String())})).ForEach() ==
        "Invalid for_each set argument");
  const Value secret =
      Value::Map(Type::String(), {{"k", Value::String("hunter2").WithMark(MarkKind::kSensitive)}});
  CHECK(Case("x", secret).ForEach() == "[\"k\"]");
}

TEST_CASE("each.value and count.index are those of the instance", "[repetition]") {
  Case map("{b = 1, a = 2}");
  Diagnostics diags;
  const auto expansion = Expand(nullptr, &map.expression.expression(), map.scope, diags);
  REQUIRE(expansion);
  CHECK(expansion->At(1).key == InstanceKey("b"));
  CHECK(expansion->At(1).each_value.RawEquals(Value::Number(1)));
  CHECK(expansion->Find(InstanceKey("a")) == 0);
  CHECK(expansion->Find(InstanceKey("c")) == Expansion::npos);
  const auto single = Expand(nullptr, nullptr, map.scope, diags);
  CHECK(single->Find(InstanceKey()) == 0);
  CHECK(single->Find(InstanceKey(std::int64_t{0})) == Expansion::npos);
}

}  // namespace tkn::plan
