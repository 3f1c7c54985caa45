#include <catch2/catch.hpp>

#include "providers/linode/answer.h"
#include "providers/linode/simulator_driver.h"

// Tokens as a run sees them: many read at once, listed as data, made for the run alone.
namespace tkn::linode {
namespace {

using providers::Provider;
using testing::Driver;
using testing::SimulatorProcess;

constexpr char kType[] = "linode_token";

Value T(const std::string& text) { return Value::String(text); }

TEST_CASE("several tokens are read by one listing", "[simulator][token]") {
  SimulatorProcess sim;
  Driver d{sim};
  constexpr int kMany = 200;
  std::vector<Value> made;
  for (int i = 0; i < kMany; ++i) {
    made.push_back(d.Create(
        kType, {{"label", T("t" + std::to_string(i))}, {"scopes", T("linodes:read_only")}}));
  }
  INFO(d.Problems());
  REQUIRE(d.diags.empty());

  Driver later{sim};
  later.provider->Anticipate(kType, made.size());
  for (const Value& token : made) CHECK(later.Read(kType, token).RawEquals(token));
  CHECK(sim.Count("GET /profile/tokens") == 2);
  SECTION("one that is not in it is asked for alone") {
    CHECK(d.Delete(kType, made[0]).IsNull());
    Driver next{sim};
    next.provider->Anticipate(kType, made.size());
    CHECK(next.Read(kType, made[0]).IsNull());
    REQUIRE(next.diags.size() == 1);
    CHECK(next.diags[0].summary == "Token No Longer Exists");
    CHECK(next.Read(kType, made[1]).RawEquals(made[1]));
  }
  SECTION("what was changed since is asked for anew") {
    const std::map<std::string, Value> given = {{"label", T("new")},
                                                {"scopes", T("linodes:read_only")}};
    const Value renamed = later.Apply(kType, made[5], later.Config(kType, given)).object.value;
    CHECK(later.Read(kType, renamed).RawEquals(renamed));
  }
  SECTION("few of a great account are asked for one by one") {
    Driver few{sim};
    few.provider->Anticipate(kType, 1);
    CHECK(few.Read(kType, made[7]).RawEquals(made[7]));
    CHECK(sim.Count("GET /profile/tokens") == 2);
  }
  SECTION("a listing that fails costs nothing but itself") {
    sim.Fault(R"({"method":"GET","path":"/profile/tokens","status":403})");
    Driver other{sim};
    other.provider->Anticipate(kType, 2);
    CHECK(other.Read(kType, made[8]).RawEquals(made[8]));
    CHECK(other.diags.empty());
  }
}

TEST_CASE("an account's tokens are listed without their secrets, and can be taken over",
          "[simulator][token]") {
  SimulatorProcess sim;
  Driver d{sim};
  const Value made =
      d.Create(kType, {{"label", T("ci")}, {"scopes", T("linodes:read_only vpc:read_only")}});
  const Value data = d.ReadData("linode_tokens", {});
  INFO(d.Problems());
  REQUIRE(d.diags.empty());
  bool found = false;
  for (const Value& token : data.Attribute("tokens").elements()) {
    CHECK(token.type().AttributeIndex("token") == Type::npos);
    if (!token.Attribute("id").RawEquals(made.Attribute("id"))) continue;
    found = true;
    const auto imported =
        d.provider->Import({kType, std::string(token.Attribute("id").AsString())}, d.diags);
    REQUIRE(imported.size() == 1);
    const Value object = d.Read(kType, imported[0].object.value);
    const Value config = d.Config(kType, {{"label", token.Attribute("label")},
                                          {"scopes", token.Attribute("scopes")},
                                          {"expiry", token.Attribute("expiry")}});
    const PlanResponse plan = d.Plan(kType, object, config);
    CHECK(plan.planned.value.RawEquals(object));
    CHECK(plan.requires_replace.empty());
  }
  CHECK(found);
}

struct Run {
  SimulatorProcess& sim;
  Driver d{sim};
  const BlockSchema& schema = d.provider->GetSchemas().ephemerals.at(kType).block;

  std::optional<Provider::Ephemeral> Open(std::map<std::string, Value> given) {
    Record record(schema.ImpliedType(), EmptyValue(schema));
    for (const auto& [name, value] : given) record.Set(name, value);
    return d.provider->OpenEphemeral(kType, record.ToValue(), d.diags);
  }
};

TEST_CASE("a token for one run is made, works, ends by itself and is revoked",
          "[simulator][token][ephemeral]") {
  SimulatorProcess sim;
  Run run{sim};
  const auto opened = run.Open({{"scopes", T("linodes:read_only")}, {"lifetime", T("2h")}});
  INFO(run.d.Problems());
  REQUIRE(opened.has_value());
  CHECK(opened->result.Attribute("token").AsString().size() == 64);
  const std::vector<Value> listed = sim.Objects("/profile/tokens");
  REQUIRE(listed.size() == 1);
  CHECK(!TextOf(listed[0], "expiry").starts_with("2999"));
  SECTION("at the end of the run") {}
  SECTION("even when the run is broken off") { run.d.provider->Stop(); }
  SECTION("even when the API says no at first") {
    sim.Fault(R"({"method":"DELETE","path":"/profile/tokens/*","nth":[1,2],"status":503})");
  }
  run.d.provider->CloseEphemeral(kType, *opened, run.d.diags);
  CHECK(run.d.Problems().empty());
  CHECK(sim.Objects("/profile/tokens").empty());
  run.d.provider->CloseEphemeral(kType, *opened, run.d.diags);  // gone already
  CHECK(run.d.Problems().empty());
}

TEST_CASE("a token for one run whose answer was lost is revoked", "[simulator][token][ephemeral]") {
  SimulatorProcess sim;
  Run run{sim};
  sim.Fault(R"({"method":"POST","path":"/profile/tokens","nth":1,"cut":true,"when":"after"})");
  CHECK(!run.Open({{"scopes", T("linodes:read_only")}}).has_value());
  REQUIRE(run.d.diags.size() == 1);
  CHECK(run.d.diags[0].summary == "Token creation error");
  CHECK(run.d.diags[0].detail.find("has been revoked") != std::string::npos);
  CHECK(sim.Objects("/profile/tokens").empty());

  CHECK(!run.Open({{"scopes", T("linodes:read_only")}, {"lifetime", T("never")}}).has_value());
  CHECK(run.d.diags[1].summary == "Invalid duration");
}

TEST_CASE("a token that can't be revoked is told with its id", "[simulator][token][ephemeral]") {
  SimulatorProcess sim;
  Run run{sim};
  const auto opened = run.Open({{"scopes", T("linodes:read_only")}});
  REQUIRE(opened.has_value());
  sim.Fault(R"({"method":"DELETE","path":"/profile/tokens/*","status":403})");
  run.d.provider->CloseEphemeral(kType, *opened, run.d.diags);
  REQUIRE(run.d.diags.size() == 1);
  CHECK(run.d.diags[0].summary == "Failed to revoke a token of this run");
  CHECK(run.d.diags[0].detail.find(opened->private_bytes) != std::string::npos);
}

}  // namespace
}  // namespace tkn::linode
