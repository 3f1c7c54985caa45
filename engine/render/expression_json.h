#pragma once

#include <span>

#include "engine/render/json_writer.h"
#include "engine/schema/schema.h"
#include "parser/ast.h"

namespace tkn::render {

// {"constant_value": ...}, {"references": [...]} or {}.
void WriteExpression(const parser::Expression& expression, JsonWriter& out);

// Attributes and nested blocks of a body by its schema, as "expressions". What the schema lacks is
// left out.
void WriteBody(const parser::Body& body, const BlockSchema& schema, JsonWriter& out);

}  // namespace tkn::render
