#include <catch2/catch.hpp>

#include "tests/engine/test_world.h"

// What goes on with objects whose blocks are renamed, taken away, or come to them: moved, removed
// and import blocks.
namespace tkn::apply {
namespace {

using plan::Mode;

}  // namespace

TEST_CASE("a single object becomes the first of several, and back", "[plan][moves]") {
  TestWorld world;
  world.Configure(R"(resource "fake_node" "a" { name = "a" })");
  world.PlanAndApply();
  world.Configure("resource \"fake_node\" \"a\" {\n count = 2\n name = \"a\"\n}");
  CHECK(TestWorld::Actions(*world.Plan()) ==
        "no-op fake_node.a[0] from fake_node.a\ncreate fake_node.a[1]\n");
  world.PlanAndApply();
  CHECK(world.State() == "fake_node.a[0]\nfake_node.a[1]\n");
  world.Configure(R"(resource "fake_node" "a" { name = "a" })");
  CHECK(TestWorld::Actions(*world.Plan()) ==
        "no-op fake_node.a from fake_node.a[0]\ndelete fake_node.a[1]\n");
}

TEST_CASE("moved blocks chain, and go into modules", "[plan][moves]") {
  TestWorld world;
  world.Configure(R"(resource "fake_node" "a" { name = "a" })");
  world.PlanAndApply();
  world.Configure(R"(
module "m" { source = "./m" }
moved {
  from = fake_node.b
  to   = module.m.fake_node.c
}
moved {
  from = fake_node.a
  to   = fake_node.b
})",
                  {{"m/main.tf", R"(resource "fake_node" "c" { name = "a" })"}});
  const auto plan = world.Plan();
  CHECK(world.Problems() == "");
  CHECK(TestWorld::Actions(*plan) == "no-op module.m.fake_node.c from fake_node.a\n");
  CHECK(world.Apply(*plan).succeeded);
  CHECK(world.State() == "module.m.fake_node.c\n");
}

TEST_CASE("what a removed block names must be gone", "[plan]") {
  TestWorld world;
  world.Configure(R"(
resource "fake_node" "a" { name = "a" }
removed {
  from = fake_node.a
  lifecycle { destroy = false }
})");
  CHECK_FALSE(world.Plan());
  CHECK(world.Problems() == "error: Removed resource still exists\n");
}

TEST_CASE("moved blocks that contradict each other are errors, also on an empty state", "[plan]") {
  TestWorld world;
  world.Configure(R"(
resource "fake_node" "b" { name = "b" }
moved {
  from = fake_node.a
  to   = fake_node.b
}
moved {
  from = fake_node.c
  to   = fake_node.b
}
moved {
  from = fake_node.a
  to   = fake_node.z
})");
  (void)world.Plan({});
  CHECK(world.Problems() == "error: Ambiguous move statements\nerror: Ambiguous move statements\n");
}

TEST_CASE("removed blocks forget, or destroy", "[plan]") {
  TestWorld world;
  world.Configure(R"(
resource "fake_node" "a" { name = "a" }
resource "fake_node" "b" { name = "b" })");
  world.PlanAndApply();
  world.Configure(R"(
removed {
  from = fake_node.a
  lifecycle { destroy = false }
}
removed { from = fake_node.b })");
  const auto plan = world.Plan();
  CHECK(TestWorld::Actions(*plan) == "forget fake_node.a\ndelete fake_node.b\n");
  CHECK(world.Problems() == "warning: Some objects will no longer be managed by tkn\n");
  CHECK(world.Apply(*plan).forgotten == 1);
  CHECK(world.State() == "");
  CHECK(world.cloud->Objects("fake_node").size() == 1);
}

TEST_CASE("an import of an instance that is not there is an error where something is imported",
          "[plan][import]") {
  TestWorld world;
  const std::string block =
      "resource \"fake_node\" \"a\" {\n  for_each = toset([\"x\"])\n  name = each.key\n}\n";
  const std::string import = "import {\n  to = fake_node.a[\"y\"]\n  id = \"1\"\n}\n";
  world.Configure(block);
  world.PlanAndApply();
  world.Configure(block + import +
                  "resource \"fake_node\" \"b\" { name = fake_node.a[\"x\"].id }\n");
  const std::string problem = "error: Configuration for import target does not exist\n";
  const auto plan = world.Plan();
  CHECK(world.Problems() == problem);
  REQUIRE(plan);
  CHECK(TestWorld::Actions(*plan) == "");  // what depends on it is not planned
  (void)world.Plan({.mode = Mode::kDestroy});
  CHECK(world.Problems() == problem);
  (void)world.Plan({.mode = Mode::kDestroy, .refresh = false});
  CHECK(world.Problems() == "");
  (void)world.Plan({.mode = Mode::kRefreshOnly});
  CHECK(world.Problems() == "");
}

