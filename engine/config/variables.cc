#include "engine/config/variables.h"

#include <algorithm>

#include "engine/config/block_decoder.h"
#include "engine/config/module_files.h"
#include "engine/config/static_expression.h"
#include "engine/lang/evaluate.h"
#include "engine/value/json.h"
#include "parser/content.h"
#include "parser/parse.h"

extern char** environ;

namespace tkn::config {
namespace {

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

// First every source is read, which finds for each name the one that counts; then those are
// evaluated. So a value that a later one replaces is not looked at, and nothing is said about
// values while a source can't be read.
class Collector {
 public:
  Collector(const Module& root, const VariableSources& sources, SourceMap& source_map,
            Diagnostics& diags)
      : root_(root), sources_(sources), source_map_(source_map), diags_(diags) {}

  std::optional<VariableInputs> Run() {
    for (const auto& [name, text] : sources_.environment) {
      given_.insert_or_assign(name, Given{.origin = VariableOrigin::kEnvironment, .text = text});
    }
    AutoFiles();
    for (const VariableArgument& argument : sources_.arguments) {
      if (argument.kind == VariableArgument::Kind::kFile) {
        ReadFile(argument.text, VariableOrigin::kNamedFile);
      } else {
        ReadAssignment(argument.text);
      }
    }
    if (unreadable_) return std::nullopt;
    for (const auto& [name, given] : given_) {
      const std::uint32_t index = root_.FindVariable(name);
      if (index == kNone) {
        AddUndeclared(name, given);
      } else if (auto value = Evaluate(root_.variables[index], given)) {
        const SourceRange range =
            given.expression != nullptr ? given.expression->range : SourceRange{};
        inputs_.emplace(name, VariableInput{given.origin, *std::move(value), range});
      }
    }
    ReportUndeclared();
    return std::move(inputs_);
  }

 private:
  // A value as it was written: a text, or an expression in one of `files_`.
  struct Given {
    VariableOrigin origin;
    std::string_view text{};
    std::size_t file = 0;
    const parser::Expression* expression = nullptr;
  };
  struct ReadVariables {
    std::string path;
    parser::File file;
  };

  void Unreadable(std::string summary, std::string detail, SourceRange subject = {}) {
    unreadable_ = true;
    diags_.Add({.summary = std::move(summary), .detail = std::move(detail), .subject = subject});
  }

  void ReadAssignment(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) {
      return Unreadable("Invalid -var option",
                        "After -var, a name and a value are given with an equals sign between "
                        "them, as in -var=\"name=value\". " +
                            Quoted(text) + " has none.");
    }
    const std::string_view name = text.substr(0, equals);
    if (name.ends_with(' ')) {
      return Unreadable(
          "Invalid -var option",
          "The name " + Quoted(name) + " ends with a space. Write the equals sign right after it.");
    }
    given_.insert_or_assign(std::string(name), Given{.origin = VariableOrigin::kArgument,
                                                     .text = text.substr(equals + 1)});
  }

  void AutoFiles() {
    auto names = sources_.reader->List(sources_.directory);
    if (!names) return;
    std::ranges::sort(*names);
    for (const char* first : {"terraform.tfvars", "terraform.tfvars.json"}) {
      if (std::ranges::binary_search(*names, first)) {
        ReadFile(JoinPath(sources_.directory, first), VariableOrigin::kAutoFile);
      }
    }
    for (const std::string& name : *names) {
      if (name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json")) {
        ReadFile(JoinPath(sources_.directory, name), VariableOrigin::kAutoFile);
      }
    }
  }

