#include "engine/render/progress_text.h"

#include <string>
#include <utility>

namespace tkn::render {
namespace {

using plan::Action;

std::string Name(const plan::Hooks::Instance& instance) {
  std::string name = instance.address.ToString();
  if (!instance.deposed_key.empty())
    name.append(" (deposed object ").append(instance.deposed_key).append(")");
  return name;
}

// "id=123", or "".
std::string Id(const plan::Hooks::Instance& instance) {
  if (instance.id_key.empty() || instance.id_value.empty()) return {};
  return std::string(instance.id_key).append("=").append(instance.id_value);
}

// " [id=123]", or "".
std::string IdInBrackets(const plan::Hooks::Instance& instance) {
  if (instance.id_key.empty() || instance.id_value.empty()) return {};
  std::string text;
  text.reserve(instance.id_key.size() + instance.id_value.size() + 4);
  text.append(" [").append(instance.id_key).append("=").append(instance.id_value).append("]");
  return text;
}

std::string Elapsed(std::chrono::seconds time) {
  const auto seconds = time.count();
  std::string text;
  if (seconds >= 3600) text += std::to_string(seconds / 3600) + "h";
  if (seconds >= 60) text += std::to_string(seconds / 60 % 60) + "m";
  return text + std::to_string(seconds % 60) + "s";
}

std::string Elapsed(std::chrono::milliseconds time) {
  return Elapsed(std::chrono::round<std::chrono::seconds>(time));
}

struct Words {
  const char* doing;
  const char* still;
  const char* done;
};

Words WordsOf(Action action) {
  switch (action) {
    case Action::kCreate:
      return {"Creating...", "Still creating...", "Creation complete"};
    case Action::kUpdate:
      return {"Modifying...", "Still modifying...", "Modifications complete"};
    case Action::kDelete:
      return {"Destroying...", "Still destroying...", "Destruction complete"};
    case Action::kRead:
      return {"Reading...", "Still reading...", "Read complete"};
    default:
      return {nullptr, nullptr, nullptr};
  }
}

class Progress final : public plan::Hooks {
 public:
  Progress(TextStyle style, std::function<void(std::string_view)> sink)
      : style_(style), sink_(std::move(sink)) {}

  void BeforeRefresh(const Instance& i) override { Say(i, "Refreshing state...", IdInBrackets(i)); }

  void BeforeRead(const Instance& i) override { Say(i, "Reading..."); }
  void AfterRead(const Instance& i, std::chrono::milliseconds time) override {
    Say(i, "Read complete after " + Elapsed(time) + IdInBrackets(i));
  }

  void BeforePlannedImport(const Instance& i, std::string_view import_id) override {
    Say(i, "Preparing import... [id=" + std::string(import_id) + "]");
  }
  void BeforeApplyImport(const Instance& i, std::string_view import_id) override {
    Say(i, "Importing... [id=" + std::string(import_id) + "]");
  }
  void AfterApplyImport(const Instance& i, std::string_view import_id) override {
    Say(i, "Import complete [id=" + std::string(import_id) + "]");
  }
  void BeforeImport(const Instance& i, std::string_view import_id) override {
    Say(i, "Importing from ID \"" + std::string(import_id) + "\"...");
  }
  void AfterImport(const Instance& i, std::string_view type) override {
    Say(i, "Import prepared!");
    sink_(style_.Bold("  Prepared " + std::string(type) + " for import") + "\n");
  }

  void BeforeApply(const Instance& i, Action action, const plan::ResourceChange*) override {
    const Words words = WordsOf(action);
    if (!words.doing) return;
    Say(i, words.doing + (action == Action::kCreate ? "" : IdInBrackets(i)));
  }

  void StillApplying(const Instance& i, Action action, std::chrono::seconds time) override {
    const Words words = WordsOf(action);
    if (!words.still) return;
    const std::string id = action == Action::kCreate ? "" : Id(i);
    Say(i, std::string(words.still) + " [" + (id.empty() ? "" : id + ", ") + Elapsed(time) +
               " elapsed]");
  }

  void AfterApply(const Instance& i, Action action, std::chrono::milliseconds time,
                  bool failed) override {
    const Words words = WordsOf(action);
    if (failed || !words.done) return;
    // The end of a deposed object is told as that of its address.
    Say({.address = i.address, .deposed_key = {}},
        std::string(words.done) + " after " + Elapsed(time) +
            (action == Action::kDelete ? "" : IdInBrackets(i)));
  }

  void BeforeProvision(const Instance& i, std::string_view provisioner) override {
    Say(i, "Provisioning with '" + std::string(provisioner) + "'...");
  }
  void ProvisionOutput(const Instance& i, std::string_view provisioner,
                       std::string_view line) override {
    const std::string prefix = style_.Bold(Name(i) + " (" + std::string(provisioner) + "):");
    // A program's empty line stays an empty line.
    sink_(line.empty() ? "\n" : prefix + " " + std::string(line) + "\n");
  }

  void BeforeEphemeral(const Instance& i, std::string_view what) override {
    Say(i, what == "opening" ? "Opening..." : what == "renewing" ? "Renewing..." : "Closing...");
  }
  void AfterEphemeral(const Instance& i, std::string_view what,
                      std::chrono::milliseconds time) override {
    Say(i, (what == "opening"    ? "Opening"
            : what == "renewing" ? "Renewal"
                                 : "Closing") +
               std::string(" complete after ") + Elapsed(time));
  }

  void Stopping() override {
    sink_(
        "\nInterrupted: what is under way is being finished and saved, nothing new is begun.\n"
        "A second interrupt tells running calls to stop, too; what they had done by then is "
        "saved.\n\n");
  }

 private:
  void Say(const Instance& instance, std::string_view what, std::string_view more = {}) {
    std::string line = Name(instance);
    line.reserve(line.size() + what.size() + more.size() + 3);
    line.append(": ").append(what).append(more);
    if (style_.color) line = style_.Bold(line);
    line += '\n';
    sink_(line);
  }

  TextStyle style_;
  std::function<void(std::string_view)> sink_;
};

}  // namespace

std::unique_ptr<plan::Hooks> ProgressText(TextStyle style,
                                          std::function<void(std::string_view)> sink) {
  return std::make_unique<Progress>(style, std::move(sink));
}

}  // namespace tkn::render
