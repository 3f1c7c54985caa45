#include "parser/json/reader.h"

#include <vector>

#include "parser/arena.h"
#include "parser/embedded.h"
#include "parser/grammar/number.h"
#include "parser/json/string.h"
#include "parser/json/token.h"
#include "parser/parse.h"
#include "parser/suggest.h"

namespace tkn::parser::json {
namespace {

using K = TokenKind;

struct TooDeep {};

class Reader {
 public:
  Reader(std::string_view text, FileId file, Arena& arena, Diagnostics& diags)
      : text_(text), file_(file), arena_(arena), diags_(diags), tokens_(Scan(text)) {}

  const Expression* ReadRoot() {
    const std::size_t before = diags_.size();
    const Expression* root = nullptr;
    try {
      root = ReadValue();
      if (diags_.size() == before && Peek().kind != K::kEnd) {
        Report("Extraneous data after value",
               "The JSON value is complete before this. A file holds only one.", Peek());
      }
    } catch (const TooDeep&) {
      return MakeEmpty();
    }
    if (root->kind != ExpressionKind::kObject && root->kind != ExpressionKind::kTuple) {
      diags_.Add({.summary = "Root value must be object",
                  .detail = "Configuration in JSON is an object, or an array of objects.",
                  .subject = root->range});
      return MakeEmpty();
    }
    return root;
  }

 private:
  const Token& Peek() const { return tokens_[at_]; }
  const Token& Read() {
    const Token& token = tokens_[at_];
    if (token.kind != K::kEnd) ++at_;
    return token;
  }
  std::string_view Text(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }
  SourceRange Range(const Token& token) const { return {file_, token.begin, token.end}; }

  void Report(const char* summary, std::string detail, const Token& where) {
    diags_.Add({.summary = summary, .detail = std::move(detail), .subject = Range(where)});
  }

  const Expression* MakeInvalid(const Token& token) {
    return arena_.New<InvalidExpression>(Range(token));
  }
  const Expression* MakeEmpty() {
    auto* node = arena_.New<ObjectExpression>(SourceRange{file_, 0, 0});
    node->open_range = node->range;
    return node;
  }

  const Expression* ReadValue() {
    const Token& token = Peek();
    constexpr const char* kStart =
        "Expected a JSON value here: an object, an array, a string, a number, true, false or null.";
    const Expression* value = nullptr;
    switch (token.kind) {
      case K::kOpenBrace:
        value = ReadObject();
        break;
      case K::kOpenBracket:
        value = ReadArray();
        break;
      case K::kNumber:
        value = ReadNumber();
        break;
      case K::kString:
        value = ReadString();
        break;
      case K::kKeyword:
        value = ReadKeyword();
        break;
      case K::kCloseBrace:
        Report("Missing JSON value", kStart, token);
        break;
      case K::kCloseBracket:
        Report("Missing array element value", kStart, token);
        break;
      case K::kEnd:
        Report("Missing value", "The JSON text ends where a value is needed.", token);
        break;
      default:
        Report("Invalid start of value", kStart, token);
        break;
    }
    return value != nullptr ? value : MakeInvalid(token);
  }

  // Goes on to the bracket that closes what is open, beginning with a token that was read.
  void Recover(const Token* token, K open, K close) {
    int nested = 1;
    while (token->kind != K::kEnd) {
      if (token->kind == open) ++nested;
      if (token->kind == close && --nested <= 1) return;
      token = &Read();
    }
  }
  void RecoverObject(const Token& token) { Recover(&token, K::kOpenBrace, K::kCloseBrace); }
  void RecoverArray(const Token& token) { Recover(&token, K::kOpenBracket, K::kCloseBracket); }

  void Enter(const Token& token) {
    if (++depth_ <= kMaxDepth) return;
    Report("Nesting too deep", "Objects and arrays can be nested up to 1000 levels.", token);
    throw TooDeep{};
  }

  // nullptr, after a report, when it is broken; so are the others below.
  const Expression* ReadObject() {
    const Token& open = Read();
    Enter(open);
    std::vector<ObjectItem> items;
    const bool sound = ReadItems(open, items);
    --depth_;
    if (!sound) return nullptr;
    const Token& close = Read();
    auto* node = arena_.New<ObjectExpression>(Join(Range(open), Range(close)));
    node->open_range = Range(open);
    node->items = arena_.Copy(std::span<const ObjectItem>(items));
    return node;
  }