  void ReadFile(const std::string& path, VariableOrigin origin) {
    std::string error;
    auto text = sources_.reader->Read(path, &error);
    if (!text) {
      return Unreadable("Failed to read variables file",
                        "The variables file " + path + " can't be read: " + error + ".");
    }
    const FileId id = source_map_.Add(path, *std::move(text));
    Diagnostics own;
    parser::File file = parser::ParseFile(source_map_, id, own);
    const bool broken = own.HasErrors();
    diags_.Append(std::move(own));
    for (const parser::Block& block : file.body().blocks) {
      if (block.type != "variable" || block.labels.empty()) continue;
      return Unreadable("Variable declaration in .tfvars file",
                        "A variables file gives values to variables that are declared elsewhere. "
                        "Put this block into a .tf file; here, the value is set by: " +
                            std::string(block.labels[0].text) + " = ...",
                        block.type_range);
    }
    unreadable_ |= broken;
    if (broken) return;
    const auto attributes = parser::JustAttributes(file.body(), own);
    unreadable_ |= own.HasErrors();
    diags_.Append(std::move(own));
    for (const parser::Attribute* attribute : attributes) {
      given_.insert_or_assign(
          std::string(attribute->name),
          Given{.origin = origin, .file = files_.size(), .expression = attribute->expression});
    }
    files_.push_back({path, std::move(file)});
  }

  std::optional<Value> Evaluate(const Variable& variable, const Given& given) {
    if (given.expression == nullptr) {
      return ParseVariableText(variable, given.text, source_map_, diags_);
    }
    const ReadVariables& read = files_[given.file];
    Diagnostics own;
    StaticContext context{source_map_, *read.file.body().json_arena, read.path.ends_with(".json"),
                          own};
    Value value = ConstantValue(*given.expression, context);
    const bool failed = own.HasErrors();
    diags_.Append(std::move(own));
    return failed ? std::nullopt : std::optional(std::move(value));
  }

  void AddUndeclared(const std::string& name, const Given& given) {
    switch (given.origin) {
      case VariableOrigin::kEnvironment:
        return;
      case VariableOrigin::kArgument:
        diags_.Add({.summary = "Value for undeclared variable",
                    .detail = "-var gives a value for " + Quoted(name) +
                              ", but the root module has no variable of this name. Declare it "
                              "with: variable " +
                              Quoted(name) + " {}"});
        return;
      default:
        undeclared_.emplace(name, files_[given.file].path);
    }
  }

  // Two are told each, the others are only counted.
  void ReportUndeclared() {
    int told = 0;
    for (const auto& [name, file] : undeclared_) {
      if (told++ == 2) break;
      diags_.Add(
          {.severity = Severity::kWarning,
           .summary = "Value for undeclared variable",
           .detail = "The file " + Quoted(file) + " gives a value for " + Quoted(name) +
                     ", but the root module has no variable of this name. Declare it, or remove "
                     "the value. What is "
                     "meant for several configurations can be set as TF_VAR_" +
                     name +
                     " in the environment, where nothing is said about what is not declared."});
    }
    if (undeclared_.size() > 2) {
      diags_.Add({.severity = Severity::kWarning,
                  .summary = "Values for undeclared variables",
                  .detail = "There are values for " + std::to_string(undeclared_.size() - 2) +
                            " more variables that are not declared."});
    }
  }

  const Module& root_;
  const VariableSources& sources_;
  SourceMap& source_map_;
  Diagnostics& diags_;
  bool unreadable_ = false;
  std::vector<ReadVariables> files_;
  std::map<std::string, Given> given_;
  VariableInputs inputs_;
  std::map<std::string, std::string> undeclared_;  // name to file
};

}  // namespace

std::map<std::string, std::string> EnvironmentVariables() {
  constexpr std::string_view kPrefix = "TF_VAR_";
  std::map<std::string, std::string> result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (!text.starts_with(kPrefix) || equals == std::string_view::npos) continue;
    result.emplace(text.substr(kPrefix.size(), equals - kPrefix.size()), text.substr(equals + 1));
  }
  return result;
}

std::optional<Value> ParseVariableText(const Variable& variable, std::string_view text,
                                       SourceMap& source_map, Diagnostics& diags) {
  if (variable.literal_text) return Value::String(text);
  const FileId id = source_map.Add("<value for var." + std::string(variable.name) + ">",
                                   std::string(text), false);
  Diagnostics own;
  const parser::ParsedExpression parsed = parser::ParseExpression(source_map, id, own);
  std::optional<Value> value;
  if (!own.HasErrors()) {
    parser::Arena unused;
    StaticContext context{source_map, unused, false, own};
    value = ConstantValue(parsed.expression(), context);
  }
  const bool failed = own.HasErrors();
  diags.Append(std::move(own));
  return failed ? std::nullopt : value;
}

