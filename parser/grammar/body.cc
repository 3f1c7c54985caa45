#include <algorithm>
#include <string>
#include <unordered_set>

#include "parser/grammar/entry.h"
#include "parser/grammar/text.h"

namespace tkn::parser::grammar {
namespace {

using K = TokenKind;

// Reads the items of one body. What is wrong with an item is reported, the rest of its line left
// out, and the next one read: so one run tells of many errors.
class BodyReader {
 public:
  BodyReader(State& state, Iterator& at) : state_(state), at_(at) {}

  const Body* Read(K close);

 private:
  void ReadItem(std::size_t first_attribute);
  void ReadAttribute(const Token& name, bool on_block_line);
  bool EndLine(const Token& name);
  void ReadBlock(const Token& type);
  bool ReadHeader(const Token& type, std::vector<Label>& labels);
  Label ReadQuotedLabel();
  const Body* ReadBlockBody(const Token& type, const Token& open);
  const Body* ReadLineBody();
  void CloseLineBody(const Token& type, const Token& open);
  bool ReadLineAttribute();
  void CheckRedefined(std::size_t first_attribute);
  const Body* Finish(std::size_t attributes, std::size_t blocks, SourceRange range);

  State& state_;
  Iterator& at_;
  // Names seen, once there are too many to look through.
  std::unordered_set<std::string_view> names_;
};

const Body* BodyReader::Read(K close) {
  const std::size_t attributes = state_.attributes.size();
  const std::size_t blocks = state_.blocks.size();
  // A whole file begins at its first byte, a nested body at its brace.
  SourceRange range{state_.file, at_ == state_.first ? 0 : state_.Previous(at_).begin, 0};
  try {
    while (true) {
      const K kind = state_.PeekKind(at_);
      if (kind == close) {
        range.end = state_.Read(at_).end;
        break;
      }
      if (kind == K::kNewline) {
        state_.Read(at_);
        continue;
      }
      if (kind == K::kIdentifier) {
        ReadItem(attributes);
        continue;
      }
      const Token& bad = state_.Read(at_);
      range.end = bad.end;
      if (bad.kind == K::kEnd) break;  // the block's reader tells
      state_.Report(bad.kind == K::kOpenQuote ? kQuotedArgument : kItemRequiredQuiet,
                    state_.Range(bad));
      state_.RecoverTo(at_, close);
      break;
    }
  } catch (const TooDeep&) {
    if (close != K::kEnd) throw;
    range.end = static_cast<std::uint32_t>(state_.text.size());
  }
  return Finish(attributes, blocks, range);
}

const Body* BodyReader::Finish(std::size_t attributes, std::size_t blocks, SourceRange range) {
  auto* body = state_.arena.New<Body>();
  body->attributes =
      state_.arena.Copy(std::span<const Attribute>(state_.attributes).subspan(attributes));
  body->blocks = state_.arena.Copy(std::span<const Block>(state_.blocks).subspan(blocks));
  body->json_arena = &state_.arena;
  body->range = range;
  body->end_range = {range.file, range.begin, range.begin};
  state_.attributes.resize(attributes);
  state_.blocks.resize(blocks);
  return body;
}

void BodyReader::ReadItem(std::size_t first_attribute) {
  const Token& name = state_.Read(at_);
  switch (state_.PeekKind(at_)) {
    case K::kAssign:
      ReadAttribute(name, false);
      return CheckRedefined(first_attribute);
    case K::kOpenQuote:
    case K::kOpenBrace:
    case K::kIdentifier:
      return ReadBlock(name);
    default:
      state_.Report(kItemIncomplete, state_.Range(name));
      state_.RecoverAfterItem(at_);
  }
}

void BodyReader::CheckRedefined(std::size_t first_attribute) {
  constexpr std::size_t kFew = 16;
  const Attribute& added = state_.attributes.back();
  const std::span<const Attribute> before =
      std::span<const Attribute>(state_.attributes)
          .subspan(first_attribute, state_.attributes.size() - first_attribute - 1);
  if (before.size() > kFew) {
    if (names_.empty()) {
      for (const Attribute& attribute : before) names_.insert(attribute.name);
    }
    if (names_.insert(added.name).second) return;
  }
  for (const Attribute& attribute : before) {
    if (attribute.name != added.name) continue;
    const std::string detail =
        "The argument \"" + std::string(added.name) +
        "\" is set already, further up in the same block. Each argument can be set once.";
    state_.Report({.summary = "Attribute redefined", .detail = detail.c_str(), .only_first = false},
                  added.name_range);
    state_.attributes.pop_back();
    return;
  }
}

void BodyReader::ReadAttribute(const Token& name, bool on_block_line) {
  const Token& equals = state_.Read(at_);
  Attribute attribute{.name = state_.Text(name),
                      .name_range = state_.Range(name),
                      .equals_range = state_.Range(equals)};
  const bool sound = ReadExpression(state_, at_);
  attribute.expression = state_.Pop().expression;
  attribute.range = state_.Range(name, state_.Previous(at_));
  if (!sound) {
    state_.RecoverAfterItem(at_);
  } else if (!on_block_line) {
    const Token& end = state_.Peek(at_);
    const K kind = state_.PeekKind(at_);
    if (kind == K::kNewline || kind == K::kEnd) {
      if (kind == K::kNewline) state_.Read(at_);
    } else {
      state_.Report(kind == K::kComma ? kArgumentComma : kArgumentNewline, state_.Range(end),
                    state_.Range(name, end));
      state_.RecoverAfterItem(at_);
    }
  }
  state_.attributes.push_back(attribute);
}

void BodyReader::ReadBlock(const Token& type) {
  std::vector<Label>& labels = state_.labels;
  labels.clear();
  const bool has_body = ReadHeader(type, labels);
  Block block{.type = state_.Text(type), .type_range = state_.Range(type)};
  block.labels = state_.arena.Copy(std::span<const Label>(labels));
  block.header_range = state_.Range(type);
  if (!labels.empty()) block.header_range.end = labels.back().range.end;
  if (!has_body) {
    state_.RecoverAfterItem(at_);
    auto* body = state_.arena.New<Body>();
    body->json_arena = &state_.arena;
    body->range = block.type_range;
    body->end_range = {state_.file, block.type_range.begin, block.type_range.begin};
    block.body = body;
    block.open_range = block.close_range = block.type_range;
    state_.blocks.push_back(block);
    return;
  }
  const Token& open = state_.Read(at_);
  block.open_range = state_.Range(open);
  block.body = ReadBlockBody(type, open);
  block.close_range = state_.Range(state_.Previous(at_));
  const Token& end = state_.Peek(at_);
  const K kind = state_.PeekKind(at_);
  if (kind == K::kNewline) {
    state_.Read(at_);
  } else if (kind != K::kEnd) {
    state_.Report(kBlockLineEnd, state_.Range(end), state_.Range(type, end));
    state_.RecoverAfterItem(at_);
  }
  state_.blocks.push_back(block);
}

// Labels up to the brace. False when none follows.
bool BodyReader::ReadHeader(const Token& type, std::vector<Label>& labels) {
  while (true) {
    const Token& token = state_.Peek(at_);
    switch (state_.PeekKind(at_)) {
      case K::kOpenBrace:
        return true;
      case K::kOpenQuote:
        labels.push_back(ReadQuotedLabel());
        continue;
      case K::kIdentifier:
        state_.Read(at_);
        labels.push_back(
            {.text = state_.Text(token), .range = state_.Range(token), .quoted = false});
        continue;
      case K::kAssign:
        state_.Report(kBlockEquals, state_.Range(token), state_.Range(type, token));
        return false;
      case K::kNewline:
        state_.Report(kBlockNewline, state_.Range(token), state_.Range(type, token));
        return false;
      default:
        state_.Report(kBlockOther, state_.Range(token), state_.Range(type, token));
        return false;
    }
  }
}

Label BodyReader::ReadQuotedLabel() {
  const Token& open = state_.Read(at_);
  if (at_->kind == K::kQuotedText && at_[1].kind == K::kCloseQuote) {
    const std::string_view text = DecodeText(state_, *at_);
    at_ += 2;
    return {.text = text, .range = state_.Range(open, state_.Previous(at_))};
  }
  std::string text;
  while (true) {
    const Token& token = state_.Read(at_);
    switch (token.kind) {
      case K::kCloseQuote:
        break;
      case K::kQuotedText:
        text += DecodeText(state_, token);
        continue;
      case K::kInterpolation:
      case K::kDirective:
        state_.Report(kLabelTemplate, state_.Range(token), state_.Range(open, token));
        text += state_.Text(token)[0];
        text += "{ ... }";  // so that nobody takes the rest for the name
        state_.RecoverTo(at_, K::kTemplateEnd);
        continue;
      case K::kEnd:
        state_.Report(kLabelUnterminated, state_.Range(token), state_.Range(open, token));
        break;
      default:
        state_.Report(kLabelInvalid, state_.Range(token), state_.Range(open, token));
        state_.RecoverTo(at_, K::kCloseQuote);
        break;
    }
    return {.text = state_.arena.Copy(std::string_view(text)), .range = state_.Range(open, token)};
  }
}

const Body* BodyReader::ReadBlockBody(const Token& type, const Token& open) {
  const Nesting nesting(state_, state_.Range(open));
  const K kind = state_.PeekKind(at_);
  if (kind != K::kNewline && kind != K::kEnd && kind != K::kCloseBrace) {
    const std::size_t before = state_.diags.size();
    const Body* body = ReadLineBody();
    const std::size_t of_body = state_.diags.size();
    CloseLineBody(type, open);
    // What is wrong with the form as a whole is told first.
    const auto begin = state_.diags.begin();
    std::rotate(begin + static_cast<std::ptrdiff_t>(before),
                begin + static_cast<std::ptrdiff_t>(of_body), state_.diags.end());
    return body;
  }
  const Body* body = BodyReader(state_, at_).Read(K::kCloseBrace);
  if (state_.Previous(at_).kind == K::kEnd) {
    state_.Report(kUnclosedBlock, state_.Range(open), state_.Range(type, open));
    state_.recovering = true;
  }
  return body;
}

// A body on its block's line: exactly one argument.
const Body* BodyReader::ReadLineBody() {
  const std::size_t attributes = state_.attributes.size();
  SourceRange range = state_.Range(state_.Previous(at_));
  if (ReadLineAttribute()) {
    range = state_.attributes.back().range;
  } else {
    state_.RecoverAfterItem(at_);
  }
  const Body* body = Finish(attributes, state_.blocks.size(), range);
  return body;
}

bool BodyReader::ReadLineAttribute() {
  const Token& name = state_.Read(at_);
  if (name.kind != K::kIdentifier) {
    state_.Report(kItemRequired, state_.Range(name));
    return false;
  }
  switch (state_.PeekKind(at_)) {
    case K::kAssign:
      ReadAttribute(name, true);
      return true;
    case K::kOpenQuote:
    case K::kOpenBrace:
    case K::kIdentifier: {
      const std::string detail = "A block on one line can hold only one argument, such as \"" +
                                 std::string(state_.Text(name)) +
                                 " = value\". To nest a block, put it on a line of its own.";
      state_.Report({.summary = "Argument definition required",
                     .detail = detail.c_str(),
                     .only_first = false},
                    state_.Range(name, state_.Peek(at_)));
      return false;
    }
    default:
      state_.Report(kItemIncomplete, state_.Range(name));
      return false;
  }
}

void BodyReader::CloseLineBody(const Token& type, const Token& open) {
  const Token& token = state_.Peek(at_);
  switch (state_.PeekKind(at_)) {
    case K::kCloseBrace:
      state_.Read(at_);
      return;
    case K::kEnd:
      state_.Report(kUnclosedBlock, state_.Range(open), state_.Range(type, open));
      break;
    case K::kComma:
      state_.Report(kSingleComma, state_.Range(token));
      break;
    case K::kNewline:
      state_.Report(kSingleNewline, state_.Range(token));
      break;
    default:
      state_.Report(kSingleOther, state_.Range(token));
      break;
  }
  state_.RecoverTo(at_, K::kCloseBrace);
}

}  // namespace

const Body* ReadBody(State& state, Iterator& at, TokenKind close) {
  return BodyReader(state, at).Read(close);
}

}  // namespace tkn::parser::grammar
