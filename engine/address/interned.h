#pragma once

#include <compare>
#include <mutex>
#include <unordered_set>

namespace tkn {

// A value as thousands of objects have the same: a pointer to the one of its kind, which this
// process keeps until it ends. For what configurations and states name, so that there are no more
// of them than those have parts. T has Hash(). Any thread.
template <typename T>
class Interned {
 public:
  Interned() {
    static const Interned empty{T()};
    value_ = empty.value_;
  }
  Interned(const T& value) {
    static Pool& pool = *new Pool;  // outlives whoever points into it
    const std::lock_guard lock(pool.mutex);
    value_ = &*pool.values.insert(value).first;
  }

  operator const T&() const { return *value_; }
  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_; }
  friend bool operator==(Interned a, Interned b) { return a.value_ == b.value_; }
  friend auto operator<=>(Interned a, Interned b) { return *a <=> *b; }

 private:
  struct Hasher {
    std::size_t operator()(const T& value) const { return value.Hash(); }
  };
  struct Pool {
    std::mutex mutex;
    std::unordered_set<T, Hasher> values;
  };

  const T* value_;
};

}  // namespace tkn
