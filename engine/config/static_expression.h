#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/value/value.h"
#include "parser/arena.h"
#include "parser/ast.h"
#include "parser/diagnostic.h"
#include "parser/source.h"

// Expressions that the language wants constant: keywords, references, lists and maps written out.
// What stands in a JSON file is told apart by `json`: there, texts are what native syntax has
// without quotes.
namespace tkn::config {

struct StaticContext {
  const SourceMap& sources;
  parser::Arena& arena;
  bool json = false;
  Diagnostics& diags;
};

// Where an expression begins to be seen: the opening bracket, the first operand, the text inside
// the quotes.
SourceRange StartOf(const parser::Expression& expression);

// The value of an expression without references and calls; in JSON, texts are taken literally.
// Unknown after an error.
Value ConstantValue(const parser::Expression& expression, StaticContext& context);
// Of one type, known and not null: "Unsuitable value type".
std::optional<Value> ConstantOf(const parser::Expression& expression, Type type,
                                StaticContext& context);
std::optional<bool> ConstantBool(const parser::Expression& expression, StaticContext& context);
std::optional<std::string> ConstantString(const parser::Expression& expression,
                                          StaticContext& context);

// A bare word; in quotes it is taken with a warning. "" without an error when it is something else.
std::string_view KeywordOf(const parser::Expression& expression, StaticContext& context);

// A reference with constant steps; in quotes it is taken with a warning.
std::optional<parser::Traversal> TraversalOf(const parser::Expression& expression,
                                             StaticContext& context);

// The elements of a list that is written out: "Invalid expression" otherwise.
std::optional<std::vector<const parser::Expression*>> ListOf(const parser::Expression& expression,
                                                             StaticContext& context);

// Reads `a.b[0]["c"]`; nullopt with an error about the place in `range`, which holds the text.
std::optional<parser::Traversal> ParseTraversal(std::string_view text, SourceRange range,
                                                StaticContext& context);

// Whether it is a text without sequences; its value then.
std::optional<std::string_view> LiteralText(const parser::Expression& expression);

inline constexpr std::string_view kBadIdentifierDetail =
    "Names begin with a letter or underscore, and go on with letters, digits, underscores and "
    "dashes.";

}  // namespace tkn::config
