#include "engine/config/validate.h"

#include <algorithm>
#include <set>

#include "engine/config/validate_scope.h"
#include "engine/config/variables.h"
#include "engine/lang/evaluate.h"
#include "engine/schema/decode.h"
#include "parser/suggest.h"

namespace tkn::config {
namespace {

std::string Listed(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

// All of one module call. Every thing in it is checked, whatever else is wrong.
class NodeValidator {
 public:
  NodeValidator(const ModuleTree& tree, const ModuleNode& node, const SchemaSource& schemas, Diagnostics& diags)
      : tree_(tree), node_(node), module_(*node.module), schemas_(schemas), diags_(diags), locals_(*node.module) {}

  void Run() {
    for (const Local& local : module_.locals) Check(*local.expression, {});
    for (const Variable& variable : module_.variables) {
      for (const Condition& condition : variable.validations) CheckCondition(condition, {});
    }
    CheckProviderConfigs();
    for (std::uint32_t i = 0; i < module_.resources.size(); ++i) CheckResource(i);
    for (std::size_t i = 0; i < module_.module_calls.size(); ++i) CheckCall(module_.module_calls[i]);
    for (const Output& output : module_.outputs) CheckOutput(output);
    for (const CheckBlock& check : module_.checks) {
      for (const Condition& condition : check.asserts) CheckCondition(condition, {});
    }
    for (const RemovedBlock& removed : module_.removed) CheckProvisioners(removed.provisioners, removed.connection, {});
  }

 private:
  ValidateScope ScopeAt(const PlaceInBlock& place) { return {tree_, node_, schemas_, locals_, place}; }

  Value Check(const parser::Expression& expression, const PlaceInBlock& place) {
    return lang::Evaluate(expression, ScopeAt(place), diags_);
  }

  void CheckCondition(const Condition& condition, const PlaceInBlock& place) {
    // That something is false shows only with values; that it can't be a condition shows now.
    [[maybe_unused]] const ConditionOutcome outcome = EvaluateCondition(condition, ScopeAt(place), diags_);
  }

  // What count and for_each may be, as far as types tell.
  void CheckRepetition(const parser::Expression* count, const parser::Expression* for_each) {
    if (count) {
      const auto value = lang::EvaluateAs(*count, Type::Number(), ScopeAt({}), "", diags_);
      if (value && value->IsNull()) {
        diags_.Add({.summary = "Invalid count argument",
                    .detail = "\"count\" is null. It says how many instances there are: a whole number from 0.",
                    .subject = count->range});
      }
    }
    if (!for_each) return;
    Diagnostics more;
    const Value value = lang::Evaluate(*for_each, ScopeAt({}), more);
    const Type type = value.type();
    if (!more.HasErrors() && value.ContainsMark(MarkKind::kEphemeral)) {
      Diagnostic problem{.summary = "Invalid for_each argument",
                         .detail = "The value comes from something ephemeral, which is gone after this run; the keys of "
                                   "instances must last.",
                         .subject = for_each->range};
      lang::ShowValues(*for_each, ScopeAt({}), problem);
      more.Add(std::move(problem));
    } else if (!more.HasErrors() && !type.IsMap() && !type.IsObject() && !type.IsDynamic() && !type.IsSet()) {
      Diagnostic problem{.summary = "Invalid for_each argument",
                         .detail = "\"for_each\" takes a map or a set of strings, and this is a " + type.FriendlyName() +
                                   ". A list of strings becomes a set with toset().",
                         .subject = for_each->range};
      lang::ShowValues(*for_each, ScopeAt({}), problem);
      more.Add(std::move(problem));
    }
    diags_.Append(std::move(more));
  }

  // Decodes a body; a value only when there were no errors.
  std::optional<Value> Decode(const parser::Body& body, const BlockSchema& schema, const PlaceInBlock& place) {
    Diagnostics more;
    Value value = DecodeBody(body, schema, ScopeAt(place), more);
    const bool failed = more.HasErrors();
    diags_.Append(std::move(more));
    if (failed) return std::nullopt;
    return value;
  }

  void CheckProviderConfigs() {
    for (const ProviderConfig& config : module_.provider_configs) {
      const ProviderSource& source = module_.SourceOf(config.local_name);
      const Schema* schema = schemas_.ProviderSchema(source);
      if (!schema) continue;
      const auto value = Decode(config.body, schema->block, {});
      if (!value) continue;
      Diagnostics more;
      schemas_.ValidateProvider(source, value->UnmarkDeep(), more);
      Place(more, config.body, config.range, "");
      diags_.Append(std::move(more));
    }
  }

  // Diagnostics of a provider get the place of the attribute that they are about.
  void Place(Diagnostics& more, const parser::Body& body, const SourceRange& block, const std::string& address) {
    for (Diagnostic& problem : more) {
      if (problem.address.empty()) problem.address = address;
      if (problem.subject.IsValid()) continue;
      problem.subject = block;
      // ".label": the first step is enough to find the argument.
      if (!problem.attribute_path.starts_with('.')) continue;
      const std::string name = problem.attribute_path.substr(1, problem.attribute_path.find_first_of(".[", 1) - 1);
      for (const parser::Attribute& attribute : body.attributes) {
        if (attribute.name == name) problem.subject = attribute.expression->range;
      }
    }
  }

  void UnknownType(const Resource& resource, const ProviderSource& provider) {
    const ResourceName& name = resource.name;
    const std::vector<std::string> types = schemas_.ResourceTypes(provider, name.mode);
    const char* summary = name.mode == ResourceMode::kData        ? "Invalid data source"
                          : name.mode == ResourceMode::kEphemeral ? "Invalid ephemeral resource"
                                                                  : "Invalid resource type";
    const char* what = name.mode == ResourceMode::kData        ? "data source"
                       : name.mode == ResourceMode::kEphemeral ? "ephemeral resource type"
                                                               : "resource type";
    std::string detail = "The provider " + provider.ForDisplay() + " does not support " + what + " \"" + name.type + "\"." +
                         DidYouMean(name.type, types);
    detail += types.empty() ? " It has none of this kind." : " It has: " + Listed(types) + ".";
    diags_.Add({.summary = summary, .detail = std::move(detail), .subject = resource.type_range});
  }

  void CheckResource(std::uint32_t index) {
    const Resource& resource = module_.resources[index];
    CheckRepetition(resource.count, resource.for_each);
    const PlaceInBlock place{.resource = &resource};
    const ProviderSource& provider = tree_.ProviderOf(node_, index).address.provider;
    if (!schemas_.HasProvider(provider)) return;  // told once for all
    const Schema* schema = schemas_.ResourceSchema(provider, resource.name.mode, resource.name.type);
    if (!schema) {
      UnknownType(resource, provider);
      return;
    }
    const ConfigResource address{node_.path, resource.name};
    if (const auto value = Decode(resource.body, schema->block, place)) {
      CheckEphemeral(*value, *schema, resource, address);
      Diagnostics more;
      schemas_.ValidateResource(provider, resource.name.mode, resource.name.type, value->UnmarkDeep(), more);
      Place(more, resource.body, resource.range, address.ToString());
      diags_.Append(std::move(more));
    }
    const PlaceInBlock with_self{.resource = &resource, .self = schema->block.ImpliedType(), .has_self = true};
    for (const Condition& condition : resource.lifecycle.preconditions) CheckCondition(condition, place);
    for (const Condition& condition : resource.lifecycle.postconditions) CheckCondition(condition, with_self);
    CheckIgnoreChanges(resource, schema->block);
    CheckProvisioners(resource.provisioners, resource.connection, with_self);
  }

  void CheckEphemeral(const Value& value, const Schema& schema, const Resource& resource, const ConfigResource& address) {
    if (resource.name.mode == ResourceMode::kEphemeral || !value.ContainsMark(MarkKind::kEphemeral)) return;
    for (const AttributeSchema& attribute : schema.block.attributes) {
      if (attribute.write_only || !value.Attribute(attribute.name).ContainsMark(MarkKind::kEphemeral)) continue;
      diags_.Add({.summary = "Invalid use of ephemeral value",
                  .detail = "\"" + attribute.name + "\" is kept in the state, and an ephemeral value must not be: only write-only "
                            "arguments take one.",
                  .subject = RangeOf(resource.body, {PathStep::Attribute(attribute.name)}),
                  .address = address.ToString()});
    }
  }

  void CheckIgnoreChanges(const Resource& resource, const BlockSchema& schema) {
    for (const parser::Traversal& traversal : resource.lifecycle.ignore_changes) {
      const AttributeSchema* attribute = schema.FindAttribute(traversal.root);
      if (!attribute && !schema.FindBlock(traversal.root)) {
        diags_.Add({.summary = "Unsupported attribute",
                    .detail = resource.name.type + " has no argument, nested block or attribute named \"" +
                              std::string(traversal.root) + "\", so there are no changes of it to ignore.",
                    .subject = traversal.range});
      } else if (attribute && attribute->computed && !attribute->optional && traversal.steps.empty()) {
        diags_.Add({.severity = Severity::kWarning,
                    .summary = "Redundant ignore_changes element",
                    .detail = "\"" + attribute->name + "\" is decided by the provider alone: no configuration can change it, so "
                              "there is nothing to ignore.",
                    .subject = traversal.range});
      }
    }
  }

  void CheckProvisioners(const std::vector<Provisioner>& provisioners, const parser::Body* connection, const PlaceInBlock& place) {
    if (connection) (void)Decode(*connection, ConnectionSchema(), place);
    for (const Provisioner& provisioner : provisioners) {
      // A type that there is not is told once for all.
      if (const BlockSchema* schema = schemas_.ProvisionerSchema(provisioner.type)) (void)Decode(provisioner.body, *schema, place);
      if (provisioner.connection) (void)Decode(*provisioner.connection, ConnectionSchema(), place);
    }
  }

  void CheckCall(const ModuleCall& call) {
    CheckRepetition(call.count, call.for_each);
    if (!call.module) return;
    const PlaceInBlock place{.call = &call};
    std::set<std::uint32_t> given;
    for (const ModuleArgument& argument : call.arguments) {
      Diagnostics more;
      const Value value = lang::Evaluate(*argument.expression, ScopeAt(place), more);
      const bool failed = more.HasErrors();
      diags_.Append(std::move(more));
      if (argument.variable == kNone) continue;  // told when the module was loaded
      given.insert(argument.variable);
      if (failed) continue;
      const VariableInput input{.origin = VariableOrigin::kCaller, .value = value, .range = argument.expression->range};
      [[maybe_unused]] const Value prepared = PrepareVariable(call.module->variables[argument.variable], &input, diags_);
    }
    for (std::uint32_t i = 0; i < call.module->variables.size(); ++i) {
      const Variable& variable = call.module->variables[i];
      if (variable.default_value || given.contains(i)) continue;
      diags_.Add({.summary = "Missing required argument",
                  .detail = "The module's variable \"" + std::string(variable.name) + "\" has no default, so the argument \"" +
                            std::string(variable.name) + "\" must be given.",
                  .subject = call.range});
    }
  }

  void CheckOutput(const Output& output) {
    const Value value = Check(*output.expression, {});
    if (!output.ephemeral && value.ContainsMark(MarkKind::kEphemeral)) {
      diags_.Add({.summary = "Ephemeral value not allowed",
                  .detail = "The value comes from something ephemeral, and this output would keep it. Declare the output with "
                            "ephemeral = true, or leave that part out.",
                  .subject = output.expression->range});
    }
    for (const Condition& condition : output.preconditions) CheckCondition(condition, {});
  }

  const ModuleTree& tree_;
  const ModuleNode& node_;
  const Module& module_;
  const SchemaSource& schemas_;
  Diagnostics& diags_;
  ValidateScope::Locals locals_;
};

// Providers and provisioners that this program has not got, each once.
void CheckRequirements(const ModuleTree& tree, const SchemaSource& schemas, Diagnostics& diags) {
  std::set<ProviderSource> missing;
  for (const ProviderNode& provider : tree.providers()) {
    if (!schemas.HasProvider(provider.address.provider)) missing.insert(provider.address.provider);
  }
  std::vector<std::string> have;
  for (const ProviderSource& source : schemas.Providers()) have.push_back(source.ForDisplay());
  for (const ProviderSource& source : missing) {
    diags.Add({.summary = "Missing required provider",
               .detail = "This configuration requires provider " + source.ToString() +
                         ", which is not built in, and none can be installed. There is: " + Listed(have) + "."});
  }
  std::set<std::string> provisioners;
  for (const auto& node : tree.nodes()) {
    const auto collect = [&](const std::vector<Provisioner>& list) {
      for (const Provisioner& provisioner : list) {
        if (!schemas.ProvisionerSchema(provisioner.type)) provisioners.emplace(provisioner.type);
      }
    };
    for (const Resource& resource : node->module->resources) collect(resource.provisioners);
    for (const RemovedBlock& removed : node->module->removed) collect(removed.provisioners);
  }
  for (const std::string& type : provisioners) {
    diags.Add({.summary = "Missing required provisioner plugin",
               .detail = "This configuration requires provisioner \"" + type + "\", which is not built in." +
                         DidYouMean(type, schemas.ProvisionerTypes()) + " There is: " + Listed(schemas.ProvisionerTypes()) + "."});
  }
}

}  // namespace

void ValidateTree(const ModuleTree& tree, const SchemaSource& schemas, Diagnostics& diags) {
  Diagnostics requirements;
  CheckRequirements(tree, schemas, requirements);
  const bool incomplete = requirements.HasErrors();
  diags.Append(std::move(requirements));
  if (incomplete) return;
  for (const auto& node : tree.nodes()) NodeValidator(tree, *node, schemas, diags).Run();
}

}  // namespace tkn::config
