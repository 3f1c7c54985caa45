#include "cli/console/loop.h"

#include "cli/console/names.h"
#include "cli/terminal/line_editor.h"
#include "engine/lang/evaluate.h"
#include "engine/lang/print.h"
#include "parser/token.h"

namespace tkn::cli {
namespace {

constexpr char kUsage[] =
    "Type an expression, and its value is printed. For example:\n"
    "  1 + 2\n  upper(\"a\")\n  var.name\n  linode_token.ci.label\n\n"
    "An open bracket goes on in the next line. Tab completes names, the arrow keys\n"
    "bring earlier lines back. \"exit\" or Ctrl-D leave; so does Ctrl-C on an empty line.";

std::string_view Trimmed(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin);
}

bool IsExit(std::string_view line) { return Trimmed(line) == "exit"; }

}  // namespace

bool WantsMore(std::string_view input) {
  using K = parser::TokenKind;
  int open = 0;
  for (const parser::Token& token : parser::Scan(input, parser::ScanMode::kNormal)) {
    switch (token.kind) {
      case K::kOpenBrace:
      case K::kOpenBracket:
      case K::kOpenParen:
      case K::kInterpolation:
      case K::kDirective:
      case K::kOpenHeredoc:
        ++open;
        break;
      case K::kCloseBrace:
      case K::kCloseBracket:
      case K::kCloseParen:
      case K::kTemplateEnd:
      case K::kCloseHeredoc:
        --open;
        break;
      default:
        break;
    }
  }
  return open > 0;
}

int ConsoleLoop::Run() {
  return session_.terminal().input_is_terminal() ? RunInteractive() : RunPiped();
}

int ConsoleLoop::RunInteractive() {
  Terminal& terminal = session_.terminal();
  const ConsoleNames names(root_, [this](const std::string& text) { return AttributesOf(text); });
  LineEditor editor(terminal, [&names](std::string_view text) {
    ConsoleNames::Completion completion = names.Complete(text);
    return LineEditor::Completion{completion.typed, std::move(completion.words)};
  });
  std::string input;
  std::string line;
  while (true) {
    switch (editor.Read(input.empty() ? "> " : ": ", line)) {
      case LineEditor::Outcome::kEnd:
        if (input.empty()) return 0;
        [[fallthrough]];  // of an input that is not complete
      case LineEditor::Outcome::kGivenUp:
        input.clear();
        continue;
      case LineEditor::Outcome::kLine:
        break;
    }
    if (input.empty() && IsExit(line)) return 0;
    input += line + "\n";
    if (WantsMore(input)) continue;
    if (input.find("<<") == std::string::npos) input.pop_back();  // needed by a heredoc's marker
    if (const auto answer = Answer(input)) terminal.Out(*answer + "\n");
    input.clear();
  }
}

// Every line is evaluated, and the last answer printed; the first error ends it. As Terraform does.
int ConsoleLoop::RunPiped() {
  Terminal& terminal = session_.terminal();
  std::string last;
  while (const auto line = terminal.ReadLine()) {
    if (IsExit(*line)) return 0;
    const auto answer = Answer(*line);
    if (!answer) return 1;
    last = *answer;
  }
  terminal.Out(last + "\n");
  return 0;
}

const parser::Expression& ConsoleLoop::Parse(std::string text, Diagnostics& diags) {
  const FileId file = session_.sources().Add("<console-input>", std::move(text), false);
  expressions_.push_back(parser::ParseExpression(session_.sources(), file, diags));
  return expressions_.back().expression();
}

std::optional<std::string> ConsoleLoop::Answer(const std::string& input) {
  const std::string_view text = Trimmed(input);
  if (text.empty()) return "";
  if (text == "help") return kUsage;
  Diagnostics diags;
  const parser::Expression& expression = Parse(input, diags);
  std::string out;
  if (!diags.HasErrors()) console_.Check(expression, diags);
  if (!diags.HasErrors()) {
    const Value value = lang::Evaluate(expression, console_.scope(), diags);
    if (!diags.HasErrors() && !lang::PrintConsole(value, out, diags)) out.clear();
  }
  const bool failed = diags.HasErrors();
  session_.Show(std::move(diags));
  if (failed) return std::nullopt;
  return out;
}

std::vector<std::string> ConsoleLoop::AttributesOf(const std::string& expression) {
  Diagnostics diags;
  const parser::Expression& parsed = Parse(expression, diags);
  if (!diags.HasErrors()) console_.Check(parsed, diags);
  if (diags.HasErrors()) return {};
  const Value value = lang::Evaluate(parsed, console_.scope(), diags).UnmarkDeep();
  std::vector<std::string> names;
  if (diags.HasErrors()) return names;
  if (value.type().IsObject()) {
    for (const ObjectAttribute& attribute : value.type().attributes()) {
      names.push_back(attribute.name);
    }
  } else if (value.type().IsMap() && value.IsKnown() && !value.IsNull()) {
    for (const std::string_view key : value.keys()) {
      if (parser::IsIdentifier(key)) names.emplace_back(key);
    }
  }
  return names;
}

}  // namespace tkn::cli
