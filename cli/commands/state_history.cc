#include <algorithm>
#include <array>

#include "cli/commands/commands.h"
#include "cli/state_access.h"
#include "engine/plan/timestamp.h"
#include "engine/render/json_writer.h"

namespace tkn::cli {

const char* const kStateHistoryHelp = R"(
state history [options] [ADDR...]

  Lists the operations that changed the state, newest first: serial, time,
  command, who ran it where, with which version, and how many objects it
  added (+), changed (~) and removed (-). With addresses, only the operations
  that changed something there.

Options:
  -json                  As JSON, with the address of each changed object.
  -verbose               List the changed objects and outputs below each line.
  -state=FILE            Read another state file.
)";

const char* const kStatePruneHelp = R"(
state prune [options]

  Forgets the older part of the history. How much is kept without it is set
  by TKN_STATE_HISTORY: the last 100 operations unless it says otherwise, all
  of them when it is 0.

Options:
  -keep=N                How many operations to keep; 0 forgets them all. Required.
  -lock=false, -lock-timeout=0s, -state=FILE   As for plan.
)";

namespace {

using state::HistoryEntry;
using Kind = HistoryEntry::Change::Kind;

std::string ObjectName(const state::ObjectKey& key) {
  std::string name = key.address.ToString();
  if (!key.deposed_key.empty()) name += " (deposed object " + key.deposed_key + ")";
  return name;
}

const char* Sign(Kind kind) {
  return kind == Kind::kAdded ? "+" : kind == Kind::kRemoved ? "-" : "~";
}

const char* Word(Kind kind) {
  return kind == Kind::kAdded ? "added" : kind == Kind::kRemoved ? "removed" : "changed";
}

std::string Counts(const HistoryEntry& entry) {
  std::string text;
  for (const Kind kind : {Kind::kAdded, Kind::kChanged, Kind::kRemoved}) {
    const auto count = std::count_if(entry.changes.begin(), entry.changes.end(),
                                     [kind](const auto& change) { return change.kind == kind; });
    if (count > 0) text += (text.empty() ? "" : " ") + (Sign(kind) + std::to_string(count));
  }
  if (!entry.outputs.empty()) {
    text += (text.empty() ? "" : ", ") + std::to_string(entry.outputs.size()) + " output" +
            (entry.outputs.size() == 1 ? "" : "s");
  }
  if (text.empty()) text = "-";
  if (!entry.finished_unix_seconds) text += " (did not finish)";
  return text;
}

std::string HistoryText(const std::vector<HistoryEntry>& entries, bool verbose) {
  using Row = std::array<std::string, 6>;
  std::vector<Row> rows{{"SERIAL", "TIME", "COMMAND", "WHO", "VERSION", "CHANGES"}};
  for (const HistoryEntry& entry : entries) {
    rows.push_back({std::to_string(entry.serial), plan::Rfc3339(entry.started_unix_seconds),
                    entry.command, entry.who, entry.version, Counts(entry)});
  }
  std::array<std::size_t, 6> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t i = 0; i + 1 < rows[r].size(); ++i)
      out += rows[r][i] + std::string(widths[i] - rows[r][i].size() + 2, ' ');
    out += rows[r].back() + "\n";
    if (!verbose || r == 0) continue;
    for (const auto& change : entries[r - 1].changes)
      out += std::string("  ") + Sign(change.kind) + " " + ObjectName(change.object) + "\n";
    for (const std::string& output : entries[r - 1].outputs) out += "  ~ output." + output + "\n";
  }
  return out;
}

std::string HistoryJson(const std::vector<HistoryEntry>& entries) {
  render::JsonWriter out;
  out.BeginArray();
  for (const HistoryEntry& entry : entries) {
    out.BeginObject();
    out.Key("serial").Int(static_cast<std::int64_t>(entry.serial));
    out.Key("before_serial").Int(static_cast<std::int64_t>(entry.before_serial));
    out.Key("command").Text(entry.command);
    out.Key("who").Text(entry.who);
    out.Key("version").Text(entry.version);
    out.Key("started").Text(plan::Rfc3339(entry.started_unix_seconds));
    out.Key("finished");
    if (entry.finished_unix_seconds) {
      out.Text(plan::Rfc3339(*entry.finished_unix_seconds));
    } else {
      out.Null();
    }
    out.Key("changes").BeginArray();
    for (const auto& change : entry.changes) {
      out.BeginObject();
      out.Key("address").Text(change.object.address.ToString());
      if (!change.object.deposed_key.empty()) out.Key("deposed").Text(change.object.deposed_key);
      out.Key("action").Text(Word(change.kind));
      out.EndObject();
    }
    out.EndArray();
    out.Key("outputs").BeginArray();
    for (const std::string& output : entry.outputs) out.Text(output);
    out.EndArray();
    out.EndObject();
  }
  out.EndArray();
  return out.text() + "\n";
}

bool Touches(const HistoryEntry& entry, const std::vector<TargetAddress>& targets) {
  return std::ranges::any_of(entry.changes, [&targets](const auto& change) {
    return std::ranges::any_of(targets, [&change](const TargetAddress& target) {
      return target.Contains(change.object.address);
    });
  });
}

}  // namespace

int RunStateHistory(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  bool json = false;
  bool verbose = false;
  flags.String("state", &state_flags.state);
  flags.Bool("json", &json);
  flags.Bool("verbose", &verbose);
  std::vector<std::string> arguments;
  if (!session.ParseFlags(flags, words, arguments, static_cast<std::size_t>(-1))) return 1;
  Diagnostics diags;
  const std::vector<TargetAddress> targets = ParseTargetArguments(arguments, diags);
  if (diags.HasErrors()) return session.Finish(std::move(diags));
  const auto store = OpenStateOfDirectory(session, state_flags, false, diags);
  auto entries = store ? store->History(diags) : std::nullopt;
  if (!entries) return session.Finish(std::move(diags));
  if (!targets.empty()) {
    std::erase_if(*entries, [&targets](const HistoryEntry& e) { return !Touches(e, targets); });
  }
  if (json) {
    session.terminal().Out(HistoryJson(*entries));
  } else if (entries->empty()) {
    session.terminal().Out("No operations are kept.\n");
  } else {
    session.terminal().Out(HistoryText(*entries, verbose));
  }
  return session.Finish(std::move(diags));
}

int RunStatePrune(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  int keep = -1;
  state_flags.Register(flags);
  flags.Int("keep", &keep);
  std::vector<std::string> arguments;
  if (!session.ParseFlags(flags, words, arguments)) return 1;
  Diagnostics diags;
  if (keep < 0) {
    diags.Add({.summary = "Invalid history depth",
               .detail = "Say how many operations to keep: -keep=20. What is forgotten can't be "
                         "shown or restored any more."});
    return session.Finish(std::move(diags));
  }
  const auto state = OpenStateForChange(session, state_flags, diags);
  if (!state) return session.Finish(std::move(diags));
  const auto pruned = state.snapshot->lineage.empty() ? std::optional<std::int64_t>(0)
                                                      : state.store->PruneHistory(keep, diags);
  if (!pruned) return session.Finish(std::move(diags));
  session.terminal().Out(std::to_string(*pruned) + " operation(s) forgotten.\n");
  return session.Finish(std::move(diags));
}

}  // namespace tkn::cli
