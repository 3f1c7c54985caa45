#include <algorithm>

#include "tests/simulator/resources/resources.h"

namespace tkn::simulator {
namespace {

Json Endpoints(Call& call, const Json& wanted) {
  Json regions = Json::array();
  for (const Json& region : call.world.Catalogue("regions")) {
    const Json& capabilities = region["capabilities"];
    if (std::find(capabilities.begin(), capabilities.end(), "Object Storage") ==
        capabilities.end()) {
      continue;
    }
    const Json& id = region["id"];
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), id) == wanted.end()) continue;
    Json entry = {{"id", id},
                  {"s3_endpoint", id.get<std::string>() + "-1.linodeobjects.com"},
                  {"endpoint_type", "E1"}};
    regions.push_back(std::move(entry));
  }
  if (regions.size() < wanted.size()) throw BadRequest("regions is not valid", "regions");
  return regions;
}

void Create(Call& call, Object& key) {
  const std::string label = Text(call.body, "label");
  CheckLength(label, 1, 50, "label");
  const bool limited = Has(call.body, "bucket_access");
  key.body["label"] = label;
  key.body["access_key"] = RandomHex(20);
  key.body["secret_key"] = "[REDACTED]";
  key.body["limited"] = limited;
  key.body["bucket_access"] = limited ? call.body.at("bucket_access") : Json();
  key.body["regions"] = Endpoints(call, Strings(call.body, "regions"));
}

Json ShowOnce(Call&, const Object& key) {
  Json shown = key.body;
  shown["secret_key"] = RandomHex(40);  // nothing is signed with it here
  return shown;
}

void Update(Call& call, Object& key) {
  if (Has(call.body, "label")) {
    const std::string label = Text(call.body, "label");
    CheckLength(label, 1, 50, "label");
    key.body["label"] = label;
  }
  if (Has(call.body, "regions")) {
    key.body["regions"] = Endpoints(call, Strings(call.body, "regions"));
  }
}

}  // namespace

void AddObjectStorageKeys(Router& router) {
  const RateLimit writes{60, 60};
  AddCrud(router, {.path = "/object-storage/keys",
                   .collection = "object_keys",
                   .scope = "object_storage",
                   .write = writes,
                   .post = writes,
                   .create = Create,
                   .update = Update,
                   .remove = [](Call&, Object&) {},
                   .created = ShowOnce});
}

}  // namespace tkn::simulator
