#include "parser/grammar/template.h"

#include <string>

#include "parser/grammar/entry.h"
#include "parser/grammar/text.h"
#include "parser/suggest.h"

namespace tkn::parser::grammar {
namespace {

using K = TokenKind;
using Part = TemplatePart;

class TemplateReader {
 public:
  TemplateReader(State& state, Iterator& at, K close)
      : state_(state), at_(at), first_(state.Peek(at)), close_(close) {}

  // Ends with a kEnd part.
  std::vector<Part> Read() {
    SourceRange end;
    while (true) {
      const Token& token = state_.Read(at_);
      if (token.kind == close_) {
        end = state_.Range(token);
        break;
      }
      const bool trim = trim_next_;
      trim_next_ = false;
      if (token.kind == K::kQuotedText || token.kind == K::kText) {
        std::string_view text = DecodeText(state_, token);
        if (trim) text = TrimLeft(text);
        parts_.push_back({.kind = Part::Kind::kText, .range = state_.Range(token), .text = text});
      } else if (token.kind == K::kInterpolation || token.kind == K::kDirective) {
        if (state_.Text(token).ends_with('~') && !parts_.empty() &&
            parts_.back().kind == Part::Kind::kText) {
          parts_.back().text = TrimRight(parts_.back().text);
        }
        const NewlineMode mode(state_, false);
        if (token.kind == K::kInterpolation) {
          ReadInterpolation(token);
        } else if (!ReadDirective(token)) {
          state_.RecoverTo(at_, K::kTemplateEnd);
        }
      } else {
        state_.Report(kUnterminatedTemplate, state_.Range(token), state_.Range(first_, token));
        end = state_.Range(state_.RecoverTo(at_, close_));
        break;
      }
    }
    parts_.push_back({.kind = Part::Kind::kEnd, .range = end});
    return std::move(parts_);
  }

 private:
  void ReadInterpolation(const Token& token) {
    ReadExpression(state_, at_);
    const State::Operand value = state_.Pop();
    const Token& close = state_.Peek(at_);
    if (close.kind == K::kTemplateEnd) {
      ReadClose();
    } else {
      ReportUnclosed(close);
      state_.RecoverTo(at_, K::kTemplateEnd);
    }
    parts_.push_back(
        {.kind = Part::Kind::kValue, .range = state_.Range(token, close), .operand = value});
  }

  void ReadClose() {
    const Token& close = state_.Read(at_);
    trim_next_ = state_.Text(close).starts_with('~');
  }

  void ReportUnclosed(const Token& found) {
    if (found.kind == K::kEnd) {
      state_.Report(kUnclosedInterpolationFile, state_.Range(first_));
    } else if (close_ == K::kCloseQuote &&
               (found.kind == K::kCloseQuote || found.kind == K::kOpenQuote)) {
      state_.Report(kUnclosedInterpolationQuote, state_.Range(first_));
    } else {
      state_.Report(kExtraInInterpolation, state_.Range(found), state_.Range(first_, found));
    }
  }

  // False when it makes no sense; then everything up to its end is to be skipped.
  bool ReadDirective(const Token& token) {
    const Token& keyword = state_.Peek(at_);
    if (keyword.kind != K::kIdentifier) {
      state_.Report(kInvalidDirective, state_.Range(keyword), state_.Range(token, keyword));
      return false;
    }
    state_.Read(at_);
    const std::string_view word = state_.Text(keyword);
    Part part{.kind = Part::Kind::kIf, .range = state_.Range(token)};
    if (word == "if") {
      ReadExpression(state_, at_);
      part.operand = state_.Pop();
    } else if (word == "for") {
      part.kind = Part::Kind::kFor;
      if (!ReadFor(part)) return false;
    } else if (word == "else") {
      part.kind = Part::Kind::kElse;
    } else if (word == "endif") {
      part.kind = Part::Kind::kEndIf;
    } else if (word == "endfor") {
      part.kind = Part::Kind::kEndFor;
    } else {
      ReportKeyword(token, keyword);
      return false;
    }
    const Token& close = state_.Peek(at_);
    part.range.end = close.end;
    parts_.push_back(part);
    if (close.kind == K::kTemplateEnd) {
      ReadClose();
      return true;
    }
    const std::string summary = "Extra characters in " + std::string(word) + " marker";
    state_.Report({.summary = summary.c_str(),
                   .detail = "The sequence is complete before this, so a \"}\" is needed here."},
                  state_.Range(close), state_.Range(first_, close));
    return false;
  }

