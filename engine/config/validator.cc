#include "engine/config/validator.h"

#include <algorithm>
#include <filesystem>

#include "engine/graph/walk.h"
#include "engine/lang/evaluate.h"
#include "engine/schema/decode.h"

namespace tkn::config {

using Kind = ValidationGraph::Kind;

namespace {

// Terraform evaluates a condition although its references have errors, which were told: those names
// are unknown then. After an error of the first stage (CheckReferences) no name means anything.
class Tolerant final : public lang::Scope {
 public:
  Tolerant(const lang::Scope& scope, bool nameless) : scope_(scope), nameless_(nameless) {}
  Resolved Resolve(const parser::Traversal& traversal, Diagnostics&) const override {
    if (nameless_) return {Value::Dynamic(), traversal.steps.size()};
    Diagnostics told;
    return scope_.Resolve(traversal, told);
  }
  const lang::FunctionTable& functions() const override { return scope_.functions(); }
  const std::string& base_directory() const override { return scope_.base_directory(); }
  bool pure_only() const override { return true; }

 private:
  const lang::Scope& scope_;
  const bool nameless_;
};

void EvaluateTolerantly(const parser::Expression& expression, const lang::Scope& scope,
                        Diagnostics& diags) {
  Diagnostics references;
  lang::ForEachTraversal(expression, [&](const parser::Traversal& traversal) {
    (void)scope.Resolve(traversal, references);
  });
  const bool unresolved = references.HasErrors();
  diags.Append(std::move(references));
  if (unresolved) {
    (void)lang::Evaluate(expression, Tolerant(scope, false), diags);
  } else {
    (void)lang::Evaluate(expression, scope, diags);
  }
}

// Below that many vertices threads cost more than they save: 1 ms of 6 for a file of one block.
constexpr std::size_t kWorthThreads = 500;

void EvaluateNameless(const parser::Expression& expression, const lang::Scope& scope,
                      Diagnostics& diags) {
  lang::ForEachTraversal(expression, [&](const parser::Traversal& traversal) {
    diags.Add({.summary = "Unknown variable",
               .detail = "There is nothing known by the name \"" + std::string(traversal.root) +
                         "\" here, because of the other errors of these references.",
               .subject = traversal.root_range});
  });
  Diagnostics own;
  (void)lang::Evaluate(expression, Tolerant(scope, true), own);
  for (Diagnostic& diagnostic : own) diagnostic.values.clear();
  diags.Append(std::move(own));
}

}  // namespace

Validator::Validator(const ModuleTree& tree, const SchemaSource& schemas,
                     const ValidationGraph& graph, const std::string& workspace, Diagnostics& diags)
    : tree_(tree), schemas_(schemas), graph_(graph), diags_(diags) {
  used_providers_.resize(tree_.providers().size(), false);
  for (const auto& node : tree_.nodes()) {
    for (const std::uint32_t provider : node->resource_providers) used_providers_[provider] = true;
  }
  std::error_code error;
  const std::string here = std::filesystem::current_path(error).string();
  values_.reserve(tree_.nodes().size());
  for (const auto& node : tree_.nodes()) {
    ValidationValues values{.node = node.get(), .working_directory = here, .workspace = workspace};
    values.variables.assign(node->module->variables.size(), Value::Dynamic());
    values.locals.assign(node->module->locals.size(), Value::Dynamic());
    values_.push_back(std::move(values));
  }
}

void Validator::Run() {
  std::vector<Diagnostics> found(graph_.items().size());
  const auto check = [&](graph::Vertex vertex) {
    Check(graph_.items()[vertex], found[vertex]);
    return found[vertex].HasErrors() ? graph::Outcome::kFailed : graph::Outcome::kDone;
  };
  if (graph_.items().size() < kWorthThreads) {
    std::vector<bool> failed(graph_.items().size(), false);
    for (const graph::Vertex vertex : graph_.order()) {
      const auto dependencies = graph_.graph().DependenciesOf(vertex);
      failed[vertex] = std::ranges::any_of(dependencies, [&](auto d) { return failed[d]; }) ||
                       check(vertex) == graph::Outcome::kFailed;
    }
  } else {
    (void)graph::Walk(graph_.graph(), {},
                      [&](graph::Vertex vertex, graph::FanOut&) { return check(vertex); });
  }
  for (const graph::Vertex vertex : graph_.order()) diags_.Append(std::move(found[vertex]));
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
  CheckRepetition(call.count, call.for_each, ScopeOf(*node.parent), own);
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
  const ValidationScope scope = ScopeOf(*node.parent, {.has_count = true, .has_each = true});
  const std::optional<Value> value = Evaluate(*given->expression, scope, own);
  if (!value) return;
  const VariableInput input{VariableOrigin::kCaller, *value, given->expression->range};
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
  const ValidationScope scope = ScopeOf(node);
  for (const Condition& condition : variable.validations) {
    if (!scope.CheckReferences({condition.condition, condition.error_message}, own)) return;
  }
  (void)CheckValidations(variable, subject, scope, own);
}

void Validator::CheckLocal(const ModuleNode& node, std::uint32_t index, Diagnostics& own) {
  const Local& local = node.module->locals[index];
  for (const Use& use : local.uses) {
    if (use.target->kind != lang::ReferenceKind::kLocal || use.target->index != index) continue;
    const std::string name = "local." + std::string(local.name);
    own.Add({.summary = "Self-referencing local value",
             .detail = name + " is needed to work out " + name + " itself.",
             .subject = use.traversal->range});
  }
  if (own.HasErrors()) return;
  const std::optional<Value> value = Evaluate(*local.expression, ScopeOf(node), own);
  values_[node.index].locals[index] = value.value_or(Value::Dynamic());
}

void Validator::CheckProvider(const ProviderNode& provider, Diagnostics& own) {
  if (provider.config == nullptr) return;
  const parser::Body& body = provider.config->body;
  if (body.attributes.empty() && body.blocks.empty() && body.json == nullptr)
    return;  // the environment may have it all
  const Schema* schema = schemas_.ProviderSchema(provider.address->provider);
  if (schema == nullptr) return;
  const auto value = Decode(*provider.node, body, schema->block, {}, own);
  if (!value) return;
  Diagnostics reported;
  schemas_.ValidateProvider(provider.address->provider, value->UnmarkDeep(), reported);
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
    // What has no place is about a name that cannot be evaluated, which nobody does here.
    for (Diagnostic& diagnostic : more) {
      if (diagnostic.subject.IsValid()) own.Add(std::move(diagnostic));
    }
    // That it exists is only asked as long as nothing else was wrong.
    if (!failed && !own.HasErrors()) (void)scope.Resolve(traversal, own);
  }
}

