#include "engine/value/type.h"

#include <catch2/catch.hpp>
#include <thread>

#include "engine/value/inspect.h"
#include "engine/value/json.h"

namespace tkn {
namespace {

Type Person() { return Type::Object({{"name", Type::String()}, {"age", Type::Number(), true}}); }

TEST_CASE("equal types are one", "[type]") {
  CHECK(Type::List(Type::String()) == Type::List(Type::String()));
  CHECK(Type::List(Type::String()) != Type::Set(Type::String()));
  CHECK(Person() == Type::Object({{"age", Type::Number(), true}, {"name", Type::String()}}));
  CHECK(Person() != Type::Object({{"age", Type::Number()}, {"name", Type::String()}}));
  CHECK(Type::Tuple({}) == Type::EmptyTuple());
  CHECK(Type::Object({}) == Type::EmptyObject());
  CHECK(Type::Tuple({Type::Bool()}) != Type::Tuple({Type::Bool(), Type::Bool()}));
  CHECK(Type() == Type::Dynamic());
}

TEST_CASE("types made by several threads at once are one", "[type]") {
  std::vector<Type> made(4);
  std::vector<std::jthread> threads;
  for (Type& slot : made) {
    threads.emplace_back([&slot] {
      Type type = Type::String();
      for (int i = 0; i < 200; ++i) {
        type = i % 2 == 0 ? Type::Tuple({type, Type::Number()})
                          : Type::Map(Type::Object({{"concurrent", type}}));
      }
      slot = type;
    });
  }
  threads.clear();
  CHECK((made[0] == made[1] && made[1] == made[2] && made[2] == made[3]));
}

TEST_CASE("what a type holds inside", "[type]") {
  CHECK(Type::Map(Type::List(Type::Dynamic())).HasDynamic());
  CHECK_FALSE(Person().HasDynamic());
  CHECK(Type::List(Person()).HasOptional());
  CHECK_FALSE(Type::List(Person()).WithoutOptional().HasOptional());
  CHECK(Type::Tuple({Person()}).WithoutOptional() ==
        Type::Tuple({Type::Object({{"name", Type::String()}, {"age", Type::Number()}})}));
  CHECK(Type::String().WithoutOptional() == Type::String());
  CHECK(Type::List(Type::List(Type::String())).Depth() == 3);
  CHECK(Person().FindAttribute("age")->optional);
  CHECK(Person().FindAttribute("size") == nullptr);
  CHECK(Person().AttributeIndex("name") == 1);
}

TEST_CASE("types are named as in messages", "[type]") {
  CHECK(Type::List(Type::String()).FriendlyName() == "list of string");
  CHECK(Type::Map(Type::Set(Type::Number())).FriendlyName() == "map of set of number");
  CHECK(Person().FriendlyName() == "object");
  CHECK(Type::EmptyTuple().FriendlyName() == "tuple");
  CHECK(Type::List(Type::Dynamic()).FriendlyName() == "list of dynamic");
  CHECK(Type::List(Type::Dynamic()).FriendlyNameForConstraint() == "list of any single type");
  CHECK(Type::Dynamic().FriendlyNameForConstraint() == "any type");
  CHECK(Type::List(Person()).ConstraintString() ==
        "list(object({ age = optional(number), name = string }))");
  CHECK(Type::Tuple({Type::Dynamic(), Type::EmptyObject()}).ConstraintString() ==
        "tuple([any, object({})])");
}

TEST_CASE("types survive JSON", "[type]") {
  for (const Type type :
       {Type::Dynamic(), Type::String(), Type::List(Type::Bool()), Type::Map(Person()),
        Type::Tuple({Type::Number(), Type::Set(Type::String())}), Type::EmptyObject(),
        Type::EmptyTuple()}) {
    CAPTURE(type);
    CHECK(TypeFromJson(type.ToJson(), nullptr) == type);
  }
  CHECK(Person().ToJson() == R"(["object",{"age":"number","name":"string"},["age"]])");
  for (const char* wrong : {"", "\"text\"", "[\"list\"]", "[\"list\",\"string\"", "{}",
                            "[\"object\",{\"a\":\"string\",\"a\":\"bool\"}]", "\"string\" 1"}) {
    CAPTURE(wrong);
    std::string error;
    CHECK_FALSE(TypeFromJson(wrong, &error));
    CHECK_FALSE(error.empty());
  }
}

}  // namespace
}  // namespace tkn
