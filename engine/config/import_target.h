#pragma once

#include <optional>

#include "engine/config/config.h"
#include "engine/lang/scope.h"

namespace tkn::config {

// The instance that an import block names: its index keys may use each.key and each.value, which
// `scope` gives. Keys must be known, not null and not sensitive. Relative to the module of the
// block.
[[nodiscard]] std::optional<Address> EvaluateImportTarget(const ImportBlock& import,
                                                          const lang::Scope& scope,
                                                          Diagnostics& diags);

// How `to` ends, as far as it is written there: a key of text, of a number, one that an expression
// gives, or none.
struct WrittenKey {
  enum class Kind { kNone, kText, kNumber, kExpression };
  Kind kind = Kind::kNone;
  const parser::Expression* expression = nullptr;
};
WrittenKey KeyOfTarget(const ImportBlock& import);

}  // namespace tkn::config
