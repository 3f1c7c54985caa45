#pragma once

#include <boost/spirit/home/x3/auxiliary.hpp>
#include <boost/spirit/home/x3/core.hpp>
#include <boost/spirit/home/x3/directive.hpp>
#include <boost/spirit/home/x3/nonterminal.hpp>
#include <boost/spirit/home/x3/operator.hpp>

#include "parser/grammar/nodes.h"
#include "parser/grammar/state.h"

// The vocabulary of the grammar. It works on tokens, for what HCL reports and where it goes on
// after an error is defined by tokens. Every rule has the one context below: the state travels in
// the skipper, and expressions are left on State::operands. A second context type per bracket would
// make the instantiations endless.
namespace tkn::parser::grammar {

namespace x3 = boost::spirit::x3;

struct Skip : x3::parser<Skip> {
  using attribute_type = x3::unused_type;
  static constexpr bool has_attribute = false;

  explicit Skip(State& s) : state(&s) {}

  template <typename It, typename C, typename R, typename A>
  bool parse(It& at, const It& last, const C&, R&, A&) const {
    if (at == last || !state->Skipped(at->kind)) return false;
    ++at;
    return true;
  }

  State* state;
};

using Context = x3::phrase_parse_context<Skip>::type;

template <typename C>
State& StateOf(const C& context) {
  return *x3::get<x3::skipper_tag>(context).state;
}

// Base of our own parsers, which take no attribute.
template <typename Derived>
struct Component : x3::parser<Derived> {
  using attribute_type = x3::unused_type;
  static constexpr bool has_attribute = false;
};

template <typename Parser, typename C>
bool Run(const Parser& parser, Iterator& at, Iterator last, const C& context) {
  return parser.parse(at, last, context, x3::unused, x3::unused);
}

// A token that is only passed over.
template <TokenKind kKind>
struct TokenParser : Component<TokenParser<kKind>> {
  template <typename It, typename C, typename R, typename A>
  bool parse(It& at, const It&, const C& context, R&, A&) const {
    const State& state = StateOf(context);
    It next = at;
    if (state.PeekKind(next) != kKind) return false;
    state.Read(next);
    at = next;
    return true;
  }
};
template <TokenKind kKind>
inline constexpr TokenParser<kKind> tok{};

// A token whose place is kept in State::words, with null in its stead when there is another.
template <TokenKind kKind>
struct MarkParser : Component<MarkParser<kKind>> {
  template <typename It, typename C, typename R, typename A>
  bool parse(It& at, const It&, const C& context, R&, A&) const {
    State& state = StateOf(context);
    It next = at;
    if (state.PeekKind(next) == kKind) {
      state.words.push_back(&state.Read(next));
      at = next;
    } else {
      state.words.push_back(nullptr);
    }
    return true;
  }
};
template <TokenKind kKind>
inline constexpr MarkParser<kKind> mark{};

// An identifier with this text.
struct Keyword : Component<Keyword> {
  constexpr explicit Keyword(std::string_view w) : word(w) {}

  static bool IsNext(const State& state, Iterator at, std::string_view word) {
    const Token& token = state.Peek(at);
    return token.kind == TokenKind::kIdentifier && state.Text(token) == word;
  }

  template <typename It, typename C, typename R, typename A>
  bool parse(It& at, const It&, const C& context, R&, A&) const {
    const State& state = StateOf(context);
    if (!IsNext(state, at, word)) return false;
    state.Read(at);
    return true;
  }

  std::string_view word;
};

// Leaves a null operand, where an optional expression was not given.
struct Absent : Component<Absent> {
  template <typename It, typename C, typename R, typename A>
  bool parse(It&, const It&, const C& context, R&, A&) const {
    StateOf(context).operands.push_back({nullptr, 0});
    return true;
  }
};
inline constexpr Absent absent{};

// Never matches: the next token is wrong here. The context of the error begins at the open bracket.
// At the end of the text `at_end` is said in its stead, about the bracket.
struct FailParser : Component<FailParser> {
  constexpr explicit FailParser(const Error& e, const Error* end = nullptr)
      : error(&e), at_end(end) {}

  template <typename It, typename C, typename R, typename A>
  bool parse(It& at, const It&, const C& context, R&, A&) const {
    State& state = StateOf(context);
    const Token& token = state.Peek(at);
    if (token.kind == TokenKind::kEnd && at_end != nullptr) {
      state.Fail(*at_end, state.Range(*state.opener));
    }
    state.Fail(*error, state.Range(token), state.Range(*state.opener, token));
  }

  const Error* error;
  const Error* at_end;
};

// brackets<Build, kOpen, kClose>[p]: the opening token, then p, which must end before the closing
// one. In between newlines count or not. From what p left on the stacks Build makes the node:
// Build::Apply(state, bracket), with what a Bracket tells. When p fails, what is between the
// brackets is skipped, so that the outside can go on.
template <typename Subject, typename Build, TokenKind kOpen, TokenKind kClose, bool kNewlines>
struct BracketsParser
    : x3::unary_parser<Subject, BracketsParser<Subject, Build, kOpen, kClose, kNewlines>> {
  using base = x3::unary_parser<Subject, BracketsParser>;
  using attribute_type = x3::unused_type;
  static constexpr bool has_attribute = false;

  constexpr explicit BracketsParser(const Subject& subject) : base(subject) {}

  template <typename It, typename C, typename R, typename A>
  bool parse(It& at, const It& last, const C& context, R&, A&) const {
    State& state = StateOf(context);
    It next = at;
    const Token& open = state.Peek(next);
    if (open.kind != kOpen) return false;
    state.Read(next);
    at = next;
    const Iterator outer = state.opener;
    const std::size_t operands = state.operands.size();
    const std::size_t words = state.words.size();
    const NewlineMode mode(state, kNewlines);
    state.opener = &open;
    bool sound = true;
    try {
      Run(this->subject, at, last, context);
      const Token& close = state.Read(at);
      Build::Apply(state, Bracket{open, close, operands, words});
    } catch (const Failure& failure) {
      state.operands.resize(operands);
      if (!failure.skipped) state.RecoverTo(at, kClose);
      if (failure.reported) throw;
      sound = false;
    }
    state.opener = outer;
    state.words.resize(words);
    if (!sound) state.PushInvalid(state.Range(open, state.Previous(at)));
    return true;
  }
};

template <typename Build, TokenKind kOpen, TokenKind kClose, bool kNewlines = false>
struct BracketsGenerator {
  template <typename Subject>
  constexpr auto operator[](const Subject& subject) const {
    using Parser = typename x3::extension::as_parser<Subject>::value_type;
    return BracketsParser<Parser, Build, kOpen, kClose, kNewlines>(x3::as_parser(subject));
  }
};
template <typename Build, TokenKind kOpen, TokenKind kClose, bool kNewlines = false>
inline constexpr BracketsGenerator<Build, kOpen, kClose, kNewlines> brackets{};

using ExpressionRule = x3::rule<struct ExpressionId>;
using OperandRule = x3::rule<struct OperandId>;
using TermRule = x3::rule<struct TermId>;
using TemplateRule = x3::rule<struct TemplateId>;

inline const ExpressionRule expression = "expression";  // conditional and operators; expression.cc
inline const OperandRule operand = "operand";  // a term with signs before, steps after; operand.cc
inline const TermRule term = "term";           // term.cc
inline const TemplateRule quoted_template = "template";  // "..." and <<EOT; template.cc

BOOST_SPIRIT_DECLARE(ExpressionRule, OperandRule, TermRule, TemplateRule)

}  // namespace tkn::parser::grammar
