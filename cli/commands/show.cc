#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/commands/commands.h"
#include "cli/operation.h"
#include "cli/state_access.h"
#include "engine/plan/plan_file.h"
#include "engine/render/document_json.h"
#include "engine/render/plan_text.h"
#include "engine/render/state_text.h"
#include "state/tfstate/tfstate.h"

namespace tkn::cli {

const char* const kShowHelp = R"(
show [options] [PATH]

  Shows the current state, or the saved plan or state file PATH.

Options:
  -json                  As JSON, in Terraform's format. Holds secrets.
  -no-color              No colours.
)";

namespace {

int ShowState(Session& session, const state::Snapshot& snapshot, const plan::Schemas& schemas,
              bool json, Diagnostics diags) {
  const std::string text =
      json ? render::StateJson(snapshot, schemas, diags) + "\n"
      : snapshot.IsEmpty()
          ? (snapshot.lineage.empty() ? "No state.\n"
                                      : "The state file is empty. No resources are represented.\n")
          : render::StateText(snapshot, schemas, session.style(), diags);
  const int code = session.Finish(std::move(diags));
  if (code == 0) session.terminal().Out(text);
  return code;
}

int ShowPlanFile(Session& session, Operation& operation, const std::string& path, bool json) {
  Diagnostics diags;
  const auto plan = plan::LoadPlan(path, operation.schemas(), diags);
  if (!plan) return session.Finish(std::move(diags));
  if (!json) {
    session.terminal().Out(render::PlanText(*plan, session.style()));
    return session.Finish(std::move(diags));
  }
  if (!operation.LoadConfiguration(*plan, diags)) return session.Finish(std::move(diags));
  const std::string text = render::PlanJson(*plan, operation.tree(), operation.schemas(), diags);
  const int code = session.Finish(std::move(diags));
  if (code == 0) session.terminal().Out(text + "\n");
  return code;
}

// A tfstate file that is not the current state.
int ShowStateFile(Session& session, Operation& operation, const std::string& path, bool json) {
  Diagnostics diags;
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::optional<state::Snapshot> snapshot;
  if (file.is_open()) snapshot = state::ParseTfstate(text, diags);
  if (!snapshot) {
    diags.Clear();
    diags.Add({.summary = "Failed to read the given file as a state or plan file",
               .detail = std::filesystem::exists(path)
                             ? "\"" + path +
                                   "\" is neither a plan that \"tkn plan -out\" saved nor a state "
                                   "in Terraform's format 4."
                             : "There is no file \"" + path + "\"."});
    return session.Finish(std::move(diags));
  }
  return ShowState(session, *snapshot, operation.schemas(), json, std::move(diags));
}

}  // namespace

int RunShow(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  bool json = false;
  flags.Bool("json", &json);
  std::vector<std::string> arguments;
  if (!session.ParseFlags(
          flags, words, arguments, 1,
          "Expected at most one positional argument: a saved plan or a state file."))
    return 1;
  Operation operation(session);
  if (!arguments.empty()) {
    if (plan::IsPlanFile(arguments[0])) return ShowPlanFile(session, operation, arguments[0], json);
    return ShowStateFile(session, operation, arguments[0], json);
  }
  Diagnostics diags;
  const auto store = OpenStateOfDirectory(session, {}, false, diags);
  const auto snapshot = store ? store->Read(diags) : nullptr;
  if (!snapshot) return session.Finish(std::move(diags));
  return ShowState(session, *snapshot, operation.schemas(), json, std::move(diags));
}

}  // namespace tkn::cli
