#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/session.h"
#include "engine/config/config.h"
#include "engine/plan/console.h"
#include "parser/parse.h"

namespace tkn::cli {

// Whether an input goes on in the next line: a bracket, a "${" or a heredoc is open.
[[nodiscard]] bool WantsMore(std::string_view input);

// Reads expressions and prints their values. The arguments must outlive it.
class ConsoleLoop {
 public:
  ConsoleLoop(Session& session, const config::Module& root, const plan::Console& console)
      : session_(session), root_(root), console_(console) {}

  // The exit code.
  int Run();

 private:
  int RunInteractive();
  int RunPiped();
  // nullopt: an error was shown.
  std::optional<std::string> Answer(const std::string& input);
  // Names of the attributes of the expression's value; none after any error.
  std::vector<std::string> AttributesOf(const std::string& expression);
  const parser::Expression& Parse(std::string text, Diagnostics& diags);

  Session& session_;
  const config::Module& root_;
  const plan::Console& console_;
  std::vector<parser::ParsedExpression> expressions_;  // what is printed may refer to them
};

}  // namespace tkn::cli
