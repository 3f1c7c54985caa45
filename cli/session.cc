#include "cli/session.h"

#include <cstdlib>
#include <fstream>

#include "cli/built_in_providers.h"
#include "engine/render/diagnostic_text.h"
#include "engine/render/diagnostic_view.h"
#include "parser/suggest.h"

namespace tkn::cli {

Session::Session() { AddBuiltInProviders(registry_); }

void Session::Show(Diagnostics diags, bool compact) {
  if (diags.empty()) return;
  render::SortForPrinting(diags, sources_);
  render::ContextFinder contexts(sources_);
  if (compact && !diags.HasErrors()) {
    terminal_.Out("\n" + render::CompactWarnings(diags, contexts, style()));
    return;
  }
  for (const Diagnostic& diagnostic : render::ConsolidateWarnings(diags)) {
    const std::string text = render::DiagnosticText(diagnostic, contexts, style());
    if (diagnostic.severity == Severity::kError) {
      terminal_.Error(text);
    } else {
      terminal_.Out(text);
    }
  }
}

int Session::Finish(Diagnostics diags, bool compact) {
  const bool failed = diags.HasErrors();
  Show(std::move(diags), compact);
  return failed ? 1 : 0;
}

bool Session::ReadFlags(FlagSet& flags, const std::vector<std::string>& words,
                        std::vector<std::string>& arguments, std::size_t most_arguments,
                        std::string_view too_many, Diagnostics& diags) {
  bool no_color = false;
  flags.Bool("no-color", &no_color);
  const std::string error = flags.Parse(words, arguments);
  if (no_color) terminal_.DisableColor();
  if (!error.empty()) {
    const std::size_t dash = error.rfind(": -");
    const std::string hint = error.starts_with("flag provided") && dash != std::string::npos
                                 ? DidYouMean(error.substr(dash + 3), flags.Names())
                                 : std::string();
    diags.Add({.summary = "Failed to parse command-line flags",
               .detail = error + (hint.empty() ? "" : "." + hint)});
    return false;
  }
  if (arguments.size() <= most_arguments) return true;
  std::string detail(too_many);
  if (detail.empty()) {
    detail = "The command takes " +
             (most_arguments == 0 ? "no arguments" : "at most " + std::to_string(most_arguments)) +
             "; \"" + arguments[most_arguments] + "\" is too much. Flags go before arguments.";
  }
  diags.Add({.summary = "Too many command line arguments", .detail = detail});
  return false;
}

void Session::PointToHelp() {
  terminal_.Error("\nFor more help on using this command, run:\n  tkn " +
                  std::string(command_->name) + " -help\n");
}

void Session::ShowUsage(Diagnostics diags) {
  Show(std::move(diags));
  PointToHelp();
}

bool Session::ParseFlags(FlagSet& flags, const std::vector<std::string>& words,
                         std::vector<std::string>& arguments, std::size_t most_arguments,
                         std::string_view too_many) {
  Diagnostics diags;
  if (ReadFlags(flags, words, arguments, most_arguments, too_many, diags)) return true;
  ShowUsage(std::move(diags));
  return false;
}

bool Session::ParseWords(FlagSet& flags, const std::vector<std::string>& words,
                         std::vector<std::string>& arguments, const ArgumentCount& count) {
  Diagnostics diags;
  std::string complaint;
  if (!ReadFlags(flags, words, arguments, kAnyNumber, {}, diags)) {
    complaint = "Error parsing command-line flags: " + diags.begin()->detail;
  } else if (arguments.size() < count.least || arguments.size() > count.most) {
    complaint = count.complaint;
  } else {
    return true;
  }
  terminal_.Error(complaint + "\n");
  if (complaint != ArgumentCount().complaint) PointToHelp();
  return false;
}

std::string Session::DataDirectory() const {
  const char* directory = std::getenv("TF_DATA_DIR");
  return directory && *directory ? directory : ".terraform";
}

std::string Session::Workspace() const {
  if (const char* workspace = std::getenv("TF_WORKSPACE"); workspace && *workspace)
    return workspace;
  std::ifstream file(DataDirectory() + "/environment");
  std::string workspace;
  if (file && std::getline(file, workspace) && !workspace.empty()) return workspace;
  return "default";
}

}  // namespace tkn::cli
