#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/engine/test_world.h"

// Resource blocks that refer to themselves, and to what triggers their replacement.
namespace tkn::apply {
namespace {

// What planning this main.tf says: "error: ..." lines and, where a place is told, its line.
std::vector<std::string> Told(TestWorld& world, const std::string& text) {
  world.Configure(text);
  (void)world.Plan();
  std::vector<std::string> told;
  for (const Diagnostic& diagnostic : world.diags) {
    std::string line = diagnostic.summary;
    if (const SourceFile* file = world.sources.Find(diagnostic.subject.file)) {
      const SourceRange& range = diagnostic.subject;
      line += " \"";
      line += file->text().substr(range.begin, range.end - range.begin);
      line += "\"";
    }
    told.push_back(std::move(line));
  }
  return told;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("an object cannot be made from itself", "[plan]") {
  TestWorld world;
  // Once as the instance and once as the resource, as Terraform tells it.
  const std::string once = "Self-referential block \"terraform_data.a\"";
  CHECK(Told(world, R"(resource "terraform_data" "a" { input = terraform_data.a.id })") ==
        Strings{once, once});
  CHECK(Told(world, R"(resource "terraform_data" "a" { input = try(terraform_data.a, 1) })") ==
        Strings{once, once});
  CHECK(Told(world, R"(resource "terraform_data" "a" {
  count = length(terraform_data.a)
})") == Strings{once});
  CHECK(Told(world, R"(resource "terraform_data" "a" {
  for_each = terraform_data.a
})") == Strings{once});
  CHECK(Told(world, R"(resource "terraform_data" "a" {
  count = 1
  input = length(terraform_data.a)
})") == Strings{once});
}

TEST_CASE("instances may refer to one among them, and not to each other", "[plan]") {
  TestWorld world;
  CHECK(Told(world, R"(resource "terraform_data" "a" {
  count = 3
  input = terraform_data.a[1].id
})") == Strings{"Self-referential block \"terraform_data.a[1]\""});
  CHECK(Told(world, R"(resource "terraform_data" "a" {
  for_each = { x = 1, y = 2 }
  input    = terraform_data.a["x"].id
})") == Strings{"Self-referential block \"terraform_data.a[\"x\"]\""});
  CHECK(Told(world, R"(resource "terraform_data" "a" {
  count = 2
  input = length(terraform_data.a)
})") == Strings{"Cycle: terraform_data.a[0], terraform_data.a[1]"});
  CHECK(Told(world, R"(resource "terraform_data" "a" {
  count = 4
  input = [terraform_data.a[0].id, terraform_data.a[2].id]
})") == Strings{"Cycle: terraform_data.a[0], terraform_data.a[2]"});
  // One that does not exist means all.
  CHECK(Told(world, R"(resource "terraform_data" "a" {
  count = 2
  input = terraform_data.a[7].id
})") == Strings{"Cycle: terraform_data.a[0], terraform_data.a[1]"});
  // None of it counts where there are no instances.
  CHECK(Told(world, R"(resource "terraform_data" "a" {
  count = 0
  input = terraform_data.a[0].id
})") == Strings{});
}

TEST_CASE("each module instance has its own cycle", "[plan]") {
  TestWorld world;
  world.Configure("module \"m\" {\n  source = \"./m\"\n  count = 2\n}",
                  {{"m/main.tf",
                    "resource \"terraform_data\" \"a\" {\n  count = 2\n  input = "
                    "length(terraform_data.a)\n}"}});
  (void)world.Plan();
  CHECK(world.Problems() ==
        "error: Cycle: module.m[0].terraform_data.a[0], module.m[0].terraform_data.a[1]\n"
        "error: Cycle: module.m[1].terraform_data.a[0], module.m[1].terraform_data.a[1]\n");
}

TEST_CASE("instances that only the state has wait like the rest", "[plan]") {
  TestWorld world;
  world.Configure("resource \"terraform_data\" \"a\" {\n  count = 2\n}");
  world.PlanAndApply();
  CHECK(Told(world, R"(resource "terraform_data" "a" {
  count = 1
  input = length(terraform_data.a)
})") == Strings{"Cycle: terraform_data.a[0], terraform_data.a[1] (orphan)"});
  // Where only the state counts they do not matter.
  CHECK(TestWorld::Actions(*world.Plan({.mode = plan::Mode::kDestroy, .refresh = false})) ==
        "delete terraform_data.a[0]\ndelete terraform_data.a[1]\n");
}

