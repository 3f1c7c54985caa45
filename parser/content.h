#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parser/ast.h"
#include "parser/diagnostic.h"

// Reading a Body by what is expected in it. The one way to look into a body, so that native and
// JSON syntax behave alike and the errors about arguments and blocks are written once.
namespace tkn::parser {

class Arena;

struct BodySchema {
  struct AttributeSpec {
    std::string name;
    bool required = false;
  };
  struct BlockSpec {
    std::string type;
    std::vector<std::string> label_names;
  };
  std::vector<AttributeSpec> attributes;
  std::vector<BlockSpec> blocks;
};

struct BodyContent {
  std::vector<const Attribute*> attributes;
  std::vector<const Block*> blocks;
  SourceRange end_range;  // empty; where errors about something missing point to

  // nullptr when it was not set.
  const Attribute* Find(std::string_view name) const;
};

// Everything must be in the schema: "Unsupported argument" (with a suggestion), "Unsupported block
// type", "Missing required argument", "Missing name for X", "Extraneous label for X", "Attribute
// redefined" are reported. What does fit is returned.
[[nodiscard]] BodyContent Content(const Body& body, const BodySchema& schema, Diagnostics& diags);

// As Content, but what the schema does not name is left alone; `rest`, if given, gets the names
// that were left.
[[nodiscard]] BodyContent PartialContent(const Body& body, const BodySchema& schema, Body* rest,
                                         Diagnostics& diags);

// All members as attributes: blocks are errors ("Unexpected \"x\" block").
[[nodiscard]] std::vector<const Attribute*> JustAttributes(const Body& body, Diagnostics& diags);

// The text of a string in JSON syntax, with template sequences as they are written: what counts
// where no references can be made. Nothing for any other expression.
[[nodiscard]] std::optional<std::string_view> JsonText(const Expression& expression);

// Where syntax is wanted and not a value, as in a type constraint or a list of references, JSON has
// strings in which it is written. Gives the expression that such a string holds, made in `arena`
// and kInvalid when it is broken; any other expression as it is.
[[nodiscard]] const Expression& SyntaxOf(const Expression& expression, Arena& arena,
                                         Diagnostics& diags);

// The same where only one kind of syntax will do, such as a reference or a type: what is wrong
// within the string is left unsaid, since the caller says what is wanted instead. A broken one is
// kInvalid and has the range of the string; one in native syntax was told of by the parser.
[[nodiscard]] const Expression& SyntaxOf(const Expression& expression, Arena& arena);

}  // namespace tkn::parser
