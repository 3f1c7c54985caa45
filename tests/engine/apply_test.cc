#include <catch2/catch.hpp>

#include "engine/plan/plan_file.h"
#include "tests/engine/test_world.h"

namespace tkn::apply {
namespace {

using plan::Mode;
using providers::fake::Operation;

}  // namespace

TEST_CASE("what is created is stored with its dependencies, and planned again changes nothing",
          "[apply]") {
  TestWorld world;
  world.parallelism = GENERATE(1, 10);
  world.Configure(kChain);
  const auto plan = world.Plan();
  REQUIRE(plan);
  CHECK(world.Problems() == "");
  CHECK(TestWorld::Actions(*plan) ==
        "create fake_node.a\ncreate fake_node.b\ncreate fake_node.c\n");
  const ApplyResult result = world.Apply(*plan);
  CHECK(world.Problems() == "");
  CHECK(result.succeeded);
  CHECK(result.added == 3);
  CHECK(world.State() == "fake_node.a\nfake_node.b\nfake_node.c\n");
  const auto* c = world.Snapshot()->Find(*Address::Parse("fake_node.c", world.diags));
  REQUIRE(c->dependencies.size() == 2);
  CHECK(c->dependencies[0]->ToString() == "fake_node.a");
  CHECK(world.At("end create fake_node.a") < world.At("begin create fake_node.b"));
  CHECK(world.At("end create fake_node.b") < world.At("begin create fake_node.c"));
  const auto again = world.Plan();
  CHECK(world.Problems() == "");
  CHECK_FALSE(again->HasChanges());
  CHECK(again->prior_state == again->base_state);
}

TEST_CASE("a replacement that cannot be created gives the old object its place back", "[apply]") {
  TestWorld world;
  const std::string config = R"(
resource "fake_thing" "a" {
  name = "a"
  zone = "ZONE"
  lifecycle { create_before_destroy = true }
})";
  const auto with = [&](const std::string& zone) {
    std::string text = config;
    return text.replace(text.find("ZONE"), 4, zone);
  };
  world.Configure(with("x"));
  world.PlanAndApply();
  world.Configure(with("y"));
  world.cloud->Script(Operation::kCreate, "fake_thing", {.diagnostics = {{.summary = "no"}}});
  CHECK_FALSE(world.PlanAndApply().succeeded);
  CHECK(world.Problems() == "error: no\n");
  CHECK(world.State() == "fake_thing.a\n");
  CHECK(world.Snapshot()->objects[0].attributes_json.find("\"x\"") != std::string::npos);
}

TEST_CASE("one failure leaves the other branches going, and is told with its address", "[apply]") {
  TestWorld world;
  world.Configure(R"(
resource "fake_node" "bad" { name = "bad" }
resource "fake_node" "after" { name = fake_node.bad.id }
resource "fake_node" "good" { name = "good" })");
  world.cloud->Script(Operation::kCreate, "fake_node", {.diagnostics = {{.summary = "refused"}}}, 1,
                      "bad");
  const ApplyResult result = world.PlanAndApply();
  CHECK_FALSE(result.succeeded);
  REQUIRE(world.diags.size() == 1);
  CHECK(world.diags[0].address == "fake_node.bad");
  CHECK(world.State() == "fake_node.good\n");
}

TEST_CASE("a half-made object is kept, tainted, and replaced next", "[apply]") {
  TestWorld world;
  world.Configure(R"(resource "fake_node" "a" { name = "a" })");
  world.cloud->Script(
      Operation::kCreate, "fake_node",
      {.diagnostics = {{.summary = "half"}}, .takes_effect = true, .answers = true});
  CHECK_FALSE(world.PlanAndApply().succeeded);
  CHECK(world.State() == "fake_node.a (tainted)\n");
  const auto plan = world.Plan();
  CHECK(TestWorld::Actions(*plan) == "replace(-/+) fake_node.a\n");
  CHECK(plan->changes.all()[0].reason == plan::ActionReason::kReplaceBecauseTainted);
  CHECK(world.Apply(*plan).succeeded);
  CHECK(world.State() == "fake_node.a\n");
}

