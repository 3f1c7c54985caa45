#include "engine/config/variables.h"
#include "engine/lang/evaluate.h"

// Conditions of validation, precondition, postcondition and assert blocks.
namespace tkn::config {
namespace {

std::string Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(kSpace) - begin + 1));
}

// nullopt after an error; empty where the message may not or can't be shown.
std::optional<std::string> ErrorMessage(const parser::Expression& expression,
                                        const lang::Scope& scope, Diagnostics& diags) {
  Diagnostics own;
  const Value value = lang::Evaluate(expression, scope, own);
  const bool failed = own.HasErrors();
  diags.Append(std::move(own));
  if (failed) return std::nullopt;
  const auto invalid = [&](const std::string& why) {
    Diagnostic diagnostic{.summary = "Invalid error message",
                          .detail = "This can't be an error message: " + why,
                          .subject = expression.range};
    lang::ShowValues(expression, scope, diagnostic);
    diags.Add(std::move(diagnostic));
    return std::nullopt;
  };
  ConversionError error;
  const auto text = Convert(value, Type::String(), &error);
  if (!text) return invalid(error.ToString() + ".");
  if (!text->IsKnown()) return std::string();
  if (text->IsNull()) return invalid("it is null.");
  if (text->ContainsMark(MarkKind::kEphemeral)) {
    Diagnostic diagnostic{
        .summary = "Error message refers to ephemeral values",
        .detail = "An ephemeral value must not be shown, so this message can't use one.",
        .subject = expression.range};
    diags.Add(std::move(diagnostic));
    return std::string();
  }
  if (text->ContainsMark(MarkKind::kSensitive)) {
    diags.Add({.severity = Severity::kWarning,
               .summary = "Error message refers to sensitive values",
               .detail = "The message is not shown, since it would contain a sensitive value. "
                         "Leave that out, or use "
                         "nonsensitive() on what may be seen.",
               .subject = expression.range});
    return std::string();
  }
  return Trim(text->UnmarkDeep().AsString());
}

}  // namespace

ConditionOutcome EvaluateCondition(const Condition& condition, const lang::Scope& scope,
                                   Diagnostics& diags) {
  const parser::Expression& expression = *condition.condition;
  Diagnostics own;
  const Value value = lang::Evaluate(expression, scope, own);
  const bool failed = own.HasErrors();
  diags.Append(std::move(own));
  const auto message = condition.error_message == nullptr
                           ? std::optional<std::string>()
                           : ErrorMessage(*condition.error_message, scope, diags);
  if (failed || !message) return {ConditionResult::kError};
  if (!value.IsKnown()) return {ConditionResult::kUnknown};

  const auto invalid = [&](const std::string& why) -> ConditionOutcome {
    Diagnostic diagnostic{.summary = "Invalid condition result",
                          .detail = "A condition is true or false: " + why,
                          .subject = expression.range};
    lang::ShowValues(expression, scope, diagnostic);
    diags.Add(std::move(diagnostic));
    return {ConditionResult::kError};
  };
  if (value.IsNull()) return invalid("this one is null.");
  ConversionError error;
  const auto result = Convert(value.Unmark().first, Type::Bool(), &error);
  if (!result) return invalid(error.ToString() + ".");
  if (result->AsBool()) return {ConditionResult::kPass};
  return {ConditionResult::kFail, *message};
}

}  // namespace tkn::config