void Validator::CheckCondition(const ModuleNode& node, const Condition& condition,
                               const ValidationContext& context, Diagnostics& own) {
  const ValidationScope scope = ScopeOf(node, context);
  for (const parser::Expression* expression : {condition.condition, condition.error_message}) {
    if (scope.CheckReferences({expression}, own)) {
      EvaluateTolerantly(*expression, scope, own);
    } else {
      EvaluateNameless(*expression, scope, own);
    }
  }
}

void Validator::CheckOutput(const ModuleNode& node, const Output& output, Diagnostics& own) {
  const ValidationScope scope = ScopeOf(node);
  for (const Condition& condition : output.preconditions) {
    if (!scope.CheckReferences({condition.condition, condition.error_message}, own)) {
      EvaluateNameless(*condition.error_message, scope, own);
      EvaluateNameless(*condition.condition, scope, own);
      continue;
    }
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
    own.Add(
        {.summary = "Ephemeral output not allowed",
         .detail =
             "Ephemeral outputs are for child modules: those of the root are kept in the state.",
         .subject = output.range});
  }
  if (own.HasErrors()) return;
  CheckDependsOn(node, output.depends_on, own);
  if (output.expression == nullptr) return;
  const std::optional<Value> evaluated = Evaluate(*output.expression, scope, own);
  if (!evaluated) return;
  const Value& value = *evaluated;
  if (output.ephemeral && !value.HasMark(MarkKind::kEphemeral)) {
    own.Add({.summary = "Value not allowed in ephemeral output",
             .detail = "The output is declared with ephemeral = true, and this value is not "
                       "ephemeral as a whole, though parts of it may be. Take that argument away, "
                       "or give it a value that is.",
             .subject = output.expression->range});
    return;
  }
  if (!output.ephemeral && value.ContainsMark(MarkKind::kEphemeral)) {
    own.Add({.summary = "Ephemeral value not allowed",
             .detail =
                 "This output value is kept, and it is ephemeral. In a module that is called, "
                 "declare the output with ephemeral = true.",
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
  const auto index = static_cast<std::uint32_t>(&check - node.module->checks.data());
  const ValidationScope scope = ScopeOf(node, {.check = index});
  for (const Condition& condition : check.asserts) {
    if (scope.CheckReferences({condition.condition, condition.error_message}, own)) {
      (void)lang::Evaluate(*condition.condition, scope, own);
      (void)lang::Evaluate(*condition.error_message, scope, own);
    } else {
      EvaluateNameless(*condition.error_message, scope, own);
    }
  }
}

std::optional<Value> Validator::Evaluate(const parser::Expression& expression,
                                         const ValidationScope& scope, Diagnostics& own) {
  if (!scope.CheckReferences({&expression}, own)) return std::nullopt;
  Diagnostics evaluation;
  Value value = lang::Evaluate(expression, scope, evaluation);
  const bool failed = evaluation.HasErrors();
  own.Append(std::move(evaluation));
  return failed ? std::nullopt : std::optional(std::move(value));
}

void Validator::CheckRepetition(const parser::Expression* count, const parser::Expression* for_each,
                                const ValidationScope& scope, Diagnostics& own) {
  if (count != nullptr && scope.CheckReferences({count}, own)) CheckCount(*count, scope, own);
  if (for_each != nullptr && scope.CheckReferences({for_each}, own))
    CheckForEach(*for_each, scope, own);
}

std::optional<Value> Validator::Decode(const ModuleNode& node, const parser::Body& body,
                                       const BlockSchema& schema, const ValidationContext& context,
                                       Diagnostics& own) {
  const ValidationScope scope = ScopeOf(node, context);
  if (!scope.CheckReferences(body, schema, own)) return std::nullopt;
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
