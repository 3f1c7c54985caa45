#include "cli/operation.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "cli/built_in_provisioners.h"
#include "cli/keep.h"
#include "cli/lock_record.h"
#include "cli/state_access.h"
#include "engine/apply/intents.h"
#include "engine/config/load.h"
#include "engine/config/validate.h"
#include "engine/plan/config_graph.h"
#include "parser/large_pages.h"
#include "state/lock_info.h"
#include "state/open.h"

namespace tkn::cli {
namespace {

// Of what is read from a state file this large, some times as much is going to be kept.
constexpr std::uintmax_t kLargeState = 128 * 1024;

bool InputAllowed() {
  const char* input = std::getenv("TF_INPUT");
  return !input || (std::string_view(input) != "0" && std::string_view(input) != "false");
}

std::string Prompt(const config::Variable& variable, const render::TextStyle& style) {
  std::string text = style.Bold("var." + std::string(variable.name)) + "\n";
  if (!variable.description.empty()) text += "  " + variable.description + "\n";
  return text + "\n  " + style.Bold("Enter a value:") + " ";
}

}  // namespace

std::string WorkingDirectory() {
  std::error_code error;
  const std::string path = std::filesystem::current_path(error).generic_string();
  return error ? "." : path;
}

Operation::Operation(Session& session)
    : session_(session), schemas_(session.registry(), provisioners_) {
  AddBuiltInProvisioners(provisioners_);
}

Operation::~Operation() {
  if (locked_) {
    Diagnostics diags;
    if (!store_->Unlock(diags)) session_.Show(std::move(diags));
  }
  if (tree_) KeepUntilExit(*std::move(tree_));
  KeepUntilExit(std::move(snapshot_));
  KeepUntilExit(std::move(groundwork_));
}

bool Operation::CheckConfiguration(Diagnostics& diags) {
  const Terminal::Activity activity(session_.terminal(), "Checking the configuration");
  Diagnostics more;
  config::ValidateTree(*tree_, schemas_, more, session_.Workspace());
  const bool ok = !more.HasErrors();
  diags.Append(std::move(more));
  return ok;
}

bool Operation::ValidateConfiguration(Diagnostics& diags) {
  return ReadConfiguration(diags) && CheckConfiguration(diags);
}

bool Operation::LoadConfiguration(std::string_view purpose, Diagnostics& diags,
                                  const StateFlags* read_aside) {
  if (!purpose.empty() && !config::HasConfiguration(directory_)) {
    diags.Add(
        {.summary = "No configuration files",
         .detail =
             std::string(purpose) +
             " needs a configuration, and this directory has no .tf or .tf.json file. Without one "
             "everything in the state would be planned for destruction; if that is what you want, "
             "use \"tkn destroy\"."});
    return false;
  }
  // Where the state is, the configuration says; nearly always it says nothing about it.
  const auto read_from = [&](const config::Module* root) {
    Diagnostics ignored;
    const auto location = LocateState(root, *read_aside, ignored);
    if (location) BeginReadingAside(*location);
  };
  if (read_aside != nullptr) read_from(nullptr);
  if (!ReadConfiguration(diags)) return false;
  if (read_aside != nullptr) read_from(tree_->root().module);
  // `validate` says the same of each provider; before a run, it is one error that stands alone.
  const std::vector<ProviderSource> missing = config::MissingProviders(*tree_, schemas_);
  if (missing.empty()) return CheckConfiguration(diags);
  std::string wanted, there;
  for (const ProviderSource& source : missing) wanted += "\n  - " + source.ToString();
  for (const ProviderSource& source : schemas_.Providers()) {
    there += (there.empty() ? "" : ", ") + source.ForDisplay();
  }
  diags.Add({.summary = "Inconsistent dependency lock file",
             .detail = "This configuration needs providers that are not built into tkn, and none "
                       "can be installed:" +
                       wanted + "\n\nBuilt in are: " + there + "."});
  return false;
}

bool Operation::ReadConfiguration(Diagnostics& diags) {
  const Terminal::Activity activity(session_.terminal(), "Reading the configuration");
  Diagnostics more;
  config::LoadOptions options;
  options.data_directory = session_.DataDirectory();
  tree_ = config::LoadModuleTree(directory_, session_.sources(), options, more);
  const bool ok = tree_ && !more.HasErrors();
  diags.Append(std::move(more));
  return ok;
}

bool Operation::LoadConfiguration(const plan::Plan& plan, Diagnostics& diags, bool tell_warnings) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const plan::PlannedSource& source : plan.sources)
    files.emplace_back(source.name, source.text);
  const auto reader = config::SourcesInMemory(std::move(files));
  config::LoadOptions options;
  options.reader = reader.get();
  options.data_directory = session_.DataDirectory();
  Diagnostics more;
  tree_ = config::LoadModuleTree(".", session_.sources(), options, more);
  const bool ok = tree_ && !more.HasErrors();
  if (!ok || tell_warnings) diags.Append(std::move(more));
  return ok;
}

