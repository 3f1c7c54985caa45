#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "parser/source.h"

// The syntax tree of HCL native syntax (and, through parser/json, of its JSON form). All nodes,
// spans and views live in the Arena of the File they belong to and are immutable after the parse,
// so any thread may read them. Text in nodes is decoded: escapes resolved, heredoc indentation
// removed, strip markers applied.
namespace tkn::parser {

enum class ExpressionKind : std::uint8_t {
  kLiteral,       // number, bool, null, "plain" text, or a text part of a template
  kTemplate,      // "a${b}c", heredocs: parts joined to a string
  kTemplateWrap,  // "${x}": the value of x itself
  kTemplateIf,    // %{if}, only as a part of a template
  kTemplateFor,   // %{for}, only as a part of a template
  kTraversal,     // a.b[0]: a root name and constant steps
  kRelative,      // f(x).b[0]: constant steps on any expression
  kIndex,         // a[i] where i is not a literal
  kSplat,         // a[*].b, a.*.b
  kCall,
  kConditional,
  kUnary,
  kBinary,
  kTuple,
  kObject,
  kForTuple,
  kForObject,
  kParentheses,
  kInvalid,  // stands where the parser reported an error; evaluates to an unknown of any type
};

struct Expression {
  ExpressionKind kind;
  SourceRange range;

