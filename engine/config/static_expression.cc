#include "engine/config/static_expression.h"

#include <array>
#include <cctype>

#include "engine/lang/evaluate.h"
#include "engine/lang/scope.h"
#include "engine/value/convert.h"
#include "engine/value/json.h"
#include "parser/content.h"
#include "parser/parse.h"

namespace tkn::config {

using parser::As;
using parser::Expression;
using parser::ExpressionKind;

namespace {

void WarnQuoted(std::string_view what, std::string_view text, SourceRange range,
                StaticContext& context) {
  context.diags.Add(
      {.severity = Severity::kWarning,
       .summary = "Quoted " + std::string(what) + " are deprecated",
       .detail = "In this place stands a name and no text, so it is written without quotes: " +
                 std::string(text),
       .subject = range});
}

class TraversalReader {
 public:
  TraversalReader(std::string_view text, SourceRange range, StaticContext& context)
      : text_(text), range_(range), context_(context) {}

  std::optional<parser::Traversal> Read() {
    parser::Traversal traversal;
    const std::string_view root = Identifier();
    if (root.empty()) return Fail("Variable name required", "A reference begins with a name.", at_);
    traversal.root = context_.arena.Copy(root);
    traversal.root_range = Range(0, at_);
    std::vector<parser::Step> steps;
    while (at_ < text_.size()) {
      if (steps.size() > 1000)
        return Fail("Invalid expression", "This reference has too many steps.", at_);
      auto step = ReadStep();
      if (!step) return std::nullopt;
      steps.push_back(*step);
    }
    traversal.steps = context_.arena.Copy(std::span<const parser::Step>(steps));
    traversal.range = Range(0, text_.size());
    return traversal;
  }

 private:
  std::optional<parser::Step> ReadStep() {
    const std::size_t begin = at_;
    if (text_[at_] == '.') {
      ++at_;
      const std::string_view name = Identifier();
      if (name.empty()) {
        (void)Fail("Attribute name required", "A dot is followed by the name of an attribute.",
                   at_);
        return std::nullopt;
      }
      return parser::Step{parser::Step::Kind::kAttribute, false, context_.arena.Copy(name),
                          Range(begin, at_)};
    }
    if (text_[at_] != '[') {
      (void)Fail("Invalid character",
                 "After a name there can be a dot and a name, or an index in brackets.", at_);
      return std::nullopt;
    }
    ++at_;
    auto step = at_ < text_.size() && text_[at_] == '"' ? TextIndex(begin) : NumberIndex(begin);
    if (!step) return std::nullopt;
    if (at_ >= text_.size() || text_[at_] != ']') {
      (void)Fail("Unclosed index brackets", "The bracket that opens this index is not closed.",
                 at_);
      return std::nullopt;
    }
    ++at_;
    step->range = Range(begin, at_);
    return step;
  }

  std::optional<parser::Step> TextIndex(std::size_t) {
    const std::size_t quote = at_++;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    if (at_ >= text_.size()) {
      (void)Fail("Invalid index", "The text that begins here does not end.", quote);
      return std::nullopt;
    }
    ++at_;
    std::string error;
    const auto value = FromJson(text_.substr(quote, at_ - quote), Type::String(), &error);
    if (!value) {
      (void)Fail("Invalid index", "The text between the quotes can't be read: " + error, quote);
      return std::nullopt;
    }
    return parser::Step{
        parser::Step::Kind::kIndexString, false, context_.arena.Copy(value->AsString()), {}};
  }

  std::optional<parser::Step> NumberIndex(std::size_t) {
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           (std::isdigit(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '.')) {
      ++at_;
    }
    if (begin == at_) {
      (void)Fail("Index value required",
                 "The index of a reference is a number, or a text in quotes.", at_);
      return std::nullopt;
    }
    return parser::Step{parser::Step::Kind::kIndexNumber,
                        false,
                        context_.arena.Copy(text_.substr(begin, at_ - begin)),
                        {}};
  }

  std::string_view Identifier() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != '.' && text_[at_] != '[' && text_[at_] != ' ') ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    if (parser::IsIdentifier(name)) return name;
    at_ = begin;
    return {};
  }

  // Places in the text are places in the file only where no character was escaped.
  SourceRange Range(std::size_t begin, std::size_t end) const {
    if (range_.end - range_.begin != text_.size() + 2) return range_;
    return {range_.file, range_.begin + 1 + static_cast<std::uint32_t>(begin),
            range_.begin + 1 + static_cast<std::uint32_t>(end)};
  }

  std::nullopt_t Fail(std::string summary, std::string detail, std::size_t at) {
    while (at + 1 < text_.size() && text_[at] == ' ') ++at;
    context_.diags.Add(
        {.summary = std::move(summary), .detail = std::move(detail), .subject = Range(at, at + 1)});
    return std::nullopt;
  }

  std::string_view text_;
  SourceRange range_;
  StaticContext& context_;
  std::size_t at_ = 0;
};

}  // namespace

