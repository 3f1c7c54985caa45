#include <algorithm>

#include "engine/config/tree_builder.h"
#include "engine/config/validator.h"
#include "engine/lang/evaluate.h"
#include "engine/schema/decode.h"
#include "parser/suggest.h"

namespace tkn::config {

void Validator::ReportType(const Resource& resource, const ProviderSource& provider,
                           Diagnostics& own) {
  const ResourceMode mode = resource.name.mode;
  const std::string& type = resource.name.type;
  const char* summary = mode == ResourceMode::kData        ? "Invalid data source"
                        : mode == ResourceMode::kEphemeral ? "Invalid ephemeral resource"
                                                           : "Invalid resource type";
  const char* what = mode == ResourceMode::kData        ? "data source"
                     : mode == ResourceMode::kEphemeral ? "ephemeral resource"
                                                        : "resource type";
  auto types = schemas_.ResourceTypes(provider, mode);
  std::ranges::sort(types);
  std::string detail =
      "The provider " + provider.ForDisplay() + " has no " + what + " \"" + type + "\".";
  const ResourceMode other =
      mode == ResourceMode::kData ? ResourceMode::kManaged : ResourceMode::kData;
  if (schemas_.ResourceSchema(provider, other, type) != nullptr) {
    detail += std::string(" There is one that is a ") +
              (other == ResourceMode::kData ? "data source" : "resource") + ": use a \"" +
              (other == ResourceMode::kData ? "data" : "resource") + "\" block.";
  } else {
    detail += DidYouMean(type, types);
  }
  if (!types.empty()) {
    detail += " It has:";
    for (const std::string& known : types)
      detail += (&known == &types.front() ? " " : ", ") + known;
    detail += ".";
  }
  own.Add({.summary = summary, .detail = std::move(detail), .subject = resource.type_range});
}

void Validator::CheckResource(const ModuleNode& node, std::uint32_t index, Diagnostics& own) {
  const Resource& resource = node.module->resources[index];
  CheckRepetition(resource.count, resource.for_each, ScopeOf(node), own);
  CheckDependsOn(node, resource.depends_on, own);
  const ValidationContext context{resource.count != nullptr, resource.for_each != nullptr, nullptr};
  CheckResourceBody(node, index, context, own);
  ValidationContext with_self = context;
  with_self.self = &resource;
  for (const Condition& condition : resource.lifecycle.preconditions)
    CheckCondition(node, condition, context, own);
  for (const Condition& condition : resource.lifecycle.postconditions)
    CheckCondition(node, condition, with_self, own);
  for (const Provisioner& provisioner : resource.provisioners) {
    CheckProvisioner(node, provisioner, with_self, own);
    if (own.HasErrors()) break;
  }
}

void Validator::CheckResourceBody(const ModuleNode& node, std::uint32_t index,
                                  const ValidationContext& context, Diagnostics& own) {
  const Resource& resource = node.module->resources[index];
  const ProviderSource& provider = tree_.ProviderOf(node, index).address->provider;
  const Schema* schema = schemas_.ResourceSchema(provider, resource.name.mode, resource.name.type);
  if (schema == nullptr) return ReportType(resource, provider, own);
  const auto value = Decode(node, resource.body, schema->block, context, own);
  if (!value) return;
  CheckIgnoreChanges(resource, schema->block, own);
  const std::string path = ModuleAddressOf(node.path);
  const std::string address = (path.empty() ? path : path + ".") + resource.name.ToString();
  if (resource.name.mode != ResourceMode::kEphemeral)
    CheckEphemeral(*value, schema->block, resource, address, own);
  Diagnostics reported;
  schemas_.ValidateResource(provider, resource.name.mode, resource.name.type, value->UnmarkDeep(),
                            reported);
  for (Diagnostic& diagnostic : reported) {
    if (diagnostic.attribute_path.empty()) continue;  // about nothing in particular
    if (!diagnostic.subject.IsValid()) {
      diagnostic.subject = RangeOf(resource.body, PathFromText(diagnostic.attribute_path));
    }
    if (diagnostic.address.empty()) diagnostic.address = address;
  }
  own.Append(std::move(reported));
}

void Validator::CheckIgnoreChanges(const Resource& resource, const BlockSchema& schema,
                                   Diagnostics& own) {
  for (const parser::Traversal& traversal : resource.lifecycle.ignore_changes) {
    CheckTraversal(schema, traversal.root, traversal.root_range, traversal.steps, traversal, own);
    const AttributeSchema* attribute = schema.FindAttribute(traversal.root);
    if (attribute == nullptr || !attribute->computed || attribute->optional || own.HasErrors())
      continue;
    own.Add({.severity = Severity::kWarning,
             .summary = "Redundant ignore_changes element",
             .detail =
                 "\"" + attribute->name +
                 "\" is decided by the provider alone. There is no configured value whose changes "
                 "could be ignored, so this element has no effect.",
             .subject = resource.type_range});
  }
}

void Validator::CheckEphemeral(const Value& value, const BlockSchema& schema,
                               const Resource& resource, const std::string& address,
                               Diagnostics& own) {
  if (!value.ContainsMark(MarkKind::kEphemeral)) return;
  const Value plain = value.Unmark().first;
  for (std::size_t i = 0; i < plain.Length(); ++i) {
    const std::string name(plain.KeyAt(i));
    const AttributeSchema* attribute = schema.FindAttribute(name);
    if (attribute != nullptr && attribute->write_only) continue;
    if (!plain.elements()[i].ContainsMark(MarkKind::kEphemeral)) continue;
    own.Add({.summary = "Invalid use of ephemeral value",
             .detail = "Ephemeral values must not get into \"" + name +
                       "\", which is kept in the state. Only write-only arguments take one.",
             .subject = RangeOf(resource.body, {PathStep::Attribute(name)}),
             .address = address});
  }
}

void Validator::CheckProvisioner(const ModuleNode& node, const Provisioner& provisioner,
                                 const ValidationContext& context, Diagnostics& own) {
  if (const BlockSchema* schema = schemas_.ProvisionerSchema(provisioner.type)) {
    if (const auto value = Decode(node, provisioner.body, *schema, context, own)) {
      Diagnostics reported;
      schemas_.ValidateProvisioner(provisioner.type, value->UnmarkDeep(), reported);
      for (Diagnostic& diagnostic : reported) {
        if (!diagnostic.subject.IsValid()) {
          diagnostic.subject =
              diagnostic.attribute_path.empty()
                  ? provisioner.range
                  : RangeOf(provisioner.body, PathFromText(diagnostic.attribute_path));
        }
      }
      own.Append(std::move(reported));
    }
  }
  if (provisioner.connection != nullptr) {
    (void)Decode(node, *provisioner.connection, ConnectionSchema(), context, own);
  }
}

}  // namespace tkn::config
