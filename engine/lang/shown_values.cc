#include <fmt/format.h>

#include <algorithm>

#include "engine/lang/evaluate.h"
#include "engine/lang/evaluator.h"
#include "engine/value/text.h"

namespace tkn::lang {

namespace {

constexpr std::int64_t kMaxLengthShown = 1024;

std::string DescribeKnown(const Value& value) {
  if (value.IsNull()) return "null";
  const Type type = value.type();
  switch (type.kind()) {
    case TypeKind::kBool:
      return value.AsBool() ? "true" : "false";
    case TypeKind::kNumber:
      return value.AsNumber().ToShortString();
    case TypeKind::kString:
      return Quote(value.AsString());
    case TypeKind::kObject: {
      const auto attributes = type.attributes();
      if (attributes.empty()) return "object with no attributes";
      if (attributes.size() == 1) {
        return fmt::format("object with 1 attribute \"{}\"", attributes[0].name);
      }
      return fmt::format("object with {} attributes", attributes.size());
    }
    case TypeKind::kDynamic:
      return "(not yet known)";
    default: {
      const std::size_t n = value.Length();
      if (n == 0) return "empty " + type.FriendlyName();
      return fmt::format("{} with {} element{}", type.FriendlyName(), n, n == 1 ? "" : "s");
    }
  }
}

std::string DescribeUnknownCollection(const Value& value) {
  const std::string name = value.type().FriendlyName();
  std::int64_t low = 0;
  std::int64_t high = kMaxLengthShown + 1;
  if (const Refinement* r = value.refinement()) {
    low = r->min_length.value_or(0);
    high = r->max_length.value_or(high);
  }
  constexpr std::string_view kSuffix = "known only after apply";
  if (low == high) return fmt::format("is a {} of length {}, {}", name, low, kSuffix);
  if (low != 0 && high <= kMaxLengthShown) {
    return fmt::format("is a {} with between {} and {} elements, {}", name, low, high, kSuffix);
  }
  if (low != 0) return fmt::format("is a {} with at least {} elements, {}", name, low, kSuffix);
  if (high <= kMaxLengthShown) {
    return fmt::format("is a {} with up to {} elements, {}", name, high, kSuffix);
  }
  return fmt::format("is a {}, {}", name, kSuffix);
}

std::string StepText(const parser::Step& step) {
  switch (step.kind) {
    case parser::Step::Kind::kAttribute:
      return "." + std::string(step.text);
    case parser::Step::Kind::kIndexNumber:
      return "[" + std::string(step.text) + "]";
    case parser::Step::Kind::kIndexString:
      return "[" + Quote(step.text) + "]";
  }
  return {};
}

}  // namespace

std::string DescribeValue(const Value& value, bool caused_by_unknown, bool caused_by_sensitive) {
  if (value.HasMark(MarkKind::kSensitive)) {
    return caused_by_sensitive ? "has a sensitive value" : "";
  }
  if (value.HasMark(MarkKind::kEphemeral)) return "";
  const Value plain = value.Unmark().first;
  if (!plain.IsKnown()) {
    const Type type = plain.type();
    if (type.IsDynamic()) return caused_by_unknown ? "will be known only after apply" : "";
    if (!caused_by_unknown) return "is a " + type.FriendlyName();
    if (type.IsCollection()) return DescribeUnknownCollection(plain);
    return fmt::format("is a {}, known only after apply", type.FriendlyName());
  }
  return "is " + DescribeKnown(plain);
}

void Evaluator::ShowTraversal(const parser::Traversal& traversal, Diagnostic& diagnostic) {
  // The longest beginning that has a value; names alone say nothing.
  for (std::size_t n = traversal.steps.size(); n > 0; --n) {
    Value value;
    std::span<const parser::Step> steps = traversal.steps.first(n);
    if (const Value* local = FindLocal(traversal.root)) {
      value = *local;
    } else if (const Resolved* resolved = FindResolved(traversal)) {
      if (resolved->steps_used > n) return;
      value = resolved->value;
      steps = steps.subspan(resolved->steps_used);
    } else {
      return;
    }
    Diagnostics found;
    value = FollowSteps(std::move(value), steps, traversal, found);
    if (found.HasErrors()) continue;
    const std::string statement =
        DescribeValue(value, diagnostic.caused_by_unknown, diagnostic.caused_by_sensitive);
    if (statement.empty()) return;
    std::string text(traversal.root);
    for (const parser::Step& step : traversal.steps.first(n)) text += StepText(step);
    const bool shown_already =
        std::any_of(diagnostic.values.begin(), diagnostic.values.end(),
                    [&](const ShownValue& shown) { return shown.traversal == text; });
    if (!shown_already) diagnostic.values.push_back({std::move(text), statement});
    return;
  }
}

void Evaluator::Show(const parser::Expression& expression, Diagnostic& diagnostic) {
  if (diagnostic.expression.IsValid()) return;
  diagnostic.expression = expression.range;
  if (quiet_ > 0) return;
  ForEachTraversal(expression, [&](const parser::Traversal& traversal) {
    ShowTraversal(traversal, diagnostic);
  });
  std::sort(diagnostic.values.begin(), diagnostic.values.end(),
            [](const ShownValue& a, const ShownValue& b) { return a.traversal < b.traversal; });
}

void Evaluator::ShowFrom(std::size_t first, const parser::Expression& expression,
                         Diagnostics& diags) {
  for (auto it = diags.begin() + static_cast<std::ptrdiff_t>(first); it != diags.end(); ++it) {
    Show(expression, *it);
  }
}

void ShowValues(const parser::Expression& expression, const Scope& scope, Diagnostic& diagnostic) {
  Evaluator evaluator(scope, 0);
  Diagnostics ignored;  // whoever calls has reported what is wrong with the references
  (void)evaluator.Resolve(expression, ignored);
  evaluator.Show(expression, diagnostic);
}

}  // namespace tkn::lang
