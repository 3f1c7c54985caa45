#include <set>

#include "engine/render/document_json.h"
#include "engine/render/json_writer.h"

namespace tkn::render {
namespace {

const char* NestingName(Nesting nesting) {
  switch (nesting) {
    case Nesting::kSingle:
      return "single";
    case Nesting::kGroup:
      return "group";
    case Nesting::kList:
      return "list";
    case Nesting::kSet:
      return "set";
    case Nesting::kMap:
      return "map";
  }
  return "";
}

void WriteAttribute(const AttributeSchema& attribute, JsonWriter& out) {
  out.BeginObject();
  if (attribute.nested) {
    out.Key("nested_type").BeginObject();
    out.Key("attributes").BeginObject();
    for (const AttributeSchema& inner : attribute.nested->attributes) {
      out.Key(inner.name);
      WriteAttribute(inner, out);
    }
    out.EndObject();
    out.Key("nesting_mode").Text(NestingName(attribute.nested->nesting));
    out.EndObject();
  } else {
    out.Key("type").Raw(attribute.type.ToJson());
  }
  if (!attribute.description.empty()) out.Key("description").Text(attribute.description);
  out.Key("description_kind").Text("plain");
  if (attribute.deprecated) out.Key("deprecated").Bool(true);
  if (attribute.required) out.Key("required").Bool(true);
  if (attribute.optional) out.Key("optional").Bool(true);
  if (attribute.computed) out.Key("computed").Bool(true);
  if (attribute.sensitive) out.Key("sensitive").Bool(true);
  if (attribute.write_only) out.Key("write_only").Bool(true);
  out.EndObject();
}

void WriteBlock(const BlockSchema& schema, JsonWriter& out) {
  out.BeginObject();
  if (!schema.attributes.empty()) {
    out.Key("attributes").BeginObject();
    for (const AttributeSchema& attribute : schema.attributes) {
      out.Key(attribute.name);
      WriteAttribute(attribute, out);
    }
    out.EndObject();
  }
  if (!schema.blocks.empty()) {
    out.Key("block_types").BeginObject();
    for (const NestedBlock& nested : schema.blocks) {
      out.Key(nested.name).BeginObject();
      out.Key("nesting_mode").Text(NestingName(nested.nesting));
      out.Key("block");
      WriteBlock(nested.block, out);
      if (nested.min_items) out.Key("min_items").Int(nested.min_items);
      if (nested.max_items) out.Key("max_items").Int(nested.max_items);
      out.EndObject();
    }
    out.EndObject();
  }
  if (!schema.description.empty()) out.Key("description").Text(schema.description);
  out.Key("description_kind").Text("plain");
  if (schema.deprecated) out.Key("deprecated").Bool(true);
  out.EndObject();
}

void WriteSchema(const Schema& schema, JsonWriter& out) {
  out.BeginObject();
  out.Key("version").Int(schema.version);
  out.Key("block");
  WriteBlock(schema.block, out);
  out.EndObject();
}

template <typename Map>
void WriteSchemas(std::string_view key, const Map& schemas, JsonWriter& out) {
  if (schemas.empty()) return;
  out.Key(key).BeginObject();
  for (const auto& [type, schema] : schemas) {
    out.Key(type);
    WriteSchema(schema, out);
  }
  out.EndObject();
}

}  // namespace

std::string ProviderSchemasJson(const config::ModuleTree& config,
                                const std::set<ProviderSource>& in_state,
                                const plan::Schemas& schemas) {
  JsonWriter out;
  out.BeginObject();
  out.Key("format_version").Text("1.0");
  std::set<ProviderSource> sources;
  const auto add = [&](const ProviderSource& source) {
    if (schemas.HasProvider(source)) sources.insert(source);
  };
  for (const config::ProviderNode& provider : config.providers()) add(provider.address->provider);
  const auto add_required = [&](const config::ModuleNode& node, const auto& self) -> void {
    if (!node.module) return;
    for (const config::RequiredProvider& required : node.module->required_providers)
      add(required.source);
    for (const config::ModuleNode* child : node.children) {
      if (child != nullptr) self(*child, self);
    }
  };
  add_required(config.root(), add_required);
  for (const ProviderSource& source : in_state) add(source);
  if (!sources.empty()) {
    out.Key("provider_schemas").BeginObject();
    for (const ProviderSource& source : sources) {
      const providers::Schemas& all = schemas.Unconfigured(source)->GetSchemas();
      out.Key(source.ToString()).BeginObject();
      out.Key("provider");
      WriteSchema(all.provider, out);
      WriteSchemas("resource_schemas", all.resources, out);
      WriteSchemas("data_source_schemas", all.data_sources, out);
      WriteSchemas("ephemeral_resource_schemas", all.ephemerals, out);
      out.EndObject();
    }
    out.EndObject();
  }
  out.EndObject();
  return out.text();
}

}  // namespace tkn::render