std::optional<VariableInputs> CollectVariables(const Module& root, const VariableSources& sources,
                                               SourceMap& source_map, Diagnostics& diags) {
  return Collector(root, sources, source_map, diags).Run();
}

std::optional<VariableInput> ParsePromptedVariable(const Variable& variable, std::string_view text,
                                                   SourceMap& source_map, Diagnostics& diags) {
  auto value = ParseVariableText(variable, text, source_map, diags);
  if (!value) return std::nullopt;
  return VariableInput{VariableOrigin::kPrompt, *std::move(value), {}};
}

std::vector<const Variable*> MissingVariables(const Module& root, const VariableInputs& inputs) {
  std::vector<const Variable*> missing;
  for (const Variable& variable : root.variables) {
    if (!variable.default_value && !inputs.contains(variable.name)) missing.push_back(&variable);
  }
  std::ranges::sort(missing, {}, [](const Variable* variable) { return variable->name; });
  return missing;
}

void ReportMissingVariables(const Module& root, const VariableInputs& inputs, Diagnostics& diags) {
  for (const Variable* variable : MissingVariables(root, inputs)) {
    diags.Add({.summary = "No value for required variable",
               .detail = "The variable " + Quoted(variable->name) +
                         " has no default and was given no value. Set it with -var, -var-file, a "
                         "terraform.tfvars file or "
                         "TF_VAR_" +
                         std::string(variable->name) + ".",
               .subject = variable->range});
  }
}

Value PrepareVariable(const Variable& variable, const VariableInput* input, Diagnostics& diags) {
  const Type type = variable.type.WithoutOptional();
  const auto marked = [&](Value value) {
    if (variable.sensitive) value = value.WithMark(MarkKind::kSensitive);
    if (variable.ephemeral) value = value.WithMark(MarkKind::kEphemeral);
    return value;
  };
  if (input == nullptr) {
    return marked(variable.default_value ? *variable.default_value : Value::Unknown(type));
  }
  const SourceRange subject = input->range.IsValid() ? input->range : variable.range;
  Value value = input->value;
  if (!value.IsNull() && !variable.type_defaults.empty())
    value = variable.type_defaults.Apply(value);
  ConversionError error;
  auto converted = Convert(value, variable.type, &error);
  if (!converted) {
    // What does not fit is told by its type alone: the value may be secret.
    diags.Add({.summary = "Invalid value for input variable",
               .detail = "The value for var." + std::string(variable.name) +
                         " does not fit its type: " + error.ToString() + ".",
               .subject = subject});
    return marked(Value::Unknown(type));
  }
  if (converted->IsNull() && converted->IsKnown() && !variable.nullable) {
    if (variable.default_value)
      return marked(variable.default_value->WithMarks(converted->marks()));
    diags.Add({.summary = "Required variable not set",
               .detail = "var." + std::string(variable.name) +
                         " was set to null, but it is declared with nullable = false and "
                         "has no default that could stand in.",
               .subject = subject});
    return marked(Value::Unknown(type));
  }
  return marked(*std::move(converted));
}

std::vector<ConditionOutcome> CheckValidations(const Variable& variable, SourceRange subject,
                                               const lang::Scope& scope, Diagnostics& diags) {
  std::vector<ConditionOutcome> outcomes;
  outcomes.reserve(variable.validations.size());
  for (const Condition& condition : variable.validations) {
    Diagnostics own;
    ConditionOutcome outcome = EvaluateCondition(condition, scope, own);
    // A message that would give a secret away is left out, and the error itself says so.
    for (const Diagnostic& diagnostic : own) {
      if (diagnostic.severity == Severity::kError) diags.Add(diagnostic);
    }
    if (outcome.result == ConditionResult::kFail) {
      Diagnostic diagnostic{.summary = "Invalid value for variable",
                            .detail = outcome.message.empty()
                                          ? "The value does not satisfy a validation of var." +
                                                std::string(variable.name) + "."
                                          : outcome.message,
                            .subject = subject.IsValid() ? subject : variable.range};
      lang::ShowValues(*condition.condition, scope, diagnostic);
      diags.Add(std::move(diagnostic));
    }
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

}  // namespace tkn::config
