#pragma once

#include <functional>

#include "engine/lang/scope.h"
#include "engine/schema/schema.h"
#include "engine/value/value.h"
#include "parser/ast.h"
#include "parser/content.h"
#include "parser/diagnostic.h"

namespace tkn {

// The value that a body means: `dynamic` blocks expanded, attributes evaluated and converted,
// blocks counted. Of the schema's implied type (blocks whose number is not known yet are unknown).
// Errors are Terraform's; what they concern is unknown.
[[nodiscard]] Value DecodeBody(const parser::Body& body, const BlockSchema& schema,
                               const lang::Scope& scope, Diagnostics& diags);

// Every traversal in a body that reaches the scope (not those that `dynamic` blocks bind), in
// source order.
void ForEachReference(const parser::Body& body, const BlockSchema& schema,
                      const std::function<void(const parser::Traversal&)>& f);
// The same where no schema is known yet: in JSON syntax everything that could be an expression is
// looked at.
void ForEachReference(const parser::Body& body,
                      const std::function<void(const parser::Traversal&)>& f);

// The expression or block in a body that a path leads to, for errors that a provider reports by
// path. The body's own range where it leads nowhere.
SourceRange RangeOf(const parser::Body& body, const Path& path);
// A path as providers write it in errors: `.a.b[0]["k"]`. What can't be read ends it.
Path PathFromText(std::string_view text);

}  // namespace tkn
