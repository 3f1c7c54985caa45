#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/config.h"
#include "engine/config/load.h"
#include "engine/lang/scope.h"

// Values of input variables: from where they come, and what becomes of them on the way in.
namespace tkn::config {

enum class VariableOrigin : std::uint8_t {
  kEnvironment,
  kAutoFile,
  kNamedFile,
  kArgument,
  kPrompt,
  kPlan,
  kCaller,
};

// A value as given, before conversion, defaults and marks.
struct VariableInput {
  VariableOrigin origin = VariableOrigin::kArgument;
  Value value;
  SourceRange range{};  // in a file or on the command line
};
using VariableInputs = std::map<std::string, VariableInput, std::less<>>;

// -var and -var-file, in the order written: later ones win.
struct VariableArgument {
  enum class Kind : std::uint8_t { kAssignment, kFile };
  Kind kind = Kind::kAssignment;
  std::string text;  // "name=value", or a path
};

struct VariableSources {
  std::vector<VariableArgument> arguments{};
  // TF_VAR_name -> text, by name.
  std::map<std::string, std::string> environment{};
  std::string directory = ".";  // of terraform.tfvars and *.auto.tfvars
  const SourceReader* reader = &FileSystem();
};

// TF_VAR_* of the process.
std::map<std::string, std::string> EnvironmentVariables();

// Reads all sources, lowest precedence first: environment, terraform.tfvars(.json),
// *.auto.tfvars(.json) by name, arguments in their order; for each variable the last one is
// evaluated. Undeclared names give "Value for undeclared variable" (an error for -var, warnings for
// files, nothing for the environment), and are left out, as are values with errors. nullopt when a
// source can not be read, and then no value was looked at.
[[nodiscard]] std::optional<VariableInputs> CollectVariables(const Module& root,
                                                             const VariableSources& sources,
                                                             SourceMap& source_map,
                                                             Diagnostics& diags);

// A value from outside as text: as it is for variables of simple types, otherwise an expression.
[[nodiscard]] std::optional<Value> ParseVariableText(const Variable& variable,
                                                     std::string_view text, SourceMap& source_map,
                                                     Diagnostics& diags);

// One value as the person typed it at a prompt. nullopt after an error.
[[nodiscard]] std::optional<VariableInput> ParsePromptedVariable(const Variable& variable,
                                                                 std::string_view text,
                                                                 SourceMap& source_map,
                                                                 Diagnostics& diags);

// Variables without default that got no value, sorted by name: to be asked for, or an error.
[[nodiscard]] std::vector<const Variable*> MissingVariables(const Module& root,
                                                            const VariableInputs& inputs);
// "No value for required variable" for each.
void ReportMissingVariables(const Module& root, const VariableInputs& inputs, Diagnostics& diags);

// The value that the module sees: defaults applied, converted, nullable respected, sensitive and
// ephemeral marks set. `input` nullptr: none was given (the default; unknown where there is none).
// On errors
// ("Invalid value for input variable", "Required variable not set") an unknown of the right type.
[[nodiscard]] Value PrepareVariable(const Variable& variable, const VariableInput* input,
                                    Diagnostics& diags);

// Result of evaluating the condition of a validation, precondition, postcondition or assert block.
enum class ConditionResult : std::uint8_t { kPass, kFail, kUnknown, kError };
struct ConditionOutcome {
  ConditionResult result = ConditionResult::kUnknown;
  std::string message{};  // error_message, when it failed
};
// Evaluates one condition. Wrong ones ("Invalid condition", "Invalid error message"...) are kError;
// a false one is kFail, with its message. No diagnostic is added for false conditions: which words
// and severity depends on the block.
[[nodiscard]] ConditionOutcome EvaluateCondition(const Condition& condition,
                                                 const lang::Scope& scope, Diagnostics& diags);

// All validations of a variable. `scope` must give var.NAME. Adds "Invalid value for variable" with
// the message; `subject` is where the value came from (the default's or the caller's expression, or
// the variable block).
[[nodiscard]] std::vector<ConditionOutcome> CheckValidations(const Variable& variable,
                                                             SourceRange subject,
                                                             const lang::Scope& scope,
                                                             Diagnostics& diags);

}  // namespace tkn::config
