#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "tests/engine/test_world.h"

namespace tkn::apply {
namespace {

using providers::fake::Operation;

// Six that wait for nothing but a slot.
constexpr char kSix[] = R"(
resource "fake_node" "n" {
  count = 6
  name  = "n${count.index}"
})";

// In the calls that have all slots: stops the run when there are so many intents, and those that
// have none wait for theirs.
void StopOnceAnnounced(TestWorld& world, std::size_t intents) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  Diagnostics ignored;
  while (world.store->OpenIntents(ignored).size() < intents &&
         !world.interruption.stop.IsCancelled() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  world.interruption.stop.Cancel();
}

}  // namespace

TEST_CASE("no more calls are under way than the parallelism allows, and that many are",
          "[apply][interrupt]") {
  TestWorld world;
  world.parallelism = GENERATE(1, 2, 3);
  world.Configure(kSix);
  world.cloud->Script(Operation::kCreate, "fake_node", {.delay = std::chrono::milliseconds(30)},
                      -1);
  const auto plan = world.Plan();
  CHECK(world.Apply(*plan).added == 6);
  CHECK(world.cloud->MostAtOnce() == static_cast<std::size_t>(world.parallelism));
}

TEST_CASE("what waits for a slot when the run is stopped gives up, and leaves nothing open",
          "[apply][interrupt]") {
  TestWorld world;
  world.parallelism = 2;
  world.Configure(kSix);
  const auto plan = world.Plan();
  world.cloud->Script(Operation::kCreate, "fake_node",
                      {.before = [&] { StopOnceAnnounced(world, 4); }}, 2);
  const ApplyResult result = world.Apply(*plan);
  CHECK_FALSE(result.succeeded);
  CHECK(world.Problems() == "error: execution halted\n");
  CHECK(result.added == 2);
  CHECK(world.cloud->CountCalls(Operation::kCreate) == 2);
  CHECK(world.Snapshot()->objects.size() == 2);
  Diagnostics found;
  CHECK(world.store->OpenIntents(found).empty());
}

TEST_CASE("an object that had made way is back in its place when its replacement gives up",
          "[apply][interrupt]") {
  TestWorld world;
  world.parallelism = 2;
  const auto config = [](const std::string& zone) {
    return R"(
resource "fake_thing" "t" {
  count = 4
  name  = "t${count.index}"
  zone  = ")" +
           zone + R"("
  lifecycle { create_before_destroy = true }
})";
  };
  world.Configure(config("x"));
  world.PlanAndApply();
  world.Configure(config("y"));
  const auto plan = world.Plan();
  world.cloud->Script(Operation::kCreate, "fake_thing",
                      {.before = [&] { StopOnceAnnounced(world, 4); }}, 2);
  CHECK_FALSE(world.Apply(*plan).succeeded);
  Diagnostics found;
  CHECK(world.store->OpenIntents(found).empty());
  std::size_t deposed = 0;
  for (const state::StoredObject& object : world.Snapshot()->objects) {
    if (!object.deposed_key.empty()) ++deposed;
  }
  // Of the two that were replaced the old ones are still there, since nothing new was begun.
  CHECK(deposed == 2);
  CHECK(world.Snapshot()->objects.size() == 6);
}

}  // namespace tkn::apply
