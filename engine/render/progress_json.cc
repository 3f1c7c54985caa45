#include "engine/render/progress_json.h"

#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>

#include "engine/render/action_names.h"
#include "engine/render/diagnostic_json.h"
#include "engine/render/diagnostic_view.h"
#include "engine/value/json.h"

namespace tkn::render {
namespace {

using Json = nlohmann::ordered_json;
using plan::Action;

std::string Now() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto micros =
      std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count() %
      1'000'000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[64];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text + length, sizeof text - length, ".%06dZ", static_cast<int>(micros));
  return text;
}

Json ResourceJson(const Address& address) {
  const std::string& type = address.resource.type;
  Json out;
  out["addr"] = address.ToString();
  out["module"] = address.module.ToString();
  out["resource"] = address.resource.ToString() + address.key.ToString();
  out["implied_provider"] = type.substr(0, type.find('_'));
  out["resource_type"] = type;
  out["resource_name"] = address.resource.name;
  if (address.key.IsIndex()) {
    out["resource_key"] = address.key.index();
  } else if (address.key.IsString()) {
    out["resource_key"] = address.key.string();
  } else {
    out["resource_key"] = nullptr;
  }
  return out;
}

const char* ActionName(Action action) {
  switch (action) {
    case Action::kNoOp:
      return "noop";
    case Action::kCreate:
      return "create";
    case Action::kRead:
      return "read";
    case Action::kUpdate:
      return "update";
    case Action::kDeleteThenCreate:
    case Action::kCreateThenDelete:
      return "replace";
    case Action::kDelete:
      return "delete";
    case Action::kForget:
      return "remove";
  }
  return "";
}

struct Words {
  const char* doing;
  const char* still;
  const char* noun;
};

Words WordsOf(Action action) {
  switch (action) {
    case Action::kCreate:
      return {"Creating...", "Still creating...", "Creation"};
    case Action::kUpdate:
      return {"Modifying...", "Still modifying...", "Modifications"};
    case Action::kDelete:
      return {"Destroying...", "Still destroying...", "Destruction"};
    case Action::kRead:
      return {"Refreshing...", "Still reading...", "Refresh"};
    default:
      return {"", "", ""};
  }
}

std::string Seconds(std::chrono::milliseconds time) {
  return std::to_string(std::chrono::round<std::chrono::seconds>(time).count()) + "s";
}

}  // namespace

struct JsonStream::Impl final : plan::Hooks {
  explicit Impl(std::function<void(std::string_view)> sink_function)
      : sink(std::move(sink_function)) {}

