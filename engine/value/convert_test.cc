#include "engine/value/convert.h"

#include <catch2/catch.hpp>
#include <random>

#include "engine/value/inspect.h"

namespace tkn {
namespace {

Value S(std::string_view text) { return Value::String(text); }
Value N(std::int64_t number) { return Value::Number(number); }
Value Secret(const Value& value) { return value.WithMark(MarkKind::kSensitive); }
const Type kString = Type::String();
const Type kNumber = Type::Number();
const Type kBool = Type::Bool();
const Type kAny = Type::Dynamic();

Value Converted(const Value& value, Type type) {
  ConversionError error;
  const auto result = Convert(value, type, &error);
  CAPTURE(value, type, error.ToString());
  REQUIRE(result);
  return *result;
}

std::string ErrorOf(const Value& value, Type type) {
  ConversionError error;
  if (const auto result = Convert(value, type, &error)) return "converts to " + Inspect(*result);
  return error.ToString();
}

TEST_CASE("primitives", "[convert]") {
  CHECK(Converted(N(5), kString).RawEquals(S("5")));
  CHECK(Converted(Value::Bool(true), kString).RawEquals(S("true")));
  CHECK(Converted(S("5.50"), kNumber).AsNumber().ToString() == "5.5");
  CHECK(Converted(S("true"), kBool).RawEquals(Value::Bool(true)));
  CHECK(Converted(S("0"), kBool).RawEquals(Value::Bool(false)));
  CHECK(ErrorOf(S("x"), kNumber) == "a number is required");
  CHECK(ErrorOf(S("yes"), kBool) == "a bool is required");
  CHECK(ErrorOf(S("TRUE"), kBool) ==
        "a bool is required; to convert from string, use lowercase \"true\"");
  CHECK(ErrorOf(N(1), kBool) == "bool required");
  CHECK(ErrorOf(Value::Bool(true), kNumber) == "number required");
  CHECK(ErrorOf(Value::EmptyTuple(), kNumber) == "number required");
  CHECK(ErrorOf(Value::EmptyObject(), kString) == "string required");
  CHECK(ErrorOf(S("a"), Type::Set(kString)) == "set of string required");
}

TEST_CASE("null, unknown and sensitive values", "[convert]") {
  CHECK(Converted(Value(), kString).RawEquals(Value::Null(kString)));
  CHECK(Converted(Value::Null(kNumber), kString).RawEquals(Value::Null(kString)));
  CHECK(Converted(Value::Dynamic(), Type::List(kString))
            .RawEquals(Value::Unknown(Type::List(kString))));
  CHECK(Converted(Value::Unknown(kNumber, {.not_null = true, .minimum = Number(1)}), kString)
            .RawEquals(Value::Unknown(kString, {.not_null = true})));
  CHECK(Converted(Secret(N(1)), kString).RawEquals(Secret(S("1"))));
  CHECK(Converted(Value::Tuple({Secret(N(1))}), Type::List(kString))
            .RawEquals(Value::List(kString, {Secret(S("1"))})));
  CHECK(Converted(Value::Tuple({Secret(N(1))}), Type::Set(kString))
            .RawEquals(Secret(Value::Set(kString, {S("1")}))));
  CHECK(Converted(Value::Unknown(Type::Tuple({kString, kNumber}), {.not_null = true}),
                  Type::List(kString))
            .RawEquals(Value::List(kString, {Value::Unknown(kString), Value::Unknown(kString)})));
  CHECK(Converted(Value::Unknown(Type::Tuple({kString, kNumber})), Type::List(kAny)).type() ==
        Type::List(kString));
  CHECK(Converted(Value::Unknown(Type::List(kString), {.min_length = 3, .max_length = 5}),
                  Type::Set(kString))
            .RawEquals(Value::Unknown(Type::Set(kString), {.min_length = 1, .max_length = 5})));
}

TEST_CASE("tuples become lists and sets", "[convert]") {
  const Value tuple = Value::Tuple({N(1), S("a"), Value::Bool(true)});
  CHECK(Converted(tuple, Type::List(kAny))
            .RawEquals(Value::List(kString, {S("1"), S("a"), S("true")})));
  CHECK(Converted(Value::Tuple({N(2), N(1), N(2)}), Type::Set(kAny))
            .RawEquals(Value::Set(kNumber, {N(1), N(2)})));
  CHECK(Converted(Value::Tuple({Value(), N(1)}), Type::List(kAny))
            .RawEquals(Value::List(kNumber, {Value::Null(kNumber), N(1)})));
  CHECK(Converted(Value::EmptyTuple(), Type::List(kAny)).type() == Type::List(kAny));
  CHECK(Converted(Value::Tuple({Value::Object({{"a", N(1)}}), Value::Object({{"b", N(2)}})}),
                  Type::List(kAny))
            .type() == Type::List(Type::Map(kNumber)));
  CHECK(ErrorOf(Value::Tuple({S("a"), Value::EmptyTuple()}), Type::List(kAny)) ==
        "all list elements must have the same type");
  CHECK(ErrorOf(Value::Tuple({S("a"), Value::EmptyTuple()}), Type::Set(kAny)) ==
        "all set elements must have the same type");
  CHECK(ErrorOf(Value::Tuple({S("1"), S("x")}), Type::List(kNumber)) ==
        "[1]: a number is required");
  CHECK(ErrorOf(Value::Tuple({S("a")}), Type::Map(kString)) == "map of string required");
  CHECK(ErrorOf(Value::Tuple({S("a"), Value::EmptyObject()}), Type::List(kString)) ==
        "element 1: string required");
  CHECK(Converted(Value::Tuple({N(1)}), Type::Tuple({kString})).RawEquals(Value::Tuple({S("1")})));
  CHECK(ErrorOf(Value::Tuple({S("a")}), Type::Tuple({kString, kNumber})) == "tuple required");
}

TEST_CASE("objects and maps", "[convert]") {
  const Value object = Value::Object({{"a", N(1)}, {"b", S("x")}});
  CHECK(Converted(object, Type::Map(kAny))
            .RawEquals(Value::Map(kString, {{"a", S("1")}, {"b", S("x")}})));
  CHECK(
      Converted(object, Type::Object({{"a", kString}})).RawEquals(Value::Object({{"a", S("1")}})));
  CHECK(
      Converted(Value::Map(kString, {{"a", S("1")}, {"z", S("2")}}), Type::Object({{"a", kNumber}}))
          .EqualsIgnoringMarks(Value::Object({{"a", N(1)}})));
  CHECK(ErrorOf(Value::Map(kString, {}), Type::Object({{"a", kNumber}})) ==
        "map has no element for required attribute \"a\"");
  CHECK(ErrorOf(object, Type::Object({{"a", kString}, {"c", kBool}})) ==
        "attribute \"c\" is required");
  CHECK(ErrorOf(Value::EmptyObject(), Type::Object({{"a", kString}, {"c", kBool}})) ==
        "attributes \"a\" and \"c\" are required");
  CHECK(
      ErrorOf(Value::EmptyObject(), Type::Object({{"a", kString}, {"b", kString}, {"c", kBool}})) ==
      "attributes \"a\", \"b\", and \"c\" are required");
  CHECK(ErrorOf(Value::Object({{"a", Value::Object({{"z", S("q")}})}}),
                Type::Object({{"a", Type::Object({{"z", kNumber}})}})) ==
        ".a.z: a number is required");
  CHECK(ErrorOf(Value::Object({{"a", Value::Object({{"z", Value::EmptyTuple()}})}}),
                Type::Object({{"a", Type::Object({{"z", kNumber}})}})) ==
        "attribute \"a\": attribute \"z\": number required");
  CHECK(ErrorOf(Value::Object({{"k", S("x")}}), Type::Map(Type::List(kString))) ==
        "element \"k\": list of string required");
  CHECK(Converted(Value::Object({{"a", Value()}, {"b", Value::EmptyTuple()}}), Type::Map(kAny))
            .RawEquals(Value::Map(Type::EmptyTuple(), {{"a", Value::Null(Type::EmptyTuple())},
                                                       {"b", Value::EmptyTuple()}})));
  CHECK(ErrorOf(Value::Object({{"a", N(1)}, {"b", Value::EmptyTuple()}}), Type::Map(kAny)) ==
        "all map elements must have the same type");
}

TEST_CASE("optional attributes are filled with null", "[convert]") {
  const Type type = Type::Object({{"a", kString}, {"b", kNumber, true}});
  CHECK(Converted(Value::Object({{"a", S("x")}}), type)
            .RawEquals(Value::Object({{"a", S("x")}, {"b", Value::Null(kNumber)}})));
  CHECK(Converted(Value::Map(kString, {{"a", S("x")}}), type)
            .RawEquals(Value::Object({{"a", S("x")}, {"b", Value::Null(kNumber)}})));
  const Value list = Converted(
      Value::Tuple({Value::Object({{"a", S("x")}}), Value::Object({{"a", S("y")}, {"b", S("2")}})}),
      Type::List(type));
  CHECK(list.type() == Type::List(type.WithoutOptional()));
  CHECK(ErrorOf(Value::Tuple({Value::Object({{"a", S("x")}}), Value::Object({{"b", N(1)}})}),
                Type::List(type)) == "element 1: attribute \"a\" is required");
  CHECK(Converted(Value::Null(kAny), type).type() == type.WithoutOptional());
}

TEST_CASE("collections", "[convert]") {
  const Value list = Value::List(kString, {S("2"), S("1"), S("2")});
  CHECK(Converted(list, Type::Set(kNumber)).Length() == 2);
  CHECK(Converted(Value::Set(kString, {S("b"), S("a")}), Type::List(kString))
            .RawEquals(Value::List(kString, {S("a"), S("b")})));
  CHECK(Converted(Value::Set(kString, {S("b"), Value::Unknown(kString)}), Type::List(kString))
            .RawEquals(Value::Unknown(Type::List(kString))));
  CHECK(ErrorOf(list, Type::Map(kString)) == "map of string required");
  CHECK(ErrorOf(Value::List(kBool, {}), Type::List(kNumber)) ==
        "incorrect list element type: number required");
  CHECK(Converted(list, Type::List(kAny)).RawEquals(list));
  CHECK(Converted(Value::List(kString, {}), Type::Set(kAny)).type() == Type::Set(kString));
}

std::string Unified(std::vector<Type> types) {
  const auto type = Unify(types);
  return type ? type->ConstraintString() : "none";
}

TEST_CASE("unification", "[convert]") {
  CHECK(Unified({}) == "none");
  CHECK(Unified({kString, kNumber}) == "string");
  CHECK(Unified({kNumber, kBool}) == "none");
  CHECK(Unified({kNumber, kBool, kString}) == "string");
  CHECK(Unified({kAny, kNumber}) == "any");
  CHECK(Unified({Type::List(kNumber), Type::List(kString)}) == "list(string)");
  CHECK(Unified({Type::List(kNumber), kAny}) == "any");
  CHECK(Unified({Type::Tuple({kNumber}), Type::Tuple({kString})}) == "tuple([string])");
  CHECK(Unified({Type::Tuple({kNumber}), Type::Tuple({kString, kString})}) == "list(string)");
  CHECK(Unified({Type::Tuple({kNumber}), Type::List(kString)}) == "list(string)");
  CHECK(Unified({Type::Object({{"a", kNumber}}), Type::Object({{"b", kString}})}) == "map(string)");
  CHECK(Unified({Type::Object({{"a", kNumber}}), Type::Object({{"a", kString}})}) ==
        "object({ a = string })");
  CHECK(Unified({Type::Object({{"a", kNumber}}), Type::Map(kString)}) == "map(string)");
  CHECK(Unified({Type::Object({{"a", kNumber}}), Type::Tuple({kNumber})}) == "none");
  CHECK(Unified({Type::EmptyObject(), Type::Object({{"a", kNumber}})}) == "map(number)");
  CHECK(Unified({Type::Object({{"a", kNumber}}), kString}) == "none");
}

TEST_CASE("defaults fill what is missing or null", "[convert]") {
  const Type inner = Type::Object({{"x", kNumber, true}, {"y", kString, true}});
  const Type type = Type::Object({{"a", inner, true}, {"l", Type::List(inner), true}});
  const TypeDefaults inner_defaults{inner, {{"x", N(7)}}, {}};
  TypeDefaults defaults{
      type,
      {{"a", Value::Object({{"y", S("d")}})}},
      {{"a", inner_defaults}, {"l", {Type::List(inner), {}, {{"", inner_defaults}}}}}};
  const auto apply = [&](const Value& value) { return Converted(defaults.Apply(value), type); };
  const Value filled = apply(Value::EmptyObject());
  CHECK(filled.Attribute("a").RawEquals(Value::Object({{"x", N(7)}, {"y", S("d")}})));
  CHECK(filled.Attribute("l").IsNull());
  CHECK(apply(Value::Object({{"a", Value()}})).Attribute("a").Attribute("x").RawEquals(N(7)));
  CHECK(apply(Value::Object({{"a", Value::Object({{"x", N(1)}})}}))
            .Attribute("a")
            .RawEquals(Value::Object({{"x", N(1)}, {"y", Value::Null(kString)}})));
  const Value list = apply(Value::Object(
      {{"l", Value::Tuple({Value::EmptyObject(), Secret(Value::Object({{"y", S("z")}}))})}}));
  CHECK(list.Attribute("l").elements()[0].Attribute("x").RawEquals(N(7)));
  CHECK(list.Attribute("l").elements()[1].RawEquals(
      Secret(Value::Object({{"x", N(7)}, {"y", S("z")}}))));
  CHECK(defaults.Apply(Value()).IsNull());
  CHECK_FALSE(defaults.Apply(Value::Dynamic()).IsKnown());
  CHECK(defaults.Apply(S("x")).RawEquals(S("x")));
}

Type RandomType(std::mt19937& random, int depth) {
  const auto next = [&] { return RandomType(random, depth - 1); };
  switch (random() % (depth > 0 ? 9 : 4)) {
    case 0:
      return kString;
    case 1:
      return kNumber;
    case 2:
      return kBool;
    case 3:
      return kAny;
    case 4:
      return Type::List(next());
    case 5:
      return Type::Set(next());
    case 6:
      return Type::Map(next());
    case 7:
      return Type::Tuple({next(), next()});
    default:
      return Type::Object({{"a", next()}, {"b", next(), random() % 2 == 0}});
  }
}

Value RandomValue(std::mt19937& random, int depth) {
  const auto next = [&] { return RandomValue(random, depth - 1); };
  switch (random() % (depth > 0 ? 9 : 6)) {
    case 0:
      return S(random() % 2 == 0 ? "1" : "x");
    case 1:
      return N(static_cast<std::int64_t>(random() % 3));
    case 2:
      return Value::Bool(random() % 2 == 0);
    case 3:
      return Value::Null(RandomType(random, 1));
    case 4:
      return Value::Unknown(RandomType(random, 1));
    case 5:
      return Secret(S("1"));
    case 6:
      return Value::Tuple({next(), next()});
    case 7: {
      const Value element = next();
      return Value::List(element.type(), {element, element});
    }
    default:
      return Value::Object({{"a", next()}, {"b", next()}});
  }
}

TEST_CASE("what is converted has the type and stays as it is", "[convert][property]") {
  const auto seed = GENERATE(range(0u, 2000u));
  std::mt19937 random(seed);
  const Type type = RandomType(random, 3);
  const Value value = RandomValue(random, 3);
  CAPTURE(seed, type, value);
  ConversionError error;
  const auto once = Convert(value, type, &error);
  if (!once) {
    CHECK_FALSE(error.message.empty());
    return;
  }
  CHECK(CanConvert(value.type(), type));
  if (!type.HasDynamic()) CHECK(once->type() == type.WithoutOptional());
  CHECK(once->ContainsMarked() == (value.ContainsMarked() && once->AllMarks() == value.AllMarks()));
  const auto twice = Convert(*once, type, &error);
  CAPTURE(*once);
  REQUIRE(twice);
  CHECK(twice->RawEquals(*once));
}

}  // namespace
}  // namespace tkn
