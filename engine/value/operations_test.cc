#include "engine/value/operations.h"

#include <catch2/catch.hpp>

#include "engine/value/inspect.h"

namespace tkn {
namespace {

Value S(std::string_view text) { return Value::String(text); }
Value N(std::int64_t number) { return Value::Number(number); }
Value Between(std::int64_t low, std::int64_t high) {
  return Value::Unknown(Type::Number(),
                        {.not_null = true, .minimum = Number(low), .maximum = Number(high)});
}
Value Secret(const Value& value) { return value.WithMark(MarkKind::kSensitive); }

const Value kUnknownNumber = Value::Unknown(Type::Number());
const Value kUnknownBool = Value::Unknown(Type::Bool());
const Value kNotNullBool = Value::Unknown(Type::Bool(), {.not_null = true});
const Value kNotNullNumber = Value::Unknown(Type::Number(), {.not_null = true});
const Value kTrue = Value::Bool(true);
const Value kFalse = Value::Bool(false);

TEST_CASE("arithmetic on what is known", "[operations]") {
  CHECK(Add(N(1), N(2)).RawEquals(N(3)));
  CHECK(Subtract(N(1), N(2)).RawEquals(N(-1)));
  CHECK(Multiply(N(3), N(2)).RawEquals(N(6)));
  CHECK(Divide(N(6), N(2)).RawEquals(N(3)));
  CHECK(Modulo(N(-7), N(2)).RawEquals(N(-1)));
  CHECK(Negate(N(1)).RawEquals(N(-1)));
}

TEST_CASE("arithmetic on what is not known keeps its bounds", "[operations]") {
  CHECK(Add(kUnknownNumber, N(1)).RawEquals(kNotNullNumber));
  CHECK(Add(Value::Dynamic(), N(1)).RawEquals(kNotNullNumber));
  CHECK(Add(Between(1, 5), N(2)).RawEquals(Between(3, 7)));
  CHECK(Subtract(Between(1, 5), Between(0, 1)).RawEquals(Between(0, 5)));
  CHECK(Multiply(Between(-1, 5), N(-2)).RawEquals(Between(-10, 2)));
  const Value positive = Value::Unknown(Type::Number(), {.not_null = true, .minimum = Number(0)});
  CHECK(Add(positive, N(1))
            .RawEquals(Value::Unknown(Type::Number(), {.not_null = true, .minimum = Number(1)})));
  CHECK(Divide(Between(1, 5), N(2)).RawEquals(kNotNullNumber));
  CHECK(Negate(kUnknownNumber).RawEquals(kNotNullNumber));
}

TEST_CASE("comparison uses bounds", "[operations]") {
  CHECK(Less(N(1), N(2)).RawEquals(kTrue));
  CHECK(GreaterEqual(N(2), N(2)).RawEquals(kTrue));
  CHECK(Less(Between(1, 5), N(9)).RawEquals(kTrue));
  CHECK(Less(Between(1, 5), N(0)).RawEquals(kFalse));
  CHECK(Less(Between(1, 5), N(3)).RawEquals(kNotNullBool));
  CHECK(Greater(Between(1, 5), N(0)).RawEquals(kTrue));
  CHECK(GreaterEqual(Between(1, 5), N(1)).RawEquals(kNotNullBool));
  CHECK(LessEqual(kUnknownNumber, N(1)).RawEquals(kNotNullBool));
}

TEST_CASE("logic decides early", "[operations]") {
  CHECK(And(kTrue, kTrue).RawEquals(kTrue));
  CHECK(And(kUnknownBool, kFalse).RawEquals(kFalse));
  CHECK(And(kUnknownBool, kTrue).RawEquals(kNotNullBool));
  CHECK(Or(kUnknownBool, kTrue).RawEquals(kTrue));
  CHECK(Or(Value::Dynamic(), kFalse).RawEquals(kNotNullBool));
  CHECK(Not(kTrue).RawEquals(kFalse));
  CHECK(Not(kUnknownBool).RawEquals(kNotNullBool));
}

TEST_CASE("marks are gathered", "[operations]") {
  CHECK(Add(Secret(N(1)), N(2)).RawEquals(Secret(N(3))));
  CHECK(And(Secret(kFalse), kUnknownBool).RawEquals(Secret(kFalse)));
  CHECK(Not(Secret(kTrue)).RawEquals(Secret(kFalse)));
  const Value both = Less(Secret(N(1)), N(2).WithMark(MarkKind::kEphemeral));
  CHECK(both.marks().marks().size() == 2);
  CHECK(Equals(Value::Tuple({Secret(N(1))}), Value::Tuple({N(1)})).RawEquals(Secret(kTrue)));
  CHECK(LengthOf(Secret(Value::Tuple({N(1)}))).RawEquals(Secret(N(1))));
}

TEST_CASE("equality of what is known", "[operations]") {
  CHECK(Equals(S("a"), S("a")).RawEquals(kTrue));
  CHECK(Equals(N(1), S("1")).RawEquals(kFalse));
  CHECK(Equals(Value(), Value::Null(Type::String())).RawEquals(kTrue));
  CHECK(Equals(Value(), S("a")).RawEquals(kFalse));
  CHECK(Equals(Value::Tuple({Value()}), Value::Tuple({Value()})).RawEquals(kTrue));
  CHECK(Equals(Value::Tuple({N(1)}), Value::List(Type::Number(), {N(1)})).RawEquals(kFalse));
  CHECK(Equals(Value::Set(Type::Number(), {N(1), N(2)}), Value::Set(Type::Number(), {N(2), N(1)}))
            .RawEquals(kTrue));
  CHECK(Equals(Value::Map(Type::Number(), {{"a", N(1)}}), Value::Map(Type::Number(), {{"b", N(1)}}))
            .RawEquals(kFalse));
}

TEST_CASE("equality with what is not known", "[operations]") {
  const Value unknown = Value::Unknown(Type::String());
  const Value not_null = Value::Unknown(Type::String(), {.not_null = true});
  CHECK(Equals(unknown, S("a")).RawEquals(kNotNullBool));
  CHECK(Equals(unknown, Value()).RawEquals(kNotNullBool));
  CHECK(Equals(not_null, Value()).RawEquals(kFalse));
  CHECK(Equals(unknown, N(1)).RawEquals(kFalse));
  CHECK(Equals(Value::Dynamic(), N(1)).RawEquals(kNotNullBool));
  CHECK(Equals(Value::Unknown(Type::String(), {.prefix = "ab"}), S("ac")).RawEquals(kFalse));
  CHECK(Equals(Value::Unknown(Type::String(), {.prefix = "ab"}), S("abc")).RawEquals(kNotNullBool));
  CHECK(Equals(Between(1, 5), N(6)).RawEquals(kFalse));
  CHECK(Equals(Between(1, 5), N(5)).RawEquals(kNotNullBool));
  const Value list = Value::Unknown(Type::List(Type::String()), {.min_length = 1});
  CHECK(Equals(list, Value::List(Type::String(), {})).RawEquals(kFalse));
  CHECK(
      Equals(Value::Tuple({unknown, N(1)}), Value::Tuple({S("a"), N(2)})).RawEquals(kNotNullBool));
  CHECK(Equals(Value::Tuple({N(1), unknown}), Value::Tuple({N(2), S("a")})).RawEquals(kFalse));
  CHECK(Equals(Value::Object({{"a", unknown}, {"b", N(1)}}),
               Value::Object({{"a", S("a")}, {"b", N(2)}}))
            .RawEquals(kFalse));
  CHECK(Equals(Value::Tuple({Value::Dynamic()}), Value::Tuple({N(1)})).RawEquals(kNotNullBool));
  CHECK(Equals(Value::Tuple({Value::Dynamic()}), Value::Tuple({N(1), N(2)})).RawEquals(kFalse));
}

TEST_CASE("length", "[operations]") {
  CHECK(LengthOf(Value::List(Type::String(), {S("a")})).RawEquals(N(1)));
  CHECK(LengthOf(Value::Unknown(Type::Tuple({Type::String()}))).RawEquals(N(1)));
  const Value unknown = Value::Unknown(Type::String());
  CHECK(LengthOf(Value::Set(Type::String(), {unknown})).RawEquals(N(1)));
  CHECK(LengthOf(Value::Set(Type::String(), {unknown, S("a")})).RawEquals(Between(1, 2)));
  CHECK(LengthOf(Value::Unknown(Type::Map(Type::String())))
            .RawEquals(Value::Unknown(Type::Number(), {.not_null = true, .minimum = Number(0)})));
  CHECK(LengthOf(Value::Dynamic()).RawEquals(kNotNullNumber));
}

}  // namespace
}  // namespace tkn