TEST_CASE("what is wrong with moved blocks is told after the walk, statement by statement",
          "[plan][moves]") {
  TestWorld world;
  const std::string block = "resource \"fake_node\" \"a\" { name = \"a\" }\n";
  world.Configure(block);
  world.PlanAndApply();
  const auto moved = [](const char* from, const char* to) {
    return "moved {\n  from = fake_node." + std::string(from) + "\n  to = fake_node." + to +
           "\n}\n";
  };
  const std::string redundant = "error: Redundant move statement\n",
                    exists = "error: Moved object still exists\n",
                    ambiguous = "error: Ambiguous move statements\n",
                    cyclic = "error: Cyclic dependency in move statements\n";
  const struct {
    std::string text, problems;
  } rows[] = {
      {moved("x", "x") + moved("a", "b"), redundant + exists},
      // What is wrong with a statement does not keep its ends from counting.
      {moved("a", "b") + moved("c", "b"), exists + ambiguous},
      {moved("k", "w") + moved("j", "z") + moved("k", "z"), ambiguous + ambiguous},
      {moved("k", "w") + moved("k", "w"), ""},
      // A whole resource is another thing than one instance of that name.
      {moved("j[0]", "z") + moved("k", "z"), ""},
      {moved("j[0]", "z") + moved("k[0]", "z"), ambiguous},
      {moved("p", "q") + moved("q", "p") + moved("u", "v") + moved("v", "u"), cyclic + cyclic},
      {moved("p", "q") + moved("q", "p") + moved("x", "x"), redundant},
      // They come before all other errors, which may follow from them.
      {moved("x", "x") +
           "variable \"v\" { default = 1 }\nresource \"fake_node\" \"b\" {\n  name = \"b\"\n  "
           "lifecycle {\n    precondition {\n      condition = var.v > 1\n      error_message = "
           "\"no\"\n    }\n  }\n}\n",
       redundant},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    world.Configure(block + row.text);
    const auto plan = world.Plan();
    CHECK(world.Problems() == row.problems);
    CHECK(plan.has_value() == row.problems.empty());
  }
}

TEST_CASE("a moved block of a module is told of in each of its instances", "[plan][moves]") {
  TestWorld world;
  world.Configure("module \"m\" {\n  source = \"./m\"\n  count = 2\n}\n",
                  {{"m/main.tf",
                    "resource \"fake_node\" \"a\" { name = \"a\" }\nmoved {\n  from = "
                    "fake_node.a\n  to = fake_node.b\n}\n"}});
  CHECK_FALSE(world.Plan());
  CHECK(world.Problems() == "error: Moved object still exists\nerror: Moved object still exists\n");
}

TEST_CASE("an import into a resource without a block is an error where something is imported",
          "[plan][import]") {
  TestWorld world;
  const std::string block = "resource \"fake_node\" \"a\" { name = \"a\" }\n";
  world.Configure(block);
  world.PlanAndApply();
  world.Configure(block + "import {\n  to = fake_node.b\n  id = \"1\"\n}\n");
  const std::string problem = "error: Configuration for import target does not exist\n";
  const auto targeting = [](const char* name) {
    return std::vector<TargetAddress>{
        {.module = {}, .resource = ResourceName{ResourceMode::kManaged, "fake_node", name}}};
  };
  const std::string warning = "warning: Resource targeting is in effect\n";
  (void)world.Plan();
  CHECK(world.Problems() == problem);
  (void)world.Plan({.mode = Mode::kDestroy});
  CHECK(world.Problems() == problem);
  (void)world.Plan({.mode = Mode::kDestroy, .refresh = false});
  CHECK(world.Problems() == "");
  (void)world.Plan({.mode = Mode::kRefreshOnly});
  CHECK(world.Problems() == "");
  (void)world.Plan({.targets = targeting("a")});
  CHECK(world.Problems() == warning);
  (void)world.Plan({.mode = Mode::kDestroy, .targets = targeting("b")});
  CHECK(world.Problems() == warning + problem);
}

TEST_CASE("import blocks take over what is there", "[plan][import]") {
  TestWorld world;
  world.Configure(R"(resource "fake_node" "a" { name = "a" })");
  world.PlanAndApply();
  const std::string id = world.cloud->Objects("fake_node").begin()->first;
  TestWorld other;
  other.cloud->PutObject("fake_node", id, *world.cloud->FindObject("fake_node", id));
  other.Configure(
      "resource \"fake_node\" \"b\" { name = \"a\" }\nimport {\n to = fake_node.b\n id = \"" + id +
      "\"\n}");
  const auto plan = other.Plan();
  CHECK(other.Problems() == "");
  CHECK(TestWorld::Actions(*plan) == "no-op fake_node.b imported " + id + "\n");
  const ApplyResult result = other.Apply(*plan);
  CHECK(result.imported == 1);
  CHECK(other.State() == "fake_node.b\n");
  CHECK(TestWorld::Actions(*other.Plan()) == "");
}

}  // namespace tkn::apply
