#include <catch2/catch.hpp>

#include "tests/engine/test_world.h"

namespace tkn::apply {
namespace {

using plan::ActionReason;
using plan::Mode;
using providers::fake::Operation;

std::string Thing(const std::string& body) {
  return "resource \"fake_thing\" \"a\" {\n" + body + "\n}\n";
}

}  // namespace

TEST_CASE("count and for_each give instances; what they no longer give goes", "[plan]") {
  TestWorld world;
  world.Configure(R"(
resource "fake_node" "a" {
  count = 3
  name  = "n${count.index}"
}
resource "fake_node" "b" {
  for_each = toset(["x", "y"])
  name     = each.value
}
output "all" { value = fake_node.a[*].name })");
  const auto plan = world.Plan();
  CHECK(world.Problems() == "");
  CHECK(TestWorld::Actions(*plan) ==
        "create fake_node.a[0]\ncreate fake_node.a[1]\ncreate fake_node.a[2]\ncreate "
        "fake_node.b[\"x\"]\n"
        "create fake_node.b[\"y\"]\n");
  world.Apply(*plan);
  CHECK(world.Problems() == "");
  world.Configure(R"(
resource "fake_node" "a" {
  count = 1
  name  = "n${count.index}"
}
resource "fake_node" "b" {
  name = "x"
})");
  const auto shrunk = world.Plan();
  CHECK(TestWorld::Actions(*shrunk) ==
        "delete fake_node.a[1]\ndelete fake_node.a[2]\ncreate fake_node.b\ndelete "
        "fake_node.b[\"x\"]\n"
        "delete fake_node.b[\"y\"]\n");
  CHECK(shrunk->changes.all()[1].reason == ActionReason::kDeleteBecauseCountIndex);
  CHECK(shrunk->changes.all()[4].reason == ActionReason::kDeleteBecauseWrongRepetition);
}

TEST_CASE("count that is not a number, and for_each that is not known", "[plan]") {
  TestWorld world;
  world.Configure(R"(
resource "fake_node" "a" { name = "a" }
resource "fake_node" "b" {
  for_each = toset([fake_node.a.id])
  name     = "b"
}
resource "fake_node" "c" {
  count = -1
  name  = "c"
})");
  const auto plan = world.Plan();
  CHECK(plan->errored);
  CHECK(world.Problems().find("error: Invalid for_each argument\n") != std::string::npos);
  CHECK(world.Problems().find("error: Invalid count argument\n") != std::string::npos);
}

TEST_CASE("drift is read, told, and put right", "[plan]") {
  TestWorld world;
  world.Configure(Thing("name = \"a\"\nnote = \"n\""));
  world.PlanAndApply();
  const std::string id = world.cloud->Objects("fake_thing").begin()->first;
  world.cloud->ChangeObject("fake_thing", id, "note", Value::String("other"));
  const auto plan = world.Plan();
  CHECK(TestWorld::Actions(*plan) == "update fake_thing.a\n");
  REQUIRE(plan->drift.size() == 1);
  CHECK(plan->drift[0].change.action == plan::Action::kUpdate);
  CHECK(TestWorld::Actions(*world.Plan({.refresh = false})) == "");
  CHECK(TestWorld::Actions(*world.Plan({.mode = Mode::kRefreshOnly})) == "");
  world.cloud->RemoveObject("fake_thing", id);
  const auto gone = world.Plan();
  CHECK(TestWorld::Actions(*gone) == "create fake_thing.a\n");
  CHECK(gone->drift[0].change.action == plan::Action::kDelete);
}

TEST_CASE("refresh-only stores what it finds and changes nothing", "[plan]") {
  TestWorld world;
  world.Configure(Thing("name = \"a\"\nnote = \"n\""));
  world.PlanAndApply();
  const std::string id = world.cloud->Objects("fake_thing").begin()->first;
  world.cloud->ChangeObject("fake_thing", id, "note", Value::String("other"));
  world.cloud->ForgetCalls();
  CHECK(world.PlanAndApply({.mode = Mode::kRefreshOnly}).succeeded);
  CHECK(world.cloud->CountCalls(Operation::kUpdate) == 0);
  CHECK(world.Snapshot()->objects[0].attributes_json.find("other") != std::string::npos);
}

TEST_CASE("offline nothing is read", "[plan]") {
  TestWorld world;
  world.Configure(Thing("name = \"a\"") + "data \"fake_lookup\" \"d\" { name = \"x\" }\n" +
                  "output \"o\" { value = data.fake_lookup.d.found }");
  world.PlanAndApply({.offline = true});
  world.cloud->ForgetCalls();
  const auto plan = world.Plan({.offline = true});
  CHECK(world.cloud->CountCalls(Operation::kRead) == 0);
  CHECK(world.cloud->CountCalls(Operation::kReadData) == 0);
  CHECK(world.Problems() == "");
}

TEST_CASE("data is read at once when all is known, and deferred otherwise", "[plan][data]") {
  TestWorld world;
  world.Configure(R"(
resource "fake_node" "a" { name = "a" }
data "fake_lookup" "now" { name = "x" }
data "fake_lookup" "later" { name = fake_node.a.id }
data "fake_lookup" "waits" {
  name       = "y"
  depends_on = [fake_node.a]
})");
  const auto plan = world.Plan();
  CHECK(world.Problems() == "");
  CHECK(TestWorld::Actions(*plan) ==
        "read data.fake_lookup.later\nread data.fake_lookup.waits\ncreate fake_node.a\n");
  CHECK(plan->changes.all()[0].reason == ActionReason::kReadBecauseConfigUnknown);
  CHECK(plan->changes.all()[1].reason == ActionReason::kReadBecauseDependencyPending);
  CHECK(world.Apply(*plan).succeeded);
  CHECK(TestWorld::Actions(*world.Plan()) == "");
}

TEST_CASE("prevent_destroy, ignore_changes, replace_triggered_by, -replace", "[plan][lifecycle]") {
  TestWorld world;
  world.Configure(
      Thing("name = \"a\"\nzone = \"x\"\nnote = \"n\"") +
      "resource \"fake_node\" \"b\" {\n name = \"b\"\n lifecycle { replace_triggered_by = "
      "[fake_thing.a.note] }\n}");
  world.PlanAndApply();
  world.Configure(
      Thing("name = \"a\"\nzone = \"y\"\nnote = \"n\"\nlifecycle { prevent_destroy = true }"));
  (void)world.Plan();
  CHECK(world.Problems() == "error: Instance cannot be destroyed\n");
  // The look at everything before a destroy fails alike, and then there is no plan at all.
  CHECK_FALSE(world.Plan({.mode = Mode::kDestroy}));
  CHECK(world.Problems() == "error: Instance cannot be destroyed\n");
  world.Configure(
      Thing(
          "name = \"a\"\nzone = \"y\"\nnote = \"m\"\nlifecycle { ignore_changes = [zone, note] }") +
      "resource \"fake_node\" \"b\" { name = \"b\" }");
  CHECK(TestWorld::Actions(*world.Plan()) == "");
  world.Configure(
      Thing("name = \"a\"\nzone = \"x\"\nnote = \"m\"") +
      "resource \"fake_node\" \"b\" {\n name = \"b\"\n lifecycle { replace_triggered_by = "
      "[fake_thing.a.note] }\n}");
  const auto plan = world.Plan();
  CHECK(TestWorld::Actions(*plan) == "replace(-/+) fake_node.b\nupdate fake_thing.a\n");
  CHECK(plan->changes.all()[0].reason == ActionReason::kReplaceByTriggers);
  const auto requested =
      world.Plan({.force_replace = {*Address::Parse("fake_thing.a", world.diags)}});
  CHECK(requested->changes.all()[1].reason == ActionReason::kReplaceByRequest);
}

TEST_CASE("targets leave the rest alone", "[plan][target]") {
  TestWorld world;
  world.Configure(R"(
resource "fake_node" "a" { name = "a" }
resource "fake_node" "b" { name = fake_node.a.id }
resource "fake_node" "c" { name = "c" }
output "b" { value = fake_node.b.id }
output "c" { value = fake_node.c.id })");
  plan::PlanOptions options;
  options.targets.push_back(*TargetAddress::Parse("fake_node.b", world.diags));
  const auto plan = world.Plan(options);
  CHECK(world.Problems() == "warning: Resource targeting is in effect\n");
  CHECK(TestWorld::Actions(*plan) == "create fake_node.a\ncreate fake_node.b\n");
  const ApplyResult result = world.Apply(*plan);
  CHECK(world.Problems() == "warning: Applied changes may be incomplete\n");
  REQUIRE(result.outputs.size() == 1);
  CHECK(result.outputs[0].name == "b");
}

TEST_CASE("destroying a target takes what depends on it, and leaves what it depends on",
          "[plan][target]") {
  TestWorld world;
  world.Configure(R"(
resource "fake_node" "a" { name = "a" }
resource "fake_node" "b" { name = fake_node.a.id }
resource "fake_node" "c" { name = fake_node.b.id })");
  world.PlanAndApply();
  plan::PlanOptions options{.mode = plan::Mode::kDestroy};
  options.targets.push_back(*TargetAddress::Parse("fake_node.b", world.diags));
  const auto plan = world.Plan(options);
  CHECK(TestWorld::Actions(*plan) == "delete fake_node.b\ndelete fake_node.c\n");
}

TEST_CASE("conditions stop what they guard, checks only warn", "[plan][checks]") {
  TestWorld world;
  world.Configure(R"(
variable "v" {
  default = 1
  validation {
    condition     = var.v < 5
    error_message = "Too large."
  }
}
resource "fake_node" "a" {
  name = "a"
  lifecycle {
    precondition {
      condition     = var.v == 2
      error_message = "Not two."
    }
  }
}
check "c" {
  assert {
    condition     = var.v == 3
    error_message = "Not three."
  }
})");
  const auto plan = world.Plan();
  CHECK(plan->errored);
  CHECK(world.Problems().find("error: Resource precondition failed\n") != std::string::npos);
  CHECK(world.Problems().find("warning: Check block assertion failed\n") != std::string::npos);
  REQUIRE(plan->checks.size() == 3);
  world.SetVariable("v", Value::Number(7));
  (void)world.Plan();
  CHECK(world.Problems() == "error: Invalid value for variable\n");
}

TEST_CASE("what a provider may not answer is told", "[plan][provider]") {
  TestWorld world;
  world.Configure(R"(resource "fake_node" "a" { name = "a" })");
  const Value wrong = Value::Object({{"id", Value::String("1")},
                                     {"name", Value::String("b")},
                                     {"links", Value::Null(Type::List(Type::String()))},
                                     {"value", Value::Null(Type::Dynamic())},
                                     {"output", Value::Null(Type::Dynamic())}});
  SECTION("plan") {
    world.cloud->Script(Operation::kPlan, "fake_node", {.answer = wrong});
    (void)world.Plan();
    CHECK(world.Problems() == "error: Provider produced invalid plan\n");
  }
  SECTION("apply") {
    const auto plan = world.Plan();
    world.cloud->Script(Operation::kCreate, "fake_node", {.answer = wrong});
    CHECK_FALSE(world.Apply(*plan).succeeded);
    CHECK(world.Problems() == "error: Provider produced inconsistent result after apply\n");
    CHECK(world.State() == "fake_node.a (tainted)\n");
  }
  SECTION("final plan") {
    const auto plan = world.Plan();
    world.cloud->Script(
        Operation::kPlan, "fake_node",
        {.answer = Value::Object({{"id", Value::Unknown(Type::String())},
                                  {"name", Value::String("a")},
                                  {"links", Value::Null(Type::List(Type::String()))},
                                  {"value", Value::Null(Type::Dynamic())},
                                  {"output", Value::String("x")}})});
    const ApplyResult result = world.Apply(*plan);
    CHECK(result.succeeded == (world.Problems() == ""));
  }
}

TEST_CASE("a read that fails is an error with its address", "[plan]") {
  TestWorld world;
  world.Configure(R"(resource "fake_node" "a" { name = "a" })");
  world.PlanAndApply();
  world.cloud->Script(Operation::kRead, "fake_node", {.diagnostics = {{.summary = "unreachable"}}});
  const auto plan = world.Plan();
  CHECK(plan->errored);
  CHECK(world.Problems() == "error: unreachable\n");
  CHECK(world.diags[0].address == "fake_node.a");
}

TEST_CASE("modules with count and for_each have their own instances of everything",
          "[plan][modules]") {
  TestWorld world;
  world.Configure(R"(
module "m" {
  source = "./m"
  for_each = { a = "1", b = "2" }
  value  = each.value
}
output "all" { value = { for k, v in module.m : k => v.out } })",
                  {{"m/main.tf", R"(
variable "value" {}
locals { twice = "${var.value}${var.value}" }
resource "fake_node" "n" { name = local.twice }
output "out" { value = fake_node.n.name })"}});
  const auto plan = world.Plan();
  CHECK(world.Problems() == "");
  CHECK(TestWorld::Actions(*plan) ==
        "create module.m[\"a\"].fake_node.n\ncreate module.m[\"b\"].fake_node.n\n");
  const ApplyResult result = world.Apply(*plan);
  CHECK(result.succeeded);
  REQUIRE(result.outputs.size() == 1);
  CHECK(result.outputs[0].value.Attribute("b").AsString() == "22");
}

TEST_CASE("who depends on a module depends on what is to be destroyed in it, too",
          "[plan][modules]") {
  TestWorld world;
  const std::string root = R"(
module "m" { source = "./m" }
resource "fake_node" "whole" {
  name       = "w"
  depends_on = [module.m]
}
resource "fake_node" "part" { name = module.m.out })";
  const std::string kept = R"(
resource "fake_node" "z" { name = "z" }
output "out" { value = fake_node.z.name })";
  world.Configure(root, {{"m/main.tf", kept + "\nresource \"fake_node\" \"a\" { name = \"a\" }"}});
  world.PlanAndApply();
  world.Configure(root, {{"m/main.tf", kept}});
  const auto plan = world.Plan();
  CHECK(TestWorld::Actions(*plan) == "delete module.m.fake_node.a\n");
  std::string dependencies;
  for (const state::StoredObject& object : plan->prior_state->objects) {
    dependencies += object.address.ToString() + ":";
    for (const ConfigResource& resource : object.dependencies)
      dependencies += " " + resource.ToString();
    dependencies += "\n";
  }
  CHECK(dependencies ==
        "fake_node.part: module.m.fake_node.z\n"
        "fake_node.whole: module.m.fake_node.a module.m.fake_node.z\n"
        "module.m.fake_node.a:\nmodule.m.fake_node.z:\n");
  CHECK(world.Apply(*plan).succeeded);
  CHECK(TestWorld::Actions(*world.Plan()) == "");
}

TEST_CASE("what a child module calls sensitive is so for what it is made of alone",
          "[plan][modules]") {
  TestWorld world;
  world.Configure(R"(
module "m" { source = "./m" }
output "declared" { value = module.m.declared }
output "made_of_a_secret" {
  value     = module.m.secret
  sensitive = true
})",
                  {{"m/main.tf", R"(
output "declared" {
  value     = "plain"
  sensitive = true
}
output "secret" { value = sensitive("s") })"}});
  const auto plan = world.Plan();
  CHECK(world.Problems() == "");
  REQUIRE(plan->outputs.size() == 2);
  CHECK(!plan->outputs[0].after.ContainsMark(MarkKind::kSensitive));
  CHECK(plan->outputs[1].after.ContainsMark(MarkKind::kSensitive));
}

}  // namespace tkn::apply
