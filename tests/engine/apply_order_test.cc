#include <catch2/catch.hpp>

#include "tests/engine/test_world.h"

// What happens after what.
namespace tkn::apply {
namespace {

using plan::Mode;
using providers::fake::Operation;

}  // namespace

TEST_CASE("destroying goes from what depends to what is depended on", "[apply]") {
  TestWorld world;
  world.Configure(kChain);
  world.PlanAndApply();
  world.ClearLog();
  const ApplyResult result = world.PlanAndApply({.mode = Mode::kDestroy});
  CHECK(world.Problems() == "");
  CHECK(result.destroyed == 3);
  CHECK(world.State() == "");
  CHECK(world.At("end delete fake_node.c") < world.At("begin delete fake_node.b"));
  CHECK(world.At("end delete fake_node.b") < world.At("begin delete fake_node.a"));
  CHECK(world.cloud->Objects("fake_node").empty());
}

TEST_CASE("a block that is gone is destroyed after what depended on it changed", "[apply]") {
  TestWorld world;
  world.Configure(kChain);
  world.PlanAndApply();
  world.ClearLog();
  world.Configure(R"(resource "fake_node" "a" { name = "a" })");
  const auto plan = world.Plan();
  CHECK(TestWorld::Actions(*plan) == "delete fake_node.b\ndelete fake_node.c\n");
  CHECK(plan->changes.all()[1].reason == plan::ActionReason::kDeleteBecauseNoResourceConfig);
  world.Apply(*plan);
  CHECK(world.At("end delete fake_node.c") < world.At("begin delete fake_node.b"));
}

TEST_CASE("a replacement destroys first, dependants before", "[apply]") {
  TestWorld world;
  world.Configure(R"(
resource "fake_thing" "a" {
  name = "a"
  zone = "x"
}
resource "fake_thing" "b" {
  name = "b"
  zone = fake_thing.a.id
})");
  world.PlanAndApply();
  world.ClearLog();
  world.Configure(R"(
resource "fake_thing" "a" {
  name = "a"
  zone = "y"
}
resource "fake_thing" "b" {
  name = "b"
  zone = fake_thing.a.id
})");
  const auto plan = world.Plan();
  CHECK(TestWorld::Actions(*plan) == "replace(-/+) fake_thing.a\nreplace(-/+) fake_thing.b\n");
  const ApplyResult result = world.Apply(*plan);
  CHECK(world.Problems() == "");
  CHECK(result.added == 2);
  CHECK(result.destroyed == 2);
  const std::vector<std::string> order = {"begin delete fake_thing.b", "end delete fake_thing.b",
                                          "begin delete fake_thing.a", "end delete fake_thing.a",
                                          "begin create fake_thing.a", "end create fake_thing.a",
                                          "begin create fake_thing.b", "end create fake_thing.b"};
  CHECK(world.log() == order);
}

TEST_CASE("create_before_destroy keeps the old object until dependants have the new one",
          "[apply]") {
  TestWorld world;
  const auto config = [](const std::string& zone) {
    return R"(
resource "fake_thing" "a" {
  name = "a"
  zone = ")" +
           zone + R"("
  lifecycle { create_before_destroy = true }
}
resource "fake_thing" "b" {
  name = "b"
  note = fake_thing.a.id
})";
  };
  world.Configure(config("x"));
  world.PlanAndApply();
  world.ClearLog();
  world.Configure(config("y"));
  const auto plan = world.Plan();
  CHECK(TestWorld::Actions(*plan) == "replace(+/-) fake_thing.a\nupdate fake_thing.b\n");
  world.Apply(*plan);
  CHECK(world.Problems() == "");
  CHECK(world.At("end create fake_thing.a") < world.At("begin update fake_thing.b"));
  CHECK(world.At("end update fake_thing.b") < world.At("begin delete fake_thing.a (deposed)"));
  CHECK(world.State() == "fake_thing.a\nfake_thing.b\n");
}