  void Write(const char* level, std::string message, const char* type, const char* key = nullptr,
             Json value = {}) {
    Json line;
    line["@level"] = level;
    line["@message"] = std::move(message);
    line["@module"] = "terraform.ui";
    line["@timestamp"] = Now();
    if (key) line[key] = std::move(value);
    line["type"] = type;
    sink(line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
  }

  Json Hook(const Instance& i, bool with_id) const {
    Json hook;
    hook["resource"] = ResourceJson(i.address);
    if (with_id && !i.id_key.empty() && !i.id_value.empty()) {
      hook["id_key"] = std::string(i.id_key);
      hook["id_value"] = std::string(i.id_value);
    }
    return hook;
  }
  static std::string Id(const Instance& i) {
    if (i.id_key.empty() || i.id_value.empty()) return {};
    return " [" + std::string(i.id_key) + "=" + std::string(i.id_value) + "]";
  }

  void BeforeRefresh(const Instance& i) override {
    Write("info", i.address.ToString() + ": Refreshing state..." + Id(i), "refresh_start", "hook",
          Hook(i, true));
  }
  void AfterRefresh(const Instance& i) override {
    Write("info", i.address.ToString() + ": Refresh complete" + Id(i), "refresh_complete", "hook",
          Hook(i, true));
  }
  void BeforeRead(const Instance& i) override { BeforeApply(i, Action::kRead, nullptr); }
  void AfterRead(const Instance& i, std::chrono::milliseconds time) override {
    AfterApply(i, Action::kRead, time, false);
  }

  void BeforeApply(const Instance& i, Action action, const plan::ResourceChange*) override {
    const Words words = WordsOf(action);
    if (!*words.doing) return;
    const bool with_id = action != Action::kCreate;
    Json hook = Hook(i, with_id);
    hook["action"] = ActionName(action);
    Write("info", i.address.ToString() + ": " + words.doing + (with_id ? Id(i) : ""), "apply_start",
          "hook", std::move(hook));
  }
  void StillApplying(const Instance& i, Action action, std::chrono::seconds time) override {
    const Words words = WordsOf(action);
    if (!*words.doing) return;
    Json hook = Hook(i, false);
    hook["action"] = ActionName(action);
    hook["elapsed_seconds"] = time.count();
    Write("info", i.address.ToString() + ": " + words.still + " [" + Seconds(time) + " elapsed]",
          "apply_progress", "hook", std::move(hook));
  }
  void AfterApply(const Instance& i, Action action, std::chrono::milliseconds time,
                  bool failed) override {
    const Words words = WordsOf(action);
    if (!*words.doing) return;
    const bool with_id = !failed && action != Action::kDelete;
    Json hook = Hook(i, with_id);
    hook["action"] = ActionName(action);
    hook["elapsed_seconds"] = std::chrono::round<std::chrono::seconds>(time).count();
    Write("info",
          i.address.ToString() + ": " + words.noun +
              (failed ? " errored after " : " complete after ") + Seconds(time) +
              (with_id ? Id(i) : ""),
          failed ? "apply_errored" : "apply_complete", "hook", std::move(hook));
  }

  void BeforeProvision(const Instance& i, std::string_view provisioner) override {
    Write("info",
          i.address.ToString() + ": Provisioning with '" + std::string(provisioner) + "'...",
          "provision_start", "hook", ProvisionHook(i, provisioner));
  }
  void ProvisionOutput(const Instance& i, std::string_view provisioner,
                       std::string_view line) override {
    Json hook = ProvisionHook(i, provisioner);
    hook["output"] = std::string(line);
    Write("info",
          i.address.ToString() + ": (" + std::string(provisioner) + "): " + std::string(line),
          "provision_progress", "hook", std::move(hook));
  }
  void AfterProvision(const Instance& i, std::string_view provisioner, bool failed) override {
    Write("info",
          i.address.ToString() + ": (" + std::string(provisioner) + ") Provisioning " +
              (failed ? "errored" : "complete"),
          failed ? "provision_errored" : "provision_complete", "hook",
          ProvisionHook(i, provisioner));
  }
  Json ProvisionHook(const Instance& i, std::string_view provisioner) const {
    Json hook = Hook(i, false);
    hook["provisioner"] = std::string(provisioner);
    return hook;
  }

  void BeforeEphemeral(const Instance& i, std::string_view what) override {
    Json hook = Hook(i, false);
    hook["action"] = what == "opening" ? "open" : what == "renewing" ? "renew" : "close";
    Write("info",
          i.address.ToString() + ": " +
              (what == "opening"    ? "Opening..."
               : what == "renewing" ? "Renewing..."
                                    : "Closing..."),
          "ephemeral_op_start", "hook", std::move(hook));
  }
  void AfterEphemeral(const Instance& i, std::string_view what,
                      std::chrono::milliseconds time) override {
    Json hook = Hook(i, false);
    hook["action"] = what == "opening" ? "open" : what == "renewing" ? "renew" : "close";
    hook["elapsed_seconds"] = std::chrono::round<std::chrono::seconds>(time).count();
    Write("info",
          i.address.ToString() + ": " +
              (what == "opening"    ? "Opening"
               : what == "renewing" ? "Renewal"
                                    : "Closing") +
              " complete after " + Seconds(time),
          "ephemeral_op_complete", "hook", std::move(hook));
  }

  // A line on what is planned for one object, or on what has become of it meanwhile.
  void Change(const plan::ResourceChange& change, bool drift) {
    const bool moved = change.previous_address && *change.previous_address != change.address;
    std::string action = ActionName(change.action);
    std::string verb = action;
    if (change.action == Action::kNoOp) {
      if (change.import_id) {
        action = "import";
      } else if (moved) {
        action = "move";
      } else {
        return;
      }
      verb = action;
    }
    Json json;
    json["resource"] = ResourceJson(change.address);
    if (moved) json["previous_resource"] = ResourceJson(*change.previous_address);
    json["action"] = action;
    const std::string_view reason = StreamReasonName(change.reason);
    if (!reason.empty()) json["reason"] = std::string(reason);
    if (change.import_id) json["importing"] = {{"id", *change.import_id}};
    if (!change.generated_config.empty()) json["generated_config"] = change.generated_config;
    Write("info",
          change.address.ToString() +
              (drift ? ": Drift detected (" + verb + ")" : ": Plan to " + verb),
          drift ? "resource_drift" : "planned_change", "change", std::move(json));
  }

  void Stopping() override {
    Write("info", "Interrupted: finishing what is under way, then saving.", "log");
  }

  std::function<void(std::string_view)> sink;
};

JsonStream::JsonStream(std::function<void(std::string_view)> sink)
    : impl_(std::make_unique<Impl>(std::move(sink))) {}
JsonStream::~JsonStream() = default;
plan::Hooks& JsonStream::hooks() { return *impl_; }

void JsonStream::Version() {
  Json line;
  line["@level"] = "info";
  line["@message"] = "tkn 1.11.4";
  line["@module"] = "terraform.ui";
  line["@timestamp"] = Now();
  line["terraform"] = "1.11.4";
  line["type"] = "version";
  line["ui"] = "1.2";
  impl_->sink(line.dump() + "\n");
}

void JsonStream::PlannedChanges(const plan::Plan& plan) {
  for (const plan::DriftChange& drift : plan.drift) {
    if (plan.mode != plan::Mode::kRefreshOnly && drift.change.action == Action::kNoOp) continue;
    impl_->Change(drift.change, true);
  }
  int imported = 0, added = 0, changed = 0, removed = 0;
  for (const plan::ResourceChange& change : plan.changes.all()) {
    const bool data = change.address.resource.mode == ResourceMode::kData;
    if (data && change.action == Action::kDelete) continue;
    impl_->Change(change, false);
    imported += change.import_id ? 1 : 0;
    added += change.action == Action::kCreate || plan::IsReplace(change.action) ? 1 : 0;
    changed += change.action == Action::kUpdate ? 1 : 0;
    removed += change.action == Action::kDelete || plan::IsReplace(change.action) ? 1 : 0;
  }
  ChangeSummary(Operation::kPlan, imported, added, changed, removed);
  Json outputs = Json::object();
  for (const plan::OutputChange& output : plan.outputs) {
    outputs[output.name] = {{"sensitive", output.sensitive}, {"action", ActionName(output.action)}};
  }
  if (outputs.empty()) return;
  std::string message = "Outputs: " + std::to_string(outputs.size());  // before they are moved away
  impl_->Write("info", std::move(message), "outputs", "outputs", std::move(outputs));
}

void JsonStream::SavedChanges(const plan::Plan& plan) {
  for (const plan::ResourceChange& change : plan.changes.all()) {
    const bool data = change.address.resource.mode == ResourceMode::kData;
    if (data && change.action == Action::kDelete) continue;
    if (change.action != Action::kNoOp) impl_->Change(change, false);
  }
}

void JsonStream::ChangeSummary(Operation operation, int imported, int added, int changed,
                               int removed) {
  const std::string import_text =
      imported > 0 ? std::to_string(imported) +
                         (operation == Operation::kPlan ? " to import, " : " imported, ")
                   : "";
  std::string message;
  const char* name = "plan";
  switch (operation) {
    case Operation::kPlan:
      message = "Plan: " + import_text + std::to_string(added) + " to add, " +
                std::to_string(changed) + " to change, " + std::to_string(removed) + " to destroy.";
      break;
    case Operation::kApply:
      name = "apply";
      message = "Apply complete! Resources: " + import_text + std::to_string(added) + " added, " +
                std::to_string(changed) + " changed, " + std::to_string(removed) + " destroyed.";
      break;
    case Operation::kDestroy:
      name = "destroy";
      message = "Destroy complete! Resources: " + std::to_string(removed) + " destroyed.";
      break;
  }
  impl_->Write("info", message, "change_summary", "changes",
               {{"add", added},
                {"change", changed},
                {"import", imported},
                {"remove", removed},
                {"operation", name}});
}

void JsonStream::Outputs(const std::vector<Output>& outputs) {
  Json all = Json::object();
  for (const Output& output : outputs) {
    Json json;
    json["sensitive"] = output.sensitive;
    json["type"] = Json::parse(output.value.type().ToJson());
    if (!output.sensitive) json["value"] = Json::parse(ToJson(output.value.UnmarkDeep()));
    all[output.name] = std::move(json);
  }
  impl_->Write("info", "Outputs: " + std::to_string(outputs.size()), "outputs", "outputs",
               std::move(all));
}

void JsonStream::Diagnose(const Diagnostics& diags, const SourceMap& sources) {
  ContextFinder contexts(sources);
  for (const Diagnostic& diagnostic : diags) {
    const bool error = diagnostic.severity == Severity::kError;
    impl_->Write(error ? "error" : "warn", (error ? "Error: " : "Warning: ") + diagnostic.summary,
                 "diagnostic", "diagnostic", DiagnosticJson(diagnostic, contexts));
  }
}

void JsonStream::InitOutput(std::string_view code, std::string_view message) {
  impl_->Write("info", std::string(message), "init_output", "message_code", std::string(code));
}

void JsonStream::Log(std::string_view message) {
  impl_->Write("info", std::string(message), "log");
}

}  // namespace tkn::render
