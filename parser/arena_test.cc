#include "parser/arena.h"

#include <catch2/catch.hpp>
#include <string>

namespace tkn::parser {
namespace {

TEST_CASE("an arena keeps what it gave, aligned, whatever the sizes") {
  Arena arena;
  std::vector<std::pair<std::string_view, std::string>> texts;
  for (std::size_t i = 0; i < 3000; ++i) {
    const std::string text(i % 700, static_cast<char>('a' + i % 26));
    texts.emplace_back(arena.Copy(std::string_view(text)), text);
    auto* number = arena.New<double>(static_cast<double>(i));
    REQUIRE(reinterpret_cast<std::uintptr_t>(number) % alignof(double) == 0);
    REQUIRE(*number == static_cast<double>(i));
  }
  for (const auto& [kept, expected] : texts) REQUIRE(kept == expected);
}

TEST_CASE("an arena takes about as much memory as it gives") {
  Arena arena;
  for (int i = 0; i < 100000; ++i) (void)arena.Allocate(48, 8);
  CHECK(arena.bytes() < 100000 * 48 * 2);
}

TEST_CASE("something larger than a chunk gets its own and leaves the current one in use") {
  Arena arena;
  (void)arena.Allocate(8, 8);
  const std::size_t before = arena.bytes();
  (void)arena.Allocate(10 << 20, 8);
  const std::size_t large = arena.bytes();
  CHECK(large - before < (11 << 20));
  (void)arena.Allocate(8, 8);
  CHECK(arena.bytes() == large);
}

TEST_CASE("copies of nothing take nothing") {
  Arena arena;
  CHECK(arena.Copy(std::string_view()).empty());
  CHECK(arena.Copy(std::span<const int>()).empty());
  CHECK(arena.bytes() == 0);
}

}  // namespace
}  // namespace tkn::parser
