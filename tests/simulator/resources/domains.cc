#include <algorithm>
#include <array>

#include "tests/simulator/resources/resources.h"

namespace tkn::simulator {
namespace {

constexpr std::array<int64_t, 14> kSteps = {30,    120,   300,    3600,   7200,   14400,   28800,
                                            57600, 86400, 172800, 345600, 604800, 1209600, 2419200};

// 0 stays, any other value is raised to the next one that is allowed.
int64_t Seconds(const Json& body, const std::string& field, int64_t fallback) {
  const int64_t value = Integer(body, field, fallback);
  if (value == 0) return 0;
  for (const int64_t step : kSteps) {
    if (value <= step) return step;
  }
  return kSteps.back();
}

void CheckOneOf(const std::string& value, const std::vector<std::string>& allowed,
                const std::string& field) {
  if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
    throw BadRequest(field + " is not valid", field);
  }
}

void Fill(Call& call, Object& domain) {
  const Json& sent = call.body;
  Json& body = domain.body;
  const auto text = [&](const char* field) { return Text(sent, field, body.value(field, "")); };
  const auto list = [&](const char* field) {
    return Has(sent, field) ? Strings(sent, field) : body.value(field, Json::array());
  };
  Json next = Json::object();
  next["id"] = domain.id;
  next["type"] = text("type");
  next["domain"] = text("domain");
  next["tags"] = list("tags");
  next["group"] = text("group");
  next["status"] = Text(sent, "status", body.value("status", "active"));
  next["errors"] = "";
  next["description"] = text("description");
  next["soa_email"] = text("soa_email");
  next["retry_sec"] = Seconds(sent, "retry_sec", body.value("retry_sec", 0));
  next["master_ips"] = list("master_ips");
  next["axfr_ips"] = list("axfr_ips");
  next["expire_sec"] = Seconds(sent, "expire_sec", body.value("expire_sec", 0));
  next["refresh_sec"] = Seconds(sent, "refresh_sec", body.value("refresh_sec", 0));
  next["ttl_sec"] = Seconds(sent, "ttl_sec", body.value("ttl_sec", 0));
  next["created"] = body.value("created", call.world.Now());
  next["updated"] = call.world.Now();
  const std::string name = next["domain"].get<std::string>();
  if (name.find('.') == std::string::npos) throw BadRequest("domain is not valid", "domain");
  CheckOneOf(next["type"].get<std::string>(), {"master", "slave"}, "type");
  CheckOneOf(next["status"].get<std::string>(), {"active", "disabled"}, "status");
  if (next["type"] == "master" && next["soa_email"] == "") {
    throw BadRequest("soa_email required when type=master", "soa_email");
  }
  CheckLength(next["description"].get<std::string>(), 0, 253, "description");
  CheckLength(next["group"].get<std::string>(), 0, 50, "group");
  for (const auto& [id, other] : call.world.In("domains").objects()) {
    if (id != domain.id && other.body.value("domain", "") == name) {
      throw BadRequest("DNS zone already exists.", "domain");
    }
  }
  body = std::move(next);
}

// "www.example.org" in example.org is stored as "www", and a service's name follows from its parts.
std::string RecordName(const Json& record, const std::string& name, const std::string& zone) {
  if (record["type"] == "SRV") {
    return "_" + record["service"].get<std::string>() + "._" +
           record["protocol"].get<std::string>();
  }
  if (name == zone) return "";
  const std::string ending = "." + zone;
  return name.ends_with(ending) ? name.substr(0, name.size() - ending.size()) : name;
}

void FillRecord(Call& call, Object& record) {
  const Json& sent = call.body;
  const Json& body = record.body;
  const auto text = [&](const char* field) { return Text(sent, field, body.value(field, "")); };
  const auto number = [&](const char* field, int64_t most) {
    const int64_t value = Integer(sent, field, body.value(field, 0));
    if (value < 0 || value > most) {
      throw BadRequest("Must be 0-" + std::to_string(most), field);
    }
    return value;
  };
  const auto optional = [&](const char* field) -> Json {
    if (Has(sent, field)) return Text(sent, field);
    return body.value(field, Json());
  };
  Json next = Json::object();
  next["id"] = record.id;
  next["type"] = text("type");
  next["name"] = text("name");
  next["target"] = text("target");
  next["priority"] = number("priority", 255);
  next["weight"] = number("weight", 65535);
  next["port"] = number("port", 65535);
  next["service"] = optional("service");
  next["protocol"] = optional("protocol");
  next["ttl_sec"] = Seconds(sent, "ttl_sec", body.value("ttl_sec", 0));
  next["tag"] = optional("tag");
  next["created"] = body.value("created", call.world.Now());
  next["updated"] = call.world.Now();
  CheckOneOf(next["type"].get<std::string>(),
             {"A", "AAAA", "NS", "MX", "CNAME", "TXT", "SRV", "PTR", "CAA"}, "type");
  if (next["target"] == "") throw BadRequest("target is required", "target");
  CheckLength(next["name"].get<std::string>(), 0, 100, "name");
  if (next["type"] == "SRV" && (next["service"].is_null() || next["protocol"].is_null())) {
    throw BadRequest("service and protocol are required for SRV records", "service");
  }
  if (next["type"] == "CAA" && next["tag"].is_null()) throw BadRequest("tag is required", "tag");
  const std::string zone = call.world.In("domains").Get(record.parent).body["domain"];
  next["name"] = RecordName(next, next["name"].get<std::string>(), zone);
  record.body = std::move(next);
}

}  // namespace

void AddDomains(Router& router) {
  const RateLimit limit{400, 60};
  const RateLimit records{800, 60};
  AddCrud(router, {.path = "/domains",
                   .collection = "domains",
                   .scope = "domains",
                   .filterable = {"domain", "group", "tags"},
                   .read = limit,
                   .write = limit,
                   .post = limit,
                   .create = Fill,
                   .update = Fill,
                   .remove = [](Call& call, Object& domain) {
                     std::erase_if(call.world.In("records").objects(), [&](const auto& entry) {
                       return entry.second.parent == domain.id;
                     });
                   }});
  // First, as the API asks for less when a record is deleted: a slip of its own, which clients see.
  router.Add({"DELETE", "/domains/{}/records/{}", "domains:read_only", records, [](Call& call) {
                Collection& all = call.world.In("records");
                const Object& record = all.Get(call.Id(1));
                if (record.parent != call.Id(0)) throw NotFound();
                all.Remove(record.id);
                return Json::object();
              }});
  AddCrud(router, {.path = "/domains/{}/records",
                   .collection = "records",
                   .parent = "domains",
                   .scope = "domains",
                   .read = records,
                   .write = records,
                   .post = records,
                   .create = FillRecord,
                   .update = FillRecord});
}

}  // namespace tkn::simulator
