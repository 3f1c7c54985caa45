#pragma once

#include <optional>
#include <vector>

#include "engine/address/address.h"
#include "engine/lang/scope.h"
#include "engine/value/value.h"
#include "parser/ast.h"

namespace tkn::plan {

enum class Repeated : std::uint8_t { kNo, kCount, kForEach };

// What count.index, each.key and each.value are for one instance.
struct Repetition {
  Repeated repeated = Repeated::kNo;
  InstanceKey key{};
  Value each_value{};
};

// The instances that a block has in one module instance, by key. Without count and for_each: one,
// with no key.
struct Expansion {
  Repeated repeated = Repeated::kNo;
  std::vector<InstanceKey> keys{};   // sorted
  std::vector<Value> each_values{};  // of for_each, parallel to keys

  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  std::size_t Find(const InstanceKey& key) const;
  Repetition At(std::size_t index) const;
};

// Evaluates `count` or `for_each` (at most one is given). What they may not be is told as
// "Invalid count argument", "Invalid for_each argument" or "Invalid for_each set argument".
[[nodiscard]] std::optional<Expansion> Expand(const parser::Expression* count,
                                              const parser::Expression* for_each,
                                              const lang::Scope& scope, Diagnostics& diags);

}  // namespace tkn::plan
