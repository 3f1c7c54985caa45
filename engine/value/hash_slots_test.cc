#include "engine/value/hash_slots.h"

#include <catch2/catch.hpp>
#include <deque>

namespace tkn {
namespace {

TEST_CASE("items are found by their hash, also where many share one or its low bits") {
  std::deque<int> items;
  HashSlots<int> slots;
  const auto is = [](int wanted) { return [wanted](const int& item) { return item == wanted; }; };
  CHECK(slots.Find(0, is(0)) == nullptr);
  // Hashes as of numbers, as of addresses, and one for all.
  const std::size_t step = GENERATE(1, 64, std::size_t{1} << 32, 0);
  const int count = step == 0 ? 100 : 5000;
  for (int i = 0; i < count; ++i) {
    items.push_back(i);
    slots.Add(static_cast<std::size_t>(i) * step, &items.back());
  }
  int wrong = 0;
  for (int i = 0; i < count; ++i) {
    if (slots.Find(static_cast<std::size_t>(i) * step, is(i)) != &items[i]) ++wrong;
  }
  CHECK(wrong == 0);
  CHECK(slots.Find(static_cast<std::size_t>(count) * step, is(count)) == nullptr);
  if (step != 0) CHECK(slots.Find(step, is(2)) == nullptr);
}

}  // namespace
}  // namespace tkn
