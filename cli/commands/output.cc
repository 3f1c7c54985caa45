#include <algorithm>

#include "cli/commands/commands.h"
#include "cli/state_access.h"
#include "engine/lang/print.h"
#include "engine/render/json_layout.h"
#include "engine/value/json.h"
#include "parser/suggest.h"

namespace tkn::cli {

const char* const kOutputHelp = R"(
output [options] [NAME]

  Shows the outputs of the root module as the last apply left them, or one
  of them by NAME.

Options:
  -json                  As JSON. Holds secrets.
  -raw                   The text of one output and nothing else, for scripts;
                         of a sensitive one, too.
  -state=FILE            Read another state file.
  -no-color              No colours.
)";

namespace {

struct Output {
  std::string name;
  Value value;
  const state::StoredOutput* stored;
};

std::optional<std::vector<Output>> DecodeOutputs(const state::Snapshot& snapshot,
                                                 Diagnostics& diags) {
  std::vector<Output> outputs;
  for (const state::StoredOutput& stored : snapshot.outputs) {
    std::string error;
    const auto type = TypeFromJson(stored.type_json, &error);
    const auto value = type ? FromJson(stored.value_json, *type, &error) : std::nullopt;
    if (!value) {
      diags.Add({.summary = "Failed to read output from state",
                 .detail = "The state holds a value for output \"" + stored.name +
                           "\" that does not fit its type: " + error});
      return std::nullopt;
    }
    outputs.push_back({stored.name, *value, &stored});
  }
  return outputs;
}

std::string AllAsJson(const std::vector<Output>& outputs) {
  if (outputs.empty()) return "{}\n";
  std::string text = "{";
  for (const Output& output : outputs) {
    text += text.size() == 1 ? "\n" : ",\n";
    text += "  " + JsonQuote(output.name) +
            ": {\n    \"sensitive\": " + (output.stored->sensitive ? "true" : "false") +
            ",\n    \"type\": " + render::IndentJson(output.value.type().ToJson(), 4) +
            ",\n    \"value\": " + render::IndentJson(ToJson(output.value), 4) + "\n  }";
  }
  return text + "\n}\n";
}

// -raw: only what is text in the language without quotes.
std::optional<std::string> RawText(const Output& output, Diagnostics& diags) {
  const auto text = Convert(output.value, Type::String(), nullptr);
  if (!text || !output.value.type().IsPrimitive()) {
    diags.Add({.summary = "Unsupported value for raw output",
               .detail = "-raw prints text, numbers and bools; output \"" + output.name +
                         "\" is a " + output.value.type().FriendlyName() +
                         ". Use -json, or give it as text with jsonencode()."});
    return std::nullopt;
  }
  if (text->IsNull()) {
    diags.Add({.summary = "Unsupported value for raw output",
               .detail = "Output \"" + output.name + "\" is null, which has no text."});
    return std::nullopt;
  }
  return std::string(text->AsString());
}

}  // namespace

int RunOutput(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  bool json = false;
  bool raw = false;
  StateFlags state_flags;
  flags.Bool("json", &json);
  flags.Bool("raw", &raw);
  flags.String("state", &state_flags.state);
  std::vector<std::string> arguments;
  if (!session.ParseFlags(flags, words, arguments, static_cast<std::size_t>(-1))) return 1;
  Diagnostics diags;
  if (arguments.size() > 1) {
    diags.Add(
        {.summary = "Unexpected argument",
         .detail =
             "The output command takes one name, or none for all outputs. Flags go before it."});
    return session.Finish(std::move(diags));
  }
  if (json && raw) {
    diags.Add({.summary = "Invalid output format",
               .detail = "-json and -raw exclude each other: choose one."});
    return session.Finish(std::move(diags));
  }
  if (raw && arguments.empty()) {
    diags.Add({.summary = "Output name required", .detail = "-raw prints one output: name it."});
    return session.Finish(std::move(diags));
  }
  const auto store = OpenStateOfDirectory(session, state_flags, false, diags);
  const auto snapshot = store ? store->Read(diags) : nullptr;
  const auto outputs = snapshot ? DecodeOutputs(*snapshot, diags) : std::nullopt;
  if (!outputs) return session.Finish(std::move(diags));
  Terminal& terminal = session.terminal();
  if (arguments.empty() || (outputs->empty() && !json)) {
    if (json) {
      terminal.Out(AllAsJson(*outputs));
    } else if (outputs->empty()) {
      diags.Add({.severity = Severity::kWarning,
                 .summary = "No outputs found",
                 .detail = "The state has no outputs. Outputs that the configuration declares get "
                           "into the state with \"tkn apply\"."});
    } else {
      for (const Output& output : *outputs) {
        terminal.Out(output.name + " = " +
                     (output.stored->sensitive ? "<sensitive>" : lang::PrintValue(output.value)) +
                     "\n");
      }
    }
    return session.Finish(std::move(diags));
  }
  const auto found = std::ranges::find(*outputs, arguments[0], &Output::name);
  if (found == outputs->end()) {
    std::vector<std::string> names;
    for (const Output& output : *outputs) names.push_back(output.name);
    diags.Add({.summary = "Output \"" + arguments[0] + "\" not found",
               .detail = "The state has no output of that name." + DidYouMean(arguments[0], names) +
                         " A new or renamed output gets into the state with \"tkn apply\"."});
    return session.Finish(std::move(diags));
  }
  if (raw) {
    const auto text = RawText(*found, diags);
    if (text) terminal.Out(*text);
    return session.Finish(std::move(diags));
  }
  terminal.Out((json ? ToJson(found->value) : lang::PrintValue(found->value)) + "\n");
  return session.Finish(std::move(diags));
}

}  // namespace tkn::cli
