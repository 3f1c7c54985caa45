#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "parser/diagnostic.h"

namespace tkn::fuzz {

inline std::string TextOf(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// What must hold whatever the input is. Aborts, which is how libFuzzer is told.
inline void Check(bool holds) {
  if (!holds) std::abort();
}

// Every diagnostic says something, and its range lies in the text.
inline void CheckDiagnostics(const Diagnostics& diags, std::size_t size) {
  for (const Diagnostic& diagnostic : diags) {
    Check(!diagnostic.summary.empty() && !diagnostic.detail.empty());
    Check(diagnostic.subject.begin <= diagnostic.subject.end);
    Check(diagnostic.subject.end <= size + 1);
  }
}

}  // namespace tkn::fuzz
