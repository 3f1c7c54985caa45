#include "engine/render/state_json.h"

#include <algorithm>

#include "engine/plan/object_codec.h"
#include "engine/render/checks_json.h"
#include "engine/render/document_json.h"
#include "engine/render/value_masks.h"

namespace tkn::render {
namespace {

std::string ObjectJson(const state::StoredObject& object, const plan::Schemas& schemas,
                       Diagnostics& diags) {
  JsonWriter out;
  out.BeginObject();
  WriteIdentity(object.address, out);
  out.Key("provider_name").Text(object.provider->provider.ToString());
  out.Key("schema_version").Int(object.schema_version);
  const ResourceName& resource = object.address.resource;
  const Schema* schema =
      schemas.ResourceSchema(object.provider->provider, resource.mode, resource.type);
  if (!schema) {
    // No schema, no types: as it is stored.
    out.Key("values").Raw(object.attributes_json);
    out.Key("sensitive_values").Raw("{}");
  } else if (const auto decoded = plan::DecodeObject(
                 object, *schema, *schemas.Unconfigured(object.provider->provider), diags)) {
    out.Key("values").Raw(ToJson(decoded->value));
    out.Key("sensitive_values").Raw(SensitiveMask(decoded->Marked()));
  }
  if (!object.dependencies.empty()) {
    out.Key("depends_on").BeginArray();
    for (const ConfigResource& dependency : object.dependencies) out.Text(dependency.ToString());
    out.EndArray();
  }
  if (object.status == state::ObjectStatus::kTainted) out.Key("tainted").Bool(true);
  if (!object.deposed_key.empty()) out.Key("deposed_key").Text(object.deposed_key);
  out.EndObject();
  return out.text();
}

// `begin` to `end` are the resources in `module` and below.
void WriteModule(const ModuleAddress& module, std::vector<ResourceJson>::const_iterator begin,
                 std::vector<ResourceJson>::const_iterator end, JsonWriter& out) {
  out.BeginObject();
  if (!module.IsRoot()) out.Key("address").Text(module.ToString());
  std::vector<const ResourceJson*> own;
  std::vector<ResourceJson> deeper;
  for (auto it = begin; it != end; ++it) {
    if (it->address.module == module) {
      own.push_back(&*it);
    } else {
      deeper.push_back(*it);
    }
  }
  if (!own.empty()) {
    out.Key("resources").BeginArray();
    for (const ResourceJson* resource : own) out.Raw(resource->json);
    out.EndArray();
  }
  if (!deeper.empty()) {
    out.Key("child_modules").BeginArray();
    const std::size_t depth = module.steps().size();
    for (auto it = deeper.cbegin(); it != deeper.cend();) {
      const auto& steps = it->address.module.steps();
      const ModuleAddress child(std::vector<ModuleStep>(
          steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(depth) + 1));
      const auto last = std::find_if(it, deeper.cend(), [&](const ResourceJson& resource) {
        return !child.Contains(resource.address.module);
      });
      WriteModule(child, it, last, out);
      it = last;
    }
    out.EndArray();
  }
  out.EndObject();
}

}  // namespace

void WriteIdentity(const Address& address, JsonWriter& out) {
  out.Key("address").Text(address.ToString());
  out.Key("mode").Text(address.resource.mode == ResourceMode::kData ? "data" : "managed");
  out.Key("type").Text(address.resource.type);
  out.Key("name").Text(address.resource.name);
  if (address.key.IsIndex()) out.Key("index").Int(address.key.index());
  if (address.key.IsString()) out.Key("index").Text(address.key.string());
}

void WriteModules(std::vector<ResourceJson> resources, JsonWriter& out) {
  std::stable_sort(resources.begin(), resources.end(),
                   [](const ResourceJson& a, const ResourceJson& b) {
                     // Children of one module stand together, whatever the order of whole addresses
                     // is.
                     if (a.address.module != b.address.module)
                       return a.address.module.steps() < b.address.module.steps();
                     return a.address < b.address;
                   });
  WriteModule({}, resources.cbegin(), resources.cend(), out);
}

void WriteState(const state::Snapshot& snapshot, const plan::Schemas& schemas, bool with_checks,
                JsonWriter& out, Diagnostics& diags) {
  out.BeginObject();
  out.Key("format_version").Text("1.0");
  std::string outputs;
  for (const state::StoredOutput& output : snapshot.outputs) {
    outputs += (outputs.empty() ? "" : ",") + JsonQuote(output.name) +
               ":{\"sensitive\":" + (output.sensitive ? "true" : "false") +
               ",\"value\":" + output.value_json + ",\"type\":" + output.type_json + "}";
  }
  if (!snapshot.IsEmpty()) {
    out.Key("terraform_version").Text("1.11.4");
    out.Key("values").BeginObject();
    if (!outputs.empty()) out.Key("outputs").Raw("{" + outputs + "}");
    std::vector<ResourceJson> resources;
    for (const state::StoredObject& object : snapshot.objects)
      resources.push_back({object.address, ObjectJson(object, schemas, diags)});
    out.Key("root_module");
    WriteModules(std::move(resources), out);
    out.EndObject();
    if (with_checks) WriteChecks(ParseStoredChecks(snapshot.checks.json), out);
  }
  out.EndObject();
}

std::string StateJson(const state::Snapshot& snapshot, const plan::Schemas& schemas,
                      Diagnostics& diags) {
  JsonWriter out;
  WriteState(snapshot, schemas, /*with_checks=*/true, out, diags);
  return out.text();
}

}  // namespace tkn::render