TEST_CASE("provisioners run with self; a failing one taints", "[apply][provision]") {
  TestWorld world;
  world.Configure(R"(
resource "fake_node" "a" {
  name = "a"
  provisioner "local-exec" { command = "made ${self.name}" }
  provisioner "local-exec" {
    when    = destroy
    command = "goes ${self.name}"
  }
}
resource "fake_node" "b" {
  name = "b"
  provisioner "local-exec" { command = "fail" }
  provisioner "local-exec" { command = "not reached" }
}
resource "fake_node" "c" {
  name = "c"
  provisioner "local-exec" {
    command    = "fail"
    on_failure = continue
  }
})");
  CHECK_FALSE(world.PlanAndApply().succeeded);
  CHECK(world.Problems() == "error: local-exec provisioner error\n");
  CHECK(world.State() == "fake_node.a\nfake_node.b (tainted)\nfake_node.c\n");
  CHECK(std::count(world.provisioned.begin(), world.provisioned.end(), "made a") == 1);
  world.provisioned.clear();
  CHECK(world.PlanAndApply({.mode = Mode::kDestroy}).succeeded);
  CHECK(world.provisioned == std::vector<std::string>{"goes a"});
}

TEST_CASE("output of a provisioner that knows a secret is left out", "[apply][provision]") {
  TestWorld world;
  world.Configure(R"(
variable "secret" { sensitive = true }
resource "fake_node" "a" {
  name = "a"
  provisioner "local-exec" { command = var.secret }
})");
  world.SetVariable("secret", Value::String("hunter2"));
  CHECK(world.PlanAndApply().succeeded);
  CHECK(world.provisioned == std::vector<std::string>{"hunter2"});
  CHECK(world.At("output fake_node.a: (output suppressed due to sensitive value in config)") <
        world.log().size());
}

TEST_CASE("every call is announced in the store before, without secrets, and its end is one commit",
          "[apply]") {
  TestWorld world;
  world.Configure(R"(
resource "fake_thing" "a" {
  name     = "a"
  password = "hunter2"
})");
  world.PlanAndApply();
  const std::vector<std::string> asked = world.store->asked();
  const auto intent = std::find(asked.begin(), asked.end(), "intent create fake_thing.a");
  const auto commit = std::find(asked.begin(), asked.end(), "commit +fake_thing.a");
  CHECK(intent != asked.end());
  CHECK(commit != asked.end());
  CHECK(intent < commit);
  Diagnostics reading;
  CHECK(world.store->OpenIntents(reading).empty());
}

TEST_CASE("an aborted create leaves its intent, which the next run resolves", "[apply][intents]") {
  TestWorld world;
  world.Configure(R"(
resource "fake_thing" "a" {
  name     = "a"
  password = "hunter2"
})");
  world.cloud->Script(Operation::kCreate, "fake_thing",
                      {.diagnostics = {{.summary = "cut off"}},
                       .takes_effect = GENERATE(true, false),
                       .before = [&] { world.interruption.abort.Cancel(); }});
  CHECK_FALSE(world.PlanAndApply().succeeded);
  const bool made = !world.cloud->Objects("fake_thing").empty();
  Diagnostics found;
  const auto intents = world.store->OpenIntents(found);
  REQUIRE(intents.size() == 1);
  CHECK(intents[0].planned_json.find("hunter2") == std::string::npos);
  const ResolvedIntents resolved = ResolveIntents({.config = world.tree(),
                                                   .sources = world.sources,
                                                   .variables = world.variables,
                                                   .schemas = *world.schemas,
                                                   .store = *world.store},
                                                  found);
  CHECK(resolved.ok);
  CHECK(resolved.adopted.size() == (made ? 1 : 0));
  CHECK(resolved.dropped.size() == (made ? 0 : 1));
  CHECK(world.State() == (made ? "fake_thing.a (tainted)\n" : ""));
  CHECK(world.store->OpenIntents(found).empty());
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::kWarning);
}

TEST_CASE("when the store cannot be written nothing further is begun", "[apply]") {
  TestWorld world;
  world.parallelism = 1;
  world.Configure(kChain);
  const auto plan = world.Plan();
  world.store->FailWrite(3);  // begin, intent, and the commit of the first
  const ApplyResult result = world.Apply(*plan);
  CHECK_FALSE(result.succeeded);
  CHECK(world.cloud->Objects("fake_node").size() == 1);
}

TEST_CASE("a failure keeps neither known outputs nor planned checks from the state", "[apply]") {
  TestWorld world;
  world.Configure(R"(
resource "fake_thing" "a" {
  name = "a"
  lifecycle {
    postcondition {
      condition     = self.id == ""
      error_message = "no"
    }
  }
}
output "known" {
  value      = "x"
  depends_on = [fake_thing.a]
}
output "later" {
  value = fake_thing.a.id
  precondition {
    condition     = fake_thing.a.id != ""
    error_message = "no"
  }
})");
  const auto plan = world.Plan();
  const ApplyResult result = world.Apply(*plan);
  CHECK_FALSE(result.succeeded);
  REQUIRE(result.outputs.size() == 1);
  CHECK(result.outputs[0].name == "known");
  const auto check = std::ranges::find(result.checks, "output.later", &plan::CheckResult::name);
  REQUIRE(check != result.checks.end());
  REQUIRE(check->instances.size() == 1);
  CHECK(check->instances[0].status == plan::CheckStatus::kUnknown);
}

