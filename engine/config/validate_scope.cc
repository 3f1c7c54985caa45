#include "engine/config/validate_scope.h"

#include "engine/lang/evaluate.h"
#include "engine/lang/function.h"
#include "parser/suggest.h"

namespace tkn::config {
namespace {

using lang::ReferenceKind;
using Resolved = lang::Scope::Resolved;

// Stands for everything behind a name once an error was told.
Resolved Failed(const parser::Traversal& traversal) { return {Value::Dynamic(), traversal.steps.size()}; }

Value UnknownVariable(const Variable& variable) {
  Value value = Value::Unknown(variable.type.WithoutOptional());
  if (variable.sensitive) value = value.WithMark(MarkKind::kSensitive);
  if (variable.ephemeral) value = value.WithMark(MarkKind::kEphemeral);
  return value;
}

bool IsIndex(const parser::Step& step) { return step.kind != parser::Step::Kind::kAttribute; }

// Attributes and blocks of a schema, for suggestions.
std::vector<std::string> NamesOf(const BlockSchema& schema) {
  std::vector<std::string> names;
  for (const AttributeSchema& attribute : schema.attributes) names.push_back(attribute.name);
  for (const NestedBlock& block : schema.blocks) names.push_back(block.name);
  return names;
}

}  // namespace

const lang::FunctionTable& ValidateScope::functions() const { return lang::StandardFunctions(); }

const std::string& ValidateScope::base_directory() const {
  static const std::string kHere = ".";
  return kHere;
}

const Schema* ValidateScope::SchemaOf(std::uint32_t index) const {
  const ResourceName& name = node_.module->resources[index].name;
  return schemas_.ResourceSchema(tree_.ProviderOf(node_, index).address.provider, name.mode, name.type);
}

Resolved ValidateScope::Resolve(const parser::Traversal& traversal, Diagnostics& diags) const {
  const ReferenceTarget* target = node_.module->TargetOf(traversal);
  std::optional<ReferenceTarget> resolved;
  if (target == nullptr) {
    resolved = node_.module->Resolve(traversal, diags);
    if (!resolved) return Failed(traversal);
    target = &*resolved;
  }
  if (target->index == kNone) return Failed(traversal);
  switch (target->kind) {
    case ReferenceKind::kVariable:
      return {UnknownVariable(node_.module->variables[target->index]), target->steps_used};
    case ReferenceKind::kLocal:
      return {LocalValue(target->index), target->steps_used};
    case ReferenceKind::kResource:
      return ResolveResource(traversal, *target, diags);
    case ReferenceKind::kModule:
      return ResolveModule(*target);
    case ReferenceKind::kCount:
    case ReferenceKind::kEach:
      return ResolveRepetition(traversal, *target, diags);
    case ReferenceKind::kPath:
    case ReferenceKind::kTerraform: {
      const auto name = static_cast<BuiltinName>(target->index);
      if (name == BuiltinName::kPathModule) return {Value::String(node_.module->directory), target->steps_used};
      if (name == BuiltinName::kApplying) {
        return {Value::Unknown(Type::Bool()).WithMark(MarkKind::kEphemeral), target->steps_used};
      }
      return {Value::Unknown(Type::String(), {.not_null = true}), target->steps_used};
    }
    case ReferenceKind::kSelf:
      if (place_.has_self) return {Value::Unknown(place_.self), target->steps_used};
      diags.Add({.summary = "Invalid \"self\" reference",
                 .detail = "\"self\" is the object of the resource that a block belongs to. It has a meaning only in "
                           "provisioner, connection and postcondition blocks.",
                 .subject = traversal.range});
      return Failed(traversal);
    case ReferenceKind::kCheck:
    case ReferenceKind::kOutput:
      break;
  }
  diags.Add({.summary = "Invalid reference",
             .detail = "Checks and outputs cannot be referred to within a module.",
             .subject = traversal.range});
  return Failed(traversal);
}

Value ValidateScope::LocalValue(std::uint32_t index) const {
  if (locals_.values[index]) return *locals_.values[index];
  if (locals_.in_progress[index]) return Value::Dynamic();  // a cycle, which is told elsewhere
  locals_.in_progress[index] = true;
  // Its own errors are told where the local is checked. A local knows neither count nor self.
  Diagnostics ignored;
  const ValidateScope plain(tree_, node_, schemas_, locals_);
  Value value = lang::Evaluate(*node_.module->locals[index].expression, plain, ignored);
  locals_.in_progress[index] = false;
  locals_.values[index] = value;
  return value;
}

Resolved ValidateScope::ResolveResource(const parser::Traversal& traversal, const ReferenceTarget& target,
                                        Diagnostics& diags) const {
  const Resource& resource = node_.module->resources[target.index];
  const Schema* schema = SchemaOf(target.index);
  const bool repeated = resource.count != nullptr || resource.for_each != nullptr;
  const bool has_key = !target.key.IsNone();
  const std::size_t base = target.steps_used - (has_key ? 1 : 0);
  const auto rest = traversal.steps.subspan(base);
  const std::string address = resource.name.ToString();
  if (!repeated && !rest.empty() && IsIndex(rest.front())) {
    diags.Add({.summary = "Unexpected resource instance key",
               .detail = address + " has neither \"count\" nor \"for_each\", so it has just one instance: leave the index out.",
               .subject = traversal.range});
    return Failed(traversal);
  }
  if (repeated && !rest.empty() && !IsIndex(rest.front())) {
    const char* how = resource.count ? "count" : "for_each";
    const char* example = resource.count ? "[count.index]" : "[each.key]";
    diags.Add({.summary = "Missing resource instance key",
               .detail = address + " has \"" + how + "\" set, so it stands for several instances: say of which one an attribute is "
                         "wanted, for example:\n    " + address + example,
               .subject = traversal.range});
    return Failed(traversal);
  }
  if (schema == nullptr) return {Value::Dynamic(), base};
  const auto attributes = has_key || (repeated && !rest.empty()) ? rest.subspan(1) : rest;
  if (!attributes.empty() && !IsIndex(attributes.front())) {
    const std::string name(attributes.front().text);
    if (!schema->block.FindAttribute(name) && !schema->block.FindBlock(name)) {
      diags.Add({.summary = "Unsupported attribute",
                 .detail = resource.name.type + " has no argument, nested block or attribute named \"" + name + "\"." +
                           DidYouMean(name, NamesOf(schema->block)),
                 .subject = attributes.front().range});
      return Failed(traversal);
    }
  }
  const Type type = schema->block.ImpliedType();
  if (has_key) return {Value::Unknown(type), target.steps_used};
  if (resource.count) return {Value::Unknown(Type::List(type)), base};
  if (resource.for_each) return {Value::Unknown(Type::Map(type)), base};
  return {Value::Unknown(type), base};
}

Resolved ValidateScope::ResolveModule(const ReferenceTarget& target) const {
  const ModuleCall& call = node_.module->module_calls[target.index];
  const std::size_t used = target.steps_used - (target.key.IsNone() ? 0 : 1) - (target.output == kNone ? 0 : 1);
  if (call.module == nullptr) return {Value::Dynamic(), used};
  std::vector<ObjectAttribute> outputs;
  for (const Output& output : call.module->outputs) outputs.push_back({std::string(output.name), Type::Dynamic()});
  const Type type = Type::Object(std::move(outputs));
  if (call.count) return {Value::Unknown(Type::List(type)), used};
  if (call.for_each) return {Value::Unknown(Type::Map(type)), used};
  return {Value::Unknown(type), used};
}

Resolved ValidateScope::ResolveRepetition(const parser::Traversal& traversal, const ReferenceTarget& target,
                                          Diagnostics& diags) const {
  const auto name = static_cast<BuiltinName>(target.index);
  const bool counted = (place_.resource && place_.resource->count) || (place_.call && place_.call->count);
  const bool keyed = (place_.resource && place_.resource->for_each) || (place_.call && place_.call->for_each);
  if (name == BuiltinName::kCountIndex) {
    if (counted) return {Value::Unknown(Type::Number(), {.not_null = true}), target.steps_used};
    diags.Add({.summary = "Reference to \"count\" in non-counted context",
               .detail = "\"count.index\" has a meaning only in module, resource and data blocks that have the \"count\" argument.",
               .subject = traversal.range});
    return Failed(traversal);
  }
  if (keyed) {
    if (name == BuiltinName::kEachKey) return {Value::Unknown(Type::String(), {.not_null = true}), target.steps_used};
    return {Value::Dynamic(), target.steps_used};
  }
  diags.Add({.summary = "Reference to \"each\" in context without for_each",
             .detail = "\"each\" has a meaning only in module, resource and data blocks that have the \"for_each\" argument.",
             .subject = traversal.range});
  return Failed(traversal);
}

}  // namespace tkn::config
