#include "providers/builtin/terraform_data.h"

#include <catch2/catch.hpp>

#include "providers/builtin/builtin.h"

namespace tkn::providers {
namespace {

const Value kNothing = Value::Null(Type::Dynamic());

Value Data(Value id, Value input, Value output, Value triggers) {
  return Value::Object(
      {{"id", id}, {"input", input}, {"output", output}, {"triggers_replace", triggers}});
}

Value Config(Value input, Value triggers) {
  return Data(Value::Null(Type::String()), input, kNothing, triggers);
}

PlanResponse Plan(const Value& prior, const Value& input, const Value& triggers) {
  const Value config = Config(input, triggers);
  const Value proposed =
      prior.IsNull() ? Data(Value::Unknown(Type::String()), input, Value::Dynamic(), triggers)
                     : Data(prior.Attribute("id"), input, prior.Attribute("output"), triggers);
  return terraform_data::Plan({"terraform_data", {prior}, proposed, config});
}

const Value kX = Value::String("x");
const Value kY = Value::String("y");
const Value kId = Value::String("5243d20d-2083-7466-ce46-7579c1e641c2");

TEST_CASE("creating: the id is unknown and not null, the output has the input's type") {
  const Value planned = Plan(Value::Null(Type::Dynamic()), kX, kNothing).planned.value;
  CHECK_FALSE(planned.Attribute("id").IsKnown());
  CHECK(planned.Attribute("id").IsDefinitelyNotNull());
  CHECK_FALSE(planned.Attribute("output").IsKnown());
  CHECK(planned.Attribute("output").type() == Type::String());
}

TEST_CASE("creating without input: the output is null already in the plan") {
  const Value planned = Plan(Value::Null(Type::Dynamic()), kNothing, kX).planned.value;
  CHECK(planned.Attribute("output").RawEquals(kNothing));
  CHECK(planned.Attribute("triggers_replace").RawEquals(kX));
}

TEST_CASE("an unchanged object plans to itself") {
  const Value prior = Data(kId, kX, kX, kY);
  const PlanResponse response = Plan(prior, kX, kY);
  CHECK(response.planned.value.RawEquals(prior));
  CHECK(response.requires_replace.empty());
}

TEST_CASE("a changed input makes the output unknown, in place") {
  const PlanResponse response = Plan(Data(kId, kX, kX, kNothing), kY, kNothing);
  CHECK(response.requires_replace.empty());
  CHECK(response.planned.value.Attribute("id").RawEquals(kId));
  CHECK_FALSE(response.planned.value.Attribute("output").IsKnown());
}

TEST_CASE("an input that became null plans an output that is known later") {
  const PlanResponse response = Plan(Data(kId, kX, kX, kNothing), kNothing, kNothing);
  CHECK_FALSE(response.planned.value.Attribute("output").IsKnown());
}

TEST_CASE("an unknown input stays unknown with its type") {
  const PlanResponse response =
      Plan(Data(kId, kX, kX, kNothing), Value::Unknown(Type::String()), kNothing);
  CHECK_FALSE(response.planned.value.Attribute("output").IsKnown());
  CHECK(response.planned.value.Attribute("output").type() == Type::String());
}

TEST_CASE("changed triggers replace, and the type of triggers counts") {
  struct Row {
    const char* name;
    Value before;
    Value after;
    bool replaces;
  };
  const Row rows[] = {
      {"same text", kX, kX, false},
      {"other text", kX, kY, true},
      {"from null", kNothing, kX, true},
      {"to null", kX, kNothing, true},
      {"unknown", kX, Value::Unknown(Type::String()), true},
      {"list for tuple", Value::Tuple({kX}), Value::List(Type::String(), {kX}), true},
      {"null of another type", kNothing, Value::Null(Type::String()), true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const PlanResponse response = Plan(Data(kId, kX, kX, row.before), kX, row.after);
    CHECK(response.requires_replace.empty() != row.replaces);
    CHECK(response.planned.value.Attribute("id").IsKnown() != row.replaces);
    CHECK(response.planned.value.Attribute("output").IsKnown() != row.replaces);
    if (row.replaces) CHECK(ToString(response.requires_replace[0]) == ".triggers_replace");
  }
}

TEST_CASE("applying gives an id of its own to each object and copies the input") {
  const Value planned = Plan(Value::Null(Type::Dynamic()), kX, kNothing).planned.value;
  const ApplyRequest request{"terraform_data", {}, {planned}, Config(kX, kNothing), {}};
  const Value a = terraform_data::Apply(request).object.value;
  const Value b = terraform_data::Apply(request).object.value;
  CHECK(a.Attribute("output").RawEquals(kX));
  CHECK(a.Attribute("id").AsString().size() == 36);
  CHECK_FALSE(a.Attribute("id").RawEquals(b.Attribute("id")));
}

TEST_CASE("what Terraform computes can't be configured") {
  Diagnostics diags;
  terraform_data::Validate(Data(kId, kX, Value::Dynamic(), kNothing), diags);
  REQUIRE(diags.size() == 2);
  CHECK(diags[0].summary == "\"id\" attribute is read-only");
  CHECK(diags[1].summary == "\"output\" attribute is read-only");
}

TEST_CASE("an import knows the id and nothing else") {
  CHECK(terraform_data::Import("hello").object.value.RawEquals(
      Data(Value::String("hello"), kNothing, kNothing, kNothing)));
}

TEST_CASE("a null_resource moves in with its triggers") {
  const auto provider = MakeBuiltinProvider(nullptr);
  const std::string state = R"({"id":"123","triggers":{"a":"1"}})";
  Diagnostics diags;
  const auto moved = provider->MoveState("registry.terraform.io/hashicorp/null", "null_resource", 0,
                                         state, "terraform_data", diags);
  REQUIRE(moved);
  CHECK(moved->value.RawEquals(
      Data(Value::String("123"), kNothing, kNothing, Value::Object({{"a", Value::String("1")}}))));
  CHECK_FALSE(provider->MoveState("x/y", "null_resource", 0, state, "terraform_data", diags));
  CHECK_FALSE(provider->MoveState("hashicorp/null", "other", 0, state, "terraform_data", diags));
  REQUIRE(diags.size() == 2);
  CHECK(diags[0].summary == "Unsupported source provider for move operation");
}

TEST_CASE("a lost create of a terraform_data never happened") {
  const auto provider = MakeBuiltinProvider(nullptr);
  Diagnostics diags;
  const auto create = provider->Resolve({"terraform_data", {}, kX, 0, {}}, diags);
  CHECK(create.outcome == ResolveResponse::Outcome::kNeverHappened);
  const Value prior = Data(kId, kX, kX, kNothing);
  const auto update = provider->Resolve({"terraform_data", {prior, "p"}, kX, 0, {}}, diags);
  CHECK(update.outcome == ResolveResponse::Outcome::kFound);
  CHECK(update.object.value.RawEquals(prior));
}

}  // namespace
}  // namespace tkn::providers
