#include "parser/embedded.h"

#include <algorithm>
#include <utility>

#include "parser/arena.h"
#include "parser/grammar/entry.h"
#include "parser/grammar/lexical_errors.h"

namespace tkn::parser {
namespace {

using grammar::Iterator;
using grammar::State;

// Bytes that are no UTF-8 become a longer character each, so that what is behind them may seem to
// lie behind the string.
void AppendWithin(SourceRange range, Diagnostics&& found, Diagnostics& diags) {
  for (Diagnostic& diagnostic : found) {
    for (SourceRange* place : {&diagnostic.subject, &diagnostic.context}) {
      place->begin = std::min(place->begin, range.end);
      place->end = std::min(place->end, range.end);
    }
    diags.Add(std::move(diagnostic));
  }
}

template <typename Read>
const Expression* Parse(std::string_view text, SourceRange range, std::uint32_t base, ScanMode mode,
                        Arena& arena, Diagnostics& diags, Read read) {
  std::vector<Token> tokens = Scan(text, mode);
  for (Token& token : tokens) {
    token.begin += base;
    token.end += base;
  }
  Diagnostics found;
  State state(text, range.file, tokens, arena, found, base);
  grammar::ReportLexicalErrors(state);
  const Expression* expression = nullptr;
  try {
    Iterator at = state.first;
    read(state, at);
    if (!state.operands.empty()) expression = state.Pop().expression;
  } catch (const grammar::TooDeep&) {
  } catch (const grammar::Failure&) {
  }
  AppendWithin(range, std::move(found), diags);
  return expression != nullptr ? expression : arena.New<InvalidExpression>(range);
}

}  // namespace

const Expression* ParseJsonTemplate(std::string_view text, SourceRange range, Arena& arena,
                                    Diagnostics& diags) {
  const std::uint32_t base = range.begin + 1;  // past the quote
  return Parse(text, range, base, ScanMode::kTemplate, arena, diags,
               [&](State& state, Iterator& at) {
                 const Token start{TokenKind::kEnd, base, base};
                 grammar::ReadTemplate(state, at, start, TokenKind::kEnd, false);
                 const State::Operand result = state.Pop();
                 // The node as ReadTemplate made it, but for what it can't know.
                 if (result.expression->kind == ExpressionKind::kTemplateWrap) {
                   auto* node = arena.New<TemplateWrap>(range);
                   node->wrapped = As<TemplateWrap>(*result.expression).wrapped;
                   node->json_text = text;
                   return state.Push(node, result.height);
                 }
                 auto* node = arena.New<Template>(range);
                 node->parts = As<Template>(*result.expression).parts;
                 node->json_text = text;
                 state.Push(node, result.height);
               });
}

const Expression* ParseJsonExpression(std::string_view text, SourceRange range, Arena& arena,
                                      Diagnostics& diags) {
  return Parse(text, range, range.begin, ScanMode::kNormal, arena, diags,
               [](State& state, Iterator& at) {
                 state.newlines = false;
                 grammar::ReadExpression(state, at);
                 const Token& next = state.Peek(at);
                 if (next.kind != TokenKind::kEnd) {
                   state.Report(grammar::kExtraAfterExpression, state.Range(next));
                 }
               });
}

}  // namespace tkn::parser
