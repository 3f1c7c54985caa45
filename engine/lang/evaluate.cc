#include "engine/lang/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/lang/evaluator.h"

namespace tkn::lang {

using parser::As;
using parser::Expression;
using parser::ExpressionKind;

// Counts levels and bytes of stack: a tree that the parser took may still be too deep for a thread
// with a small stack, or for a build with sanitizers.
class DepthGuard {
 public:
  explicit DepthGuard(Evaluator& evaluator) : evaluator_(evaluator) { ++evaluator_.depth_; }
  ~DepthGuard() { --evaluator_.depth_; }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;
  bool TooDeep() const {
    const char* here = static_cast<const char*>(__builtin_frame_address(0));
    if (evaluator_.stack_top_ == nullptr) evaluator_.stack_top_ = here;
    return evaluator_.depth_ > kMaxDepth ||
           (here<evaluator_.stack_top_&& static_cast<std::size_t>(evaluator_.stack_top_ - here)>
                kStackBudget);
  }

 private:
  Evaluator& evaluator_;
};

Diagnostic& Evaluator::Fail(std::string_view summary, std::string detail,
                            const SourceRange& subject, const SourceRange& context,
                            const Expression* expression, Diagnostics& diags) {
  Diagnostic diagnostic;
  diagnostic.summary = summary;
  diagnostic.detail = std::move(detail);
  diagnostic.subject = subject;
  diagnostic.context = context;
  if (expression != nullptr) Show(*expression, diagnostic);
  diags.Add(std::move(diagnostic));
  return *(diags.end() - 1);
}

bool Evaluator::Resolve(const Expression& expression, Diagnostics& diags) {
  Diagnostics found;
  ForEachTraversal(expression, [&](const parser::Traversal& traversal) {
    Scope::Resolved resolved = scope_.Resolve(traversal, found);
    resolved_.push_back({&traversal, std::move(resolved.value), resolved.steps_used});
  });
  const bool failed = found.HasErrors();
  diags.Append(std::move(found));
  return !failed;
}

const Value* Evaluator::FindLocal(std::string_view name) const {
  for (std::size_t i = locals_.size(); i-- > 0;) {
    if (locals_[i].name == name) return &locals_[i].value;
  }
  return nullptr;
}

const Evaluator::Resolved* Evaluator::FindResolved(const parser::Traversal& traversal) const {
  for (const Resolved& resolved : resolved_) {
    if (resolved.traversal == &traversal) return &resolved;
  }
  return nullptr;
}

bool Evaluator::SpendIterations(std::int64_t count, const Expression& at, Diagnostics& diags) {
  iterations_left_ -= count;
  if (iterations_left_ >= 0) return true;
  if (!exhausted_) {
    Fail("Expression does too much work",
         fmt::format("The loops in this expression come to more than {} elements. Work out such "
                     "large values outside of the configuration, or filter before you combine.",
                     kMaxIterations),
         at.range, at.range, nullptr, diags);
  }
  exhausted_ = true;
  return false;
}

Value Evaluator::Eval(const Expression& expression, Diagnostics& diags) {
  DepthGuard guard(*this);
  if (guard.TooDeep()) {
    Fail("Expression is too deep",
         "The parts of this expression are nested too deeply to be evaluated. Name the inner parts "
         "as local values and refer to them.",
         expression.range, expression.range, nullptr, diags);
    return Value::Dynamic();
  }
  return Dispatch(expression, diags);
}

Value Evaluator::Dispatch(const Expression& expression, Diagnostics& diags) {
  const Expression* e = &expression;
  while (e->kind == ExpressionKind::kParentheses || e->kind == ExpressionKind::kTemplateWrap) {
    e = e->kind == ExpressionKind::kParentheses ? As<parser::Parentheses>(*e).inner
                                                : As<parser::TemplateWrap>(*e).wrapped;
  }
  switch (e->kind) {
    case ExpressionKind::kLiteral:
      return EvalLiteral(As<parser::Literal>(*e), diags);
    case ExpressionKind::kTemplate:
      return EvalTemplate(As<parser::Template>(*e), diags);
    case ExpressionKind::kTemplateIf:
      return EvalTemplateIf(As<parser::TemplateIf>(*e), diags);
    case ExpressionKind::kTemplateFor:
      return EvalTemplateFor(As<parser::TemplateFor>(*e), diags);
    case ExpressionKind::kTraversal:
      return EvalTraversal(As<parser::TraversalExpression>(*e).traversal, *e, diags);
    case ExpressionKind::kRelative:
      return EvalRelative(As<parser::RelativeTraversal>(*e), diags);
    case ExpressionKind::kIndex:
      return EvalIndex(As<parser::IndexExpression>(*e), diags);
    case ExpressionKind::kSplat:
      return EvalSplat(As<parser::SplatExpression>(*e), diags);
    case ExpressionKind::kCall:
      return EvalCall(As<parser::CallExpression>(*e), diags);
    case ExpressionKind::kConditional: {
      const auto& c = As<parser::ConditionalExpression>(*e);
      return EvalConditional({c, *c.condition, *c.on_true, *c.on_false}, diags);
    }
    case ExpressionKind::kUnary:
      return EvalUnary(As<parser::UnaryExpression>(*e), diags);
    case ExpressionKind::kBinary:
      return EvalBinary(As<parser::BinaryExpression>(*e), diags);
    case ExpressionKind::kTuple:
      return EvalTuple(As<parser::TupleExpression>(*e), diags);
    case ExpressionKind::kObject:
      return EvalObject(As<parser::ObjectExpression>(*e), diags);
    case ExpressionKind::kForTuple:
    case ExpressionKind::kForObject: {
      const auto& f = As<parser::ForExpression>(*e);
      return EvalLoop(
          {f, *f.collection, f.key_name, f.value_name,
           e->kind == ExpressionKind::kForObject ? f.key : nullptr, f.value, f.condition, f.group},
          diags);
    }
    case ExpressionKind::kParentheses:
    case ExpressionKind::kTemplateWrap:
    case ExpressionKind::kInvalid:
      break;
  }
  return Value::Dynamic();  // the parser has said why
}

Value Evaluator::EvalLiteral(const parser::Literal& e, Diagnostics& diags) {
  switch (e.literal) {
    case parser::LiteralKind::kNull:
      return Value();
    case parser::LiteralKind::kBool:
      return Value::Bool(e.boolean);
    case parser::LiteralKind::kString:
      return Value::String(e.text);
    case parser::LiteralKind::kNumber:
      break;
  }
  const auto number = Number::Parse(e.text);
  if (number) return Value::Number(*number);
  Fail("Invalid number literal",
       "A number has at most 10,000 digits, and an exponent between -1,000,000 and 1,000,000.",
       e.range, e.range, nullptr, diags);
  return Value::Unknown(Type::Number());
}

Value Evaluator::EvalTuple(const parser::TupleExpression& e, Diagnostics& diags) {
  std::vector<Value> elements;
  elements.reserve(e.elements.size());
  for (const Expression* element : e.elements) elements.push_back(Eval(*element, diags));
  return Value::Tuple(std::move(elements));
}

Value Evaluator::EvalObject(const parser::ObjectExpression& e, Diagnostics& diags) {
  std::vector<Value::Entry> entries;
  entries.reserve(e.items.size());
  MarkSet marks;
  bool known = true;
  for (const parser::ObjectItem& item : e.items) {
    if (item.key->kind == ExpressionKind::kLiteral &&
        As<parser::Literal>(*item.key).literal == parser::LiteralKind::kString) {
      entries.emplace_back(As<parser::Literal>(*item.key).text, Eval(*item.value, diags));
      continue;
    }
    if (item.key->kind == ExpressionKind::kTraversal &&
        !As<parser::TraversalExpression>(*item.key).traversal.steps.empty()) {
      Fail("Ambiguous attribute key",
           "Without parentheses or quotes this could be a reference or a name with periods in it. "
           "Put it in parentheses for the value of the reference, or in quotes for the name.",
           item.key->range, {}, nullptr, diags);
      (void)Eval(*item.value, diags);
      known = false;
      continue;
    }
    Diagnostics key_diags;
    Value key = Eval(*item.key, key_diags);
    const bool failed = key_diags.HasErrors();
    diags.Append(std::move(key_diags));
    Value value = Eval(*item.value, diags);
    if (failed) {
      known = false;
      continue;
    }
    if (key.IsNull()) {
      Fail("Null value as key",
           "The key of an object's attribute must be a text, but this one is null.",
           item.value->range, {}, item.key, diags);
      known = false;
      continue;
    }
    auto [plain, key_marks] = key.Unmark();
    marks = marks.Union(key_marks);
    ConversionError error;
    const auto text = Convert(plain, Type::String(), &error);
    if (!text) {
      Fail("Incorrect key type",
           fmt::format("This can't be the key of an attribute: {}.", error.ToString()),
           item.key->range, {}, item.key, diags);
      known = false;
      continue;
    }
    if (!text->IsKnown()) {
      known = false;
      continue;
    }
    entries.emplace_back(text->AsString(), std::move(value));
  }
  if (!known) return Value::Dynamic();
  Value object = Value::Object(std::move(entries));
  return marks.empty() ? object : object.WithMarks(marks);
}

Value Evaluate(const Expression& expression, const Scope& scope, Diagnostics& diags) {
  return EvaluateNested(expression, scope, 0, diags);
}

Value EvaluateNested(const Expression& expression, const Scope& scope, int template_depth,
                     Diagnostics& diags) {
  Evaluator evaluator(scope, template_depth);
  if (!evaluator.Resolve(expression, diags)) return Value::Dynamic();
  return evaluator.Eval(expression, diags);
}

std::optional<Value> EvaluateAs(const Expression& expression, Type type, const Scope& scope,
                                std::string_view what, Diagnostics& diags) {
  Diagnostics found;
  Evaluator evaluator(scope, 0);
  Value value = Value::Dynamic();
  if (evaluator.Resolve(expression, found)) value = evaluator.Eval(expression, found);
  const bool failed = found.HasErrors();
  diags.Append(std::move(found));
  if (failed) return std::nullopt;
  ConversionError error;
  auto converted = Convert(value, type, &error);
  if (!converted) {
    Diagnostic diagnostic;
    diagnostic.summary = what.empty() ? "Incorrect value type" : what;
    diagnostic.detail =
        fmt::format("The value of this expression does not fit: {}.", error.ToString());
    diagnostic.subject = expression.range;
    evaluator.Show(expression, diagnostic);
    diags.Add(std::move(diagnostic));
  }
  return converted;
}

Diagnostic InfiniteValue(const parser::Expression& expression) {
  return {
      .summary = "Invalid number",
      .detail =
          "The value is infinite, or has an infinite number inside, which neither a state nor an "
          "API can take: infinity can't be written as JSON. Look for a pow(), a log() or a "
          "division whose result is too large.",
      .subject = expression.range,
      .expression = expression.range};
}

}  // namespace tkn::lang