  bool ReadItems(const Token& open, std::vector<ObjectItem>& items) {
    while (Peek().kind != K::kCloseBrace) {
      ObjectItem item;
      item.key = ReadKey();
      if (item.key == nullptr) return false;
      const Token& colon = Read();
      if (colon.kind != K::kColon) {
        RecoverObject(colon);
        if (colon.kind == K::kCloseBrace || colon.kind == K::kComma) {
          Report("Missing object value", "Each name in an object needs a colon and a value.",
                 colon);
        } else {
          Report("Missing property value colon",
                 colon.kind == K::kEquals ? "In JSON a colon, not an equals sign, follows a name."
                                          : "A name in an object is followed by a colon.",
                 colon);
        }
        return false;
      }
      item.value = ReadValue();
      items.push_back(item);
      switch (Peek().kind) {
        case K::kCloseBrace:
          return true;
        case K::kComma: {
          const Token& comma = Read();
          if (Peek().kind != K::kCloseBrace) break;
          Report("Trailing comma in object",
                 "In JSON no comma may follow the last value. Remove it.", comma);
          return false;
        }
        case K::kEnd:
          Report("Unclosed object", "The text ends before the \"}\" that belongs to this.", open);
          return false;
        case K::kCloseBracket:
          Read();
          Report("Mismatched braces", "An object ends with \"}\", not with \"]\".", Peek());
          return false;
        default:
          RecoverObject(Read());
          Report("Missing attribute seperator comma",
                 "The members of an object are separated by commas.", Peek());
          return false;
      }
    }
    return true;
  }

  const Expression* ReadKey() {
    const Token& token = Peek();
    if (token.kind == K::kString) {
      if (const Expression* key = ReadString()) return key;
    } else {
      ReadValue();
    }
    Report("Invalid object property name", "The names in an object are strings in double quotes.",
           token);
    return nullptr;
  }

  const Expression* ReadArray() {
    const Token& open = Read();
    Enter(open);
    std::vector<const Expression*> elements;
    const bool sound = ReadElements(open, elements);
    --depth_;
    if (!sound) return nullptr;
    const Token& close = Read();
    auto* node = arena_.New<TupleExpression>(Join(Range(open), Range(close)));
    node->open_range = Range(open);
    node->elements = arena_.Copy(std::span<const Expression* const>(elements));
    return node;
  }

  bool ReadElements(const Token& open, std::vector<const Expression*>& elements) {
    while (Peek().kind != K::kCloseBracket) {
      elements.push_back(ReadValue());
      switch (Peek().kind) {
        case K::kCloseBracket:
          return true;
        case K::kComma: {
          const Token& comma = Read();
          if (Peek().kind != K::kCloseBracket) break;
          Report("Trailing comma in array",
                 "In JSON no comma may follow the last value. Remove it.", comma);
          return false;
        }
        case K::kColon:
          RecoverArray(Read());
          Report("Invalid array value", "The values of an array have no names, so no colon either.",
                 Peek());
          return false;
        case K::kEnd:
          Report("Unclosed object", "The text ends before the \"]\" that belongs to this.", open);
          return false;
        case K::kCloseBrace:
          RecoverArray(Read());
          Report("Mismatched brackets", "An array ends with \"]\", not with \"}\".", Peek());
          return false;
        default:
          RecoverArray(Read());
          Report("Missing attribute seperator comma",
                 "The values of an array are separated by commas.", Peek());
          return false;
      }
    }
    return true;
  }

  const Expression* ReadNumber() {
    const Token& token = Read();
    std::string_view digits = Text(token);
    if (digits.starts_with('-')) digits.remove_prefix(1);
    if (!IsJsonNumber(Text(token)) || !grammar::IsNumber(digits)) {
      Report("Invalid JSON number",
             "This looks like a number but is not one of JSON, such as -1, 0.5 or 1e3.", token);
      return nullptr;
    }
    auto* literal = arena_.New<Literal>(Range(token));
    literal->literal = LiteralKind::kNumber;
    literal->text = Text(token);
    return literal;
  }

  const Expression* ReadKeyword() {
    const Token& token = Read();
    const std::string_view word = Text(token);
    if (word == "true" || word == "false" || word == "null") {
      auto* literal = arena_.New<Literal>(Range(token));
      literal->literal = word == "null" ? LiteralKind::kNull : LiteralKind::kBool;
      literal->boolean = word == "true";
      return literal;
    }
    std::string detail =
        "\"" + std::string(word) + "\" is no word of JSON, which has only true, false and null.";
    Report("Invalid JSON keyword", detail + DidYouMean(word, {"false", "true", "null"}), token);
    return nullptr;
  }

  const Expression* ReadString() {
    const Token& token = Read();
    const Decoded decoded = DecodeString(Text(token));
    if (!decoded.text) {
      const auto at = static_cast<std::uint32_t>(token.begin + decoded.error);
      diags_.Add({.summary = "Invalid JSON string",
                  .detail = "This string is not closed, or holds an escape that JSON does not "
                            "know. Line breaks in "
                            "it are written as \\n.",
                  .subject = {file_, at, at + 1},
                  .context = Range(token)});
      return nullptr;
    }
    const std::string_view text = arena_.Copy(std::string_view(*decoded.text));
    if (text.find("${") == std::string_view::npos && text.find("%{") == std::string_view::npos) {
      auto* literal = arena_.New<Literal>(Range(token));
      literal->literal = LiteralKind::kString;
      literal->json = true;
      literal->text = text;
      return literal;
    }
    return ParseJsonTemplate(text, Range(token), arena_, diags_);
  }

  std::string_view text_;
  FileId file_;
  Arena& arena_;
  Diagnostics& diags_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

const Expression* Read(std::string_view text, FileId file, Arena& arena, Diagnostics& diags) {
  return Reader(text, file, arena, diags).ReadRoot();
}

}  // namespace tkn::parser::json
