#include "engine/value/marks.h"

#include <catch2/catch.hpp>

#include "engine/value/inspect.h"
#include "engine/value/path.h"

namespace tkn {
namespace {

const MarkSet kSecret = MarkSet::Of(MarkKind::kSensitive);
const MarkSet kShort = MarkSet::Of(MarkKind::kEphemeral);

Value Secret(std::string_view text) { return Value::String(text).WithMark(MarkKind::kSensitive); }

TEST_CASE("sets of marks", "[marks]") {
  CHECK(MarkSet().empty());
  CHECK(MarkSet::Of(std::vector<Mark>{}).empty());
  CHECK(kSecret.Union(kSecret) == kSecret);
  CHECK(kSecret.Union(MarkSet()) == kSecret);
  CHECK(MarkSet().Union(kSecret) == kSecret);
  const MarkSet both = kSecret.Union(kShort);
  CHECK(both.marks().size() == 2);
  CHECK(both.Union(kShort) == both);
  CHECK(both.Without(MarkKind::kSensitive) == kShort);
  CHECK(kSecret.Without(MarkKind::kSensitive).empty());
  const MarkSet origins = MarkSet::Of({{MarkKind::kOrigin, "b"}, {MarkKind::kOrigin, "a"}});
  CHECK(origins.marks()[0].origin == "a");
  CHECK(origins.Has(MarkKind::kOrigin));
  CHECK(MarkSet::Of({{MarkKind::kSensitive}, {MarkKind::kSensitive}}) == kSecret);
}

TEST_CASE("marks at the top and inside", "[marks]") {
  const Value value = Value::Object({{"a", Secret("x")}, {"b", Value::Number(1)}});
  CHECK_FALSE(value.IsMarked());
  CHECK(value.ContainsMarked());
  CHECK(value.ContainsMark(MarkKind::kSensitive));
  CHECK_FALSE(value.ContainsMark(MarkKind::kEphemeral));
  CHECK(value.AllMarks() == kSecret);
  const Value marked = value.WithMarks(kShort);
  CHECK(marked.IsMarked());
  CHECK(marked.marks() == kShort);
  CHECK(marked.AllMarks() == kShort.Union(kSecret));
  CHECK(marked.Attribute("a").marks() == kShort.Union(kSecret));
  CHECK(marked.Unmark().first.RawEquals(value));
  CHECK(marked.WithMarks(kShort).RawEquals(marked));
  CHECK(Secret("x").WithoutMark(MarkKind::kSensitive).RawEquals(Value::String("x")));
  CHECK(Secret("x").WithoutMark(MarkKind::kEphemeral).RawEquals(Secret("x")));
  CHECK_FALSE(Value::Number(1).ContainsMarked());
}

TEST_CASE("content cannot be read from a marked value", "[marks]") {
  CHECK_THROWS_AS(Secret("x").AsString(), std::logic_error);
  CHECK_THROWS_AS(Value::EmptyObject().WithMarks(kSecret).Length(), std::logic_error);
  CHECK(Secret("x").Unmark().first.AsString() == "x");
}

TEST_CASE("marks of what is null or unknown", "[marks]") {
  const Value null = Value::Null(Type::String()).WithMarks(kSecret);
  CHECK(null.IsNull());
  CHECK(null.IsKnown());
  const Value unknown = Value::Unknown(Type::String(), {.not_null = true}).WithMarks(kSecret);
  CHECK_FALSE(unknown.IsKnown());
  CHECK_FALSE(unknown.IsWhollyKnown());
  CHECK(unknown.IsDefinitelyNotNull());
  CHECK(unknown.refinement()->not_null);
  CHECK(Value::Dynamic().WithMarks(kSecret).Attribute("a").marks() == kSecret);
}

TEST_CASE("marks of a set's elements move to the set", "[marks]") {
  const Value set = Value::Set(Type::String(), {Secret("b"), Value::String("a")});
  CHECK(set.marks() == kSecret);
  CHECK_FALSE(set.Unmark().first.ContainsMarked());
  CHECK(set.Unmark().first.Length() == 2);
  const Value nested =
      Value::Set(Type::List(Type::String()), {Value::List(Type::String(), {Secret("b")})});
  CHECK(nested.marks() == kSecret);
  CHECK_FALSE(nested.Unmark().first.ContainsMarked());
}

TEST_CASE("all marks come off by path and go on again", "[marks]") {
  const Value value =
      Value::Object({{"list", Value::List(Type::String(), {Value::String("x"), Secret("y")})},
                     {"map", Value::Map(Type::String(), {{"k", Secret("z")}, {"l", Secret("z")}})},
                     {"set", Value::Set(Type::String(), {Secret("s")})},
                     {"tuple", Value::Tuple({Value::EmptyObject().WithMarks(kShort)})},
                     {"plain", Value::Bool(true)}})
          .WithMarks(kShort);
  std::vector<PathMarks> marks;
  const Value bare = value.UnmarkDeep(marks);
  CHECK_FALSE(bare.ContainsMarked());
  CHECK(bare.RawEquals(value.UnmarkDeep()));
  CHECK(bare.EqualsIgnoringMarks(value));
  CHECK(bare.Hash() == value.Hash());
  CHECK(marks.size() == 6);
  CHECK(bare.MarkPaths(marks).RawEquals(value));
}

TEST_CASE("paths that don't fit mark nothing", "[marks]") {
  const Value value = Value::Object({{"a", Value::List(Type::String(), {Value::String("x")})}});
  const std::vector<PathMarks> marks = {
      {{PathStep::Attribute("b")}, kSecret},
      {{PathStep::Attribute("a"), PathStep::Index(1)}, kSecret},
      {{PathStep::Attribute("a"), PathStep::Attribute("x")}, kSecret},
      {{PathStep::Attribute("a"), PathStep::Index(0), PathStep::Index(0)}, kSecret}};
  CHECK(value.MarkPaths(marks).RawEquals(value));
}

TEST_CASE("a path into a set marks the set", "[marks]") {
  const Value set = Value::Set(Type::String(), {Value::String("x")});
  const std::vector<PathMarks> marks = {{{PathStep::Index(Value::String("x"))}, kSecret}};
  CHECK(set.MarkPaths(marks).RawEquals(set.WithMarks(kSecret)));
}

}  // namespace
}  // namespace tkn