 protected:
  constexpr Expression(ExpressionKind k, SourceRange r) : kind(k), range(r) {}
};

// Checked by kind: `As<CallExpression>(e)`; a wrong kind is a bug.
template <typename T>
const T& As(const Expression& e);

enum class LiteralKind : std::uint8_t { kNull, kBool, kNumber, kString };

struct Literal final : Expression {
  static constexpr auto kKind = ExpressionKind::kLiteral;
  explicit Literal(SourceRange r) : Expression(kKind, r) {}
  LiteralKind literal = LiteralKind::kNull;
  bool boolean = false;
  bool json = false;        // a string of JSON syntax: see JsonText() in content.h
  std::string_view text{};  // number: its digits as written; string: decoded
};

// Parts are literals (strings), kTemplateIf, kTemplateFor and any expression that was interpolated.
struct Template final : Expression {
  static constexpr auto kKind = ExpressionKind::kTemplate;
  explicit Template(SourceRange r) : Expression(kKind, r) {}
  std::span<const Expression* const> parts;
  bool heredoc = false;
  std::string_view
      json_text{};  // in JSON syntax: the string as it is, before it was taken for a template
};

struct TemplateWrap final : Expression {
  static constexpr auto kKind = ExpressionKind::kTemplateWrap;
  explicit TemplateWrap(SourceRange r) : Expression(kKind, r) {}
  const Expression* wrapped = nullptr;
  std::string_view json_text{};  // as in Template
};

// `on_true` and `on_false` are kTemplate (without %{else}: an empty one).
struct TemplateIf final : Expression {
  static constexpr auto kKind = ExpressionKind::kTemplateIf;
  explicit TemplateIf(SourceRange r) : Expression(kKind, r) {}
  const Expression* condition = nullptr;
  const Expression* on_true = nullptr;
  const Expression* on_false = nullptr;
};

struct TemplateFor final : Expression {
  static constexpr auto kKind = ExpressionKind::kTemplateFor;
  explicit TemplateFor(SourceRange r) : Expression(kKind, r) {}
  std::string_view key_name;  // empty: not wanted
  std::string_view value_name;
  const Expression* collection = nullptr;
  const Expression* body = nullptr;  // kTemplate
};

// One step of a traversal. `.name` is an attribute; `.0` and `[0]` an index by number; `["k"]` by
// text.
struct Step {
  enum class Kind : std::uint8_t { kAttribute, kIndexNumber, kIndexString };
  Kind kind = Kind::kAttribute;
  bool legacy = false;      // `.0`
  std::string_view text{};  // name, decoded key, or the number's digits
  SourceRange range{};      // with its dot or brackets
};

// A root name and its constant steps, as written. Also what references are made of.
struct Traversal {
  std::string_view root{};
  SourceRange root_range{};
  std::span<const Step> steps{};
  SourceRange range{};
};

struct TraversalExpression final : Expression {
  static constexpr auto kKind = ExpressionKind::kTraversal;
  explicit TraversalExpression(SourceRange r) : Expression(kKind, r) {}
  Traversal traversal;
};

struct RelativeTraversal final : Expression {
  static constexpr auto kKind = ExpressionKind::kRelative;
  explicit RelativeTraversal(SourceRange r) : Expression(kKind, r) {}
  const Expression* source = nullptr;
  std::span<const Step> steps;
};

struct IndexExpression final : Expression {
  static constexpr auto kKind = ExpressionKind::kIndex;
  explicit IndexExpression(SourceRange r) : Expression(kKind, r) {}
  const Expression* collection = nullptr;
  const Expression* key = nullptr;
  SourceRange bracket_range;
};

// `source[*]` followed by `each`, an expression over the element, which it names with the
// kTraversal root kSplatItem ("" is not a valid identifier, so nothing else can have it); nullptr:
// the element itself.
struct SplatExpression final : Expression {
  static constexpr auto kKind = ExpressionKind::kSplat;
  static constexpr std::string_view kSplatItem = "";
  explicit SplatExpression(SourceRange r) : Expression(kKind, r) {}
  const Expression* source = nullptr;
  const Expression* each = nullptr;
  bool attribute_only = false;  // .*
  SourceRange marker_range;
};

struct CallExpression final : Expression {
  static constexpr auto kKind = ExpressionKind::kCall;
  explicit CallExpression(SourceRange r) : Expression(kKind, r) {}
  std::string_view name;  // with namespaces: "provider::x::y"
  SourceRange name_range;
  SourceRange open_range;  // the parenthesis
  SourceRange close_range;
  std::span<const Expression* const> arguments;
  bool expand_final = false;  // the last one was followed by `...`
};

struct ConditionalExpression final : Expression {
  static constexpr auto kKind = ExpressionKind::kConditional;
  explicit ConditionalExpression(SourceRange r) : Expression(kKind, r) {}
  const Expression* condition = nullptr;
  const Expression* on_true = nullptr;
  const Expression* on_false = nullptr;
};

enum class UnaryOperator : std::uint8_t { kNegate, kNot };

struct UnaryExpression final : Expression {
  static constexpr auto kKind = ExpressionKind::kUnary;
  explicit UnaryExpression(SourceRange r) : Expression(kKind, r) {}
  UnaryOperator op = UnaryOperator::kNegate;
  SourceRange op_range;
  const Expression* operand = nullptr;
};

enum class BinaryOperator : std::uint8_t {
  kOr,
  kAnd,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
};

struct BinaryExpression final : Expression {
  static constexpr auto kKind = ExpressionKind::kBinary;
  explicit BinaryExpression(SourceRange r) : Expression(kKind, r) {}
  BinaryOperator op = BinaryOperator::kOr;
  SourceRange op_range;
  const Expression* left = nullptr;
  const Expression* right = nullptr;
};

struct TupleExpression final : Expression {
  static constexpr auto kKind = ExpressionKind::kTuple;
  explicit TupleExpression(SourceRange r) : Expression(kKind, r) {}
  std::span<const Expression* const> elements;
  SourceRange open_range;
};

// A bare identifier as key is a kLiteral string here; `(name) = v` keeps its kParentheses.
struct ObjectItem {
  const Expression* key = nullptr;
  const Expression* value = nullptr;
  bool key_is_bare_name = false;
};

struct ObjectExpression final : Expression {
  static constexpr auto kKind = ExpressionKind::kObject;
  explicit ObjectExpression(SourceRange r) : Expression(kKind, r) {}
  std::span<const ObjectItem> items;
  SourceRange open_range;
};

// kForTuple: [for k, v in c : value if cond]; kForObject: {for k, v in c : key => value... if
// cond}.
struct ForExpression final : Expression {
  ForExpression(ExpressionKind k, SourceRange r) : Expression(k, r) {}
  std::string_view key_name;  // empty: not wanted
  std::string_view value_name;
  const Expression* collection = nullptr;
  const Expression* key = nullptr;  // only kForObject
  const Expression* value = nullptr;
  const Expression* condition = nullptr;  // may be absent
  bool group = false;                     // `...` after the value
  SourceRange open_range;
  SourceRange close_range;
};

struct Parentheses final : Expression {
  static constexpr auto kKind = ExpressionKind::kParentheses;
  explicit Parentheses(SourceRange r) : Expression(kKind, r) {}
  const Expression* inner = nullptr;
};

struct InvalidExpression final : Expression {
  static constexpr auto kKind = ExpressionKind::kInvalid;
  explicit InvalidExpression(SourceRange r) : Expression(kKind, r) {}
};

template <typename T>
const T& As(const Expression& e) {
  return static_cast<const T&>(e);
}

struct Attribute {
  std::string_view name{};
  SourceRange name_range{};
  SourceRange equals_range{};
  SourceRange range{};  // name to end of expression
  const Expression* expression = nullptr;
};

struct Label {
  std::string_view text{};  // decoded
  SourceRange range{};
  bool quoted = true;
};

struct Block;

// What stands between two braces, or in a whole file. Attributes and blocks are in source order. In
// JSON syntax only a schema tells attributes from blocks: there `json` is set and Content()
// (content.h) takes them apart.
struct Body {
  std::span<const Attribute> attributes{};
  std::span<const Block> blocks{};
  SourceRange range{};
  SourceRange
      end_range{};  // empty; where errors about something missing point to: the start of `range`
  const Expression* json = nullptr;
  class Arena* json_arena =
      nullptr;  // of the tree: where Content() makes nodes; any thread may ask it
};

struct Block {
  std::string_view type{};
  SourceRange type_range{};
  std::span<const Label> labels{};
  SourceRange open_range{};  // braces
  SourceRange close_range{};
  SourceRange header_range{};  // type and labels: what errors about the block underline
  const Body* body = nullptr;
};

}  // namespace tkn::parser
