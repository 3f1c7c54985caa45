#include "providers/linode/domain.h"

#include <catch2/catch.hpp>

#include "providers/linode/answer.h"
#include "providers/linode/simulator_driver.h"

namespace tkn::linode {
namespace {

using testing::Driver;
using testing::SimulatorProcess;

constexpr char kDomain[] = "linode_domain";
constexpr char kRecord[] = "linode_domain_record";

Value T(const std::string& text) { return Value::String(text); }
Value Texts(std::vector<Value> texts) { return Value::Set(Type::String(), std::move(texts)); }

const std::map<std::string, Value> kZone = {{"domain", Value::String("example.org")},
                                            {"type", Value::String("master")},
                                            {"soa_email", Value::String("dns@example.org")}};

std::map<std::string, Value> With(std::map<std::string, Value> given, const char* name,
                                  Value value) {
  given.insert_or_assign(name, std::move(value));
  return given;
}

std::map<std::string, Value> RecordIn(const Value& domain, const char* kind, const char* target) {
  const auto id = std::stoll(std::string(domain.Attribute("id").AsString()));
  return {{"domain_id", Value::Number(id)}, {"record_type", T(kind)}, {"target", T(target)}};
}

TEST_CASE("a domain is made, read back, changed and deleted", "[simulator][domain]") {
  SimulatorProcess sim;
  Driver d{sim};
  const Value made = d.Create(kDomain, kZone);
  INFO(d.Problems());
  REQUIRE(d.diags.empty());
  // What is not set reads as the older half of the real provider has it.
  CHECK(made.Attribute("description").RawEquals(T("")));
  CHECK(made.Attribute("ttl_sec").RawEquals(Value::Number(0)));
  CHECK(made.Attribute("tags").IsNull());
  CHECK(made.Attribute("status").RawEquals(T("active")));
  CHECK(d.Plan(kDomain, made, d.Config(kDomain, kZone)).planned.value.RawEquals(made));

  const auto changed =
      With(With(With(kZone, "description", T("zone")), "ttl_sec", Value::Number(299)), "tags",
           Texts({T("a"), T("b")}));
  const Value updated = d.Apply(kDomain, made, d.Config(kDomain, changed)).object.value;
  CHECK(updated.Attribute("ttl_sec").RawEquals(Value::Number(300)));
  CHECK(updated.Attribute("tags").Length() == 2);
  SECTION("a time that the API raises is no change") {
    CHECK(d.Plan(kDomain, updated, d.Config(kDomain, changed)).planned.value.RawEquals(updated));
    const auto longer = With(changed, "ttl_sec", Value::Number(301));
    CHECK(!d.Plan(kDomain, updated, d.Config(kDomain, longer)).planned.value.RawEquals(updated));
  }
  SECTION("what is taken out of the configuration goes away there, too") {
    const Value back = d.Apply(kDomain, updated, d.Config(kDomain, kZone)).object.value;
    INFO(d.Problems());
    CHECK(d.diags.empty());
    CHECK(back.Attribute("description").RawEquals(T("")));
    CHECK(TextOf(sim.Objects("/domains").at(0), "description").empty());
    CHECK(ItemsOf(sim.Objects("/domains").at(0), "tags").empty());
  }
  SECTION("another type replaces") {
    const auto slave = With(kZone, "type", T("slave"));
    const PlanResponse plan = d.Plan(kDomain, updated, d.Config(kDomain, slave));
    REQUIRE(plan.requires_replace.size() == 1);
    CHECK(plan.requires_replace[0][0].name == "type");
  }
  SECTION("gone elsewhere: silently out of the state, and an error when deleted") {
    CHECK(d.Delete(kDomain, updated).IsNull());
    CHECK(d.Read(kDomain, updated).IsNull());
    CHECK(d.diags.empty());
    CHECK(!d.Delete(kDomain, updated).IsNull());
    const std::string id(updated.Attribute("id").AsString());
    CHECK(d.diags[0].summary == "Error deleting Linode Domain " + id + ": [404] Not found");
  }
}

TEST_CASE("domains and records are validated as the real provider does", "[domain]") {
  SimulatorProcess sim;
  struct Row {
    const char* type;
    std::map<std::string, Value> given;
    const char* summary;
  };
  const std::map<std::string, Value> record = {
      {"domain_id", Value::Number(1)}, {"record_type", T("A")}, {"target", T("192.0.2.1")}};
  const Row rows[] = {
      {kDomain, With(kZone, "type", T("primary")),
       R"(expected type to be one of ["master" "slave"], got primary)"},
      {kDomain, With(kZone, "group", T(std::string(51, 'x'))),
       "expected length of group to be in the range (0 - 50), got "},
      {kRecord, With(record, "priority", Value::Number(256)),
       "expected priority to be in the range (0 - 255), got 256"},
      {kRecord, With(record, "record_type", T("B")), "expected record_type to be one of ["},
  };
  for (const Row& row : rows) {
    CAPTURE(row.summary);
    Driver d{sim};
    d.provider->ValidateResourceConfig(row.type, d.Config(row.type, row.given), d.diags);
    REQUIRE(d.diags.size() == 1);
    CHECK(d.diags[0].summary.starts_with(row.summary));
  }
  Driver d{sim};
  d.provider->ValidateResourceConfig(
      kDomain, d.Config(kDomain, With(kZone, "type", Value::Unknown(Type::String()))), d.diags);
  CHECK(d.diags.empty());
}

TEST_CASE("a record accepts its name with and without the domain", "[simulator][domain]") {
  SimulatorProcess sim;
  Driver d{sim};
  const Value domain = d.Create(kDomain, kZone);
  for (const char* name : {"www", "www.example.org"}) {
    CAPTURE(name);
    const auto given = With(RecordIn(domain, "A", "192.0.2.7"), "name", T(name));
    const Value made = d.Create(kRecord, given);
    INFO(d.Problems());
    REQUIRE(d.diags.empty());
    CHECK(made.Attribute("name").RawEquals(T(name)));
    const Value asked = d.Apply(kRecord, made, d.Config(kRecord, given)).object.value;
    CHECK(d.Plan(kRecord, asked, d.Config(kRecord, given)).planned.value.RawEquals(asked));
    CHECK(d.Read(kRecord, asked).RawEquals(asked));
    CHECK(d.Delete(kRecord, asked).IsNull());
  }
}

TEST_CASE("a record is imported by the ids of its domain and its own", "[simulator][domain]") {
  SimulatorProcess sim;
  Driver d{sim};
  const Value domain = d.Create(kDomain, kZone);
  const Value made = d.Create(kRecord, RecordIn(domain, "TXT", "hello"));
  const std::string id = std::string(domain.Attribute("id").AsString()) + "," +
                         std::string(made.Attribute("id").AsString());
  const auto imported = d.provider->Import({kRecord, id}, d.diags);
  REQUIRE(imported.size() == 1);
  CHECK(d.Read(kRecord, imported[0].object.value).RawEquals(made));
  CHECK(d.diags.empty());

  const std::pair<const char*, const char*> wrong[] = {
      {"1", "invalid number of arguments: 1"},
      {"1,2,3", "invalid number of arguments: 3"},
      {"1,x", "failed to parse argument: x"},
      {",2", "failed to parse argument: "},
  };
  for (const auto& [text, summary] : wrong) {
    Diagnostics diags;
    CHECK(d.provider->Import({kRecord, text}, diags).empty());
    REQUIRE(diags.size() == 1);
    CHECK(diags[0].summary == summary);
  }
}

TEST_CASE("a domain whose create lost its answer is found and used", "[simulator][domain]") {
  SimulatorProcess sim;
  Driver d{sim};
  sim.Fault(R"({"method":"POST","path":"/domains","nth":1,"cut":true,"when":"after"})");
  const Value made = d.Create(kDomain, kZone);
  INFO(d.Problems());
  CHECK(d.diags.empty());
  CHECK(made.Attribute("domain").RawEquals(T("example.org")));
  CHECK(sim.Objects("/domains").size() == 1);
}

TEST_CASE("a domain is looked up by its id or its name", "[simulator][domain]") {
  SimulatorProcess sim;
  Driver d{sim};
  const Value made =
      d.Create(kDomain, With(With(kZone, "tags", Texts({T("a")})), "ttl_sec", Value::Number(300)));
  d.Create(kDomain, With(kZone, "domain", T("other.example.org")));
  const std::string id(made.Attribute("id").AsString());
  for (const bool by_id : {true, false}) {
    const Value found = by_id ? d.ReadData(kDomain, {{"id", T(id)}})
                              : d.ReadData(kDomain, {{"domain", T("example.org")}});
    INFO(d.Problems());
    REQUIRE(d.diags.empty());
    for (const char* name : {"id", "domain", "type", "soa_email", "status", "ttl_sec", "tags"}) {
      CAPTURE(name);
      CHECK(found.Attribute(name).RawEquals(made.Attribute(name)));
    }
    CHECK(found.Attribute("master_ips").Length() == 0);
  }
  SECTION("of both or none it is said") {
    CHECK(d.ReadData(kDomain, {}).IsNull());
    CHECK(d.Problems().starts_with("Invalid Attribute Combination"));
    d.diags = {};
    CHECK(d.ReadData(kDomain, {{"id", T(id)}, {"domain", T("example.org")}}).IsNull());
    CHECK(d.Problems().starts_with("Invalid Attribute Combination"));
  }
  SECTION("none like that") {
    const auto problem = [&](const char* argument, const char* text) {
      d.diags = {};
      CHECK(d.ReadData(kDomain, {{argument, T(text)}}).IsNull());
      return d.Problems();
    };
    const std::string summary = "Error finding the specified Linode Domain: ";
    CHECK(problem("domain", "example.com") ==
          summary + "The account has no domain \"example.com\".\n");
    CHECK(problem("id", "4711") == summary + "[404] Not found\n");
    CHECK(problem("id", "example.org").starts_with("Invalid number string: example.org"));
  }
}

}  // namespace
}  // namespace tkn::linode
