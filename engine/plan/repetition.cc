#include "engine/plan/repetition.h"

#include <algorithm>
#include <utility>

#include "engine/lang/evaluate.h"
#include "engine/value/convert.h"

namespace tkn::plan {
namespace {

struct Problem {
  std::string detail;
  bool unknown = false;
  bool sensitive = false;
  bool is_count = false;  // a number tells nothing that the detail does not
  const char* summary = nullptr;
};

void Report(const char* summary, Problem problem, const parser::Expression& expression,
            const lang::Scope& scope, Diagnostics& diags) {
  Diagnostic diagnostic{.summary = problem.summary ? problem.summary : summary,
                        .detail = std::move(problem.detail),
                        .subject = expression.range};
  diagnostic.caused_by_unknown = problem.unknown;
  diagnostic.caused_by_sensitive = problem.sensitive;
  if (!problem.is_count) lang::ShowValues(expression, scope, diagnostic);
  diags.Add(std::move(diagnostic));
}

// Marks that neither argument may have.
std::optional<Problem> ForbiddenMarks(const Value& value, const char* argument) {
  if (value.HasMark(MarkKind::kSensitive)) {
    return Problem{.detail = std::string("A sensitive value decides \"") + argument +
                             "\" here. The addresses of instances are shown in every plan, so they "
                             "would give it away. Use a value that is not sensitive, or wrap it in "
                             "nonsensitive() if it is safe to show.",
                   .sensitive = true};
  }
  if (value.HasMark(MarkKind::kEphemeral)) {
    return Problem{.detail = std::string("An ephemeral value decides \"") + argument +
                             "\" here. Which instances exist must be the same at every run, and an "
                             "ephemeral value may differ each time."};
  }
  return std::nullopt;
}

std::optional<Problem> CountOf(const Value& value, std::int64_t& count) {
  // A sensitive number is fine: how many instances there are is plain to see anyway.
  if (value.HasMark(MarkKind::kEphemeral)) {
    return ForbiddenMarks(value.WithoutMark(MarkKind::kSensitive), "count");
  }
  const Value plain = value.UnmarkDeep();
  if (plain.IsKnown() && plain.IsNull()) {
    return Problem{.detail = "\"count\" is null here. A whole number is required."};
  }
  ConversionError error;
  const std::optional<Value> number = Convert(plain, Type::Number(), &error);
  if (!number) {
    return Problem{.detail = "\"count\" must be a whole number: " + error.ToString() + ".",
                   .summary = "Incorrect value type"};
  }
  if (!number->IsKnown()) {
    return Problem{.detail =
                       "How many instances there are depends on something that is known only "
                       "after the apply, so they cannot be planned. Apply first what it depends "
                       "on, with the -target option, and then everything.",
                   .unknown = true};
  }
  if (number->IsNull())
    return Problem{.detail = "\"count\" is null here. A whole number is required."};
  const std::optional<std::int64_t> whole = number->AsNumber().ToInt64();
  if (!number->AsNumber().IsInteger() || !whole) {
    return Problem{.detail = "\"count\" must be a whole number, and one that can be counted to."};
  }
  if (*whole < 0) return Problem{.detail = "\"count\" is negative here. It must be zero or more."};
  if (*whole > 10'000'000) {
    return Problem{.detail =
                       "\"count\" is more than ten million here, which is taken for a mistake."};
  }
  count = *whole;
  return std::nullopt;
}

std::optional<Problem> ElementsOf(const Value& value, Expansion& expansion) {
  // Elements of a map may be sensitive: only keys become addresses. Marks of a set's elements are
  // its own.
  if (auto problem = ForbiddenMarks(value, "for_each")) return problem;
  const Value plain = value.Unmark().first;
  const Type type = plain.type();
  const Problem unknown{.detail =
                            "Which instances there are depends on something that is known only "
                            "after the apply, so they cannot be planned. Use keys that the "
                            "configuration itself gives, and let only the values depend on "
                            "results; or apply first what the keys depend on, with -target.",
                        .unknown = true};
  if (plain.IsKnown() && plain.IsNull()) {
    return Problem{.detail = "\"for_each\" is null here. A map, or a set of strings, is required."};
  }
  if (!plain.IsKnown()) {
    if (type.IsDynamic() || type.IsMap() || type.IsSet() || type.IsObject()) return unknown;
  }
  if (!type.IsMap() && !type.IsSet() && !type.IsObject()) {
    return Problem{.detail =
                       "\"for_each\" takes a map, or a set of strings; this is a value of type " +
                       type.FriendlyName() + "."};
  }
  if (!type.IsSet()) {
    for (std::size_t i = 0; i < plain.Length(); ++i) {
      expansion.keys.emplace_back(std::string(plain.KeyAt(i)));
      expansion.each_values.push_back(plain.elements()[i]);
    }
    return std::nullopt;
  }
  if (!plain.IsWhollyKnown()) return unknown;
  if (plain.Length() == 0) return std::nullopt;
  if (!(type.element() == Type::String())) {
    return Problem{.detail =
                       "A set given to \"for_each\" must hold strings, since they become the "
                       "instances' keys; this one holds values of type " +
                       type.element().FriendlyName() + ".",
                   .summary = "Invalid for_each set argument"};
  }
  for (const Value& element : plain.elements()) {
    if (element.IsNull()) {
      return Problem{.detail =
                         "A set given to \"for_each\" must not hold null, since each element "
                         "becomes an instance's key.",
                     .summary = "Invalid for_each set argument"};
    }
    expansion.keys.emplace_back(std::string(element.AsString()));
    expansion.each_values.push_back(element);
  }
  return std::nullopt;
}

}  // namespace

std::size_t Expansion::Find(const InstanceKey& key) const {
  switch (repeated) {
    case Repeated::kNo:
      return key.IsNone() && !keys.empty() ? 0 : npos;
    case Repeated::kCount:
    case Repeated::kForEach:
      break;
  }
  const auto found = std::lower_bound(keys.begin(), keys.end(), key);
  return found != keys.end() && *found == key ? static_cast<std::size_t>(found - keys.begin())
                                              : npos;
}

Repetition Expansion::At(std::size_t index) const {
  Repetition result{.repeated = repeated, .key = keys[index]};
  if (repeated == Repeated::kForEach && index < each_values.size()) {
    result.each_value = each_values[index];
  }
  return result;
}

std::optional<Expansion> Expand(const parser::Expression* count, const parser::Expression* for_each,
                                const lang::Scope& scope, Diagnostics& diags) {
  Expansion expansion;
  if (count == nullptr && for_each == nullptr) {
    expansion.keys.emplace_back();
    return expansion;
  }
  const parser::Expression& expression = count != nullptr ? *count : *for_each;
  Diagnostics more;
  const Value value = lang::Evaluate(expression, scope, more);
  const bool failed = more.HasErrors();
  diags.Append(std::move(more));
  if (failed) return std::nullopt;
  if (count != nullptr) {
    expansion.repeated = Repeated::kCount;
    std::int64_t number = 0;
    if (auto problem = CountOf(value, number)) {
      problem->is_count = true;
      Report("Invalid count argument", std::move(*problem), expression, scope, diags);
      return std::nullopt;
    }
    expansion.keys.reserve(static_cast<std::size_t>(number));
    for (std::int64_t i = 0; i < number; ++i) expansion.keys.emplace_back(i);
    return expansion;
  }
  expansion.repeated = Repeated::kForEach;
  if (auto problem = ElementsOf(value, expansion)) {
    Report("Invalid for_each argument", std::move(*problem), expression, scope, diags);
    return std::nullopt;
  }
  if (!std::is_sorted(expansion.keys.begin(), expansion.keys.end())) {
    std::vector<std::size_t> order(expansion.keys.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return expansion.keys[a] < expansion.keys[b]; });
    Expansion sorted{.repeated = Repeated::kForEach};
    for (const std::size_t i : order) {
      sorted.keys.push_back(std::move(expansion.keys[i]));
      sorted.each_values.push_back(std::move(expansion.each_values[i]));
    }
    return sorted;
  }
  return expansion;
}

}  // namespace tkn::plan