TEST_CASE("what triggers a replacement must be planned, and named", "[plan][lifecycle]") {
  TestWorld world;
  const auto triggered_by = [](const std::string& trigger) {
    return "resource \"terraform_data\" \"one\" {}\n"
           "resource \"terraform_data\" \"two\" {\n  count = 2\n}\n"
           "resource \"terraform_data\" \"none\" {\n  count = 0\n}\n"
           "resource \"terraform_data\" \"a\" {\n  lifecycle {\n    replace_triggered_by = [" +
           trigger + "]\n  }\n}\n";
  };
  const std::string not_planned = "no change found for terraform_data.";
  CHECK(Told(world, triggered_by("terraform_data.one")) == Strings{});
  CHECK(Told(world, triggered_by("terraform_data.none")) ==
        Strings{not_planned + "none in the root module"});
  CHECK(Told(world, triggered_by("terraform_data.a")) ==
        Strings{not_planned + "a in the root module"});
  CHECK(Told(world, triggered_by("terraform_data.two[5]")) ==
        Strings{not_planned + "two[5] in the root module"});
  CHECK(Told(world, triggered_by("terraform_data.two.id")) ==
        Strings{not_planned + "two in the root module"});
  CHECK(Told(world, triggered_by("terraform_data.two[*].id")) ==
        Strings{"Invalid replace_triggered_by expression \"terraform_data.two[*].id\""});
  CHECK(Told(world, triggered_by("(terraform_data.one)")) ==
        Strings{"Invalid replace_triggered_by expression \"(terraform_data.one)\""});
  CHECK(Told(world, triggered_by("terraform_data.two[count.index + 1]")) ==
        Strings{"Invalid expression \"count.index + 1\""});
}

TEST_CASE("what changes were worked out from, through modules and other resources", "[plan]") {
  TestWorld world;
  world.Configure(R"(
module "m" {
  source   = "./m"
  for_each = toset(["x"])
}
resource "terraform_data" "made" { input = terraform_data.from.input }
resource "terraform_data" "from" { input = values(module.m)[*].all }
output "o" { value = terraform_data.made.input })",
                  {{"m/main.tf", R"(
resource "terraform_data" "a" {}
resource "terraform_data" "b" { input = terraform_data.a.id }
resource "terraform_data" "c" {}
output "all" { value = [for b in [terraform_data.b] : b] }
output "unused" { value = terraform_data.c.id })"}});
  world.PlanAndApply();
  // Nothing but an output changes; those of child modules always count.
  const auto relevant = [&] {
    std::vector<std::string> names;
    const auto plan = world.Plan();
    for (const auto& attribute : plan->relevant_attributes) names.push_back(attribute.resource);
    return names;
  };
  CHECK(relevant() == Strings{"module.m[\"x\"].terraform_data.a",
                              "module.m[\"x\"].terraform_data.b",
                              "module.m[\"x\"].terraform_data.c"});
  world.variables.clear();
  world.Configure(R"(
module "m" {
  source   = "./m"
  for_each = toset(["x"])
}
resource "terraform_data" "made" { input = terraform_data.from.input }
resource "terraform_data" "from" { input = values(module.m)[*].all }
output "o" { value = [terraform_data.made.input] })",
                  {{"m/main.tf", R"(
resource "terraform_data" "a" {}
resource "terraform_data" "b" { input = terraform_data.a.id }
output "all" { value = [for b in [terraform_data.b] : b] })"}});
  const Strings with_output = relevant();
  // By way of the arguments, and of the module as a whole, which has no key then.
  for (const char* name : {"terraform_data.made", "terraform_data.from",
                           "module.m.terraform_data.b", "module.m.terraform_data.a"}) {
    CAPTURE(name);
    CHECK(std::count(with_output.begin(), with_output.end(), name) == 1);
  }
}

}  // namespace tkn::apply
