#include "engine/value/node_pool.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

#include "engine/value/value.h"

namespace tkn::node_pool {
namespace {

TEST_CASE("blocks are aligned, apart from each other, and used again") {
  std::vector<std::pair<Block, std::size_t>> blocks;
  std::set<void*> places;
  for (std::size_t i = 0; i < 3000; ++i) {
    const std::size_t bytes = 1 + i % 200;
    const Block block = Allocate(bytes);
    REQUIRE(reinterpret_cast<std::uintptr_t>(block.at) % 16 == 0);
    std::memset(block.at, static_cast<int>(i % 251), bytes);
    blocks.emplace_back(block, bytes);
    places.insert(block.at);
  }
  REQUIRE(places.size() == blocks.size());
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto* bytes = static_cast<const unsigned char*>(blocks[i].first.at);
    for (std::size_t j = 0; j < blocks[i].second; ++j) REQUIRE(bytes[j] == i % 251);
  }
  for (const auto& [block, bytes] : blocks) Free(block.at, block.size_class);
  const Block again = Allocate(40);
#if !defined(TKN_ADDRESS_SANITIZER)
  CHECK(places.contains(again.at));
#endif
  Free(again.at, again.size_class);
}

TEST_CASE("values made in one thread are dropped in another, and after their thread's end") {
  for (int round = 0; round < 20; ++round) {
    std::vector<Value> made;
    std::thread([&] {
      for (int i = 0; i < 5000; ++i) made.push_back(Value::String("text " + std::to_string(i)));
    }).join();
    CHECK(made[4999].AsString() == "text 4999");
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&made, t] {
        for (int i = t; i < 5000; i += 4) made[static_cast<std::size_t>(i)] = Value();
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
}

}  // namespace
}  // namespace tkn::node_pool
