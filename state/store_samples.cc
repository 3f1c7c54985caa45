#include "state/object_json.h"
#include "state/store_steps.h"
#include "state/store_suite.h"

namespace tkn::state {

using namespace suite;

StoredObject SampleObject(const std::string& address, int version) {
  StoredObject object;
  object.address = At(address);
  object.provider = ProviderConfigAddress{{}, {"registry.terraform.io", "linode", "linode"}, "eu"};
  object.schema_version = 3;
  object.attributes_json =
      "{\"big\":12345678901234567890123.5,\"label\":\"v" + std::to_string(version) +
      "\",\"list\":[\"a\",\"b\"],\"token\":\"secret-" + std::to_string(version) + "\"}";
  object.sensitive_paths = {{PathStep::Attribute("list"), PathStep::Index(1)},
                            {PathStep::Attribute("token")}};
  object.private_bytes = std::string("\0\xff private", 10);
  object.dependencies = {ConfigResource{{}, {ResourceMode::kManaged, "linode_token", "x"}},
                         ConfigResource{{"m"}, {ResourceMode::kData, "linode_profile", "me"}}};
  std::sort(object.dependencies.begin(), object.dependencies.end());
  object.create_before_destroy = true;
  object.identity_json = R"({"id":"1"})";
  object.identity_schema_version = 1;
  return object;
}

std::string Difference(const StoredObject& a, const StoredObject& b) {
  std::string text;
  const auto compare = [&text](const char* name, const auto& x, const auto& y) {
    if (!(x == y)) text += std::string(text.empty() ? "" : ", ") + name;
  };
  compare("address", a.address, b.address);
  compare("deposed_key", a.deposed_key, b.deposed_key);
  compare("provider", a.provider, b.provider);
  compare("status", a.status, b.status);
  compare("schema_version", a.schema_version, b.schema_version);
  compare("attributes_json", a.attributes_json, b.attributes_json);
  compare("sensitive_paths", SensitivePathsToJson(a.sensitive_paths),
          SensitivePathsToJson(b.sensitive_paths));
  compare("private_bytes", a.private_bytes, b.private_bytes);
  compare("dependencies", a.dependencies, b.dependencies);
  compare("create_before_destroy", a.create_before_destroy, b.create_before_destroy);
  compare("identity_json", a.identity_json, b.identity_json);
  compare("identity_schema_version", a.identity_schema_version, b.identity_schema_version);
  return text;
}

std::string Difference(const Snapshot& a, const Snapshot& b) {
  std::string text;
  if (Addresses(a) != Addresses(b)) return "which objects there are";
  for (std::size_t i = 0; i < a.objects.size(); ++i) {
    const std::string difference = Difference(a.objects[i], b.objects[i]);
    if (!difference.empty()) text += a.objects[i].address.ToString() + ": " + difference + "\n";
  }
  const auto same = [](const StoredOutput& x, const StoredOutput& y) {
    return x.name == y.name && x.value_json == y.value_json && x.type_json == y.type_json &&
           x.sensitive == y.sensitive;
  };
  if (!std::equal(a.outputs.begin(), a.outputs.end(), b.outputs.begin(), b.outputs.end(), same))
    text += "outputs\n";
  if (a.checks.json != b.checks.json) text += "checks\n";
  return text;
}

}  // namespace tkn::state
