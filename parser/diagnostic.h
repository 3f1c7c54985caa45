#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "parser/source.h"

namespace tkn {

enum class Severity : std::uint8_t { kError, kWarning };

// The value of one reference in the failing expression, as it is shown below the snippet:
// `traversal` "var.name", `statement` `is "x"`, "is a list of string", "will be known only after
// apply".
struct ShownValue {
  std::string traversal;
  std::string statement;
  bool operator==(const ShownValue&) const = default;
};

// One thing to tell the user. `summary` is Terraform's wording, without user data; `detail` is
// ours: what is wrong, why, how to mend it. Never holds a secret.
struct Diagnostic {
  Severity severity = Severity::kError;
  std::string summary{};
  std::string detail{};
  SourceRange subject{};     // underlined
  SourceRange context{};     // shown around the subject; optional, contains it
  SourceRange expression{};  // the whole failing expression, when `values` belong to one
  std::vector<ShownValue> values{};
  std::string address{};         // of the resource instance concerned: printed as "with ADDRESS,"
  std::string attribute_path{};  // for provider errors about a value, such as `.expiry`
  std::string function_name{};   // of the call that failed: printed as "while calling NAME(...)"
  // "list, sep", as in "while calling join(separator, lists...)". Without it nothing is printed: as
  // in Terraform, for what is called in a `for` expression.
  std::optional<std::string> function_signature{};
  bool caused_by_unknown = false;
  bool caused_by_sensitive = false;
  // Warnings of one summary are shown together by -compact-warnings; those that must not be are set
  // apart.
  bool never_consolidate = false;

  bool operator==(const Diagnostic&) const = default;
};

// Collected in the order found; sorted when printed. Not for sharing between threads: workers
// collect apart and append.
class Diagnostics {
 public:
  Diagnostics() = default;
  Diagnostics(std::initializer_list<Diagnostic> list) : list_(list) {}

  void Add(Diagnostic diagnostic) { list_.push_back(std::move(diagnostic)); }
  void Append(Diagnostics&& more);
  void Append(const Diagnostics& more);
  [[nodiscard]] bool HasErrors() const;
  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }
  void Clear() { list_.clear(); }
  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }
  auto begin() { return list_.begin(); }
  auto end() { return list_.end(); }
  const Diagnostic& operator[](std::size_t i) const { return list_[i]; }

 private:
  std::vector<Diagnostic> list_;
};

}  // namespace tkn
