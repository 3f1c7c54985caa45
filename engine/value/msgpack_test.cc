#include "engine/value/msgpack.h"

#include <catch2/catch.hpp>
#include <random>

#include "engine/value/inspect.h"

namespace tkn {
namespace {

Value S(std::string_view text) { return Value::String(text); }
Value N(std::string_view text) { return Value::Number(*Number::Parse(text)); }

std::string Hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    out += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::string Encode(const Value& value) { return Hex(ToMsgpack(value, value.type())); }

TEST_CASE("values are encoded as cty encodes them", "[msgpack]") {
  CHECK(Encode(Value::Null(Type::String())) == "c0");
  CHECK(Encode(Value::Bool(true)) == "c3");
  CHECK(Encode(S("abc")) == "a3616263");
  CHECK(Encode(N("127")) == "7f");
  CHECK(Encode(N("128")) == "cc80");
  CHECK(Encode(N("65536")) == "ce00010000");
  CHECK(Encode(N("-1")) == "ff");
  CHECK(Encode(N("-33")) == "d0df");
  CHECK(Encode(N("-129")) == "d1ff7f");
  CHECK(Encode(N("0.5")) == "cb3fe0000000000000");
  CHECK(Encode(N("0.1")) == "a3302e31");
  CHECK(Encode(N("1e20")) == "b5" + Hex("100000000000000000000"));
  CHECK(Encode(Value::Unknown(Type::String())) == "d40000");
  CHECK(Encode(Value::Unknown(Type::String(), {.not_null = true})) == "c7030c8101c2");
  CHECK(Encode(Value::Tuple({N("1"), S("")})) == "9201a0");
  CHECK(Encode(Value::Object({{"a", N("1")}})) == "81a16101");
  CHECK(Hex(ToMsgpack(S("x"), Type::Dynamic())) == "92c408" + Hex("\"string\"") + "a178");
}

Value RandomValue(std::mt19937& random, int depth) {
  const auto many = [&] {
    std::vector<Value> values;
    const Value first = RandomValue(random, depth - 1);
    for (auto n = random() % 20; n > 0; --n) values.push_back(first);
    return std::pair(first.type(), std::move(values));
  };
  switch (random() % (depth > 0 ? 12 : 7)) {
    case 0:
      return S(std::string(random() % 300, 'x'));
    case 1:
      return N(std::to_string(static_cast<std::int64_t>(random()) << (random() % 40)));
    case 2:
      return N("-" + std::to_string(random()) + "." + std::to_string(random()));
    case 3:
      return Value::Bool(random() % 2 == 0);
    case 4:
      return Value::Unknown(Type::Number(),
                            {.not_null = random() % 2 == 0,
                             .minimum = Number(static_cast<std::int64_t>(random() % 9)),
                             .maximum = Number(10),
                             .maximum_inclusive = random() % 2 == 0});
    case 5:
      return Value::Unknown(Type::List(Type::String()), {.min_length = 1, .max_length = 300});
    case 6:
      return random() % 2 == 0 ? Value::Null(Type::Map(Type::Bool()))
                               : Value::Unknown(Type::String(), {.prefix = "abc"});
    case 7: {
      auto [type, values] = many();
      return Value::List(type, std::move(values));
    }
    case 8: {
      auto [type, values] = many();
      return Value::Set(type, std::move(values));
    }
    case 9: {
      auto [type, values] = many();
      std::vector<Value::Entry> entries;
      for (Value& value : values) entries.emplace_back(std::to_string(random()), std::move(value));
      return Value::Map(type, std::move(entries));
    }
    case 10:
      return Value::Tuple({RandomValue(random, depth - 1), RandomValue(random, depth - 1)});
    default:
      return Value::Object({{"a", RandomValue(random, depth - 1)}, {"b", Value()}});
  }
}

TEST_CASE("values survive", "[msgpack][property]") {
  const auto seed = GENERATE(range(0u, 300u));
  CAPTURE(seed);
  std::mt19937 random(seed);
  const Value value = RandomValue(random, 3);
  std::string error;
  const auto typed = FromMsgpack(ToMsgpack(value, value.type()), value.type(), &error);
  CAPTURE(value, error);
  REQUIRE(typed);
  CHECK(typed->RawEquals(value));
  const auto open = FromMsgpack(ToMsgpack(value, Type::Dynamic()), Type::Dynamic(), &error);
  REQUIRE(open);
  CHECK(open->RawEquals(value));
}

TEST_CASE("damaged data gives an error", "[msgpack][property]") {
  const auto seed = GENERATE(range(0u, 300u));
  CAPTURE(seed);
  std::mt19937 random(seed);
  const Value value = RandomValue(random, 3);
  std::string bytes = ToMsgpack(value, value.type());
  if (bytes.size() > 1) {
    std::string error;
    CHECK_FALSE(FromMsgpack(bytes.substr(0, bytes.size() - 1), value.type(), &error));
    CHECK_FALSE(error.empty());
  }
  for (int i = 0; i < 3; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
  (void)FromMsgpack(bytes, value.type(), nullptr);  // anything but a crash
}

TEST_CASE("counts that cannot be true cost nothing", "[msgpack]") {
  std::string error;
  CHECK_FALSE(FromMsgpack("\xDD\xFF\xFF\xFF\xFF", Type::List(Type::String()), &error));
  CHECK_FALSE(FromMsgpack("\xDB\xFF\xFF\xFF\xFF", Type::String(), &error));
  CHECK_FALSE(FromMsgpack("", Type::String(), &error));
  CHECK_FALSE(FromMsgpack("\xA1xx", Type::String(), &error));
  CHECK_FALSE(FromMsgpack("\xC7\x03\x0D\x81\x01\xC2", Type::String(), &error));
}

}  // namespace
}  // namespace tkn