TEST_CASE("a replacement that its provider wants to overlap creates first, unless told not to",
          "[apply][rotation]") {
  TestWorld world;
  const std::string lifecycle =
      GENERATE("", "lifecycle { create_before_destroy = false }", "lifecycle {}");
  const bool overlaps = lifecycle.find("false") == std::string::npos;
  const auto config = [&](const std::string& zone) {
    return R"(
resource "fake_thing" "base" {
  name = "base"
  zone = ")" +
           zone + R"("
}
resource "fake_thing" "gone" {
  count = )" +
           (zone == "x" ? "1" : "0") + R"(
  name = "gone"
}
resource "fake_thing" "a" {
  name = "a"
  note = join(",", concat([fake_thing.base.name], fake_thing.gone[*].name))
  )" + lifecycle +
           R"(
}
resource "fake_thing" "user" {
  name = "user"
  note = fake_thing.a.id
})";
  };
  world.Configure(config("x"));
  world.PlanAndApply();
  REQUIRE(world.Problems() == "");
  world.ClearLog();
  world.Configure(config("y"));
  world.cloud->Script(Operation::kPlan, "fake_thing",
                      {.requires_replace = {{PathStep::Attribute("note")}}, .create_first = true},
                      1, "a");
  const auto plan = world.Plan();
  const std::string sign = overlaps ? "replace(+/-) " : "replace(-/+) ";
  // What it depends on can't go before it does, so that creates first as well.
  CHECK(TestWorld::Actions(*plan) == sign + "fake_thing.a\n" + sign +
                                         "fake_thing.base\ndelete fake_thing.gone[0]\n"
                                         "update fake_thing.user\n");
  CHECK(world.Apply(*plan).succeeded);
  CHECK(world.Problems() == "");
  if (!overlaps) return;
  CHECK(world.At("end create fake_thing.base") < world.At("begin create fake_thing.a"));
  CHECK(world.At("end create fake_thing.a") < world.At("begin update fake_thing.user"));
  CHECK(world.At("end update fake_thing.user") < world.At("begin delete fake_thing.a (deposed)"));
  CHECK(world.At("end delete fake_thing.a (deposed)") <
        world.At("begin delete fake_thing.base (deposed)"));
  CHECK(world.At("end delete fake_thing.a (deposed)") <
        world.At("begin delete fake_thing.gone[0]"));
}

TEST_CASE("an old object that a killed run left goes after who takes over came, new ones included",
          "[apply][rotation]") {
  TestWorld world;
  const auto config = [](const std::string& zone) {
    return R"(
resource "fake_thing" "a" {
  name = "a"
  zone = ")" +
           zone + R"("
  lifecycle { create_before_destroy = true }
}
resource "fake_thing" "user" {
  name = "user"
  zone = fake_thing.a.id
})";
  };
  world.Configure(config("x"));
  world.PlanAndApply();
  world.Configure(config("y"));
  // The new one is there, the old user is gone, and the new user could not be made.
  world.cloud->Script(Operation::kCreate, "fake_thing", {.diagnostics = {{.summary = "no"}}}, 1,
                      "user");
  CHECK_FALSE(world.PlanAndApply().succeeded);
  REQUIRE(world.State() == "fake_thing.a\nfake_thing.a (deposed)\n");
  world.ClearLog();
  CHECK(world.PlanAndApply().succeeded);
  CHECK(world.At("end create fake_thing.user") < world.At("begin delete fake_thing.a (deposed)"));
  CHECK(world.State() == "fake_thing.a\nfake_thing.user\n");
}

TEST_CASE("a count of 500 that another one refers to is applied without a vertex for each pair",
          "[apply]") {
  TestWorld world;
  world.Configure(R"(
resource "terraform_data" "a" {
  count = 500
  input = count.index
}
resource "terraform_data" "b" {
  count = 500
  input = terraform_data.a[count.index].output
})");
  CHECK(world.PlanAndApply().added == 1000);
  CHECK(world.PlanAndApply({.mode = Mode::kDestroy}).destroyed == 1000);
}

TEST_CASE("what is new waits for what its block depends on to be destroyed", "[apply]") {
  TestWorld world;
  const auto config = [](const std::string& count, const std::string& users) {
    return "resource \"fake_node\" \"a\" {\n  count = " + count +
           "\n  name = \"a${count.index}\"\n}\n"
           "resource \"fake_node\" \"b\" {\n  count = " +
           users + "\n  name = \"b${length(fake_node.a)}\"\n}\n";
  };
  world.Configure(config("2", "0"));
  world.PlanAndApply();
  world.ClearLog();
  world.Configure(config("1", "1"));
  CHECK(world.PlanAndApply().succeeded);
  CHECK(world.Problems() == "");
  CHECK(world.At("end delete fake_node.a[1]") < world.At("begin create fake_node.b[0]"));
  CHECK(world.At("begin create fake_node.b[0]") < world.log().size());
}

