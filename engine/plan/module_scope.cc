#include "engine/plan/module_scope.h"

#include "engine/lang/function.h"

namespace tkn::plan {
namespace {

using config::BuiltinName;
using config::kNone;
using lang::ReferenceKind;

// Stands for everything, once an error was told.
lang::Scope::Resolved Failed(const parser::Traversal& traversal) {
  return {Value::Dynamic(), traversal.steps.size()};
}

}  // namespace

lang::Scope::Resolved ModuleScope::Resolve(const parser::Traversal& traversal,
                                           Diagnostics& diags) const {
  const config::Module& module = *module_.node->module;
  const config::ReferenceTarget* target = module.TargetOf(traversal);
  std::optional<config::ReferenceTarget> resolved;
  if (target == nullptr) {
    resolved = module.Resolve(traversal, diags);
    if (!resolved) return Failed(traversal);
    target = &*resolved;
  }
  if (target->index == kNone) return Failed(traversal);
  switch (target->kind) {
    case ReferenceKind::kVariable:
      return {module_.variables[target->index], target->steps_used};
    case ReferenceKind::kLocal:
      return {module_.locals[target->index], target->steps_used};
    case ReferenceKind::kResource:
      return ResolveResource(*target);
    case ReferenceKind::kModule:
      return ResolveModule(*target);
    case ReferenceKind::kCount:
    case ReferenceKind::kEach:
      return ResolveRepetition(traversal, *target, diags);
    case ReferenceKind::kPath:
    case ReferenceKind::kTerraform:
      return {Builtin(static_cast<BuiltinName>(target->index)), target->steps_used};
    case ReferenceKind::kSelf:
      if (self_ != nullptr) return {*self_, target->steps_used};
      diags.Add({.summary = "Invalid \"self\" reference",
                 .detail =
                     "\"self\" is the object of the resource that a block belongs to. It has a "
                     "meaning only in provisioner, connection and postcondition blocks.",
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

lang::Scope::Resolved ModuleScope::ResolveResource(const config::ReferenceTarget& target) const {
  const ResourceValues& resource = module_.resources[target.index];
  const std::size_t key_steps = target.key.IsNone() ? 0 : 1;
  if (!resource.is_expanded) return {Value::Dynamic(), target.steps_used - key_steps};
  if (key_steps == 1 && resource.expansion.repeated != Repeated::kNo) {
    const std::size_t index = resource.expansion.Find(target.key);
    if (index != Expansion::npos) return {resource.values[index], target.steps_used};
  }
  // A key that there is not: whoever takes the next step finds out, and knows how to say so.
  return {resource.whole, target.steps_used - key_steps};
}

lang::Scope::Resolved ModuleScope::ResolveModule(const config::ReferenceTarget& target) const {
  const CallInstances& call = module_.calls[target.index];
  const std::size_t key_steps = target.key.IsNone() ? 0 : 1;
  const std::size_t output_steps = target.output == kNone ? 0 : 1;
  if (!call.is_expanded) return {Value::Dynamic(), target.steps_used};
  const std::size_t index = call.expansion.Find(target.key);
  if (target.output != kNone && index != Expansion::npos) {
    return {call.modules[index]->outputs[target.output], target.steps_used};
  }
  return {evaluation_.ModuleValue(module_, target.index),
          target.steps_used - key_steps - output_steps};
}

lang::Scope::Resolved ModuleScope::ResolveRepetition(const parser::Traversal& traversal,
                                                     const config::ReferenceTarget& target,
                                                     Diagnostics& diags) const {
  const auto name = static_cast<BuiltinName>(target.index);
  const Repeated wanted = name == BuiltinName::kCountIndex ? Repeated::kCount : Repeated::kForEach;
  if (repetition_ != nullptr && repetition_->repeated == wanted) {
    if (name == BuiltinName::kEachValue) return {repetition_->each_value, target.steps_used};
    return {repetition_->key.ToValue(), target.steps_used};
  }
  if (wanted == Repeated::kCount) {
    diags.Add({.summary = "Reference to \"count\" in non-counted context",
               .detail =
                   "\"count.index\" has a meaning only in module, resource and data blocks that "
                   "have the \"count\" argument.",
               .subject = traversal.range});
  } else {
    diags.Add({.summary = "Reference to \"each\" in context without for_each",
               .detail =
                   "\"each\" has a meaning only in module, resource and data blocks that have "
                   "the \"for_each\" argument.",
               .subject = traversal.range});
  }
  return Failed(traversal);
}

Value ModuleScope::Builtin(BuiltinName name) const {
  const EvaluationOptions& options = evaluation_.options();
  switch (name) {
    case BuiltinName::kPathModule:
      return Value::String(module_.node->module->directory);
    case BuiltinName::kPathRoot:
      return Value::String(options.root_directory);
    case BuiltinName::kPathCwd:
      return Value::String(options.working_directory);
    case BuiltinName::kWorkspace:
      return Value::String(options.workspace);
    case BuiltinName::kApplying:
      return Value::Bool(options.is_apply).WithMark(MarkKind::kEphemeral);
    case BuiltinName::kCountIndex:
    case BuiltinName::kEachKey:
    case BuiltinName::kEachValue:
      break;
  }
  return Value::Dynamic();
}

const lang::FunctionTable& ModuleScope::functions() const { return lang::StandardFunctions(); }
std::string_view ModuleScope::plan_timestamp() const {
  return evaluation_.options().plan_timestamp;
}
bool ModuleScope::pure_only() const { return !evaluation_.options().is_apply; }
const std::string& ModuleScope::base_directory() const {
  return evaluation_.options().root_directory;
}

}  // namespace tkn::plan
