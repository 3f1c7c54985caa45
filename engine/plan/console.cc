#include "engine/plan/console.h"

#include "engine/config/validation_scope.h"
#include "engine/lang/evaluate.h"
#include "engine/plan/config_steps.h"
#include "engine/plan/module_scope.h"
#include "engine/plan/run.h"
#include "engine/plan/state_values.h"

namespace tkn::plan {
namespace {

// The root module's scope, with what only the console has.
class ConsoleScope final : public lang::Scope {
 public:
  explicit ConsoleScope(Run& run) : module_(run.evaluation, run.evaluation.root()) {}
  Resolved Resolve(const parser::Traversal& traversal, Diagnostics& diags) const override {
    return module_.Resolve(traversal, diags);
  }
  const lang::FunctionTable& functions() const override { return module_.functions(); }
  const lang::Function* FindProviderFunction(std::string_view local_name,
                                             std::string_view name) const override {
    return module_.FindProviderFunction(local_name, name);
  }
  std::string_view plan_timestamp() const override { return module_.plan_timestamp(); }
  bool console_mode() const override { return true; }
  const std::string& base_directory() const override { return module_.base_directory(); }

 private:
  ModuleScope module_;
};

}  // namespace

class Console::Impl {
 public:
  Impl(const PlanInputs& inputs, Diagnostics& diags)
      : graph_(inputs.config, /*split_resources=*/false),
        run_({.graph = graph_,
              .variables = inputs.variables,
              .schemas = inputs.schemas,
              .state = inputs.state,
              .evaluation = {.workspace = inputs.options.workspace,
                             .root_directory = inputs.options.root_directory,
                             .working_directory = inputs.options.working_directory},
              .offline = true}),
        steps_(run_, false),
        scope_(run_) {
    // No provider is asked for anything: none needs to be configured.
    steps_.SetUsedProviders(std::vector<bool>(inputs.config.providers().size(), false));
    if (!CheckCycles(inputs.config, diags)) return;
    graph_.graph().Freeze();
    graph::Walk(graph_.graph(), run_.WalkOptions(), [this](graph::Vertex vertex, graph::FanOut&) {
      const Step& step = run_.graph.steps()[vertex];
      if (step.kind == StepKind::kResource) return ReadResource(step);
      if (step.kind == StepKind::kOutput && step.node->parent == nullptr)
        return graph::Outcome::kDone;
      return steps_.Do(step);
    });
    diags.Append(run_.TakeDiagnostics());
  }

  const lang::Scope& scope() const { return scope_; }

  void Check(const parser::Expression& expression, Diagnostics& diags) const {
    const config::ValidationValues values{.node = &run_.tree.root()};
    const config::ValidationScope validation(run_.tree, run_.schemas, values, {});
    lang::ForEachTraversal(expression, [&](const parser::Traversal& traversal) {
      Diagnostics ignored;
      const auto target = run_.tree.root().module->Resolve(traversal, ignored);
      if (!target || target->index == config::kNone) return;
      if (target->kind == lang::ReferenceKind::kResource ||
          target->kind == lang::ReferenceKind::kEach ||
          target->kind == lang::ReferenceKind::kCount) {
        (void)validation.Resolve(traversal, diags);
      }
    });
  }

 private:
  graph::Outcome ReadResource(const Step& step) {
    Diagnostics diags;
    for (const auto& module : run_.evaluation.InstancesOf(*step.node)) {
      SetFromState(run_, *module, step.index, diags);
    }
    return FinishStep(run_, std::move(diags));
  }

  ConfigGraph graph_;
  Run run_;
  ConfigSteps steps_;
  ConsoleScope scope_;
};

Console::Console(const PlanInputs& inputs, Diagnostics& diags)
    : impl_(std::make_unique<Impl>(inputs, diags)) {}
Console::~Console() = default;
const lang::Scope& Console::scope() const { return impl_->scope(); }
void Console::Check(const parser::Expression& expression, Diagnostics& diags) const {
  impl_->Check(expression, diags);
}

}  // namespace tkn::plan