TEST_CASE("who depends on a module depends on what its arguments come from", "[apply]") {
  TestWorld world;
  world.Configure(R"(
resource "fake_node" "a" { name = "a" }
module "m" {
  source = "./m"
  unused = fake_node.a.id
}
resource "fake_node" "b" {
  name       = "b"
  depends_on = [module.m]
})",
                  {{"m/main.tf", "variable \"unused\" {}\n"}});
  world.PlanAndApply();
  REQUIRE(world.Problems() == "");
  CHECK(world.At("end create fake_node.a") < world.At("begin create fake_node.b"));
  const auto* b = world.Snapshot()->Find(*Address::Parse("fake_node.b", world.diags));
  REQUIRE(b->dependencies.size() == 1);
  CHECK(b->dependencies[0]->ToString() == "fake_node.a");
}

TEST_CASE("destroying looks at no condition, and says so", "[apply][checks]") {
  TestWorld world;
  world.Configure(R"(
resource "fake_node" "a" {
  name = "a"
  lifecycle {
    postcondition {
      condition     = self.name == "a"
      error_message = "no"
    }
  }
}
output "o" {
  value = fake_node.a.name
  precondition {
    condition     = fake_node.a.name == "a"
    error_message = "no"
  }
})");
  for (const plan::CheckResult& check : world.PlanAndApply().checks)
    CHECK(check.status == plan::CheckStatus::kPass);
  const auto plan = world.Plan({.mode = Mode::kDestroy});
  REQUIRE(plan->checks.size() == 2);
  for (const plan::CheckResult& check : plan->checks) {
    INFO(check.name);
    CHECK(check.status == plan::CheckStatus::kUnknown);
    CHECK(check.instances.size() == (check.name == "output.o" ? 1 : 0));
  }
  const ApplyResult result = world.Apply(*plan);
  CHECK(result.succeeded);
  CHECK(result.checks.size() == 2);
  CHECK(world.Snapshot()->checks.json.find("\"pass\"") == std::string::npos);
}

TEST_CASE("what waits for each other is found before anything is done", "[apply]") {
  TestWorld world;
  // The last one creates first, which its dependencies then do as well: their old objects go last.
  const std::string chain = R"(
resource "terraform_data" "a" {
  input = INPUT
}
resource "terraform_data" "b" {
  lifecycle { replace_triggered_by = [terraform_data.a] }
}
)";
  const auto with = [&](const std::string& input) {
    std::string text = chain;
    return text.replace(text.find("INPUT"), 5, input);
  };
  world.Configure(with("1") + R"(
resource "terraform_data" "c" {
  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.b]
  }
})");
  world.PlanAndApply();
  REQUIRE(world.Problems() == "");
  const std::string state = world.State();
  world.ClearLog();
  // Now its dependency destroys first, but not before it is gone itself, which waits for that.
  world.Configure(with("2"));
  const auto plan = world.Plan();
  CHECK(TestWorld::Actions(*plan) ==
        "update terraform_data.a\nreplace(-/+) terraform_data.b\ndelete terraform_data.c\n");
  const std::string cycle =
      "Cycle: terraform_data.a, terraform_data.b, terraform_data.b (destroy), "
      "terraform_data.b (expand), terraform_data.c (destroy)";
  Diagnostics diags;
  CHECK_FALSE(CheckOrder(*plan, world.tree(), diags));
  REQUIRE(diags.size() == 1);
  CHECK(diags[0].summary == cycle);
  CHECK(diags[0].detail.find("in two steps") != std::string::npos);
  CHECK_FALSE(world.Apply(*plan).succeeded);
  CHECK(world.Problems() == "error: " + cycle + "\n");
  CHECK(world.log().empty());
  CHECK(world.State() == state);
  // As the detail says.
  world.Configure(with("1"));
  const auto first = world.Plan();
  Diagnostics none;
  CHECK(CheckOrder(*first, world.tree(), none));
  CHECK(world.Apply(*first).succeeded);
  world.Configure(with("2"));
  CHECK(world.PlanAndApply().succeeded);
  CHECK(world.Problems() == "");
}

}  // namespace tkn::apply