bool Operation::ReadVariables(const VariableFlags& flags, Diagnostics& diags) {
  config::VariableSources sources;
  sources.arguments = flags.arguments;
  sources.environment = config::EnvironmentVariables();
  sources.directory = directory_;
  auto inputs = config::CollectVariables(*tree_->root().module, sources, session_.sources(), diags);
  if (!inputs) return false;
  variables_ = *std::move(inputs);
  return true;
}

bool Operation::LoadVariables(const VariableFlags& flags, bool ask, Diagnostics& diags) {
  const config::Module& root = *tree_->root().module;
  Diagnostics more;
  if (!ReadVariables(flags, more)) {
    diags.Append(std::move(more));
    return false;
  }
  if (!more.HasErrors() && ask && InputAllowed()) {
    for (const config::Variable* variable : config::MissingVariables(root, variables_)) {
      const auto text =
          session_.terminal().Ask(Prompt(*variable, session_.style()), variable->sensitive);
      session_.terminal().Out("\n");
      if (!text) break;
      if (auto input = config::ParsePromptedVariable(*variable, *text, session_.sources(), more)) {
        variables_.insert_or_assign(std::string(variable->name), std::move(*input));
      }
    }
  }
  config::ReportMissingVariables(root, variables_, more);
  const bool ok = !more.HasErrors();
  diags.Append(std::move(more));
  return ok;
}

bool Operation::LoadVariables(const plan::Plan& plan, const VariableFlags& flags,
                              Diagnostics& diags) {
  Diagnostics more;
  const bool given = ReadVariables(flags, more) && !more.HasErrors();
  diags.Append(std::move(more));
  if (!given) return false;
  for (const config::Variable& variable : tree_->root().module->variables) {
    const std::string name(variable.name);
    const auto input = variables_.find(name);
    const auto planned = plan.variables.find(name);
    const bool is_given = input != variables_.end();
    const bool was_given = planned != plan.variables.end();
    if (variable.ephemeral) {
      if (is_given && !was_given) {
        more.Add({.summary = "Ephemeral variable was not set during planning",
                  .detail = "The plan was made without a value for \"" + name +
                            "\", so it can't have one now. Leave it out, or "
                            "plan again with it.",
                  .subject = input->second.range});
      } else if (was_given && !is_given) {
        more.Add({.summary = "No value for required variable",
                  .detail = "\"" + name +
                            "\" is ephemeral, so the plan does not keep the value that it was made "
                            "with. Give it again: "
                            "-var '" +
                            name + "=...', or TF_VAR_" + name + "."});
      }
      continue;
    }
    using config::VariableOrigin;
    if (!is_given || (input->second.origin != VariableOrigin::kArgument &&
                      input->second.origin != VariableOrigin::kNamedFile)) {
      continue;
    }
    if (!was_given) {
      more.Add({.summary = "Value for undeclared variable",
                .detail = "The plan was made with the default of \"" + name +
                          "\". To give it another value, plan again.",
                .subject = input->second.range});
      continue;
    }
    const config::VariableInput before{.value = planned->second.value, .range = {}};
    Diagnostics ignored;
    const Value then = config::PrepareVariable(variable, &before, ignored);
    const Value now = config::PrepareVariable(variable, &input->second, more);
    if (now.EqualsIgnoringMarks(then)) continue;
    more.Add({.summary = "Can't change variable when applying a saved plan",
              .detail = "The plan was made with another value of \"" + name +
                        "\", and what it says follows from that one. Leave the "
                        "variable out, or plan again.",
              .subject = input->second.range});
  }
  const bool ok = !more.HasErrors();
  diags.Append(std::move(more));
  return ok;
}

// What goes wrong here is not told: it is found again when it is the state's turn.
void Operation::BeginReadingAside(const state::StateLocation& location) {
  if (reading_aside_.valid() && location == read_aside_from_) return;
  read_aside_from_ = location;
  std::error_code no_file;
  const std::optional<std::string> file = state::DatabasePath(location);
  if (file && std::filesystem::file_size(*file, no_file) >= kLargeState && !no_file)
    SkipToLargePageOfHeap();
  reading_aside_ =
      std::async(std::launch::async, [location, workspace = session_.Workspace()]() -> ReadAside {
        Diagnostics ignored;
        ReadAside aside;
        aside.store =
            state::OpenState(location, {.workspace = workspace, .read_only = true}, ignored);
        if (aside.store) aside.snapshot = aside.store->Read(ignored);
        if (aside.snapshot == nullptr || !ignored.empty()) return {};
        return aside;
      });
}

