#include "engine/plan/generated_config.h"

#include "engine/lang/write_expression.h"
#include "engine/plan/object_codec.h"
#include "engine/plan/resource_change.h"
#include "engine/value/text.h"
#include "parser/format/format.h"

namespace tkn::plan {
namespace {

// Without any layout but the line breaks.
void WriteBlock(const Value& object, const BlockSchema& schema, std::string& out) {
  for (const AttributeSchema& attribute : schema.attributes) {
    if (attribute.deprecated || !(attribute.optional || attribute.required)) continue;
    out += attribute.name + " = ";
    out += attribute.sensitive ? "null # sensitive"
                               : lang::WriteExpression(object.Attribute(attribute.name));
    out += '\n';
  }
  for (const NestedBlock& block : schema.blocks) {
    const Value nested = object.Attribute(block.name);
    if (nested.IsNull() || !nested.IsKnown()) continue;
    const auto write = [&](const std::string& label, const Value& item) {
      out += block.name + label + " {\n";
      WriteBlock(item, block.block, out);
      out += "}\n";
    };
    if (block.nesting == Nesting::kSingle || block.nesting == Nesting::kGroup) {
      write("", nested);
      continue;
    }
    for (std::size_t i = 0; i < nested.Length(); ++i) {
      write(block.nesting == Nesting::kMap ? " " + QuoteLiteral(nested.KeyAt(i)) : "",
            nested.elements()[i]);
    }
  }
}

// What the block says, as a value: what can only be computed is not in it, and secrets are not.
Value ConfiguredPart(const Value& object, const BlockSchema& schema) {
  std::vector<Value::Entry> entries;
  for (const AttributeSchema& attribute : schema.attributes) {
    const Value value = object.Attribute(attribute.name);
    const bool written =
        (attribute.optional || attribute.required) && !attribute.deprecated && !attribute.sensitive;
    entries.emplace_back(attribute.name, written ? value : Value::Null(attribute.type));
  }
  for (const NestedBlock& block : schema.blocks) {
    entries.emplace_back(block.name, object.Attribute(block.name));
  }
  return Value::Object(std::move(entries));
}

}  // namespace

std::string GenerateConfig(const Address& address, const Value& object, const BlockSchema& schema) {
  std::string text =
      "resource \"" + address.resource.type + "\" \"" + address.resource.name + "\" {\n";
  WriteBlock(object, schema, text);
  text = parser::Format(text + "}\n");
  text.pop_back();
  return text;
}

std::optional<ResourceChange> PlanGeneratedImport(Run& run, const ImportTarget& target,
                                                  Diagnostics& diags) {
  const Address& address = target.address;
  const std::string& type = address.resource.type;
  const std::string local_name = type.substr(0, type.find('_'));
  const ProviderConfigAddress provider_address{
      .module = {}, .provider = run.tree.root().module->SourceOf(local_name), .alias = {}};
  providers::Provider* provider = run.providers.GetFor(provider_address, diags);
  if (provider == nullptr) return std::nullopt;
  const std::shared_ptr<const Schema> schema =
      run.schemas.SharedResourceSchema(provider_address.provider, ResourceMode::kManaged, type);
  if (schema == nullptr) {
    diags.Add({.summary = "Invalid resource type",
               .detail = "The provider " + provider_address.provider.ForDisplay() + " has no " +
                         type + ".",
               .subject = target.range});
    return std::nullopt;
  }
  const Hooks::Instance shown{.address = address, .deposed_key = {}};
  Diagnostics reported;
  run.hooks.BeforePlannedImport(shown, target.id);
  std::vector<providers::ImportedObject> imported =
      provider->Import({.type = type, .id = target.id}, reported);
  providers::Object object;
  for (providers::ImportedObject& found : imported) {
    if (found.type == type) object = std::move(found.object);
  }
  if (!reported.HasErrors() && !object.value.IsNull()) {
    Hooks::Instance reading = shown;
    const auto id = DisplayId(object.value);
    reading.id_key = id.first;
    reading.id_value = id.second;
    run.hooks.BeforeRefresh(reading);
    object = provider->Read(type, object, reported);
    run.hooks.AfterRefresh(reading);
  }
  bool failed = reported.HasErrors();
  PlaceDiagnostics(std::move(reported), address.ToString(), nullptr, target.range, diags);
  if (failed) return std::nullopt;
  if (object.value.IsNull()) {
    diags.Add({.summary = "Cannot import non-existent remote object",
               .detail = "There is nothing with the id \"" + target.id + "\" that " +
                         address.ToString() + " could take over.",
               .subject = target.range,
               .address = address.ToString()});
    return std::nullopt;
  }
  const Value config = ConfiguredPart(object.value, schema->block);
  Diagnostics planning;
  providers::PlanResponse response =
      provider->Plan({.type = type,
                      .prior = object,
                      .proposed_new = ProposedNew(schema->block, object.value, config),
                      .config = config},
                     planning);
  failed = planning.HasErrors();
  PlaceDiagnostics(std::move(planning), address.ToString(), nullptr, target.range, diags);
  if (failed) return std::nullopt;

  const std::vector<PathMarks> marks = SensitiveMarks(object.value, schema->block, {});
  state::StoredObject stored{.address = address, .provider = provider_address};
  EncodeObject(object.value, marks, *schema, stored);
  stored.private_bytes = object.private_bytes;
  run.prior.Add(std::move(stored));

  const bool is_same = response.planned.value.EqualsIgnoringMarks(object.value);
  ResourceChange change{.address = address,
                        .provider = provider_address,
                        .action = is_same ? Action::kNoOp : Action::kUpdate,
                        .before = object.value.MarkPaths(marks),
                        .after = response.planned.value.MarkPaths(
                            SensitiveMarks(response.planned.value, schema->block, {})),
                        .import_id = target.id,
                        .generated_config = GenerateConfig(address, object.value, schema->block),
                        .private_bytes = std::move(response.planned.private_bytes),
                        .schema = schema};
  if (!is_same && !response.requires_replace.empty()) {
    change.action = Action::kDeleteThenCreate;
    change.reason = ActionReason::kReplaceBecauseCannotUpdate;
    change.replace_paths = std::move(response.requires_replace);
  }
  return change;
}

}  // namespace tkn::plan
