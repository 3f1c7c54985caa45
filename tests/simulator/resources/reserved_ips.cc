#include "tests/simulator/resources/deploy.h"
#include "tests/simulator/resources/resources.h"

namespace tkn::simulator {
namespace {

constexpr size_t kMost = 14;  // as many as the recorded account could have

Object& Named(Call& call) {
  for (auto& [id, reserved] : call.world.In("reserved_ips").objects()) {
    if (reserved.body["address"] == call.args.at(0)) return reserved;
  }
  throw NotFound();
}

Json Create(Call& call) {
  Collection& all = call.world.In("reserved_ips");
  const Json& region = CatalogueEntry(call, "regions", "region", Text(call.body, "region"));
  if (all.objects().size() >= kMost) {
    throw BadRequest(
        "Additional Reserved IPv4 addresses require technical justification.  Please contact "
        "support describing your requirement.");
  }
  Object& reserved = all.Add();
  // From a block that is for documentation, so that nothing real is ever reached by it.
  const std::string address = "198.51.100." + std::to_string(1 + reserved.id % 254);
  Json body = Json::object();
  body["address"] = address;
  body["gateway"] = "198.51.100.1";
  body["subnet_mask"] = "255.255.255.0";
  body["prefix"] = 24;
  body["type"] = "ipv4";
  body["public"] = true;
  body["rdns"] = nullptr;
  body["linode_id"] = nullptr;
  body["interface_id"] = nullptr;
  body["region"] = region.at("id");
  body["vpc_nat_1_1"] = nullptr;
  body["reserved"] = true;
  body["assigned_entity"] = nullptr;
  body["tags"] = Strings(call.body, "tags");
  reserved.body = body;
  return body;
}

Json List(Call& call) {
  std::vector<Json> items;
  for (const auto& [id, reserved] : call.world.In("reserved_ips").objects()) {
    items.push_back(reserved.body);
  }
  return Listing(call.request, std::move(items), {"address", "region", "tags"});
}

}  // namespace

void AddReservedIps(Router& router) {
  const std::string all = "/networking/reserved/ips";
  const std::string one = all + "/{}";
  router.Add({"GET", all, "ips:read_only", {}, List});
  router.Add({"POST", all, "ips:read_write", {}, Create});
  router.Add({"GET", one, "ips:read_only", {}, [](Call& call) { return Named(call).body; }});
  router.Add({"DELETE", one, "ips:read_write", {5, 30}, [](Call& call) {
                call.world.In("reserved_ips").Remove(Named(call).id);
                return Json::object();
              }});
}

}  // namespace tkn::simulator
