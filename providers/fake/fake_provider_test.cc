#include "providers/fake/fake_provider.h"

#include <catch2/catch.hpp>
#include <thread>

#include "providers/fake/fake_schemas.h"

namespace tkn::providers::fake {
namespace {

const Value kNoObject = Value::Null(Type::Dynamic());

// A configuration of fake_thing with these attributes and nothing else.
Value Thing(std::vector<Value::Entry> given) {
  const Value empty = EmptyValue(ThingSchema().block);
  std::vector<Value::Entry> entries;
  for (std::size_t i = 0; i < empty.Length(); ++i) {
    entries.emplace_back(empty.KeyAt(i), empty.elements()[i]);
  }
  for (Value::Entry& entry : given) entries.push_back(std::move(entry));  // later ones win
  std::map<std::string, Value> unique;
  for (auto& [key, value] : entries) unique.insert_or_assign(key, value);
  return Value::Object({unique.begin(), unique.end()});
}

struct World {
  std::shared_ptr<FakeCloud> cloud = std::make_shared<FakeCloud>();
  FakeProvider provider{cloud};
  Cancellation cancel{};
  Diagnostics diags{};

  // Plans and applies as the engine does.
  Object Apply(const Object& prior, const Value& config) {
    const BlockSchema& schema = cloud->schemas().resources.at("fake_thing").block;
    const Value proposed = ProposedNew(schema, prior.value, config);
    const PlanResponse plan = provider.Plan({"fake_thing", prior, proposed, config}, diags);
    return provider.Apply({"fake_thing", prior, plan.planned, config, {}}, cancel, diags).object;
  }
};

TEST_CASE("an object is made, read, changed, found by import, and deleted") {
  World w;
  const Object made = w.Apply({}, Thing({{"name", Value::String("a")}}));
  CHECK(w.diags.empty());
  CHECK(made.value.IsWhollyKnown());
  CHECK(made.value.Attribute("id").AsString() == "fake_thing-1");
  CHECK(made.value.Attribute("token").AsString() == "token of fake_thing-1");
  CHECK(w.provider.Read("fake_thing", made, w.diags).value.RawEquals(made.value));

  const Object changed =
      w.Apply(made, Thing({{"name", Value::String("a")}, {"note", Value::String("new")}}));
  CHECK(changed.value.Attribute("note").AsString() == "new");
  CHECK_FALSE(changed.value.Attribute("revision").RawEquals(made.value.Attribute("revision")));

  const auto imported = w.provider.Import({"fake_thing", "fake_thing-1"}, w.diags);
  REQUIRE(imported.size() == 1);
  CHECK(w.provider.Read("fake_thing", imported[0].object, w.diags).value.RawEquals(changed.value));

  const Object gone =
      w.provider
          .Apply({"fake_thing", changed, {Value::Null(changed.value.type())}, kNoObject, {}},
                 w.cancel, w.diags)
          .object;
  CHECK(gone.value.IsNull());
  CHECK(w.cloud->Objects("fake_thing").empty());
  CHECK(w.provider.Read("fake_thing", changed, w.diags).value.IsNull());
}

TEST_CASE("a plan is valid by the engine's own check, and what is applied agrees with it") {
  World w;
  const BlockSchema& schema = w.cloud->schemas().resources.at("fake_thing").block;
  const Value config = Thing({{"name", Value::String("a")}, {"zone", Value::String("z")}});
  const Value proposed = ProposedNew(schema, kNoObject, config);
  const auto plan = w.provider.Plan({"fake_thing", {}, proposed, config}, w.diags);
  CHECK(CheckPlanValid(schema, kNoObject, config, plan.planned.value).empty());
  const auto made =
      w.provider.Apply({"fake_thing", {}, plan.planned, config, {}}, w.cancel, w.diags);
  CHECK(CheckApplied(schema, plan.planned.value, made.object.value).empty());
  CHECK(CheckConforms(made.object.value, schema.ImpliedType()).empty());
}

TEST_CASE("a change of a forcing attribute asks for replacement") {
  World w;
  const Object made = w.Apply({}, Thing({{"name", Value::String("a")}}));
  const Value config = Thing({{"name", Value::String("a")}, {"zone", Value::String("z")}});
  const BlockSchema& schema = w.cloud->schemas().resources.at("fake_thing").block;
  const auto plan = w.provider.Plan(
      {"fake_thing", made, ProposedNew(schema, made.value, config), config}, w.diags);
  REQUIRE(plan.requires_replace.size() == 1);
  CHECK(ToString(plan.requires_replace[0]) == ".zone");
}

TEST_CASE("scripted failures take their turn, with or without an effect") {
  World w;
  const Diagnostics failure = {{.summary = "broken"}};
  w.cloud->Script(Operation::kCreate, "fake_thing", {.diagnostics = failure});
  w.cloud->Script(Operation::kCreate, "fake_thing", {.diagnostics = failure, .takes_effect = true});
  w.cloud->Script(Operation::kCreate, "fake_thing",
                  {.diagnostics = failure, .takes_effect = true, .answers = true});
  const Value config = Thing({{"name", Value::String("a")}});
  CHECK(w.Apply({}, config).value.IsNull());
  CHECK(w.cloud->Objects("fake_thing").empty());
  CHECK(w.Apply({}, config).value.IsNull());  // a lost answer
  CHECK(w.cloud->Objects("fake_thing").size() == 1);
  CHECK_FALSE(w.Apply({}, config).value.IsNull());  // half made
  CHECK(w.cloud->Objects("fake_thing").size() == 2);
  CHECK(w.diags.size() == 3);
  CHECK_FALSE(w.Apply({}, config).value.IsNull());
  CHECK(w.diags.size() == 3);
}

TEST_CASE("a script may name the object it means") {
  World w;
  w.cloud->Script(Operation::kCreate, "fake_thing", {.diagnostics = {{.summary = "no b"}}}, -1,
                  "b");
  w.Apply({}, Thing({{"name", Value::String("a")}}));
  CHECK(w.diags.empty());
  w.Apply({}, Thing({{"name", Value::String("b")}}));
  w.Apply({}, Thing({{"name", Value::String("b")}}));
  CHECK(w.diags.size() == 2);
}

TEST_CASE("a lost create is resolved by what is known of it") {
  World w;
  const Value config = Thing({{"name", Value::String("a")}});
  const BlockSchema& schema = w.cloud->schemas().resources.at("fake_thing").block;
  const Value planned = SetUnknowns(schema, config);
  ResolveRequest request{"fake_thing", {}, planned, 0, {}};
  using Outcome = ResolveResponse::Outcome;
  CHECK(w.provider.Resolve(request, w.diags).outcome == Outcome::kNeverHappened);
  w.Apply({}, config);
  const auto found = w.provider.Resolve(request, w.diags);
  CHECK(found.outcome == Outcome::kFound);
  CHECK(found.object.value.Attribute("id").AsString() == "fake_thing-1");
  w.Apply({}, config);
  CHECK(w.provider.Resolve(request, w.diags).outcome == Outcome::kUndecided);
  request.known_ids = {"fake_thing-1"};
  CHECK(w.provider.Resolve(request, w.diags).object.value.Attribute("id").AsString() ==
        "fake_thing-2");
}

TEST_CASE("a cancelled call returns early with an error") {
  World w;
  w.cloud->Script(Operation::kCreate, "fake_thing", {.delay = std::chrono::minutes(5)});
  w.cancel.Cancel();
  w.Apply({}, Thing({{"name", Value::String("a")}}));
  REQUIRE(w.diags.size() == 1);
  CHECK(w.diags[0].summary == "Interrupted");
  CHECK(w.cloud->Objects("fake_thing").empty());
}

TEST_CASE("calls from many threads are all recorded") {
  World w;
  w.cloud->Script(Operation::kCreate, "fake_thing", {.delay = std::chrono::milliseconds(20)}, -1);
  const Value config = Thing({{"name", Value::String("a")}});
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        World mine{.cloud = w.cloud, .provider = FakeProvider{w.cloud}};
        mine.Apply({}, config);
      });
    }
  }
  CHECK(w.cloud->Objects("fake_thing").size() == 4);
  CHECK(w.cloud->CountCalls(Operation::kCreate) == 4);
  CHECK(w.cloud->MostAtOnce() >= 2);
}

}  // namespace
}  // namespace tkn::providers::fake
