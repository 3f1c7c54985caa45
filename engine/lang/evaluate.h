#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/lang/scope.h"
#include "engine/value/convert.h"

namespace tkn::lang {

// The value of an expression. On errors, added to `diags`, what is returned is unknown where it
// depends on them, so that evaluation can go on. Depth is bounded; sensitive values never reach the
// text of an error.
[[nodiscard]] Value Evaluate(const parser::Expression& expression, const Scope& scope,
                             Diagnostics& diags);

// Evaluates and converts; an unfitting value is reported with `summary` ("Incorrect attribute value
// type", "Invalid value for module argument"...) or a default one for plain conversions.
[[nodiscard]] std::optional<Value> EvaluateAs(const parser::Expression& expression, Type type,
                                              const Scope& scope, std::string_view what,
                                              Diagnostics& diags);

// Literal text for places where the language wants a keyword or a constant: `depends_on`, `type`...
std::optional<parser::Traversal> AsTraversal(const parser::Expression& expression);
// A bare word: `string`, `all`.
std::string_view AsKeyword(const parser::Expression& expression);

// Every traversal inside that reaches the Scope (not those bound by for, loops, splats), in source
// order.
void ForEachTraversal(const parser::Expression& expression,
                      const std::function<void(const parser::Traversal&)>& f);
// Names of all functions called inside.
void ForEachCall(const parser::Expression& expression,
                 const std::function<void(const parser::CallExpression&)>& f);

// Type constraints: string, list(any), object({a = optional(string, "x")}). `defaults` gets those
// of optional().
[[nodiscard]] std::optional<Type> ParseTypeConstraint(const parser::Expression& expression,
                                                      TypeDefaults* defaults, Diagnostics& diags);

// Fills in `expression` and `values` of an error found outside of the evaluation: "Invalid count
// argument". Set caused_by_unknown and caused_by_sensitive before.
void ShowValues(const parser::Expression& expression, const Scope& scope, Diagnostic& diagnostic);

// "Invalid number": of an expression whose value, which has an infinite number inside, is to be
// stored.
[[nodiscard]] Diagnostic InfiniteValue(const parser::Expression& expression);

// Follows the remaining steps of a traversal into a value, with Terraform's errors ("Unsupported
// attribute", "Invalid index").
[[nodiscard]] Value FollowSteps(Value value, std::span<const parser::Step> steps,
                                const parser::Traversal& whole, Diagnostics& diags);

}  // namespace tkn::lang
