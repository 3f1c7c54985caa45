#include "parser/grammar/entry.h"
#include "parser/grammar/nodes.h"
#include "parser/grammar/number.h"
#include "parser/grammar/rules.h"

namespace tkn::parser::grammar {
namespace {

using K = TokenKind;

// An expression in parentheses must have no error at all, not even one that would let the parser go
// on.
struct SoundExpression : Component<SoundExpression> {
  template <typename It, typename C, typename R, typename A>
  bool parse(It& at, const It& last, const C& context, R&, A&) const {
    State& state = StateOf(context);
    const std::size_t errors = state.errors;
    Run(expression, at, last, context);
    if (state.errors != errors) {
      state.recovering = true;
      throw Failure{};
    }
    return true;
  }
};

// What stands in place of the closing parenthesis is taken for it.
struct Unbalanced : Component<Unbalanced> {
  template <typename It, typename C, typename R, typename A>
  bool parse(It& at, const It&, const C& context, R&, A&) const {
    State& state = StateOf(context);
    const Token& found = state.Read(at);
    state.Report(kUnbalancedParentheses, state.Range(found), state.Range(*state.opener, found));
    state.recovering = true;
    throw Failure{.reported = true, .skipped = true};
  }
};

// What separates arguments is read before it is looked at, so the parser goes on behind it.
struct BadArgumentEnd : Component<BadArgumentEnd> {
  template <typename It, typename C, typename R, typename A>
  bool parse(It& at, const It&, const C& context, R&, A&) const {
    State& state = StateOf(context);
    const Token& found = state.Read(at);
    const Token& name = *state.words[state.words.size() - 2];
    if (found.kind == K::kEnd) {
      state.Fail(kUnterminatedCall, state.Range(name, *state.opener));
    }
    state.Fail(kMissingArgumentSeparator, state.Range(found), state.Range(name, found));
  }
};

struct BadEllipsis : Component<BadEllipsis> {
  template <typename It, typename C, typename R, typename A>
  bool parse(It& at, const It&, const C& context, R&, A&) const {
    State& state = StateOf(context);
    const Token& ellipsis = state.Previous(at);
    const Token& name = *state.words[state.words.size() - 3];
    state.Fail(kEllipsisNotLast, state.Range(ellipsis), state.Range(name, ellipsis));
  }
};

// One argument or element, unless the bracket ends here.
template <TokenKind kClose>
struct ElementParser : Component<ElementParser<kClose>> {
  template <typename It, typename C, typename R, typename A>
  bool parse(It& at, const It& last, const C& context, R&, A&) const {
    State& state = StateOf(context);
    if (state.PeekKind(at) == kClose) return false;
    const std::size_t errors = state.errors;
    Run(expression, at, last, context);
    state.FailIfBroken(errors);
    return true;
  }
};
template <TokenKind kClose>
inline constexpr ElementParser<kClose> element{};

// An expression in the middle of a construct.
struct PartParser : Component<PartParser> {
  template <typename It, typename C, typename R, typename A>
  bool parse(It& at, const It& last, const C& context, R&, A&) const {
    State& state = StateOf(context);
    const std::size_t errors = state.errors;
    Run(expression, at, last, context);
    state.FailIfBroken(errors);
    return true;
  }
};
constexpr PartParser part{};

// A name that must be there; it is kept in State::words.
struct NameParser : Component<NameParser> {
  constexpr explicit NameParser(const Error& e) : missing(e) {}

  template <typename It, typename C, typename R, typename A>
  bool parse(It& at, const It& last, const C& context, R&, A&) const {
    State& state = StateOf(context);
    if (state.PeekKind(at) != K::kIdentifier) return Run(missing, at, last, context);
    state.words.push_back(&state.Read(at));
    return true;
  }

