#include "engine/render/plan_text.h"

#include <algorithm>
#include <map>
#include <optional>

#include "engine/render/diff.h"
#include "engine/render/diff_text.h"

namespace tkn::render {
namespace {

using plan::Action;
using plan::ActionReason;
using plan::ResourceChange;

// Why the heading says what it says.
enum class Cause { kPlanned, kDrift };

bool IsMoved(const ResourceChange& change) {
  return change.previous_address && *change.previous_address != change.address;
}

// What an instance key means for people: "[1]" or "[\"a\"]".
std::string DestroyReason(const ResourceChange& change) {
  switch (change.reason) {
    case ActionReason::kDeleteBecauseNoResourceConfig:
      return "because " + change.address.resource.ToString() + " is not in configuration";
    case ActionReason::kDeleteBecauseNoMoveTarget:
      return "because " +
             (change.previous_address ? change.previous_address->ToString()
                                      : change.address.ToString()) +
             " was moved to " + change.address.ToString() + ", which is not in configuration";
    case ActionReason::kDeleteBecauseNoModule:
      return "because " + change.address.module.ToString() + " is not in configuration";
    case ActionReason::kDeleteBecauseWrongRepetition:
      if (change.address.key.IsIndex()) return "because resource does not use count";
      if (change.address.key.IsString()) return "because resource does not use for_each";
      return "because resource uses count or for_each";
    case ActionReason::kDeleteBecauseCountIndex:
      return "because index " + change.address.key.ToString() + " is out of range for count";
    case ActionReason::kDeleteBecauseEachKey:
      return "because key " + change.address.key.ToString() + " is not in for_each map";
    default:
      return change.deposed_key.empty()
                 ? ""
                 : "left over from a partially-failed replacement of this instance";
  }
}

std::string Name(const ResourceChange& change) {
  std::string name = change.address.ToString();
  if (!change.deposed_key.empty()) name += " (deposed object " + change.deposed_key + ")";
  return name;
}

std::string Heading(const ResourceChange& change, Cause cause, const TextStyle& style) {
  const std::string name = style.Bold("  # " + Name(change));
  switch (change.action) {
    case Action::kCreate:
      return name + " will be created";
    case Action::kRead:
      return name + " will be read during apply";
    case Action::kUpdate:
      return name + (cause == Cause::kDrift ? " has changed" : " will be updated in-place");
    case Action::kDeleteThenCreate:
    case Action::kCreateThenDelete:
      switch (change.reason) {
        case ActionReason::kReplaceBecauseTainted:
          return name + " is tainted, so must be " + style.Paint("1;31", "replaced");
        case ActionReason::kReplaceByRequest:
          return name + " will be " + style.Paint("1;31", "replaced") + ", as requested";
        case ActionReason::kReplaceByTriggers:
          return name + " will be " + style.Paint("1;31", "replaced") +
                 " due to changes in replace_triggered_by";
        default:
          return name + " must be " + style.Paint("1;31", "replaced");
      }
    case Action::kDelete:
      return name + (cause == Cause::kDrift ? " has been " + style.Paint("1;31", "deleted")
                                            : " will be " + style.Paint("1;31", "destroyed"));
    case Action::kForget:
      return style.Bold(" # " + Name(change)) +
             " will no longer be managed by tkn, but will not be destroyed";
    case Action::kNoOp:
      if (change.import_id) return name + " will be imported";
      return style.Bold("  # " + change.previous_address->ToString()) + " has moved to " +
             style.Bold(change.address.ToString());
  }
  return name;
}

// The remarks below the heading, each in parentheses.
std::string Remarks(const ResourceChange& change, Cause cause) {
  std::string out;
  const auto remark = [&](const std::string& text, const char* start = "\n  # (") {
    out += start + text + ")";
  };
  if (cause == Cause::kPlanned && change.action == Action::kRead) {
    if (change.reason == ActionReason::kReadBecauseConfigUnknown)
      remark("config refers to values not yet known");
    if (change.reason == ActionReason::kReadBecauseDependencyPending)
      remark("depends on a resource or a module with changes pending");
    if (change.reason == ActionReason::kReadBecauseCheckNested)
      remark("config will be reloaded to verify a check block");
  }
  if (cause == Cause::kPlanned && change.action == Action::kDelete) {
    if (const std::string reason = DestroyReason(change); !reason.empty()) remark(reason);
  }
  if (change.action == Action::kForget) {
    remark("destroy = false is set in the configuration", "\n # (");
    if (!change.deposed_key.empty())
      remark("left over from a partially-failed replacement of this instance", "\n # (");
  }
  if (IsMoved(change) && change.action != Action::kNoOp)
    remark("moved from " + change.previous_address->ToString());
  if (IsMoved(change) && change.action == Action::kNoOp && change.import_id)
    remark("moved from " + change.previous_address->ToString());
  if (change.import_id && change.action != Action::kNoOp)
    remark("imported from \"" + *change.import_id + "\"");
  if (change.import_id && plan::IsReplace(change.action))
    out += "\n  # Warning: this will destroy the imported resource";
  if (!change.generated_config.empty()) remark("config will be generated");
  return out;
}

std::string Symbol(Action action, const TextStyle& style) {
  switch (action) {
    case Action::kCreate:
      return "  " + style.Green("+");
    case Action::kUpdate:
      return "  " + style.Yellow("~");
    case Action::kDelete:
      return "  " + style.Red("-");
    case Action::kDeleteThenCreate:
      return style.Red("-") + "/" + style.Green("+");
    case Action::kCreateThenDelete:
      return style.Green("+") + "/" + style.Red("-");
    case Action::kRead:
      return " " + style.Cyan("<=");
    case Action::kForget:
      return " " + style.Red(".");
    case Action::kNoOp:
      return "   ";
  }
  return {};
}

// A whole change: heading, remarks, and the object's difference. "" when there is nothing to show.
std::string ChangeText(const ResourceChange& change, Cause cause, const TextStyle& style) {
  if (change.action == Action::kNoOp && !IsMoved(change) && !change.import_id) return {};
  // What is forgotten stays as it is; a read data source's old value is no part of the plan.
  const Value after = change.action == Action::kForget ? change.before : change.after;
  const Diff diff = DiffObject(change.before, after, change.schema->block, change.replace_paths);
  const ResourceName& resource = change.address.resource;
  return Heading(change, cause, style) + Remarks(change, cause) + "\n" +
         Symbol(change.action, style) + " " +
         (resource.mode == ResourceMode::kData ? "data" : "resource") + " \"" + resource.type +
         "\" \"" + resource.name + "\" " +
         DiffText(diff, 0, {.style = style, .hide_null_suffix = change.action == Action::kForget}) +
         "\n";
}

// Drift as far as something in the plan used it: attributes that nothing refers to count as
// unchanged. nullopt: none did.
std::optional<ResourceChange> RelevantPart(const plan::Plan& plan, const ResourceChange& drift) {
  const std::string address = drift.address.ToString();
  std::vector<std::string> attributes;
  bool whole = false;
  for (const auto& relevant : plan.relevant_attributes) {
    if (relevant.resource != address) continue;
    if (relevant.path.empty() || relevant.path.front().kind != PathStep::Kind::kAttribute) {
      whole = true;
    } else {
      attributes.push_back(relevant.path.front().name);
    }
  }
  if (!whole && attributes.empty()) return std::nullopt;
  ResourceChange part = drift;
  if (whole || drift.after.IsNull()) return part;
  std::vector<Value::Entry> after;
  bool changed = false;
  for (const ObjectAttribute& attribute : drift.after.type().attributes()) {
    const bool used = std::ranges::count(attributes, attribute.name) > 0;
    const Value old_value = drift.before.Attribute(attribute.name);
    const Value new_value = drift.after.Attribute(attribute.name);
    changed = changed || (used && !old_value.RawEquals(new_value));
    after.emplace_back(attribute.name, used ? new_value : old_value);
  }
  if (!changed) return std::nullopt;
  part.after = Value::Object(std::move(after));
  return part;
}

std::string DriftText(const plan::Plan& plan, const TextStyle& style, bool* only_moves) {
  std::string out;
  const bool all = plan.mode == plan::Mode::kRefreshOnly;
  for (const plan::DriftChange& drift : plan.drift) {
    if (drift.change.action == Action::kNoOp && !IsMoved(drift.change)) continue;
    // Outside of -refresh-only, moves are told with the changes, and drift only where something
    // used it.
    if (!all && drift.change.action == Action::kNoOp) continue;
    const auto relevant = all ? std::optional(drift.change) : RelevantPart(plan, drift.change);
    if (!relevant) continue;
    if (const std::string text = ChangeText(*relevant, Cause::kDrift, style); !text.empty()) {
      out += "\n" + text;
      if (drift.change.action != Action::kNoOp) *only_moves = false;
    }
  }
  return out;
}

std::string Wrapped(std::string_view text, const TextStyle& style) {
  return WrapParagraphs(text, style.columns - 1);
}

std::string NothingToDo(const plan::Plan& plan, bool drift, const TextStyle& style) {
  const std::string none = style.Paint("1;32", "No changes.");
  if (plan.errored) return {};
  switch (plan.mode) {
    case plan::Mode::kRefreshOnly:
      if (drift) {
        return Wrapped(
                   "\nThis is a refresh-only plan: applying it takes what is shown above into the "
                   "state, "
                   "and changes no real object.",
                   style) +
               "\n";
      }
      return "\n" + none + style.Bold(" Your infrastructure still matches the configuration.") +
             "\n\n" +
             Wrapped("Every object is as the state says it is after the last apply.", style) + "\n";
    case plan::Mode::kDestroy:
      return "\n" + none + style.Bold(" No objects need to be destroyed.") + "\n\n" +
             Wrapped(
                 "Nothing is managed here: nothing was created yet, or all of it is gone already.",
                 style) +
             "\n";
    case plan::Mode::kNormal:
      break;
  }
  return "\n" + none + style.Bold(" Your infrastructure matches the configuration.") + "\n\n" +
         Wrapped(
             "The real objects were compared with the configuration, and no difference was found: "
             "nothing has to be done.",
             style) +
         "\n";
}

// The legend: what each symbol that occurs means.
std::string Legend(const std::map<Action, int>& counts, const TextStyle& style) {
  struct Row {
    Action action;
    const char* meaning;
  };
  std::string out;
  for (const Row& row : {Row{Action::kCreate, "create"}, Row{Action::kUpdate, "update in-place"},
                         Row{Action::kDelete, "destroy"},
                         Row{Action::kDeleteThenCreate, "destroy and then create replacement"},
                         Row{Action::kCreateThenDelete, "create replacement and then destroy"},
                         Row{Action::kRead, "read (data resources)"}}) {
    if (counts.contains(row.action)) out += Symbol(row.action, style) + " " + row.meaning + "\n";
  }
  return out;
}

std::string SummaryLine(const std::map<Action, int>& counts, int imports, const TextStyle& style) {
  const auto count = [&](Action action) {
    const auto found = counts.find(action);
    return found == counts.end() ? 0 : found->second;
  };
  const int replaced = count(Action::kDeleteThenCreate) + count(Action::kCreateThenDelete);
  return style.Bold("Plan:") + " " + (imports > 0 ? std::to_string(imports) + " to import, " : "") +
         std::to_string(count(Action::kCreate) + replaced) + " to add, " +
         std::to_string(count(Action::kUpdate)) + " to change, " +
         std::to_string(count(Action::kDelete) + replaced) + " to destroy.\n";
}

}  // namespace

std::string OutputChangesText(const plan::Plan& plan, const TextStyle& style) {
  std::vector<std::pair<std::string, Diff>> changes;
  std::size_t width = 0;
  for (const plan::OutputChange& output : plan.outputs) {
    width = std::max(width, AttributeName(output.name).size());
    if (output.action == Action::kNoOp) continue;
    Value before = output.before;
    Value after = output.after;
    if (output.sensitive) {
      before = before.WithMark(MarkKind::kSensitive);
      after = after.WithMark(MarkKind::kSensitive);
    }
    Diff diff = DiffValue(before, after);
    if (diff.action == Action::kNoOp) continue;
    changes.emplace_back(AttributeName(output.name), std::move(diff));
  }
  if (changes.empty()) return {};
  std::string out = style.Bold("Changes to Outputs:") + "\n";
  const DiffTextOptions options{.style = style};
  for (const auto& [name, diff] : changes) {
    out += DiffWarning(diff, 0, options) + ActionSymbol(diff.action, options) +
           PaddedName(name, width) + " = " + DiffText(diff, 0, options) + "\n";
  }
  return out;
}

std::string PlanText(const plan::Plan& plan, const TextStyle& style) {
  std::map<Action, int> counts;
  int imports = 0;
  std::string changes;
  for (const ResourceChange& change : plan.changes.all()) {
    const bool data_gone =
        change.action == Action::kDelete && change.address.resource.mode == ResourceMode::kData;
    if (data_gone) continue;  // data sources are no objects: nothing is destroyed
    const std::string text = ChangeText(change, Cause::kPlanned, style);
    if (text.empty()) continue;
    changes += "\n" + text;
    if (change.import_id) ++imports;
    if (change.action != Action::kNoOp) ++counts[change.action];
  }
  const std::string outputs = OutputChangesText(plan, style);
  bool only_moves = true;
  const std::string drift = DriftText(plan, style, &only_moves);

  std::string out;
  if (!drift.empty()) {
    out += "\n" + style.Paint("1;36", "Note:") +
           style.Bold(" Objects have changed outside of tkn") + "\n\n" +
           Wrapped(
               "Since the last apply these objects were changed by somebody or something else, and "
               "this plan may be "
               "affected by it:",
               style) +
           "\n" + drift;
    if (!changes.empty() || !outputs.empty()) {
      out += "\n\n" +
             Wrapped(
                 "Where the configuration does not say the same, or ignore_changes does not cover "
                 "it, the plan below "
                 "undoes or responds to these changes.",
                 style) +
             "\n\n" + HorizontalRule({style.color, style.columns - 1}) + "\n";
    }
  }
  if (changes.empty() && outputs.empty()) {
    if (plan.errored) {
      return out + "\n" + style.Paint("1;31", "Planning failed.") +
             style.Bold(" tkn encountered an error while generating this plan.") + "\n";
    }
    return out + NothingToDo(plan, !drift.empty(), style);
  }
  if (!changes.empty()) {
    if (!counts.empty()) {
      out += "\n" +
             Wrapped(
                 "tkn used the selected providers to generate the following execution plan. "
                 "Resource actions are indicated with the following symbols:",
                 style) +
             "\n" + Legend(counts, style);
    }
    out += "\n" +
           std::string(plan.errored
                           ? "tkn planned the following actions, but then encountered a problem:\n"
                           : "tkn will perform the following actions:\n") +
           changes;
    out += "\n" + SummaryLine(counts, imports, style);
  }
  if (!outputs.empty()) {
    out += "\n" + outputs;
    if (counts.empty()) {
      out += "\n" +
             Wrapped(
                 "You can apply this plan to save these new output values to the tkn state, "
                 "without changing any real "
                 "infrastructure.",
                 style) +
             "\n";
    }
  }
  return out;
}

}  // namespace tkn::render
