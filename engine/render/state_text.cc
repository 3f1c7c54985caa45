#include "engine/render/state_text.h"

#include <algorithm>
#include <set>
#include <vector>

#include "engine/plan/object_codec.h"
#include "engine/render/diff.h"
#include "engine/render/diff_text.h"
#include "engine/value/json.h"

namespace tkn::render {
namespace {

using state::StoredObject;

// With its marks.
std::optional<Value> Decode(const StoredObject& object, const Schema& schema,
                            const plan::Schemas& schemas, Diagnostics& diags) {
  const auto provider = schemas.Unconfigured(object.provider->provider);
  const auto decoded = plan::DecodeObject(object, schema, *provider, diags);
  if (!decoded) return std::nullopt;
  return decoded->Marked();
}

// A module is set apart from what a module around it has shown, but, as in Terraform, not from its
// neighbours.
bool IsBelow(const ModuleAddress& module, const std::set<ModuleAddress>& shown) {
  ModuleAddress around = module;
  while (!around.IsRoot()) {
    around = around.Parent();
    if (shown.contains(around)) return true;
  }
  return false;
}

}  // namespace

std::string ObjectText(const StoredObject& object, const plan::Schemas& schemas,
                       const TextStyle& style, Diagnostics& diags) {
  const ResourceName& resource = object.address.resource;
  std::string out = "# " + object.address.ToString() + ":";
  if (!object.deposed_key.empty()) out += " (deposed object " + object.deposed_key + ")";
  if (object.status == state::ObjectStatus::kTainted) out += " (tainted)";
  out += "\n";
  const Schema* schema =
      schemas.ResourceSchema(object.provider->provider, resource.mode, resource.type);
  if (!schema) {
    return out + "# (this program has no provider " + object.provider->provider.ToString() +
           ": nothing more can be shown)\n";
  }
  const auto value = Decode(object, *schema, schemas, diags);
  if (!value) return out;
  const Diff diff = DiffObject(*value, *value, schema->block, {});
  return out + (resource.mode == ResourceMode::kData ? "data" : "resource") + " \"" +
         resource.type + "\" \"" + resource.name + "\" " +
         DiffText(diff, 0,
                  {.style = style,
                   .hide_symbols = true,
                   .show_unchanged = true,
                   .hide_null_suffix = true}) +
         "\n";
}

std::string StateText(const state::Snapshot& snapshot, const plan::Schemas& schemas,
                      const TextStyle& style, Diagnostics& diags) {
  std::string out;
  // Modules stand with what is in them.
  std::vector<const StoredObject*> objects;
  for (const StoredObject& object : snapshot.objects) objects.push_back(&object);
  std::ranges::stable_sort(
      objects, {},
      [](const StoredObject* object) -> const auto& { return object->address.module.steps(); });
  std::set<ModuleAddress> shown;
  for (const StoredObject* object : objects) {
    const ModuleAddress& module = object->address.module;
    if (!shown.insert(module).second) {
      out += "\n";
    } else if (IsBelow(module, shown)) {
      out += "\n\n";
    }
    out += ObjectText(*object, schemas, style, diags);
  }
  if (snapshot.outputs.empty()) return out;
  out += "\n\nOutputs:\n\n";
  for (const state::StoredOutput& output : snapshot.outputs) {
    std::string error;
    const auto type = TypeFromJson(output.type_json, &error);
    const auto value = type ? FromJson(output.value_json, *type, &error) : std::nullopt;
    out += output.name + " = ";
    if (output.sensitive) {
      out += "(sensitive value)\n";
    } else {
      out += (value ? DiffText(UnchangedValue(*value), 0,
                               {.style = style,
                                .hide_symbols = true,
                                .show_unchanged = true,
                                .hide_null_suffix = true})
                    : output.value_json) +
             "\n";
    }
  }
  return out;
}

}  // namespace tkn::render
