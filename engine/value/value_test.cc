#include "engine/value/value.h"

#include <catch2/catch.hpp>
#include <random>
#include <thread>

#include "engine/value/inspect.h"
#include "engine/value/path.h"

namespace tkn {
namespace {

Value S(std::string_view text) { return Value::String(text); }
Value N(std::int64_t number) { return Value::Number(number); }

TEST_CASE("the default is null of any type", "[value]") {
  CHECK(Value().IsNull());
  CHECK(Value().type().IsDynamic());
  CHECK(Value().IsKnown());
  Value moved = S("x");
  const Value target = std::move(moved);
  CHECK(target.AsString() == "x");
}

TEST_CASE("nulls and unknowns of one type are one", "[value]") {
  CHECK(Value::Null(Type::List(Type::Bool())).node() ==
        Value::Null(Type::List(Type::Bool())).node());
  CHECK(Value::Unknown(Type::String()).node() == Value::Unknown(Type::String()).node());
  const Type optional = Type::Object({{"a", Type::String(), true}});
  CHECK(Value::Null(optional).type() == optional.WithoutOptional());
}

TEST_CASE("whether marks and unknowns are inside is known at once", "[value]") {
  const Value list = Value::List(Type::String(), {S("a"), Value::Unknown(Type::String())});
  CHECK(list.IsKnown());
  CHECK_FALSE(list.IsWhollyKnown());
  const Value outer = Value::Object({{"l", list}, {"n", N(1)}});
  CHECK_FALSE(outer.IsWhollyKnown());
  CHECK(Value::Tuple({N(1), Value()}).IsWhollyKnown());
  CHECK_FALSE(outer.ContainsMarked());
}

TEST_CASE("text is NFC", "[value]") {
  CHECK(S("e\u0301").RawEquals(S("\u00e9")));
  CHECK(S("a\xFF").AsString() == "a\uFFFD");
  CHECK(Value::Map(Type::String(), {{"e\u0301", S("x")}}).Find("\u00e9") != nullptr);
}

TEST_CASE("content of the wrong kind is a bug", "[value]") {
  CHECK_THROWS_AS(N(1).AsString(), std::logic_error);
  CHECK_THROWS_AS(Value().AsBool(), std::logic_error);
  CHECK_THROWS_AS(Value::Unknown(Type::Number()).AsNumber(), std::logic_error);
  CHECK_THROWS_AS(S("x").Length(), std::logic_error);
  CHECK_THROWS_AS(Value::EmptyObject().Attribute("a"), std::logic_error);
  CHECK_THROWS_AS(Value::List(Type::String(), {N(1)}), std::logic_error);
}

TEST_CASE("maps and objects are sorted, the last of equal keys staying", "[value]") {
  const Value map = Value::Map(Type::Number(), {{"b", N(1)}, {"a", N(2)}, {"b", N(3)}});
  CHECK(map.keys() == std::vector<std::string_view>{"a", "b"});
  CHECK(map.Find("b")->RawEquals(N(3)));
  CHECK(map.Find("c") == nullptr);
  const Value object = Value::Object({{"z", N(1)}, {"a", S("x")}, {"z", S("y")}});
  CHECK(object.KeyAt(1) == "z");
  CHECK(object.Attribute("z").AsString() == "y");
  CHECK(object.type() == Type::Object({{"a", Type::String()}, {"z", Type::String()}}));
  CHECK(Value::Object({}).RawEquals(Value::EmptyObject()));
  CHECK(Value::ObjectOf(object.type(), {S("x"), S("y")}).RawEquals(object));
}

TEST_CASE("attributes of null and unknown objects", "[value]") {
  const Type type = Type::Object({{"a", Type::String()}});
  CHECK(Value::Null(type).Attribute("a").IsNull());
  CHECK(Value::Unknown(type).Attribute("a").RawEquals(Value::Unknown(Type::String())));
  CHECK(Value::Dynamic().Attribute("a").RawEquals(Value::Dynamic()));
}

TEST_CASE("elements of open type take the type of the rest", "[value]") {
  const Value list = Value::List(Type::Dynamic(), {Value(), S("a"), Value::Dynamic()});
  CHECK(list.type() == Type::List(Type::String()));
  CHECK(list.elements()[0].RawEquals(Value::Null(Type::String())));
  CHECK(list.elements()[2].RawEquals(Value::Unknown(Type::String())));
  CHECK(Value::List(Type::Dynamic(), {}).type() == Type::List(Type::Dynamic()));
}

std::string Order(const Value& set) {
  std::string out;
  for (const Value& element : set.elements()) out += Inspect(element) + " ";
  return out;
}

TEST_CASE("sets iterate as Terraform does", "[value][set]") {
  const Value null_number = Value::Null(Type::Number());
  CHECK(Order(Value::Set(Type::Number(), {N(3), N(1), null_number, N(20), N(2), N(3)})) ==
        "1 2 3 20 null(number) ");
  CHECK(Order(Value::Set(Type::String(), {S("b"), Value::Null(Type::String()), S("a"), S("B")})) ==
        "\"B\" \"a\" \"b\" null(string) ");
  CHECK(Order(Value::Set(Type::Bool(), {Value::Bool(true), Value::Bool(false)})) == "false true ");
  const auto object = [](std::int64_t n) { return Value::Object({{"a", N(n)}}); };
  CHECK(Order(Value::Set(Type::Dynamic(), {object(1), object(2), object(10)})) ==
        "{\"a\" = 10} {\"a\" = 1} {\"a\" = 2} ");
  // Alike in ten digits: as they came.
  CHECK(Order(Value::Set(Type::Dynamic(), {object(12345678902), object(12345678901)})) ==
        "{\"a\" = 12345678902} {\"a\" = 12345678901} ");
  const auto list = [](std::vector<Value> texts) {
    return Value::List(Type::String(), std::move(texts));
  };
  CHECK(Order(Value::Set(Type::Dynamic(),
                         {list({S("b")}), list({S("a")}), list({S("c"), S("a")})})) ==
        "list([\"a\"]) list([\"b\"]) list([\"c\", \"a\"]) ");
}

TEST_CASE("unknown elements of a set stay apart", "[value][set]") {
  const Value unknown = Value::Unknown(Type::String());
  const Value set = Value::Set(Type::String(), {unknown, S("a"), unknown});
  CHECK(set.Length() == 3);
  CHECK(set.IsKnown());
  CHECK_FALSE(set.IsWhollyKnown());
  CHECK(set.elements()[0].AsString() == "a");
}

TEST_CASE("members of sets are found", "[value][set]") {
  const Value texts = Value::Set(Type::String(), {S("a"), S("b"), S("c")});
  CHECK(texts.SetContains(S("b")));
  CHECK_FALSE(texts.SetContains(S("d")));
  CHECK_FALSE(texts.SetContains(N(1)));
  CHECK_FALSE(texts.SetContains(Value::Unknown(Type::String())));
  const Value objects = Value::Set(Type::Dynamic(), {Value::Object({{"a", N(1)}})});
  CHECK(objects.SetContains(Value::Object({{"a", N(1)}})));
  CHECK_FALSE(objects.SetContains(Value::Object({{"a", N(2)}})));
}

TEST_CASE("a set does not depend on the order it is made in", "[value][set][property]") {
  const auto seed = GENERATE(range(0u, 50u));
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::vector<Value> elements;
  for (int i = 0; i < 20; ++i) {
    elements.push_back(Value::Object({{"a", N(static_cast<std::int64_t>(random() % 10))},
                                      {"b", S(std::string(random() % 3, 'x'))}}));
  }
  const Value one = Value::Set(Type::Dynamic(), elements);
  std::shuffle(elements.begin(), elements.end(), random);
  CHECK(Value::Set(Type::Dynamic(), elements).RawEquals(one));
  CHECK(Value::Set(Type::Dynamic(), {one.elements().begin(), one.elements().end()}).RawEquals(one));
}

TEST_CASE("a refinement that leaves one value gives it", "[value][unknown]") {
  const Refinement five{.not_null = true, .minimum = Number(5), .maximum = Number(5)};
  CHECK(Value::Unknown(Type::Number(), five).RawEquals(N(5)));
  Refinement open = five;
  open.not_null = false;
  CHECK_FALSE(Value::Unknown(Type::Number(), open).IsKnown());
  const auto sized = [](Type type, std::int64_t length) {
    return Value::Unknown(type, {.not_null = true, .min_length = length, .max_length = length});
  };
  CHECK(sized(Type::List(Type::String()), 0).RawEquals(Value::List(Type::String(), {})));
  CHECK(sized(Type::Map(Type::String()), 0).RawEquals(Value::Map(Type::String(), {})));
  CHECK(sized(Type::List(Type::String()), 2).Length() == 2);
  CHECK(sized(Type::Set(Type::String()), 1).Length() == 1);
  CHECK_FALSE(sized(Type::Set(Type::String()), 2).IsKnown());
  CHECK_THROWS_AS(Value::Unknown(Type::Number(), {.minimum = Number(2), .maximum = Number(1)}),
                  std::logic_error);
  CHECK(Value::Unknown(Type::Dynamic(), {.not_null = true}).RawEquals(Value::Dynamic()));
  CHECK(Value::Unknown(Type::String(), {}).node() == Value::Unknown(Type::String()).node());
}

TEST_CASE("equality is deep and tells types, refinements and marks apart", "[value]") {
  const Value list = Value::List(Type::Number(), {N(1), N(2)});
  CHECK(list.RawEquals(Value::List(Type::Number(), {N(1), N(2)})));
  CHECK_FALSE(list.RawEquals(Value::Tuple({N(1), N(2)})));
  CHECK_FALSE(list.RawEquals(Value::List(Type::Number(), {N(1), N(3)})));
  CHECK_FALSE(Value::Null(Type::String()).RawEquals(Value()));
  CHECK_FALSE(Value::Unknown(Type::String()).RawEquals(Value::Null(Type::String())));
  const Value refined = Value::Unknown(Type::String(), {.prefix = "a"});
  CHECK_FALSE(refined.RawEquals(Value::Unknown(Type::String())));
  CHECK(refined.RawEquals(Value::Unknown(Type::String(), {.prefix = "a"})));
  const Value secret = Value::List(Type::Number(), {N(1).WithMark(MarkKind::kSensitive), N(2)});
  CHECK_FALSE(secret.RawEquals(list));
  CHECK(secret.EqualsIgnoringMarks(list));
  CHECK(secret.Hash() == list.Hash());
}

TEST_CASE("values nest deep and are freed without recursion", "[value]") {
  Value value = Value::List(Type::String(), {S("x")});
  std::vector<Value> levels;
  for (int i = 0; i < 3000; ++i) value = Value::Tuple({value}).WithMark(MarkKind::kSensitive);
  CHECK(value.ContainsMarked());
  CHECK(value.type().Depth() == 3002);
}

TEST_CASE("values are shared between threads", "[value]") {
  const Value shared =
      Value::Object({{"a", S("text")}, {"b", Value::List(Type::Number(), {N(1000)})}});
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 10'000; ++i) {
          Value copy = shared;
          const Value part = copy.Attribute("b").elements()[0];
          copy = part;
        }
      });
    }
  }
  CHECK(shared.Attribute("a").AsString() == "text");
}

TEST_CASE("transform rebuilds from the inside", "[value]") {
  const Value value = Value::Object({{"a", Value::Tuple({N(1), S("x")})}, {"b", N(2)}});
  std::vector<std::string> seen;
  const Value doubled = value.Transform([&](const Path& path, const Value& part) {
    seen.push_back(ToString(path));
    return part.type() == Type::Number() ? S(part.AsNumber().ToString()) : part;
  });
  CHECK(seen == std::vector<std::string>{".a[0]", ".a[1]", ".a", ".b", ""});
  CHECK(doubled.RawEquals(Value::Object({{"a", Value::Tuple({S("1"), S("x")})}, {"b", S("2")}})));
  const Value same = value.Transform([](const Path&, const Value& part) { return part; });
  CHECK(same.node() == value.node());
  const Value marked = Value::List(Type::Number(), {N(1)}).WithMark(MarkKind::kSensitive);
  const Value changed = marked.Transform([](const Path&, const Value& part) {
    return part.type() == Type::Number() ? Value::Unknown(Type::Number()) : part;
  });
  CHECK(changed.HasMark(MarkKind::kSensitive));
  CHECK_FALSE(changed.IsWhollyKnown());
}

}  // namespace
}  // namespace tkn
