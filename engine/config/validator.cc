#include "engine/config/validator.h"

#include <algorithm>
#include <filesystem>

#include "engine/lang/evaluate.h"
#include "engine/schema/decode.h"

namespace tkn::config {

using Kind = ValidationGraph::Kind;

Validator::Validator(const ModuleTree& tree, const SchemaSource& schemas,
                     const ValidationGraph& graph, Diagnostics& diags)
    : tree_(tree), schemas_(schemas), graph_(graph), diags_(diags) {
  used_providers_.resize(tree_.providers().size(), false);
  for (const auto& node : tree_.nodes()) {
    for (const std::uint32_t provider : node->resource_providers) used_providers_[provider] = true;
  }
  std::error_code error;
  const std::string here = std::filesystem::current_path(error).string();
  values_.reserve(tree_.nodes().size());
  for (const auto& node : tree_.nodes()) {
    ValidationValues values{.node = node.get(), .working_directory = here};
    values.variables.assign(node->module->variables.size(), Value::Dynamic());
    values.locals.assign(node->module->locals.size(), Value::Dynamic());
    values_.push_back(std::move(values));
  }
}

void Validator::Run() {
  std::vector<bool> failed(graph_.items().size(), false);
  for (const graph::Vertex vertex : graph_.order()) {
    const auto dependencies = graph_.graph().DependenciesOf(vertex);
    if (std::ranges::any_of(dependencies, [&](graph::Vertex d) { return failed[d]; })) {
      failed[vertex] = true;
      continue;
    }
    Diagnostics own;
    Check(graph_.items()[vertex], own);
    if (own.empty()) continue;
    failed[vertex] = own.HasErrors();
    diags_.Append(std::move(own));
  }
}

void Validator::Check(const ValidationGraph::Item& item, Diagnostics& own) {
  if (item.kind == Kind::kProvider) {
    // One that no resource needs is never configured, so it may say anything.
    if (used_providers_[item.index]) CheckProvider(tree_.providers()[item.index], own);
    return;
  }
  const ModuleNode& node = *tree_.nodes()[item.node];
  const Module& module = *node.module;
  switch (item.kind) {
    case Kind::kExpand:
      return CheckCall(node, own);
    case Kind::kVariable:
      return CheckVariable(node, item.index, own);
    case Kind::kConditions:
      return CheckConditionsOf(node, item.index, own);
    case Kind::kLocal:
      return CheckLocal(node, item.index, own);
    case Kind::kResource:
      return CheckResource(node, item.index, own);
    case Kind::kOutput:
      return CheckOutput(node, module.outputs[item.index], own);
    case Kind::kCheck:
      return CheckBlockAsserts(node, module.checks[item.index], own);
    case Kind::kImport:
      return CheckImport(node, module.imports[item.index], own);
    case Kind::kProvider:
    case Kind::kClose:
      return;
  }
}

void Validator::CheckCall(const ModuleNode& node, Diagnostics& own) {
  if (node.call == nullptr) return;
  const ModuleCall& call = *node.call;
  const ValidationScope scope = ScopeOf(*node.parent);
  if (call.count != nullptr) CheckCount(*call.count, scope, own);
  if (call.for_each != nullptr) CheckForEach(*call.for_each, scope, own);
  CheckDependsOn(*node.parent, call.depends_on, own);
}

void Validator::CheckVariable(const ModuleNode& node, std::uint32_t index, Diagnostics& own) {
  const Variable& variable = node.module->variables[index];
  Value& result = values_[node.index].variables[index];
  if (node.call == nullptr) {
    // Whoever runs it will say; the default is only one possibility.
    result = Value::Unknown(variable.type.WithoutOptional());
    if (variable.sensitive) result = result.WithMark(MarkKind::kSensitive);
    if (variable.ephemeral) result = result.WithMark(MarkKind::kEphemeral);
    return;
  }
  const ModuleArgument* given = nullptr;
  for (const ModuleArgument& argument : node.call->arguments) {
    if (argument.variable == index) given = &argument;
  }
  if (given == nullptr) {
    result = PrepareVariable(variable, nullptr, own);
    return;
  }
  const ValidationScope scope =
      ScopeOf(*node.parent, {node.call->count != nullptr, node.call->for_each != nullptr, nullptr});
  Diagnostics evaluation;
  VariableInput input{VariableOrigin::kCaller,
                      lang::Evaluate(*given->expression, scope, evaluation),
                      given->expression->range};
  const bool failed = evaluation.HasErrors();
  own.Append(std::move(evaluation));
  if (failed) return;
  if (!variable.ephemeral && input.value.ContainsMark(MarkKind::kEphemeral)) {
    own.Add({.summary = "Ephemeral value not allowed",
             .detail = "The module keeps what it gets in var." + std::string(variable.name) +
                       ", and this value is ephemeral. Declare the variable with ephemeral = true, "
                       "or pass something else.",
             .subject = given->expression->range});
    return;
  }
  result = PrepareVariable(variable, &input, own);
}

void Validator::CheckConditionsOf(const ModuleNode& node, std::uint32_t index, Diagnostics& own) {
  const Variable& variable = node.module->variables[index];
  if (variable.validations.empty()) return;
  SourceRange subject = variable.range;
  if (node.call != nullptr) {
    for (const ModuleArgument& argument : node.call->arguments) {
      if (argument.variable == index) subject = argument.expression->range;
    }
  }
  (void)CheckValidations(variable, subject, ScopeOf(node), own);
}

void Validator::CheckLocal(const ModuleNode& node, std::uint32_t index, Diagnostics& own) {
  values_[node.index].locals[index] =
      lang::Evaluate(*node.module->locals[index].expression, ScopeOf(node), own);
}

void Validator::CheckProvider(const ProviderNode& provider, Diagnostics& own) {
  if (provider.config == nullptr) return;
  const parser::Body& body = provider.config->body;
  if (body.attributes.empty() && body.blocks.empty() && body.json == nullptr)
    return;  // the environment may have it all
  const Schema* schema = schemas_.ProviderSchema(provider.address.provider);
  if (schema == nullptr) return;
  const auto value = Decode(*provider.node, body, schema->block, {}, own);
  if (!value) return;
  Diagnostics reported;
  schemas_.ValidateProvider(provider.address.provider, value->UnmarkDeep(), reported);
  for (Diagnostic& diagnostic : reported) {
    if (diagnostic.subject.IsValid()) continue;
    diagnostic.subject = RangeOf(body, PathFromText(diagnostic.attribute_path));
    if (diagnostic.attribute_path.empty()) diagnostic.subject = provider.config->range;
  }
  own.Append(std::move(reported));
}

void Validator::CheckDependsOn(const ModuleNode& node,
                               const std::vector<parser::Traversal>& depends_on, Diagnostics& own) {
  const ValidationScope scope = ScopeOf(node);
  for (const parser::Traversal& traversal : depends_on) {
    Diagnostics more;
    const auto reference = lang::ParseReference(traversal, more);
    if (reference && reference->steps_used < traversal.steps.size()) {
      more.Add({.summary = "Invalid depends_on reference",
                .detail = "A dependency is on a resource, a module or another thing as a whole, "
                          "and not on one of its "
                          "attributes.",
                .subject = Join(traversal.steps[reference->steps_used].range,
                                traversal.steps.back().range)});
    }
    const bool failed = more.HasErrors();
    own.Append(std::move(more));
    // That it exists is only asked as long as nothing else was wrong.
    if (!failed && !own.HasErrors()) (void)scope.Resolve(traversal, own);
  }
}

void Validator::CheckCondition(const ModuleNode& node, const Condition& condition,
                               const ValidationContext& context, Diagnostics& own) {
  const ValidationScope scope = ScopeOf(node, context);
  (void)lang::Evaluate(*condition.condition, scope, own);
  (void)lang::Evaluate(*condition.error_message, scope, own);
}

void Validator::CheckOutput(const ModuleNode& node, const Output& output, Diagnostics& own) {
  const ValidationScope scope = ScopeOf(node);
  for (const Condition& condition : output.preconditions) {
    const ConditionOutcome outcome = EvaluateCondition(condition, scope, own);
    if (outcome.result != ConditionResult::kFail) continue;
    Diagnostic diagnostic{.summary = "Module output value precondition failed",
                          .detail = outcome.message.empty()
                                        ? "The condition of the output is not met."
                                        : outcome.message,
                          .subject = condition.condition->range};
    lang::ShowValues(*condition.condition, scope, diagnostic);
    own.Add(std::move(diagnostic));
  }
  if (node.parent == nullptr && output.ephemeral) {
    own.Add({.summary = "Ephemeral output not allowed",
             .detail =
                 "The root module's outputs are kept in the state, where nothing ephemeral may go.",
             .subject = output.range});
  }
  if (own.HasErrors()) return;
  CheckDependsOn(node, output.depends_on, own);
  if (output.expression == nullptr) return;
  Diagnostics evaluation;
  const Value value = lang::Evaluate(*output.expression, scope, evaluation);
  const bool failed = evaluation.HasErrors();
  own.Append(std::move(evaluation));
  if (failed) return;
  if (!output.ephemeral && value.ContainsMark(MarkKind::kEphemeral)) {
    own.Add({.summary = "Ephemeral value not allowed",
             .detail = "The value of an output is kept, and this one is ephemeral. In a module "
                       "that is called, declare the "
                       "output with ephemeral = true.",
             .subject = output.expression->range});
  }
  if (node.parent == nullptr && !output.sensitive && value.ContainsMark(MarkKind::kSensitive)) {
    own.Add({.summary = "Output refers to sensitive values",
             .detail = "The value would be shown after each apply, and it contains something "
                       "sensitive. Declare the output with "
                       "sensitive = true, so that it is only shown when asked for.",
             .subject = output.range});
  }
}

void Validator::CheckBlockAsserts(const ModuleNode& node, const CheckBlock& check,
                                  Diagnostics& own) {
  for (const Condition& condition : check.asserts) CheckCondition(node, condition, {}, own);
}

void Validator::CheckImport(const ModuleNode& node, const ImportBlock& import, Diagnostics& own) {
  const ValidationScope scope = ScopeOf(node);
  if (!import.to_resource.module.empty() && tree_.FindResource(import.to_resource) == nullptr) {
    own.Add({.summary = "Configuration for import target does not exist",
             .detail = "There is no block for " + import.to_resource.ToString() +
                       ". Write one in that module, or import to a resource that exists.",
             .subject = import.to_range});
    return;
  }
  if (import.for_each != nullptr) {
    Diagnostics evaluation;
    const Value value = lang::Evaluate(*import.for_each, scope, evaluation);
    const bool failed = evaluation.HasErrors();
    own.Append(std::move(evaluation));
    if (failed) return;
    const Type type = value.type();
    if (!type.IsDynamic() && !type.IsCollection() && !type.IsTuple() && !type.IsObject()) {
      own.Add(
          {.summary = "Invalid for_each argument",
           .detail = "\"for_each\" of an import goes through a map, a set or a list; this is a " +
                     type.FriendlyName() + ".",
           .subject = import.for_each->range});
      return;
    }
  }
  const ValidationScope each = ScopeOf(node, {.has_each = import.for_each != nullptr});
  if (import.id == nullptr) return;
  Diagnostics evaluation;
  const Value id = lang::Evaluate(*import.id, each, evaluation);
  const bool failed = evaluation.HasErrors();
  own.Append(std::move(evaluation));
  if (failed) return;
  const auto invalid = [&](const char* summary, std::string why) {
    own.Add({.summary = summary, .detail = std::move(why), .subject = import.id->range});
  };
  ConversionError error;
  const auto text = Convert(id, Type::String(), &error);
  if (!text)
    return invalid("Incorrect value type",
                   "The id of an object is a text: " + error.ToString() + ".");
  if (!text->IsKnown()) return;
  if (text->IsNull())
    return invalid("Invalid import id argument",
                   "The id is null. Say which object is to be imported.");
  if (text->UnmarkDeep().AsString().empty()) {
    invalid("Invalid import id argument", "The id is empty. Say which object is to be imported.");
  }
}

std::optional<Value> Validator::Decode(const ModuleNode& node, const parser::Body& body,
                                       const BlockSchema& schema, const ValidationContext& context,
                                       Diagnostics& own) {
  const ValidationScope scope = ScopeOf(node, context);
  Diagnostics references;
  ForEachReference(body, schema, [&](const parser::Traversal& traversal) {
    (void)scope.Resolve(traversal, references);
  });
  const bool unresolved = references.HasErrors();
  own.Append(std::move(references));
  if (unresolved) return std::nullopt;
  Diagnostics decoding;
  Value value = DecodeBody(body, schema, scope, decoding);
  const bool failed = decoding.HasErrors();
  own.Append(std::move(decoding));
  return failed ? std::nullopt : std::optional(std::move(value));
}

}  // namespace tkn::config
