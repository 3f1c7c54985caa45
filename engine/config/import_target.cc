#include "engine/config/import_target.h"

#include <utility>

#include "engine/lang/evaluate.h"

namespace tkn::config {

using parser::As;
using parser::Expression;
using parser::ExpressionKind;

namespace {

// Names and keys of `to`, from left to right.
struct Part {
  std::string_view name{};
  std::optional<InstanceKey> key{};
};

class Evaluator {
 public:
  Evaluator(const lang::Scope& scope, Diagnostics& diags) : scope_(scope), diags_(diags) {}

  bool Collect(const Expression& e) {
    switch (e.kind) {
      case ExpressionKind::kTraversal: {
        const auto& traversal = As<parser::TraversalExpression>(e).traversal;
        parts.push_back({.name = traversal.root});
        return Steps(traversal.steps);
      }
      case ExpressionKind::kRelative: {
        const auto& relative = As<parser::RelativeTraversal>(e);
        return Collect(*relative.source) && Steps(relative.steps);
      }
      case ExpressionKind::kIndex: {
        const auto& index = As<parser::IndexExpression>(e);
        return Collect(*index.collection) && Key(*index.key);
      }
      default:
        throw std::logic_error("config: an import target that is no address");
    }
  }

  std::vector<Part> parts;

 private:
  bool Steps(std::span<const parser::Step> steps) {
    for (const parser::Step& step : steps) {
      if (step.kind == parser::Step::Kind::kAttribute) {
        parts.push_back({.name = step.text});
      } else if (step.kind == parser::Step::Kind::kIndexString) {
        parts.push_back({.key = InstanceKey(std::string(step.text))});
      } else {
        const auto number = Number::Parse(step.text);
        const auto index = number ? number->ToInt64() : std::nullopt;
        if (!index) return Fail("the index must be a whole number.", step.range);
        parts.push_back({.key = InstanceKey(*index)});
      }
    }
    return true;
  }

  bool Key(const Expression& expression) {
    Diagnostics own;
    const Value value = lang::Evaluate(expression, scope_, own);
    const bool failed = own.HasErrors();
    diags_.Append(std::move(own));
    if (failed) return false;
    const SourceRange range = expression.range;
    if (!value.IsKnown()) return Fail("the index is not known before the apply.", range);
    if (value.IsNull()) return Fail("the index is null.", range);
    if (value.ContainsMark(MarkKind::kSensitive))
      return Fail("the index is sensitive, and addresses are shown.", range);
    if (value.ContainsMark(MarkKind::kEphemeral))
      return Fail("the index is ephemeral, and addresses are kept.", range);
    const Value key = value.UnmarkDeep();
    if (key.type() == Type::String()) {
      parts.push_back({.key = InstanceKey(std::string(key.AsString()))});
      return true;
    }
    const auto index = key.type() == Type::Number() ? key.AsNumber().ToInt64() : std::nullopt;
    if (!index) return Fail("the index must be a text or a whole number.", range);
    parts.push_back({.key = InstanceKey(*index)});
    return true;
  }

  bool Fail(const char* why, SourceRange range) {
    diags_.Add({.summary = "Invalid import block 'to' argument",
                .detail = std::string("The address to import to can't be worked out: ") + why,
                .subject = range});
    return false;
  }

  const lang::Scope& scope_;
  Diagnostics& diags_;
};

}  // namespace

std::optional<Address> EvaluateImportTarget(const ImportBlock& import, const lang::Scope& scope,
                                            Diagnostics& diags) {
  Evaluator evaluator(scope, diags);
  if (!evaluator.Collect(*import.to)) return std::nullopt;
  // The form was checked when the block was read: (module NAME [KEY])* ("resource")? TYPE NAME
  // [KEY].
  Address address;
  std::vector<ModuleStep> modules;
  auto& parts = evaluator.parts;
  std::size_t at = 0;
  const auto key_at = [&]() {
    InstanceKey key;
    if (at < parts.size() && parts[at].key) key = *std::exchange(parts[at++].key, std::nullopt);
    return key;
  };
  while (at + 1 < parts.size() && parts[at].name == "module") {
    std::string name(parts[at + 1].name);
    at += 2;
    modules.push_back({std::move(name), key_at()});
  }
  address.module = ModuleAddress(std::move(modules));
  address.resource = import.to_resource.resource;
  if (at < parts.size() && parts[at].name == "resource") ++at;
  at += 2;
  address.key = key_at();
  return address;
}

WrittenKey KeyOfTarget(const ImportBlock& import) {
  std::span<const parser::Step> steps;
  switch (import.to->kind) {
    case ExpressionKind::kTraversal:
      steps = As<parser::TraversalExpression>(*import.to).traversal.steps;
      break;
    case ExpressionKind::kRelative:
      steps = As<parser::RelativeTraversal>(*import.to).steps;
      break;
    case ExpressionKind::kIndex:
      return {WrittenKey::Kind::kExpression, As<parser::IndexExpression>(*import.to).key};
    default:
      break;
  }
  if (steps.empty()) return {};
  switch (steps.back().kind) {
    case parser::Step::Kind::kIndexString:
      return {WrittenKey::Kind::kText};
    case parser::Step::Kind::kIndexNumber:
      return {WrittenKey::Kind::kNumber};
    default:
      return {};
  }
}

}  // namespace tkn::config
