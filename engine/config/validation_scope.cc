#include "engine/config/validation_scope.h"

#include <algorithm>
#include <filesystem>

#include "engine/config/module_index.h"
#include "engine/lang/evaluate.h"
#include "engine/schema/decode.h"
#include "parser/suggest.h"

namespace tkn::config {

using lang::ReferenceKind;

SourceRange ReferenceRange(const parser::Traversal& traversal, std::size_t steps) {
  if (steps == 0 || traversal.steps.empty()) return traversal.root_range;
  return Join(traversal.root_range,
              traversal.steps[std::min(steps, traversal.steps.size()) - 1].range);
}

void CheckTraversal(const BlockSchema& schema, std::string_view name, SourceRange name_range,
                    std::span<const parser::Step> rest, const parser::Traversal& whole,
                    Diagnostics& diags) {
  const AttributeSchema* attribute = schema.FindAttribute(name);
  const NestedBlock* block = schema.FindBlock(name);
  if (attribute == nullptr && block == nullptr) {
    std::vector<std::string> names;
    for (const AttributeSchema& a : schema.attributes) names.push_back(a.name);
    for (const NestedBlock& b : schema.blocks) names.push_back(b.name);
    diags.Add({.summary = "Unsupported attribute",
               .detail = "This object has no argument, block or exported attribute \"" +
                         std::string(name) + "\"." + DidYouMean(name, names),
               .subject = name_range});
    return;
  }
  if (rest.empty()) return;
  Diagnostics own;
  (void)lang::FollowSteps(Value::Unknown(schema.ImpliedType().FindAttribute(name)->type), rest,
                          whole, own);
  for (Diagnostic& diagnostic : own) diagnostic.values.clear();
  diags.Append(std::move(own));
}

void ValidationScope::CheckAttributes(const Resource& resource, const parser::Traversal& traversal,
                                      std::size_t from, Diagnostics& diags) const {
  if (from >= traversal.steps.size()) return;
  const parser::Step& step = traversal.steps[from];
  if (step.kind != parser::Step::Kind::kAttribute) {
    diags.Add({.summary = "Invalid index operation",
               .detail = "This is a single object: its attributes are reached with a dot.",
               .subject = step.range});
    return;
  }
  const std::uint32_t index =
      static_cast<std::uint32_t>(&resource - values_.node->module->resources.data());
  const ProviderSource& source = tree_.ProviderOf(*values_.node, index).address->provider;
  const Schema* schema = schemas_.ResourceSchema(source, resource.name.mode, resource.name.type);
  if (schema == nullptr) return;  // told about the block itself
  CheckTraversal(schema->block, step.text, step.range, traversal.steps.subspan(from + 1), traversal,
                 diags);
}

void ValidationScope::CheckResource(const parser::Traversal& traversal,
                                    const ReferenceTarget& target, Diagnostics& diags) const {
  const Resource& resource = values_.node->module->resources[target.index];
  if (resource.check != kNone && resource.check != context_.check) {
    diags.Add({.summary = "Reference to scoped resource",
               .detail = "The referenced " + resource.name.ToString() +
                         " belongs to a check block, and only the assertions of that block can "
                         "refer to it.",
               .subject = ReferenceRange(traversal, target.steps_used)});
    return;
  }
  const bool repeated = resource.count != nullptr || resource.for_each != nullptr;
  const std::string name = resource.name.ToString();
  if (!target.key.IsNone() && !repeated) {
    diags.Add({.summary = "Unexpected resource instance key",
               .detail = "Because " + name +
                         " has neither count nor for_each: there is one object and nothing "
                         "to choose from. Remove the "
                         "index.",
               .subject = ReferenceRange(traversal, target.steps_used)});
  }
  const bool has_attribute =
      target.steps_used < traversal.steps.size() &&
      traversal.steps[target.steps_used].kind == parser::Step::Kind::kAttribute;
  if (target.key.IsNone() && repeated) {
    if (!has_attribute) return;
    const bool count = resource.count != nullptr;
    diags.Add({.summary = "Missing resource instance key",
               .detail = "Because " + name + " has " + (count ? "count" : "for_each") +
                         " set, an attribute belongs to one of several objects. Say which, as in " +
                         name + (count ? "[count.index]" : "[each.key]") + ".",
               .subject = ReferenceRange(traversal, target.steps_used)});
  }
  CheckAttributes(resource, traversal, target.steps_used, diags);
}

Value ValidationScope::ModuleValue(const ReferenceTarget& target) const {
  const ModuleCall& call = values_.node->module->module_calls[target.index];
  if (call.module == nullptr) return Value::Dynamic();
  std::vector<ObjectAttribute> outputs;
  for (const Output& output : call.module->outputs) {
    outputs.push_back({std::string(output.name), Type::Dynamic(), false});
  }
  const Type one = Type::Object(std::move(outputs));
  if (call.count != nullptr) return Value::Unknown(Type::List(one));
  if (call.for_each != nullptr) return Value::Unknown(Type::Map(one));
  return Value::Unknown(one);
}

lang::Scope::Resolved ValidationScope::Builtin(const parser::Traversal& traversal,
                                               const ReferenceTarget& target,
                                               Diagnostics& diags) const {
  const std::size_t used = target.steps_used;
  const SourceRange range = ReferenceRange(traversal, used);
  const Refinement not_null{.not_null = true};
  switch (static_cast<BuiltinName>(target.index)) {
    case BuiltinName::kCountIndex:
      if (context_.has_count) return {Value::Unknown(Type::Number(), not_null), used};
      diags.Add({.summary = "Reference to \"count\" in non-counted context",
                 .detail =
                     "The \"count\" object numbers the instances of a block that has \"count\", "
                     "and is known only inside of it.",
                 .subject = range});
      return {Value::Dynamic(), traversal.steps.size()};
    case BuiltinName::kEachKey:
      if (context_.has_each) return {Value::Unknown(Type::String(), not_null), used};
      diags.Add({.summary = "Reference to \"each\" in context without for_each",
                 .detail =
                     "The \"each\" object names the instances of a block that has \"for_each\", "
                     "and is known only inside of it.",
                 .subject = range});
      return {Value::Dynamic(), traversal.steps.size()};
    case BuiltinName::kEachValue:
      if (context_.has_each) return {Value::Dynamic(), used};
      diags.Add({.summary = "each.value cannot be used in this context",
                 .detail = "A reference to each.value needs an instance of a block that has "
                           "\"for_each\": only inside of it is it known.",
                 .subject = range});
      return {Value::Dynamic(), traversal.steps.size()};
    case BuiltinName::kPathModule:
      return {Value::String(values_.node->module->directory), used};
    case BuiltinName::kPathRoot:
      return {Value::String(tree_.root().module->directory), used};
    case BuiltinName::kPathCwd:
      return {Value::String(values_.working_directory), used};
    case BuiltinName::kWorkspace:
      return {Value::String(values_.workspace), used};
    case BuiltinName::kApplying:
      return {Value::Unknown(Type::Bool(), not_null).WithMark(MarkKind::kEphemeral), used};
  }
  return {Value::Dynamic(), used};
}

lang::Scope::Resolved ValidationScope::Resolve(const parser::Traversal& traversal,
                                               Diagnostics& diags) const {
  const Module& module = *values_.node->module;
  const ReferenceTarget* known = module.TargetOf(traversal);
  std::optional<ReferenceTarget> found;
  if (known == nullptr) {
    found = module.Resolve(traversal, diags);
    if (!found) return {Value::Dynamic(), traversal.steps.size()};
    known = &*found;
  }
  const ReferenceTarget& target = *known;
  switch (target.kind) {
    case ReferenceKind::kVariable:
      return {values_.variables[target.index], target.steps_used};
    case ReferenceKind::kLocal:
      return {values_.locals[target.index], target.steps_used};
    case ReferenceKind::kResource:
      CheckResource(traversal, target, diags);
      return {Value::Dynamic(), traversal.steps.size()};
    case ReferenceKind::kModule: {
      // The module object: what it lacks is told when the steps are followed.
      const std::size_t before =
          target.steps_used - (target.output != kNone ? 1 : 0) - (target.key.IsNone() ? 0 : 1);
      return {ModuleValue(target), before};
    }
    case ReferenceKind::kSelf:
      if (context_.self == nullptr) {
        diags.Add({.summary = "Invalid \"self\" reference",
                   .detail = "The \"self\" object is what a provisioner, a connection or a "
                             "postcondition belongs to. It is "
                             "known nowhere else.",
                   .subject = traversal.root_range});
      } else {
        CheckAttributes(*context_.self, traversal, 0, diags);
      }
      return {Value::Dynamic(), traversal.steps.size()};
    case ReferenceKind::kCount:
    case ReferenceKind::kEach:
    case ReferenceKind::kPath:
    case ReferenceKind::kTerraform:
      return Builtin(traversal, target, diags);
    default:
      return {Value::Dynamic(), traversal.steps.size()};
  }
}

// Collects the errors of references one by one, those of the first stage apart.
class ValidationScope::StaticErrors {
 public:
  explicit StaticErrors(const ValidationScope& scope) : scope_(scope) {}