TEST_CASE("a saved plan is applied as it was made", "[apply][file]") {
  TestWorld world;
  world.Configure(R"(
variable "v" { default = "x" }
resource "fake_thing" "a" {
  name     = var.v
  password = "hunter2"
}
output "o" { value = fake_thing.a.id })");
  const auto plan = world.Plan();
  const std::string bytes = plan::EncodePlan(*plan);
  Diagnostics found;
  const auto loaded = plan::DecodePlan(bytes, *world.schemas, found);
  REQUIRE(loaded);
  CHECK(TestWorld::Actions(*loaded) == "create fake_thing.a\n");
  CHECK(loaded->changes.all()[0].after.RawEquals(plan->changes.all()[0].after));
  CHECK(loaded->sources.size() == plan->sources.size());
  const ApplyResult result = world.Apply(*loaded);
  CHECK(result.succeeded);
  REQUIRE(result.outputs.size() == 1);
  CHECK(result.outputs[0].name == "o");
  // The state has gone on: the plan is stale.
  CHECK_FALSE(plan::CheckNotStale(*loaded, *world.Snapshot(), found));
  CHECK(found[0].summary == "Saved plan is stale");
}

TEST_CASE("a damaged plan file is an error and never more", "[file][property]") {
  TestWorld world;
  world.Configure(kChain);
  const std::string bytes = plan::EncodePlan(*world.Plan());
  Diagnostics found;
  for (std::size_t cut = 0; cut < bytes.size(); cut += 7) {
    if (plan::DecodePlan(bytes.substr(0, cut), *world.schemas, found)) FAIL("cut at " << cut);
  }
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    if (plan::DecodePlan(damaged, *world.schemas, found)) FAIL("byte " << i);
  }
}

TEST_CASE("the first interrupt finishes what runs, saves it, and begins nothing",
          "[apply][interrupt]") {
  TestWorld world;
  world.Configure(kChain);
  const auto plan = world.Plan();
  world.cloud->Script(Operation::kCreate, "fake_node",
                      {.before = [&] { world.interruption.stop.Cancel(); }}, 1, "a");
  const ApplyResult result = world.Apply(*plan);
  CHECK_FALSE(result.succeeded);
  CHECK(world.Problems() == "error: execution halted\n");
  CHECK(world.State() == "fake_node.a\n");
}

TEST_CASE("an update that turns out to change nothing is not sent", "[apply]") {
  TestWorld world;
  const auto config = [](const std::string& trigger) {
    return "resource \"terraform_data\" \"a\" {\n  input = \"same\"\n  triggers_replace = \"" +
           trigger + "\"\n}\nresource \"fake_node\" \"b\" {\n  name = terraform_data.a.output\n}\n";
  };
  world.Configure(config("1"));
  world.PlanAndApply();
  world.Configure(config("2"));
  world.cloud->ForgetCalls();
  world.ClearLog();
  const auto plan = world.Plan();
  CHECK(TestWorld::Actions(*plan) == "update fake_node.b\nreplace(-/+) terraform_data.a\n");
  const ApplyResult result = world.Apply(*plan);
  CHECK(world.Problems() == "");
  CHECK(result.changed == 0);
  CHECK(world.cloud->CountCalls(Operation::kUpdate) == 0);
  CHECK(world.At("begin update fake_node.b") == world.log().size());
}

TEST_CASE("ignored arguments keep their values, but not in a replacement", "[apply][lifecycle]") {
  TestWorld world;
  const auto config = [](const std::string& note, const std::string& zone) {
    return "resource \"fake_thing\" \"a\" {\n  name = \"a\"\n  note = \"" + note +
           "\"\n  zone = \"" + zone + "\"\n  lifecycle { ignore_changes = [note] }\n}\n";
  };
  world.Configure(config("one", "x"));
  world.PlanAndApply();
  world.Configure(config("two", "x"));
  CHECK(TestWorld::Actions(*world.Plan()) == "");
  world.Configure(config("two", "y"));
  const auto plan = world.Plan();
  REQUIRE(TestWorld::Actions(*plan) == "replace(-/+) fake_thing.a\n");
  CHECK(plan->changes.all()[0].after.Attribute("note").AsString() == "two");
  CHECK(world.Apply(*plan).succeeded);
}

}  // namespace tkn::apply
