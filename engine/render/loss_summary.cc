#include "engine/render/loss_summary.h"

#include <algorithm>
#include <vector>

#include "engine/value/path.h"

namespace tkn::render {
namespace {

using plan::Action;
using plan::ActionReason;
using plan::ResourceChange;

// The attributes, each once. Not the keys in them: those of a sensitive map are secrets.
std::string CannotUpdate(const std::vector<Path>& paths) {
  std::vector<std::string> names;
  for (const Path& path : paths) {
    std::string name;
    for (const PathStep& step : path) {
      if (step.kind != PathStep::Kind::kAttribute) break;
      name += (name.empty() ? "" : ".") + step.name;
    }
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  std::string out = "cannot be updated";
  for (std::size_t i = 0; i < names.size(); ++i) out += (i == 0 ? ": " : ", ") + names[i];
  return out;
}

std::string Because(const ResourceChange& change) {
  switch (change.reason) {
    case ActionReason::kReplaceBecauseTainted:
      return "tainted";
    case ActionReason::kReplaceByRequest:
      return "-replace asks for it";
    case ActionReason::kReplaceByTriggers:
      return "replace_triggered_by";
    case ActionReason::kReplaceBecauseCannotUpdate:
      return CannotUpdate(change.replace_paths);
    case ActionReason::kDeleteBecauseNoResourceConfig:
      return "not in the configuration";
    case ActionReason::kDeleteBecauseNoMoveTarget:
      return "moved to where no block is";
    case ActionReason::kDeleteBecauseNoModule:
      return "its module is not in the configuration";
    case ActionReason::kDeleteBecauseWrongRepetition:
      return "count or for_each was added or removed";
    case ActionReason::kDeleteBecauseCountIndex:
      return "outside of count";
    case ActionReason::kDeleteBecauseEachKey:
      return "not in for_each";
    default:
      return change.deposed_key.empty() ? "" : "left over from a replacement";
  }
}

struct Loss {
  const char* sign;
  std::string name;
  std::string reason;
};

}  // namespace

std::string LossSummary(const plan::Plan& plan, const TextStyle& style) {
  std::vector<Loss> losses;
  std::size_t destroyed = 0;
  std::size_t width = 0;
  for (const ResourceChange& change : plan.changes.all()) {
    if (change.address.resource.mode == ResourceMode::kData) continue;
    const char* sign = change.action == Action::kDelete             ? "  -"
                       : change.action == Action::kDeleteThenCreate ? "-/+"
                       : change.action == Action::kCreateThenDelete ? "+/-"
                                                                    : nullptr;
    if (sign == nullptr) continue;
    destroyed += change.action == Action::kDelete ? 1 : 0;
    std::string name = change.address.ToString();
    if (!change.deposed_key.empty()) name += " (deposed object " + change.deposed_key + ")";
    width = std::max(width, name.size());
    losses.push_back({sign, std::move(name), Because(change)});
  }
  if (losses.empty()) return {};
  std::string out = "\n" + style.Bold("In short: ") + std::to_string(destroyed) + " destroyed, " +
                    std::to_string(losses.size() - destroyed) + " replaced.\n";
  for (const Loss& loss : losses) {
    out += style.Red(loss.sign) + " " + loss.name;
    if (!loss.reason.empty()) {
      // One very long address does not push all reasons off the screen.
      const std::size_t column = std::min<std::size_t>(width, 50);
      out.append(loss.name.size() < column ? column - loss.name.size() : 0, ' ');
      out += "  (" + loss.reason + ")";
    }
    out += "\n";
  }
  return out;
}

}  // namespace tkn::render
