#include "tests/engine/test_world.h"

#include <algorithm>
#include <stdexcept>

#include "providers/builtin/builtin.h"

namespace tkn::apply {
namespace {

// provisioner "local-exec": its command is recorded and printed; "fail" fails.
class Recorder final : public provisioners::Provisioner {
 public:
  Recorder(std::mutex& mutex, std::vector<std::string>& lines) : mutex_(mutex), lines_(lines) {
    schema_.attributes = {{.name = "command", .type = Type::String(), .required = true}};
    schema_.Finish();
  }
  const BlockSchema& GetSchema() const override { return schema_; }
  void Validate(const Value&, Diagnostics&) const override {}
  void Run(const provisioners::Request& request, Diagnostics& diags) const override {
    const std::string command(request.config.Attribute("command").AsString());
    {
      const std::lock_guard lock(mutex_);
      lines_.push_back(command);
    }
    request.output(command);
    if (command == "fail") diags.Add({.summary = "local-exec provisioner error"});
  }

 private:
  BlockSchema schema_;
  std::mutex& mutex_;
  std::vector<std::string>& lines_;
};

const char* Word(plan::Action action) {
  switch (action) {
    case plan::Action::kNoOp:
      return "no-op";
    case plan::Action::kCreate:
      return "create";
    case plan::Action::kRead:
      return "read";
    case plan::Action::kUpdate:
      return "update";
    case plan::Action::kDeleteThenCreate:
      return "replace(-/+)";
    case plan::Action::kCreateThenDelete:
      return "replace(+/-)";
    case plan::Action::kDelete:
      return "delete";
    case plan::Action::kForget:
      return "forget";
  }
  return "";
}

}  // namespace

TestWorld::TestWorld()
    : cloud(std::make_shared<providers::fake::FakeCloud>()),
      store(std::make_unique<state::MemoryStore>()) {
  providers::fake::AddTo(providers, cloud);
  providers.Add(tkn::providers::kBuiltinProviderSource, "", [] {
    return tkn::providers::MakeBuiltinProvider(
        [](const auto&, Diagnostics&) { return std::optional<std::vector<Value::Entry>>(); });
  });
  provisioners.Add("local-exec", std::make_unique<const Recorder>(mutex_, provisioned));
  schemas = std::make_unique<plan::Schemas>(providers, provisioners);
  if (!store->Lock({.id = "test"}, 0, {}, diags))
    throw std::logic_error("the store cannot be locked");
}

TestWorld::~TestWorld() = default;

void TestWorld::Configure(std::string main,
                          std::vector<std::pair<std::string, std::string>> files) {
  files.emplace_back("main.tf", std::move(main));
  reader_ = config::SourcesInMemory(std::move(files));
  diags.Clear();
  tree_ = config::LoadModuleTree(".", sources, {.reader = reader_.get()}, diags);
  if (!tree_ || diags.HasErrors())
    throw std::logic_error("the test's configuration is wrong: " + Problems());
}

void TestWorld::SetVariable(const std::string& name, Value value) {
  variables[name] = {.origin = config::VariableOrigin::kArgument, .value = std::move(value)};
}

std::optional<plan::Plan> TestWorld::Plan(plan::PlanOptions options) {
  diags.Clear();
  options.parallelism = parallelism;
  return plan::MakePlan({.config = *tree_,
                         .sources = sources,
                         .variables = variables,
                         .schemas = *schemas,
                         .state = Snapshot(),
                         .options = std::move(options),
                         .hooks = this,
                         .interruption = &interruption},
                        diags);
}

ApplyResult TestWorld::Apply(const plan::Plan& plan) {
  diags.Clear();
  return apply::Apply({.plan = plan,
                       .config = *tree_,
                       .sources = sources,
                       .schemas = *schemas,
                       .store = *store,
                       .ephemeral_variables = variables,
                       .parallelism = parallelism,
                       .hooks = this,
                       .interruption = &interruption},
                      diags);
}

ApplyResult TestWorld::PlanAndApply(plan::PlanOptions options) {
  const std::optional<plan::Plan> plan = Plan(std::move(options));
  if (!plan || plan->errored) throw std::logic_error("planning failed: " + Problems());
  return Apply(*plan);
}

std::string TestWorld::Actions(const plan::Plan& plan) {
  std::string text;
  for (const plan::ResourceChange& change : plan.changes.all()) {
    if (change.action == plan::Action::kNoOp && !change.previous_address && !change.import_id)
      continue;
    text += std::string(Word(change.action)) + " " + change.address.ToString();
    if (!change.deposed_key.empty()) text += " (deposed)";
    if (change.previous_address) text += " from " + change.previous_address->ToString();
    if (change.import_id) text += " imported " + *change.import_id;
    text += "\n";
  }
  return text;
}

std::string TestWorld::Problems() const {
  std::string text;
  for (const Diagnostic& diagnostic : diags) {
    text += (diagnostic.severity == Severity::kError ? "error: " : "warning: ") +
            diagnostic.summary + "\n";
  }
  return text;
}

std::shared_ptr<const state::Snapshot> TestWorld::Snapshot() {
  Diagnostics reading;
  snapshot_ = store->Read(reading);
  if (snapshot_ == nullptr) throw std::logic_error("the store cannot be read");
  return snapshot_;
}

std::string TestWorld::State() {
  std::string text;
  for (const state::StoredObject& object : Snapshot()->objects) {
    text += object.address.ToString();
    if (!object.deposed_key.empty()) text += " (deposed)";
    if (object.status == state::ObjectStatus::kTainted) text += " (tainted)";
    text += "\n";
  }
  return text;
}

std::size_t TestWorld::At(const std::string& line) const {
  return static_cast<std::size_t>(std::find(log_.begin(), log_.end(), line) - log_.begin());
}

void TestWorld::Log(std::string line) {
  const std::lock_guard lock(mutex_);
  log_.push_back(std::move(line));
}

void TestWorld::BeforeApply(const Instance& instance, plan::Action action,
                            const plan::ResourceChange*) {
  Log(std::string("begin ") + Word(action) + " " + instance.address.ToString() +
      (instance.deposed_key.empty() ? "" : " (deposed)"));
}

void TestWorld::AfterApply(const Instance& instance, plan::Action action, std::chrono::milliseconds,
                           bool failed) {
  Log(std::string(failed ? "failed " : "end ") + Word(action) + " " + instance.address.ToString() +
      (instance.deposed_key.empty() ? "" : " (deposed)"));
}

void TestWorld::ProvisionOutput(const Instance& instance, std::string_view, std::string_view line) {
  Log("output " + instance.address.ToString() + ": " + std::string(line));
}

}  // namespace tkn::apply