  bool ReadFor(Part& part) {
    if (!ReadName(part.value_name, kForDirectiveNeedsName)) return false;
    if (state_.Peek(at_).kind == K::kComma) {
      state_.Read(at_);
      part.key_name = part.value_name;
      if (!ReadName(part.value_name, kForDirectiveNeedsSecondName)) return false;
    }
    const Token& in = state_.Peek(at_);
    if (in.kind != K::kIdentifier || state_.Text(in) != "in") {
      state_.Report(kForDirectiveNeedsIn, state_.Range(in));
      return false;
    }
    state_.Read(at_);
    ReadExpression(state_, at_);
    part.operand = state_.Pop();
    return true;
  }

  bool ReadName(std::string_view& name, const Error& missing) {
    const Token& token = state_.Peek(at_);
    if (token.kind != K::kIdentifier) {
      state_.Report(missing, state_.Range(token));
      return false;
    }
    name = state_.Text(state_.Read(at_));
    return true;
  }

  void ReportKeyword(const Token& token, const Token& keyword) {
    const std::string_view given = state_.Text(keyword);
    std::string detail = "\"" + std::string(given) + "\" is no directive of templates.";
    detail += DidYouMean(given, {"if", "for", "else", "endif", "endfor"});
    detail += " If \"%{\" is meant as plain text, write \"%%{\".";
    state_.Report({.summary = "Invalid template control keyword", .detail = detail.c_str()},
                  state_.Range(keyword), state_.Range(token, keyword));
  }

  State& state_;
  Iterator& at_;
  const Token& first_;  // after the opening mark: where errors about the whole begin
  const K close_;
  bool trim_next_ = false;
  std::vector<Part> parts_;
};

void PushText(State& state, const Token& open, const Token& close, std::string_view text) {
  auto* literal = state.arena.New<Literal>(state.Range(open, close));
  literal->literal = LiteralKind::kString;
  literal->text = text;
  state.Push(literal, 1);
}

}  // namespace

void ReadTemplate(State& state, Iterator& at, const Token& open, K close, bool flush) {
  const std::size_t errors = state.errors;
  // Most templates are plain quoted text. The list of tokens ends with a kEnd, so two can be looked
  // at.
  if (close == K::kCloseQuote && at->kind == K::kCloseQuote) {
    PushText(state, open, *at++, {});
    return;
  }
  if (close == K::kCloseQuote && at->kind == K::kQuotedText && at[1].kind == K::kCloseQuote) {
    const std::string_view text = DecodeText(state, *at);
    PushText(state, open, at[1], text);
    at += 2;
    return state.FailIfBroken(errors);
  }
  std::vector<TemplatePart> parts = TemplateReader(state, at, close).Read();
  const SourceRange range = state.Range(open, state.Previous(at));
  if (parts.size() == 2 && parts[0].kind == TemplatePart::Kind::kValue) {
    auto* node = state.arena.New<TemplateWrap>(range);
    node->wrapped = parts[0].operand.expression;
    state.Push(node, parts[0].operand.height + 1);
    return state.FailIfBroken(errors);
  }
  if (flush) RemoveIndentation(parts);
  JoinTexts(state, parts);
  const std::size_t operands = state.operands.size();
  BuildTemplate(state, parts);
  FoldTemplate(state, operands, range, close == K::kCloseHeredoc);
  state.FailIfBroken(errors);
}

}  // namespace tkn::parser::grammar
