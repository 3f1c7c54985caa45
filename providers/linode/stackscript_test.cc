#include "providers/linode/stackscript.h"

#include <catch2/catch.hpp>

#include "providers/linode/simulator_driver.h"

namespace tkn::linode {
namespace {

using testing::Driver;
using testing::SimulatorProcess;

constexpr char kType[] = "linode_stackscript";

Value T(const std::string& text) { return Value::String(text); }

std::map<std::string, Value> Script() {
  return {{"label", T("setup")},
          {"description", T("Sets a machine up")},
          {"script", T("#!/bin/sh\n# <UDF name=\"user\" label=\"User\" oneOf=\"a,b\" />\n")},
          {"images", Value::Set(Type::String(), {T("any/all")})}};
}

TEST_CASE("a StackScript is made, changed and deleted", "[simulator][stackscript]") {
  SimulatorProcess sim;
  Driver d{sim};
  auto given = Script();
  const Value made = d.Create(kType, given);
  INFO(d.Problems());
  REQUIRE(d.diags.empty());
  CHECK(made.Attribute("rev_note").RawEquals(T("")));
  CHECK(made.Attribute("is_public").RawEquals(Value::Bool(false)));
  const Value field = made.Attribute("user_defined_fields").elements()[0];
  CHECK(field.Attribute("name").RawEquals(T("user")));
  CHECK(field.Attribute("one_of").RawEquals(T("a,b")));
  CHECK(field.Attribute("default").RawEquals(T("")));
  CHECK(d.Read(kType, made).RawEquals(made));
  CHECK(d.Plan(kType, made, d.Config(kType, given)).planned.value.RawEquals(made));

  given.insert_or_assign("script", T("#!/bin/sh\n"));
  given.insert_or_assign("is_public", Value::Bool(true));
  const PlanResponse plan = d.Plan(kType, made, d.Config(kType, given));
  CHECK(plan.requires_replace.empty());
  CHECK(!plan.planned.value.Attribute("updated").IsKnown());
  const Value updated = d.Apply(kType, made, d.Config(kType, given)).object.value;
  INFO(d.Problems());
  REQUIRE(d.diags.empty());
  CHECK(updated.Attribute("user_defined_fields").Length() == 0);

  given.insert_or_assign("is_public", Value::Bool(false));
  CHECK(d.Plan(kType, updated, d.Config(kType, given)).requires_replace.size() == 1);

  const Value data = d.ReadData("linode_stackscript", {{"id", updated.Attribute("id")}});
  CHECK(data.Attribute("script").RawEquals(T("#!/bin/sh\n")));

  CHECK(d.Delete(kType, updated).IsNull());
  CHECK(d.Delete(kType, updated).IsNull());  // gone is what was wanted
  CHECK(d.diags.empty());
  CHECK(d.Read(kType, updated).IsNull());
  REQUIRE(d.diags.size() == 1);
  CHECK(d.diags[0].severity == Severity::kWarning);
  CHECK(d.diags[0].summary == "StackScript no longer exists.");
}

TEST_CASE("what the API refuses of a StackScript is told", "[simulator][stackscript]") {
  SimulatorProcess sim;
  Driver d{sim};
  auto given = Script();
  given.insert_or_assign("script", T("echo"));
  CHECK(d.Create(kType, given).IsNull());
  REQUIRE(d.diags.size() == 1);
  CHECK(d.diags[0].summary == "StackScript creation error");
  CHECK(d.diags[0].detail.starts_with("[400] [script] "));

  Diagnostics invalid;
  given.insert_or_assign("label", T("x"));
  d.provider->ValidateResourceConfig(kType, d.Config(kType, given), invalid);
  REQUIRE(invalid.size() == 1);
  CHECK(invalid[0].summary == "Invalid Attribute Value Length");
  CHECK(invalid[0].detail == "Attribute label string length must be between 3 and 128, got: 1");
}

}  // namespace
}  // namespace tkn::linode
