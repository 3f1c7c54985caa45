#include "engine/value/path.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/value/inspect.h"

namespace tkn {
namespace {

const Path kPath = {PathStep::Attribute("a"), PathStep::Index(0), PathStep::Index("k\"")};

TEST_CASE("paths print", "[path]") {
  CHECK(ToString(kPath) == R"(.a[0]["k\""])");
  CHECK(ToString({PathStep::Index(Value::EmptyObject())}) == "[set element]");
  CHECK(ToString({PathStep::Index(Value::Unknown(Type::String()))}) == "[set element]");
  CHECK(PathToPlanJson(kPath) == R"(["a",0,"k\""])");
  CHECK(PathToPlanJson({}) == "[]");
}

TEST_CASE("paths lead into values", "[path]") {
  const Value value = Value::Object(
      {{"a", Value::Tuple({Value::Map(Type::String(), {{"k\"", Value::String("x")}})})}});
  CHECK(ApplyPath(value, kPath)->AsString() == "x");
  CHECK(ApplyPath(value, {})->RawEquals(value));
  CHECK_FALSE(ApplyPath(value, {PathStep::Attribute("b")}));
  CHECK_FALSE(ApplyPath(value, {PathStep::Attribute("a"), PathStep::Index(1)}));
  CHECK_FALSE(ApplyPath(value, {PathStep::Attribute("a"), PathStep::Index("x")}));
  CHECK_FALSE(ApplyPath(Value::Null(value.type()), {PathStep::Attribute("a")}));
  const Value secret = value.WithMark(MarkKind::kSensitive);
  CHECK(ApplyPath(secret, kPath)->HasMark(MarkKind::kSensitive));
}

TEST_CASE("paths lead into what is not known yet", "[path]") {
  const Type type = Type::Object({{"a", Type::Tuple({Type::Map(Type::String())})}});
  CHECK(ApplyPath(Value::Unknown(type), kPath)->RawEquals(Value::Unknown(Type::String())));
  CHECK(ApplyPath(Value::Dynamic(), kPath)->RawEquals(Value::Dynamic()));
  CHECK_FALSE(ApplyPath(Value::Unknown(type), {PathStep::Attribute("b")}));
  CHECK_FALSE(ApplyPath(Value::Unknown(type), {PathStep::Attribute("a"), PathStep::Index(1)}));
}

TEST_CASE("paths have an order", "[path]") {
  std::vector<Path> paths = {{PathStep::Index(10)},
                             {PathStep::Index("a")},
                             {PathStep::Index(2)},
                             {PathStep::Attribute("b")},
                             {PathStep::Attribute("a"), PathStep::Index(0)},
                             {PathStep::Attribute("a")},
                             {}};
  std::ranges::sort(paths, PathLess);
  std::string order;
  for (const Path& path : paths) order += ToString(path) + " ";
  CHECK(order == R"( .a .a[0] .b [2] [10] ["a"] )");
}

}  // namespace
}  // namespace tkn
