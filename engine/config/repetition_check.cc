#include "engine/config/validator.h"
#include "engine/lang/evaluate.h"

namespace tkn::config {
namespace {

struct Reporter {
  const parser::Expression& expression;
  const lang::Scope& scope;
  Diagnostics& diags;

  void operator()(const char* summary, std::string detail, bool sensitive = false) const {
    Diagnostic diagnostic{
        .summary = summary, .detail = std::move(detail), .subject = expression.range};
    diagnostic.caused_by_sensitive = sensitive;
    lang::ShowValues(expression, scope, diagnostic);
    diags.Add(std::move(diagnostic));
  }

  // Says which references bring in something ephemeral.
  void Ephemeral(std::string detail) const {
    Diagnostic diagnostic{.summary = "Invalid for_each argument",
                          .detail = std::move(detail),
                          .subject = expression.range,
                          .expression = expression.range};
    lang::ForEachTraversal(expression, [&](const parser::Traversal& traversal) {
      Diagnostics ignored;
      const auto resolved = scope.Resolve(traversal, ignored);
      if (resolved.steps_used > traversal.steps.size() ||
          !resolved.value.HasMark(MarkKind::kEphemeral))
        return;
      std::string name(traversal.root);
      for (const parser::Step& step : traversal.steps.first(resolved.steps_used))
        name += "." + std::string(step.text);
      diagnostic.values.push_back({std::move(name), "has an ephemeral value"});
    });
    diags.Add(std::move(diagnostic));
  }
};

}  // namespace

void CheckCount(const parser::Expression& expression, const lang::Scope& scope,
                Diagnostics& diags) {
  Diagnostics own;
  const Value value = lang::Evaluate(expression, scope, own);
  const bool failed = own.HasErrors();
  diags.Append(std::move(own));
  if (failed) return;
  const Reporter report{expression, scope, diags};
  ConversionError error;
  const auto number = Convert(value, Type::Number(), &error);
  if (!number)
    return report("Incorrect value type", "\"count\" is a number: " + error.ToString() + ".");
  if (number->HasMark(MarkKind::kEphemeral)) {
    diags.Add(
        {.summary = "Invalid count argument",
         .detail =
             "An ephemeral value decides \"count\", and it may be another one in the next run.",
         .subject = expression.range});
    return;
  }
  const Value plain = number->UnmarkDeep();
  if (!plain.IsKnown()) return;
  if (plain.IsNull())
    return report("Invalid count argument",
                  "\"count\" is null here. It is a whole number from 0 on.");
  const auto whole = plain.AsNumber().ToInt64();
  if (!whole) return report("Invalid count argument", "\"count\" is a whole number.");
  if (*whole < 0)
    report("Invalid count argument", "\"count\" is negative here. It is a whole number from 0 on.");
}

void CheckForEach(const parser::Expression& expression, const lang::Scope& scope,
                  Diagnostics& diags) {
  Diagnostics own;
  const Value marked = lang::Evaluate(expression, scope, own);
  const bool failed = own.HasErrors();
  diags.Append(std::move(own));
  if (failed) return;
  const Reporter report{expression, scope, diags};
  if (marked.HasMark(MarkKind::kSensitive)) {
    return report("Invalid for_each argument",
                  "A sensitive value decides \"for_each\". Its keys become part of addresses, "
                  "which everybody sees.",
                  true);
  }
  if (marked.HasMark(MarkKind::kEphemeral)) {
    return report.Ephemeral(
        "An ephemeral value decides \"for_each\", and it may be another one in the next run.");
  }
  const Value value = marked.Unmark().first;
  const Type type = value.type();
  if (value.IsKnown() && value.IsNull()) {
    return report("Invalid for_each argument",
                  "\"for_each\" is null here. It is a map, or a set of strings.");
  }
  if (!type.IsMap() && !type.IsSet() && !type.IsObject() && !type.IsDynamic()) {
    return report("Invalid for_each argument",
                  "\"for_each\" takes a map or a set of strings, and this is a value of type " +
                      type.FriendlyName() + ". A list of strings becomes a set by toset().");
  }
  if (!type.IsSet() || !value.IsKnown() || value.Length() == 0) return;
  if (type.element() != Type::String() && !type.element().IsDynamic()) {
    return report("Invalid for_each set argument",
                  "The elements become keys, so they are strings; here they are of type " +
                      type.element().FriendlyName() + ".");
  }
  for (const Value& element : value.elements()) {
    if (element.IsKnown() && element.IsNull()) {
      return report("Invalid for_each set argument",
                    "One of the elements is null, and can't be a key.");
    }
  }
}

}  // namespace tkn::config
