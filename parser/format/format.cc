#include "parser/format/format.h"

#include <algorithm>
#include <deque>

#include "parser/format/layout.h"
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

class Formatter {
 public:
  explicit Formatter(const std::string& text)
      : text_(text), source_(Scan(text, ScanMode::kNormal)) {
    std::uint32_t end = 0;
    for (const Token& token : source_) {
      tokens_.push_back({token.kind, token.Text(text), token.begin - end});
      end = token.end;
    }
  }

  std::string Run(const Body& body) {
    EditBody(body, nullptr, 0);
    ApplyEdits();
    format::LayOut(tokens_);
    std::string out;
    out.reserve(text_.size() + text_.size() / 8);
    for (const WrittenToken& token : tokens_) {
      out.append(token.spaces, ' ');
      out += token.text;
    }
    return out;
  }

 private:
  std::size_t IndexOf(std::uint32_t begin) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(source_, begin, {}, &Token::begin) -
                                    source_.begin());
  }
  std::size_t EndIndexOf(std::uint32_t end) const {
    return static_cast<std::size_t>(std::ranges::upper_bound(source_, end, {}, &Token::end) -
                                    source_.begin());
  }
  Tokens Slice(std::size_t begin, std::size_t end) const {
    return {tokens_.begin() + static_cast<std::ptrdiff_t>(begin),
            tokens_.begin() + static_cast<std::ptrdiff_t>(end)};
  }

  // `block` is what the body belongs to, at `depth` blocks below the file.
  void EditBody(const Body& body, const Block* block, int depth) {
    for (const Attribute& attribute : body.attributes) {
      const std::size_t begin = IndexOf(attribute.expression->range.begin);
      const std::size_t end = EndIndexOf(attribute.expression->range.end);
      const bool is_type = depth == 1 && block->type == "variable" && attribute.name == "type";
      Tokens value = Slice(begin, end);
      const std::size_t before = value.size();
      value = is_type ? ModernType(std::move(value)) : UnwrapValue(std::move(value));
      if (is_type || value.size() != before) edits_.push_back({begin, end, std::move(value)});
    }
    for (const Block& inner : body.blocks) {
      EditLabels(inner);
      EditBody(*inner.body, &inner, depth + 1);
    }
  }

  // All labels are quoted, and no comments stand before or between them.
  void EditLabels(const Block& block) {
    if (block.labels.empty()) return;
    Tokens labels;
    for (const Label& label : block.labels) {
      labels.push_back({K::kOpenQuote, "\""});
      if (!label.text.empty()) {
        strings_.push_back(EscapeLabel(label.text));
        labels.push_back({K::kQuotedText, strings_.back()});
      }
      labels.push_back({K::kCloseQuote, "\""});
    }
    edits_.push_back({IndexOf(block.type_range.begin) + 1,
                      EndIndexOf(block.labels.back().range.end), std::move(labels)});
  }

  void ApplyEdits() {
    std::ranges::sort(edits_, {}, &Edit::begin);
    Tokens edited;
    edited.reserve(tokens_.size());
    std::size_t at = 0;
    const auto keep = [&](std::size_t end) {
      for (; at < end; ++at) edited.push_back(tokens_[at]);
    };
    for (const Edit& edit : edits_) {
      keep(edit.begin);
      edited.insert(edited.end(), edit.tokens.begin(), edit.tokens.end());
      at = edit.end;
    }
    keep(tokens_.size());
    tokens_ = std::move(edited);
  }

  const std::string& text_;
  std::vector<Token> source_;
  Tokens tokens_;
  std::vector<Edit> edits_;
  std::deque<std::string> strings_;  // texts of tokens that are not in the source
};

}  // namespace

std::string Format(std::string_view text) {
  SourceMap sources;
  const FileId id = sources.Add("", std::string(text));
  Diagnostics diags;
  const File file = ParseFile(sources, id, diags);
  if (diags.HasErrors()) return std::string(text);
  const std::string owned(text);
  return Formatter(owned).Run(file.body());
}

}  // namespace tkn::parser