  void Look(const parser::Traversal& traversal) {
    Diagnostics malformed;
    const auto reference = lang::ParseReference(traversal, malformed);
    if (!reference) {
      // What comes after "var" and the like is looked at with the values.
      for (const Diagnostic& diagnostic : malformed) {
        if (diagnostic.subject.IsValid()) found_.Add(diagnostic);
      }
      return;
    }
    if (reference->kind != ReferenceKind::kResource && reference->kind != ReferenceKind::kModule &&
        reference->kind != ReferenceKind::kSelf) {
      return;
    }
    Diagnostics own;
    (void)scope_.Resolve(traversal, own);
    failed_ = failed_ || own.HasErrors();
    found_.Append(std::move(own));
  }
  // Without an error of this stage nothing is told: the next one repeats it.
  bool Finish(Diagnostics& diags) {
    if (failed_) diags.Append(std::move(found_));
    return !failed_;
  }

 private:
  const ValidationScope& scope_;
  Diagnostics found_;
  bool failed_ = false;
};

bool ValidationScope::CheckReferences(std::initializer_list<const parser::Expression*> expressions,
                                      Diagnostics& diags) const {
  StaticErrors errors(*this);
  for (const parser::Expression* expression : expressions) {
    if (expression == nullptr) continue;
    lang::ForEachTraversal(*expression, [&](const parser::Traversal& t) { errors.Look(t); });
  }
  return errors.Finish(diags);
}

bool ValidationScope::CheckReferences(const parser::Body& body, const BlockSchema& schema,
                                      Diagnostics& diags) const {
  StaticErrors errors(*this);
  ForEachReference(body, schema, [&](const parser::Traversal& t) { errors.Look(t); });
  return errors.Finish(diags);
}

}  // namespace tkn::config
