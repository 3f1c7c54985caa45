#include "parser/format/format.h"

#include <algorithm>
#include <deque>

#include "parser/format/layout.h"
#include "parser/large_pages.h"
#include "parser/parse.h"

namespace tkn::parser {
namespace {

using format::Tokens;
using format::WrittenToken;
using K = TokenKind;

// A replacement for some of the tokens.
struct Edit {
  std::size_t begin;  // tokens [begin, end)
  std::size_t end;
  Tokens tokens;
};

// The token as it stands in the source.
WrittenToken Written(std::string_view text, const std::vector<Token>& tokens, std::size_t i) {
  const std::uint32_t before = i > 0 ? tokens[i - 1].end : 0;
  return {tokens[i].kind, tokens[i].Text(text), tokens[i].begin - before};
}

bool IsQuoted(const Tokens& tokens, K inside) {
  return tokens.size() == 3 && tokens[0].kind == K::kOpenQuote && tokens[1].kind == inside &&
         tokens[2].kind == K::kCloseQuote;
}

Tokens CallTokens(std::string_view name, std::string_view argument) {
  return {{K::kIdentifier, name},
          {K::kOpenParen, "("},
          {K::kIdentifier, argument},
          {K::kCloseParen, ")"}};
}

// Old ways to write the type of a variable.
Tokens ModernType(Tokens tokens) {
  if (tokens.size() == 1 && tokens[0].kind == K::kIdentifier) {
    const std::string_view name = tokens[0].text;
    if (name == "list" || name == "map" || name == "set") return CallTokens(name, "any");
  } else if (IsQuoted(tokens, K::kQuotedText)) {
    const std::string_view name = tokens[1].text;
    if (name == "string") return {{K::kIdentifier, "string"}};
    if (name == "list" || name == "map") return CallTokens(name, "string");
  }
  return tokens;
}

// Whether the tokens within "${ and }" are one expression, and no second sequence.
bool IsSingleSequence(std::span<const WrittenToken> inside) {
  int quotes = 0;
  for (const WrittenToken& token : inside) {
    if (token.kind == K::kOpenQuote) {
      ++quotes;
    } else if (token.kind == K::kCloseQuote) {
      --quotes;
    } else if (quotes == 0 && (token.kind == K::kInterpolation || token.kind == K::kTemplateEnd ||
                               token.kind == K::kQuotedText)) {
      return false;
    }
  }
  return true;
}

// "${x}" as a whole value is x.
Tokens UnwrapValue(Tokens tokens) {
  const std::size_t size = tokens.size();
  if (size < 5 || tokens[0].kind != K::kOpenQuote || tokens[1].kind != K::kInterpolation ||
      tokens[size - 2].kind != K::kTemplateEnd || tokens[size - 1].kind != K::kCloseQuote) {
    return tokens;
  }
  std::span<const WrittenToken> inside = std::span<const WrittenToken>(tokens).subspan(2, size - 4);
  if (!IsSingleSequence(inside)) return tokens;
  while (!inside.empty() && inside.front().kind == K::kNewline) inside = inside.subspan(1);
  while (!inside.empty() && inside.back().kind == K::kNewline) {
    inside = inside.first(inside.size() - 1);
  }
  Tokens value(inside.begin(), inside.end());
  const bool many_lines = std::ranges::any_of(
      value, [](const WrittenToken& token) { return token.kind == K::kNewline; });
  if (many_lines && (value.front().kind != K::kOpenParen || value.back().kind != K::kCloseParen)) {
    value.insert(value.begin(), {K::kOpenParen, "("});
    value.push_back({K::kCloseParen, ")"});
  }
  return value;
}

// A label with what a quoted text needs escaped.
std::string EscapeLabel(std::string_view label) {
  std::string escaped;
  for (std::size_t i = 0; i < label.size(); ++i) {
    const char c = label[i];
    switch (c) {
      case '\n':
        escaped += "\\n";
        break;
      case '\r':
        escaped += "\\r";
        break;
      case '\t':
        escaped += "\\t";
        break;
      case '"':
        escaped += "\\\"";
        break;
      case '\\':
        escaped += "\\\\";
        break;
      case '$':
      case '%':
        escaped += c;
        if (i + 1 < label.size() && label[i + 1] == '{') escaped += c;
        break;
      default:
        escaped += c;
        break;
    }
  }
  return escaped;
}

// Names the edits that bring old forms up to date.
class Modernizer {
 public:
  Modernizer(std::string_view text, const std::vector<Token>& tokens)
      : text_(text), tokens_(tokens) {}