SourceRange StartOf(const Expression& e) {
  switch (e.kind) {
    case ExpressionKind::kLiteral:
      if (As<parser::Literal>(e).literal == parser::LiteralKind::kString &&
          e.range.end - e.range.begin > 2) {
        return {e.range.file, e.range.begin + 1, e.range.end - 1};
      }
      return e.range;
    case ExpressionKind::kTemplate: {
      const auto parts = As<parser::Template>(e).parts;
      return parts.empty() ? e.range : parts[0]->range;
    }
    case ExpressionKind::kRelative:
      return StartOf(*As<parser::RelativeTraversal>(e).source);
    case ExpressionKind::kIndex:
      return StartOf(*As<parser::IndexExpression>(e).collection);
    case ExpressionKind::kSplat:
      return StartOf(*As<parser::SplatExpression>(e).source);
    case ExpressionKind::kCall: {
      const auto& call = As<parser::CallExpression>(e);
      return {call.name_range.file, call.name_range.begin, call.open_range.end};
    }
    case ExpressionKind::kConditional:
      return StartOf(*As<parser::ConditionalExpression>(e).condition);
    case ExpressionKind::kUnary:
      return As<parser::UnaryExpression>(e).op_range;
    case ExpressionKind::kBinary:
      return StartOf(*As<parser::BinaryExpression>(e).left);
    case ExpressionKind::kTuple:
      return As<parser::TupleExpression>(e).open_range;
    case ExpressionKind::kObject:
      return As<parser::ObjectExpression>(e).open_range;
    case ExpressionKind::kForTuple:
    case ExpressionKind::kForObject:
      return As<parser::ForExpression>(e).open_range;
    default:
      return e.range;
  }
}

std::optional<std::string_view> LiteralText(const Expression& e) {
  if (e.kind != ExpressionKind::kLiteral) return std::nullopt;
  const auto& literal = As<parser::Literal>(e);
  if (literal.literal != parser::LiteralKind::kString) return std::nullopt;
  return literal.text;
}

Value ConstantValue(const Expression& expression, StaticContext& context) {
  if (context.json) {
    const SourceFile* file = context.sources.Find(expression.range.file);
    if (file != nullptr && expression.range.end <= file->text().size()) {
      std::string error;
      const auto text = file->text().substr(expression.range.begin,
                                            expression.range.end - expression.range.begin);
      if (auto value = FromJsonImplied(text, &error)) return *std::move(value);
    }
  }
  Diagnostics own;
  lang::ForEachCall(expression, [&](const parser::CallExpression& call) {
    own.Add({.summary = "Function calls not allowed",
             .detail = "The value must be written out here: functions can't be called.",
             .subject = call.range});
  });
  lang::ForEachTraversal(expression, [&](const parser::Traversal& traversal) {
    (void)lang::EmptyScope().Resolve(traversal, own);
  });
  Value value =
      own.HasErrors() ? Value::Dynamic() : lang::Evaluate(expression, lang::EmptyScope(), own);
  const bool failed = own.HasErrors();
  context.diags.Append(std::move(own));
  return failed ? Value::Dynamic() : value;
}

std::optional<Value> ConstantOf(const Expression& expression, Type type, StaticContext& context) {
  const auto unsuitable = [&](const std::string& why) {
    context.diags.Add({.summary = "Unsuitable value type",
                       .detail = "Unsuitable value: " + why,
                       .subject = context.json ? expression.range : StartOf(expression)});
    return std::nullopt;
  };
  const Value value = ConstantValue(expression, context);
  if (value.type().IsDynamic() && !value.IsKnown()) return unsuitable("value must be known");
  ConversionError error;
  const auto converted = Convert(value, type, &error);
  if (!converted) return unsuitable(error.ToString());
  if (!converted->IsKnown()) return unsuitable("value must be known");
  if (converted->IsNull()) return unsuitable("null value is not allowed");
  return converted;
}

std::optional<bool> ConstantBool(const Expression& expression, StaticContext& context) {
  const auto value = ConstantOf(expression, Type::Bool(), context);
  return value ? std::optional(value->AsBool()) : std::nullopt;
}

std::optional<std::string> ConstantString(const Expression& expression, StaticContext& context) {
  const auto value = ConstantOf(expression, Type::String(), context);
  return value ? std::optional(std::string(value->AsString())) : std::nullopt;
}

std::string_view KeywordOf(const Expression& expression, StaticContext& context) {
  const auto text = LiteralText(expression);
  if (!text) return lang::AsKeyword(expression);
  if (!context.json) WarnQuoted("keywords", *text, expression.range, context);
  return *text;
}

std::optional<parser::Traversal> TraversalOf(const Expression& written, StaticContext& context) {
  const auto text = LiteralText(written);
  if (text && !context.json) {
    auto traversal = ParseTraversal(*text, written.range, context);
    WarnQuoted("references", *text, written.range, context);
    return traversal;
  }
  const Expression& expression = parser::SyntaxOf(written, context.arena);
  if (auto traversal = lang::AsTraversal(expression)) return traversal;
  context.diags.Add(
      {.summary = "Invalid expression",
       .detail =
           "A single reference can stand here: names with dots between them, and constant indexes. "
           "Calculations, calls and templates are not possible.",
       .subject = expression.range});
  return std::nullopt;
}

std::optional<std::vector<const Expression*>> ListOf(const Expression& expression,
                                                     StaticContext& context) {
  if (expression.kind == ExpressionKind::kTuple) {
    const auto elements = As<parser::TupleExpression>(expression).elements;
    return std::vector<const Expression*>(elements.begin(), elements.end());
  }
  context.diags.Add({.summary = "Invalid expression",
                     .detail = "A static list, written out in brackets, is needed here.",
                     .subject = context.json ? expression.range : StartOf(expression)});
  return std::nullopt;
}

std::optional<parser::Traversal> ParseTraversal(std::string_view text, SourceRange range,
                                                StaticContext& context) {
  return TraversalReader(text, range, context).Read();
}

}  // namespace tkn::config
