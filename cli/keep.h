#pragma once

#include <deque>
#include <utility>

namespace tkn::cli {

// Where `value` stays until the process has ended, and longer: it is never destroyed. A plan, its
// configuration and the state are hundreds of thousands of objects, and the process ends with its
// command: taking them apart one by one would be time spent on nothing. Main thread only.
template <typename T>
const T& KeepUntilExit(T value) {
  static std::deque<T>& kept = *new std::deque<T>;
  return kept.emplace_back(std::move(value));
}

}  // namespace tkn::cli