  // In the order of the text. Their tokens may refer to texts of this object.
  const std::vector<Edit>& EditsOf(const Body& body) {
    EditBody(body, nullptr, 0);
    std::ranges::sort(edits_, {}, &Edit::begin);
    return edits_;
  }

 private:
  std::size_t IndexOf(std::uint32_t begin) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(tokens_, begin, {}, &Token::begin) -
                                    tokens_.begin());
  }
  std::size_t EndIndexOf(std::uint32_t end) const {
    // Not the empty token at the end of the text, which ends there as well.
    return 1 + static_cast<std::size_t>(std::ranges::lower_bound(tokens_, end, {}, &Token::end) -
                                        tokens_.begin());
  }
  Tokens Slice(std::size_t begin, std::size_t end) const {
    Tokens slice;
    slice.reserve(end - begin);
    for (std::size_t i = begin; i < end; ++i) slice.push_back(Written(text_, tokens_, i));
    return slice;
  }

  // `block` is what the body belongs to, at `depth` blocks below the file.
  void EditBody(const Body& body, const Block* block, int depth) {
    for (const Attribute& attribute : body.attributes) {
      const bool is_type = depth == 1 && block->type == "variable" && attribute.name == "type";
      const std::size_t begin = IndexOf(attribute.expression->range.begin);
      if (!is_type && tokens_[begin].kind != K::kOpenQuote) continue;
      const std::size_t end = EndIndexOf(attribute.expression->range.end);
      Tokens value = Slice(begin, end);
      value = is_type ? ModernType(std::move(value)) : UnwrapValue(std::move(value));
      if (is_type || value.size() != end - begin) edits_.push_back({begin, end, std::move(value)});
    }
    for (const Block& inner : body.blocks) {
      EditLabels(inner);
      EditBody(*inner.body, &inner, depth + 1);
    }
  }

  // All labels are quoted, and no comments stand before or between them.
  void EditLabels(const Block& block) {
    if (block.labels.empty()) return;
    const std::size_t begin = IndexOf(block.type_range.begin) + 1;
    const std::size_t end = EndIndexOf(block.labels.back().range.end);
    Tokens labels;
    for (const Label& label : block.labels) {
      labels.push_back({K::kOpenQuote, "\""});
      if (!label.text.empty()) {
        strings_.push_back(EscapeLabel(label.text));
        labels.push_back({K::kQuotedText, strings_.back()});
      }
      labels.push_back({K::kCloseQuote, "\""});
    }
    const auto same = [](const WrittenToken& a, const WrittenToken& b) {
      return a.kind == b.kind && a.text == b.text;
    };
    if (!std::ranges::equal(Slice(begin, end), labels, same)) {
      edits_.push_back({begin, end, std::move(labels)});
    }
  }

  std::string_view text_;
  const std::vector<Token>& tokens_;
  std::vector<Edit> edits_;
  std::deque<std::string> strings_;  // texts of tokens that are not in the source
};

}  // namespace

std::string Format(std::string_view text) {
  SourceMap sources;
  const FileId id = sources.Add("", std::string(text));
  Diagnostics diags;
  File file = ParseFile(sources, id, diags);
  if (diags.HasErrors()) return std::string(text);
  return Format(text, std::move(file));
}

std::string Format(std::string_view text, File file) {
  const std::vector<Token> tokens = Scan(text, ScanMode::kNormal);
  Modernizer modernizer(text, tokens);
  const std::vector<Edit>& edits = modernizer.EditsOf(file.body());
  file = File();  // its memory is of more use to what is written
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  PreferLargePages(out.data(), out.capacity());
  format::Layout layout(out);
  std::size_t at = 0;
  const auto keep = [&](std::size_t end) {
    for (; at < end; ++at) layout.Add(Written(text, tokens, at));
  };
  for (const Edit& edit : edits) {
    keep(edit.begin);
    for (const WrittenToken& token : edit.tokens) layout.Add(token);
    at = edit.end;
  }
  const std::size_t last = tokens.size() - 1;  // the end
  keep(last);
  layout.Finish();
  out.append(Written(text, tokens, last).spaces, ' ');
  return out;
}

}  // namespace tkn::parser
