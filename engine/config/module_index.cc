#include "engine/config/module_index.h"

#include "engine/lang/evaluate.h"
#include "engine/lang/function.h"
#include "engine/schema/decode.h"
#include "parser/content.h"

namespace tkn::config {

using lang::ReferenceKind;

namespace {

template <typename List>
void IndexByName(const List& list, std::unordered_map<std::string_view, std::uint32_t>& index) {
  index.reserve(list.size());
  for (std::uint32_t i = 0; i < list.size(); ++i) index.emplace(list[i].name, i);
}

std::uint32_t BuiltinOf(ReferenceKind kind, std::string_view name) {
  const auto index = [](BuiltinName builtin) { return static_cast<std::uint32_t>(builtin); };
  switch (kind) {
    case ReferenceKind::kCount:
      return name == "index" ? index(BuiltinName::kCountIndex) : kNone;
    case ReferenceKind::kEach:
      return name == "key"     ? index(BuiltinName::kEachKey)
             : name == "value" ? index(BuiltinName::kEachValue)
                               : kNone;
    case ReferenceKind::kPath:
      return name == "module" ? index(BuiltinName::kPathModule)
             : name == "root" ? index(BuiltinName::kPathRoot)
             : name == "cwd"  ? index(BuiltinName::kPathCwd)
                              : kNone;
    case ReferenceKind::kTerraform:
      return name == "workspace"  ? index(BuiltinName::kWorkspace)
             : name == "applying" ? index(BuiltinName::kApplying)
                                  : kNone;
    default:
      return kNone;
  }
}

// What a reference names in a module; `index` is kNone where there is no such thing.
ReferenceTarget Lookup(const Module& module, const lang::Reference& reference) {
  ReferenceTarget target{.kind = reference.kind,
                         .steps_used = static_cast<std::uint32_t>(reference.steps_used),
                         .key = reference.key.value_or(InstanceKey())};
  switch (reference.kind) {
    case ReferenceKind::kVariable:
      target.index = module.FindVariable(reference.name);
      break;
    case ReferenceKind::kLocal:
      target.index = module.FindLocal(reference.name);
      break;
    case ReferenceKind::kResource:
      target.index = module.FindResource(reference.mode, reference.type, reference.name);
      break;
    case ReferenceKind::kModule: {
      target.index = module.FindModuleCall(reference.name);
      if (target.index == kNone || reference.output.empty()) break;
      const Module* called = module.module_calls[target.index].module;
      if (called != nullptr) target.output = called->FindOutput(reference.output);
      // An output that does not exist is an error of evaluation: the module object has no such
      // attribute.
      if (target.output == kNone) --target.steps_used;
      break;
    }
    case ReferenceKind::kCheck:
      target.index = module.FindCheck(reference.name);
      break;
    case ReferenceKind::kOutput:
      target.index = module.FindOutput(reference.name);
      break;
    case ReferenceKind::kSelf:
      target.index = 0;
      break;
    default:
      target.index = BuiltinOf(reference.kind, reference.name);
  }
  return target;
}

}  // namespace

void ModuleIndexer::IndexNames() {
  module_.index_ = std::make_unique<Module::Index>();
  Module::Index& index = *module_.index_;
  IndexByName(module_.variables, index.variables);
  IndexByName(module_.locals, index.locals);
  IndexByName(module_.outputs, index.outputs);
  IndexByName(module_.module_calls, index.calls);
  IndexByName(module_.checks, index.checks);
  for (std::uint32_t i = 0; i < module_.required_providers.size(); ++i) {
    index.requirements.emplace(module_.required_providers[i].local_name, i);
  }
  index.resources.reserve(module_.resources.size());
  for (std::uint32_t i = 0; i < module_.resources.size(); ++i) {
    const ResourceName& name = module_.resources[i].name;
    index.resources.emplace(ResourceKeyView{name.mode, name.type, name.name}, i);
  }
  const auto imply = [&](std::string_view local_name) {
    if (!index.requirements.contains(local_name) && !index.implied_sources.contains(local_name)) {
      index.implied_sources.emplace(local_name, ProviderSource::Default(local_name));
    }
  };
  for (const ProviderConfig& config : module_.provider_configs) imply(config.local_name);
  std::string_view last;  // mostly the same one again
  for (const Resource& resource : module_.resources) {
    if (resource.provider.local_name != last) imply(resource.provider.local_name);
    last = resource.provider.local_name;
  }
  for (const ModuleCall& call : module_.module_calls) {
    for (const PassedProvider& passed : call.providers) imply(passed.in_parent.local_name);
  }
}

void ModuleIndexer::Add(const parser::Traversal& traversal, UsePlace place,
                        std::vector<Use>& uses) {
  Diagnostics ignored;  // told when the expression is evaluated
  const auto reference = lang::ParseReference(traversal, ignored);
  if (!reference) return;
  ReferenceTarget target = Lookup(module_, *reference);
  if (target.index == kNone) return;
  uses.push_back({&traversal, module_.index_->targets.Add(&traversal, std::move(target)), place});
}

void ModuleIndexer::Add(const parser::Expression* expression, UsePlace place,
                        std::vector<Use>& uses) {
  if (expression == nullptr || expression->kind == parser::ExpressionKind::kLiteral) return;
  lang::ForEachTraversal(*expression,
                         [&](const parser::Traversal& traversal) { Add(traversal, place, uses); });
}

void ModuleIndexer::Add(const parser::Body& body, UsePlace place, std::vector<Use>& uses) {
  ForEachReference(body, [&](const parser::Traversal& traversal) { Add(traversal, place, uses); });
}

void ModuleIndexer::Add(const std::vector<parser::Traversal>& traversals, std::vector<Use>& uses) {
  for (const parser::Traversal& traversal : traversals) Add(traversal, UsePlace::kDependsOn, uses);
}

void ModuleIndexer::Add(const std::vector<Condition>& conditions, std::vector<Use>& uses) {
  for (const Condition& condition : conditions) {
    Add(condition.condition, UsePlace::kCondition, uses);
    Add(condition.error_message, UsePlace::kCondition, uses);
  }
}

void ModuleIndexer::ResolveResource(Resource& resource) {
  std::vector<Use>& uses = resource.uses;
  Add(resource.count, UsePlace::kRepetition, uses);
  Add(resource.for_each, UsePlace::kRepetition, uses);
  Add(resource.body, UsePlace::kValue, uses);
  Add(resource.depends_on, uses);
  Add(resource.lifecycle.preconditions, uses);
  Add(resource.lifecycle.postconditions, uses);
  for (ReplaceTrigger& trigger : resource.lifecycle.replace_triggered_by) {
    const std::size_t before = uses.size();
    Add(trigger.expression, UsePlace::kReplaceTriggeredBy, uses);
    for (std::size_t i = before; i < uses.size() && trigger.resource == kNone; ++i) {
      if (uses[i].target->kind == ReferenceKind::kResource)
        trigger.resource = uses[i].target->index;
    }
  }
  if (resource.connection != nullptr) Add(*resource.connection, UsePlace::kProvisioner, uses);
  for (const Provisioner& provisioner : resource.provisioners) {
    const UsePlace place = provisioner.when == ProvisionerWhen::kDestroy
                               ? UsePlace::kDestroyProvisioner
                               : UsePlace::kProvisioner;
    Add(provisioner.body, place, uses);
    if (provisioner.connection != nullptr) Add(*provisioner.connection, place, uses);
  }
}

void ModuleIndexer::ResolveCall(ModuleCall& call) {
  Add(call.count, UsePlace::kRepetition, call.uses);
  Add(call.for_each, UsePlace::kRepetition, call.uses);
  Add(call.depends_on, call.uses);
  Diagnostics ignored;  // told when the arguments are compared with the module's variables
  const auto attributes = parser::JustAttributes(call.body, ignored);
  call.arguments.reserve(attributes.size());
  for (const parser::Attribute* attribute : attributes) {
    ModuleArgument argument{.name = attribute->name,
                            .expression = attribute->expression,
                            .name_range = attribute->name_range,
                            .range = attribute->range};
    if (call.module != nullptr) argument.variable = call.module->FindVariable(attribute->name);
    Add(argument.expression, UsePlace::kValue, argument.uses);
    call.arguments.push_back(std::move(argument));
  }
}

void ModuleIndexer::ResolveReferences() {
  for (Variable& variable : module_.variables) Add(variable.validations, variable.uses);
  for (Local& local : module_.locals) Add(local.expression, UsePlace::kValue, local.uses);
  for (ProviderConfig& config : module_.provider_configs)
    Add(config.body, UsePlace::kValue, config.uses);
  for (Resource& resource : module_.resources) ResolveResource(resource);
  for (ModuleCall& call : module_.module_calls) ResolveCall(call);
  for (Output& output : module_.outputs) {
    Add(output.expression, UsePlace::kValue, output.uses);
    Add(output.depends_on, output.uses);
    Add(output.preconditions, output.uses);
  }
  for (ImportBlock& import : module_.imports) {
    Add(import.for_each, UsePlace::kRepetition, import.uses);
    Add(import.id, UsePlace::kValue, import.uses);
    Add(import.identity, UsePlace::kValue, import.uses);
  }
  for (CheckBlock& check : module_.checks) Add(check.asserts, check.uses);
}

Module::Module() : index_(std::make_unique<Index>()) {}
Module::~Module() = default;

namespace {

std::uint32_t FindIn(const std::unordered_map<std::string_view, std::uint32_t>& names,
                     std::string_view name) {
  const auto found = names.find(name);
  return found == names.end() ? kNone : found->second;
}

}  // namespace

std::uint32_t Module::FindVariable(std::string_view name) const {
  return FindIn(index_->variables, name);
}
std::uint32_t Module::FindLocal(std::string_view name) const {
  return FindIn(index_->locals, name);
}
std::uint32_t Module::FindOutput(std::string_view name) const {
  return FindIn(index_->outputs, name);
}
std::uint32_t Module::FindModuleCall(std::string_view name) const {
  return FindIn(index_->calls, name);
}
std::uint32_t Module::FindCheck(std::string_view name) const {
  return FindIn(index_->checks, name);
}

std::uint32_t Module::FindResource(ResourceMode mode, std::string_view type,
                                   std::string_view name) const {
  const auto found = index_->resources.find({mode, type, name});
  return found == index_->resources.end() ? kNone : found->second;
}

std::uint32_t Module::FindProviderConfig(std::string_view local_name,
                                         std::string_view alias) const {
  for (std::uint32_t i = 0; i < provider_configs.size(); ++i) {
    if (provider_configs[i].local_name == local_name && provider_configs[i].alias == alias)
      return i;
  }
  return kNone;
}

const RequiredProvider* Module::FindRequiredProvider(std::string_view local_name) const {
  const std::uint32_t found = FindIn(index_->requirements, local_name);
  return found == kNone ? nullptr : &required_providers[found];
}

const lang::Function* Module::FindProviderFunction(std::string_view local_name,
                                                   std::string_view name) const {
  for (const RequiredProvider& required : required_providers) {
    if (required.local_name == local_name && required.source.IsBuiltin() &&
        required.source.type == "terraform") {
      return lang::FindTerraformProviderFunction(name);
    }
  }
  return nullptr;
}

ProviderSource Module::SourceOf(std::string_view local_name) const {
  if (const RequiredProvider* required = FindRequiredProvider(local_name)) return required->source;
  const auto found = index_->implied_sources.find(local_name);
  return found != index_->implied_sources.end() ? found->second
                                                : ProviderSource::Default(local_name);
}

const ReferenceTarget* Module::TargetOf(const parser::Traversal& traversal) const {
  return index_->targets.Find(&traversal);
}

std::optional<ReferenceTarget> Module::Resolve(const parser::Traversal& traversal,
                                               Diagnostics& diags) const {
  if (const ReferenceTarget* target = TargetOf(traversal)) return *target;
  const auto reference = lang::ParseReference(traversal, diags);
  if (!reference) return std::nullopt;
  ReferenceTarget target = Lookup(*this, *reference);
  if (target.index != kNone) return target;
  diags.Add(Undeclared(*this, *reference));
  return std::nullopt;
}

}  // namespace tkn::config