  FailParser missing;
};

// clang-format off
const auto for_intro =
       Keyword("for")
    >> NameParser(kForNeedsName)
    >> ((tok<K::kComma> >> NameParser(kForNeedsSecondName)) | (!tok<K::kComma> >> mark<K::kComma>))
    >> (Keyword("in") | FailParser(kForNeedsIn))
    >> part
    >> (tok<K::kColon> | FailParser(kForNeedsColon));

template <TokenKind kClose>
const auto for_rest =
       part
    >> ((tok<K::kArrow> >> part) | absent)
    >> mark<K::kEllipsis>
    >> ((Keyword("if") >> part) | absent)
    >> (&tok<kClose> | FailParser(kForExtra));

const auto elements =
    *(element<K::kCloseBracket>
      >> (tok<K::kComma> | &tok<K::kCloseBracket>
          | FailParser(kMissingItemSeparator, &kUnterminatedTuple)));

const auto arguments =
    *(element<K::kCloseParen>
      >> (tok<K::kComma> | &tok<K::kCloseParen>
          | (&tok<K::kEllipsis> >> mark<K::kEllipsis> >> (&tok<K::kCloseParen> | BadEllipsis{}))
          | BadArgumentEnd{}));

const auto no_value =
       (&(tok<K::kNewline> | tok<K::kComma>) >> FailParser(kMissingAttributeValue))
    | FailParser(kMissingKeyValueSeparator, &kUnterminatedObject);

const auto items =
       *tok<K::kNewline>
    >> *(element<K::kCloseBrace>
         >> (tok<K::kAssign> | tok<K::kColon> | no_value)
         >> part
         >> (tok<K::kComma> | tok<K::kNewline> | &tok<K::kCloseBrace>
             | FailParser(kMissingAttributeSeparator, &kUnterminatedObject))
         >> *tok<K::kNewline>);

const auto parentheses =
    brackets<MakeParentheses, K::kOpenParen, K::kCloseParen>
        [SoundExpression{} >> (&tok<K::kCloseParen> | Unbalanced{})];
const auto call =
    brackets<MakeCall, K::kOpenParen, K::kCloseParen>[arguments];
const auto tuple =
    brackets<MakeTuple, K::kOpenBracket, K::kCloseBracket>[elements];
const auto object =
    brackets<MakeObject, K::kOpenBrace, K::kCloseBrace, true>[items];
const auto for_tuple =
    brackets<MakeFor, K::kOpenBracket, K::kCloseBracket>[for_intro >> for_rest<K::kCloseBracket>];
const auto for_object =
    brackets<MakeFor, K::kOpenBrace, K::kCloseBrace>[for_intro >> for_rest<K::kCloseBrace>];
// clang-format on

Literal* MakeLiteral(State& state, const Token& token, LiteralKind kind) {
  auto* literal = state.arena.New<Literal>(state.Range(token));
  literal->literal = kind;
  state.Push(literal, 1);
  return literal;
}

void ReadNumber(State& state, Iterator& at) {
  const Token& token = state.Read(at);
  MakeLiteral(state, token, LiteralKind::kNumber)->text = state.Text(token);
  if (!IsNumber(state.Text(token))) state.Report(kInvalidNumber, state.Range(token));
}

// A keyword, or the name of a function before its arguments: the operand rule has dealt with other
// names.
template <typename C>
void ReadNamed(State& state, Iterator& at, Iterator last, const C& context) {
  const Token& first = state.Read(at);
  const Token* name = &first;
  K next = state.PeekKind(at);
  if (next != K::kOpenParen && next != K::kDoubleColon) {
    const std::string_view text = state.Text(first);
    if (text == "null") {
      MakeLiteral(state, first, LiteralKind::kNull);
    } else {
      MakeLiteral(state, first, LiteralKind::kBool)->boolean = text == "true";
    }
    return;
  }
  for (; next == K::kDoubleColon; next = state.PeekKind(at)) {
    state.Read(at);
    const Token& part_token = state.Read(at);
    if (part_token.kind != K::kIdentifier) {
      state.Report(kMissingFunctionName, state.Range(part_token), state.Range(first, part_token));
      state.RecoverTo(at, K::kOpenParen);
      state.Read(at);
      throw Failure{};
    }
    name = &part_token;
  }
  if (next != K::kOpenParen) {
    const Token& found = state.Read(at);
    state.Report(kMissingOpenParen, state.Range(found), state.Range(first, found));
    state.RecoverTo(at, K::kOpenParen);
    state.Read(at);
    throw Failure{};
  }
  const std::size_t words = state.words.size();
  state.words.push_back(&first);
  state.words.push_back(name);
  Run(call, at, last, context);
  state.words.resize(words);
}

struct TermParser : Component<TermParser> {
  template <typename It, typename C, typename R, typename A>
  bool parse(It& at, const It& last, const C& context, R&, A&) const {
    State& state = StateOf(context);
    switch (state.PeekKind(at)) {
      case K::kNumber:
        ReadNumber(state, at);
        return true;
      case K::kIdentifier:
        ReadNamed(state, at, last, context);
        return true;
      case K::kOpenQuote: {
        const Token& open = state.Read(at);
        ReadTemplate(state, at, open, K::kCloseQuote, false);
        return true;
      }
      case K::kOpenHeredoc: {
        const Token& open = state.Read(at);
        ReadTemplate(state, at, open, K::kCloseHeredoc, state.Text(open).starts_with("<<-"));
        return true;
      }
      case K::kOpenParen:
        return Run(parentheses, at, last, context);
      case K::kOpenBracket:
        return BeginsFor(state, at) ? Run(for_tuple, at, last, context)
                                    : Run(tuple, at, last, context);
      case K::kOpenBrace:
        return BeginsFor(state, at) ? Run(for_object, at, last, context)
                                    : Run(object, at, last, context);
      default:
        break;
    }
    const Token& found = state.Peek(at);
    if (state.Report(found.kind == K::kEnd ? kMissingExpression : kInvalidExpression,
                     state.Range(found))) {
      state.recovering = true;
      throw Failure{};
    }
    state.PushInvalid(state.Range(found));
    return true;
  }

  // For expressions do not mind newlines, not even in braces.
  static bool BeginsFor(State& state, Iterator at) {
    const NewlineMode mode(state, false);
    state.Read(at);
    return Keyword::IsNext(state, at, "for");
  }
};

const auto term_def = TermParser{};

}  // namespace

BOOST_SPIRIT_DEFINE(term)
BOOST_SPIRIT_INSTANTIATE(TermRule, Iterator, Context)

}  // namespace tkn::parser::grammar
