#include "engine/plan/console.h"

#include <algorithm>

#include "engine/plan/config_steps.h"
#include "engine/plan/module_scope.h"
#include "engine/plan/object_codec.h"
#include "engine/plan/run.h"

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
  const lang::Function* FindProviderFunction(std::string_view local_name, std::string_view name) const override {
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
      : run_({.tree = inputs.config,
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
    run_.graph.graph().Freeze();
    graph::Walk(run_.graph.graph(), run_.WalkOptions(), [this](graph::Vertex vertex, graph::FanOut&) {
      const Step& step = run_.graph.steps()[vertex];
      if (step.kind == StepKind::kResource) return ReadResource(step);
      if (step.kind == StepKind::kOutput && step.node->parent == nullptr) return graph::Outcome::kDone;
      return steps_.Do(step);
    });
    diags.Append(run_.TakeDiagnostics());
  }

  const lang::Scope& scope() const { return scope_; }

 private:
  // The instances are those that the state has, whatever the configuration would make of them today.
  graph::Outcome ReadResource(const Step& step) {
    const config::Resource& block = step.node->module->resources[step.index];
    Diagnostics diags;
    for (const auto& module : run_.evaluation.InstancesOf(*step.node)) {
      std::vector<PriorObject*> objects;
      for (PriorObject& object : run_.prior.Range({module->address, block.name})) {
        if (object.deposed_key().empty()) objects.push_back(&object);
      }
      if (objects.empty()) continue;
      Expansion expansion;
      expansion.repeated = block.count ? Repeated::kCount : block.for_each ? Repeated::kForEach : Repeated::kNo;
      for (const PriorObject* object : objects) {
        if (IsFitting(object->address->key, expansion.repeated)) expansion.keys.push_back(object->address->key);
      }
      FillGaps(expansion);
      ResourceValues& values = module->resources[step.index];
      values.Set(std::move(expansion));
      for (const PriorObject* object : objects) {
        const std::size_t index = values.expansion.Find(object->address->key);
        if (index != Expansion::npos) values.values[index] = Decode(*object, diags);
      }
      values.Complete();
    }
    return FinishStep(run_, std::move(diags));
  }

  static bool IsFitting(const InstanceKey& key, Repeated repeated) {
    switch (repeated) {
      case Repeated::kNo: return key.IsNone();
      case Repeated::kCount: return key.IsIndex();
      case Repeated::kForEach: return key.IsString();
    }
    return false;
  }

  // Indexes in front of the highest stand in the list even where there is no object.
  static void FillGaps(Expansion& expansion) {
    if (expansion.repeated == Repeated::kNo && expansion.keys.empty()) expansion.keys.emplace_back();
    if (expansion.repeated != Repeated::kCount || expansion.keys.empty()) return;
    const std::int64_t last = std::ranges::max(expansion.keys).index();
    // A state can hold any number; only a list as long as there are objects is worth its gaps.
    if (last >= static_cast<std::int64_t>(expansion.keys.size()) * 2 + 1000) return;
    expansion.keys.clear();
    for (std::int64_t i = 0; i <= last; ++i) expansion.keys.emplace_back(i);
  }

  Value Decode(const PriorObject& object, Diagnostics& diags) {
    const ResourceName& resource = object.address->resource;
    const ProviderSource& source = object.now().provider.provider;
    const Schema* schema = run_.schemas.ResourceSchema(source, resource.mode, resource.type);
    if (schema == nullptr) return Value::Dynamic();
    const auto decoded = DecodeObject(object.now(), *schema, *run_.schemas.Unconfigured(source), diags);
    return decoded ? decoded->Marked() : Value::Dynamic();
  }

  Run run_;
  ConfigSteps steps_;
  ConsoleScope scope_;
};

Console::Console(const PlanInputs& inputs, Diagnostics& diags) : impl_(std::make_unique<Impl>(inputs, diags)) {}
Console::~Console() = default;
const lang::Scope& Console::scope() const { return impl_->scope(); }

}  // namespace tkn::plan
