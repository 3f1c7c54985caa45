#include "parser/start_range.h"

namespace tkn::parser {

SourceRange StartRange(const Expression& expression) {
  const Expression* e = &expression;
  while (true) {
    switch (e->kind) {
      case ExpressionKind::kTemplate: {
        const auto& parts = As<Template>(*e).parts;
        if (parts.empty()) return e->range;
        e = parts.front();
        if (e->kind == ExpressionKind::kLiteral) return e->range;
        break;
      }
      case ExpressionKind::kLiteral: {
        // Of a quoted text, what is between the quotes.
        const auto& literal = As<Literal>(*e);
        const std::uint32_t size = e->range.end - e->range.begin;
        if (literal.literal != LiteralKind::kString || literal.json || size < 2) return e->range;
        if (size == 2) return {e->range.file, e->range.end, e->range.end};
        return {e->range.file, e->range.begin + 1, e->range.end - 1};
      }
      case ExpressionKind::kTemplateIf:
        e = As<TemplateIf>(*e).condition;
        break;
      case ExpressionKind::kIndex:
        return {e->range.file, As<IndexExpression>(*e).bracket_range.begin,
                As<IndexExpression>(*e).bracket_range.begin + 1};
      case ExpressionKind::kSplat:
        return As<SplatExpression>(*e).marker_range;
      case ExpressionKind::kCall: {
        const auto& call = As<CallExpression>(*e);
        return {call.name_range.file, call.name_range.begin, call.open_range.end};
      }
      case ExpressionKind::kConditional:
        e = As<ConditionalExpression>(*e).condition;
        break;
      case ExpressionKind::kUnary:
        return As<UnaryExpression>(*e).op_range;
      case ExpressionKind::kBinary:
        e = As<BinaryExpression>(*e).left;
        break;
      case ExpressionKind::kTuple:
        return As<TupleExpression>(*e).open_range;
      case ExpressionKind::kObject:
        return As<ObjectExpression>(*e).open_range;
      case ExpressionKind::kForTuple:
      case ExpressionKind::kForObject:
        return As<ForExpression>(*e).open_range;
      case ExpressionKind::kParentheses:
        e = As<Parentheses>(*e).inner;
        break;
      case ExpressionKind::kTemplateWrap:
      case ExpressionKind::kTemplateFor:
      case ExpressionKind::kTraversal:
      case ExpressionKind::kRelative:
      case ExpressionKind::kInvalid:
        return e->range;
    }
  }
}

}  // namespace tkn::parser