bool Operation::OpenState(const StateFlags& flags, Access access, Diagnostics& diags) {
  access_ = access;
  if (reading_aside_.valid()) {
    const Terminal::Activity activity(session_.terminal(), "Reading the state");
    ReadAside aside = reading_aside_.get();
    if (aside.store && access == Access::kRead) {
      store_ = std::move(aside.store);
      read_aside_ = std::move(aside.snapshot);
      return true;
    }
  }
  store_ = cli::OpenState(session_, tree_ ? tree_->root().module : nullptr, flags,
                          access == Access::kWrite, diags);
  return store_ != nullptr;
}

bool Operation::Lock(std::string_view operation, const StateFlags& flags, Diagnostics& diags) {
  if (!flags.lock || locked_) return true;
  const auto on_wait = [this] {
    session_.terminal().Out("Acquiring state lock. This may take a few moments...\n");
  };
  const Terminal::Activity activity(session_.terminal(), "Waiting for the state lock");
  if (!store_->Lock(MakeLockRecord(operation), flags.lock_timeout_seconds, on_wait, diags))
    return false;
  locked_ = true;
  return true;
}

bool Operation::ResolveIntents(const StateFlags& flags, bool offline, Diagnostics& diags,
                               bool undecided_may_stay) {
  if (store_->OpenIntents(diags).empty()) return !diags.HasErrors();
  // What is found out is written down, also by a plan.
  if (!offline && access_ == Access::kRead) {
    locked_ = false;
    store_.reset();
    if (!OpenState(flags, Access::kWrite, diags)) return false;
  }
  if (!offline && !Lock("OperationTypePlan", flags, diags)) return false;
  const apply::ResolvedIntents resolved =
      apply::ResolveIntents({.config = *tree_,
                             .sources = session_.sources(),
                             .variables = variables_,
                             .schemas = schemas_,
                             .store = *store_,
                             .offline = offline,
                             .undecided_may_stay = undecided_may_stay,
                             .workspace = session_.Workspace(),
                             .working_directory = WorkingDirectory()},
                            diags);
  return resolved.ok;
}

bool Operation::EnsureState(Diagnostics& diags) {
  if (!snapshot_->lineage.empty()) return true;
  state::Snapshot empty;
  empty.lineage = state::NewUuid();
  empty.serial = 1;
  return store_->Replace(empty, {.command = std::string(session_.command().name)}, diags);
}

bool Operation::ReadState(Diagnostics& diags) {
  const Terminal::Activity activity(session_.terminal(), "Reading the state");
  // A writer may have been at work when it was read aside, and be done by now.
  if (read_aside_ != nullptr && store_->IsAsRead()) {
    snapshot_ = std::exchange(read_aside_, nullptr);
  } else {
    snapshot_ = store_->Read(diags);
  }
  return snapshot_ != nullptr;
}

void Operation::PrepareToPlan(const plan::PlanOptions& options) {
  const Terminal::Activity activity(session_.terminal(), "Planning");
  groundwork_ = std::make_shared<plan::Groundwork>(*tree_, options);
}

std::optional<plan::Plan> Operation::MakePlan(plan::PlanOptions options, OperationView& view,
                                              Diagnostics& diags) {
  options.workspace = session_.Workspace();
  options.working_directory = WorkingDirectory();
  const Terminal::Activity activity(session_.terminal(), "Planning");
  const InterruptionScope scope(view.hooks());
  return plan::MakePlan({.config = *tree_,
                         .sources = session_.sources(),
                         .variables = variables_,
                         .schemas = schemas_,
                         .state = snapshot_,
                         .options = std::move(options),
                         .groundwork = groundwork_,
                         .hooks = &view.hooks(),
                         .interruption = &scope.interruption()},
                        diags);
}

apply::ApplyResult Operation::Apply(const plan::Plan& plan, int parallelism, OperationView& view,
                                    Diagnostics& diags) {
  const Terminal::Activity activity(session_.terminal(), "Applying");
  const InterruptionScope scope(view.hooks());
  return apply::Apply({.plan = plan,
                       .config = *tree_,
                       .sources = session_.sources(),
                       .schemas = schemas_,
                       .store = *store_,
                       .ephemeral_variables = variables_,
                       .parallelism = parallelism,
                       .command = std::string(session_.command().name),
                       .workspace = session_.Workspace(),
                       .working_directory = WorkingDirectory(),
                       .hooks = &view.hooks(),
                       .interruption = &scope.interruption()},
                      diags);
}

InterruptionScope::InterruptionScope(plan::Hooks& hooks)
    : watch_([this, &hooks](int count) {
        if (count == 1) {
          hooks.Stopping();
          interruption_.stop.Cancel();
        } else {
          interruption_.abort.Cancel();
        }
      }) {}

}  // namespace tkn::cli
