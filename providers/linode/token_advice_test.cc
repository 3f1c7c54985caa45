#include "providers/linode/token_advice.h"

#include <catch2/catch.hpp>

#include "providers/linode/scopes.h"
#include "providers/linode/token_world.h"

namespace tkn::linode::testing {
namespace {

constexpr char kDaysAhead12[] = "2024-07-21T14:00:00Z";  // of FakeClock's start
constexpr char kYearAhead[] = "2025-07-09T13:29:58Z";

World Talkative(std::map<std::string, Value> settings = {}) {
  return World(true, false, true, std::move(settings));
}

std::vector<std::string> Summaries(const Diagnostics& diags) {
  std::vector<std::string> summaries;
  for (const Diagnostic& diag : diags) summaries.push_back(diag.summary);
  return summaries;
}

HttpResult ProfileOf(const char* scopes) { return Json(200, "{}", {{"X-OAuth-Scopes", scopes}}); }

TEST_CASE("mistyped scopes are told with what was meant", "[token][scopes]") {
  const std::pair<const char*, const char*> rows[] = {
      {"linode:read_only", "Did you mean \"linodes:read_only\"?"},
      {"domain:read_write", "Did you mean \"domains:read_write\"?"},
      {"firewalls:read_only", "Did you mean \"firewall:read_only\"?"},
      {"linodes:readonly", "Did you mean \"linodes:read_only\"?"},
      {"linodes:readwrite", "Did you mean \"linodes:read_write\"?"},
      {"linodes", "Did you mean \"linodes:read_only\"?"},
      {"Linodes:read_only", "Did you mean \"linodes:read_only\"?"},
      {"kubernetes:read_only", "Known names are: account, child_account,"},
  };
  for (const auto& [scopes, suggestion] : rows) {
    CAPTURE(scopes);
    const auto problems = ScopeProblems(scopes);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].find(suggestion) != std::string::npos);
  }
  for (const char* good : {"*", "", "linodes:read_only domains:read_write", "account:*",
                           "linodes:view,domains:modify", "tokens:create", "  vpc:read_only"}) {
    CAPTURE(good);
    CHECK(ScopeProblems(good).empty());
  }
  CHECK(ScopeProblems("linode:read_only domain:read_only").size() == 2);

  World world;
  world.provider->ValidateResourceConfig(kType, Config(kUnset, T("linode:read_only")), world.diags);
  REQUIRE(world.diags.size() == 1);
  CHECK(world.diags[0].severity == Severity::kWarning);
  CHECK(world.diags[0].attribute_path == ".scopes");
  Diagnostics none;
  world.provider->ValidateResourceConfig(kType, Config(kUnset, kUnknown), none);
  CHECK(none.empty());
}

TEST_CASE("which scopes go beyond others", "[scopes]") {
  CHECK(ScopesBeyond("linodes:read_only", "*").empty());
  CHECK(ScopesBeyond("linodes:read_only", "linodes:read_write").empty());
  CHECK(ScopesBeyond("linodes:read_only", "domains:read_only,linodes:*").empty());
  CHECK(ScopesBeyond("linodes:read_write", "linodes:read_only") == Lines{"linodes:read_write"});
  CHECK(ScopesBeyond("* vpc:read_only", "vpc:read_only") == Lines{"*"});
}

TEST_CASE("a plan warns of tokens that never end and of those that may do everything", "[token]") {
  World world = Talkative();
  world.api->otherwise = [](const HttpRequest&) { return ProfileOf("*"); };
  world.Plan(Value::Null(TokenObject()), Config(T("a"), T("*")));
  CHECK(Summaries(world.diags) == Lines{"Token Never Expires", "Token May Do Everything"});
  CHECK(world.diags[0].detail.find("LINODE_TOKEN_WARNINGS=false") != std::string::npos);
  // Once for a run: the plan is computed again when it is applied.
  world.Plan(Value::Null(TokenObject()), Config(T("a"), T("*")));
  CHECK(world.diags.size() == 2);
  CHECK(world.api->Lines() == Lines{"GET /v4/profile"});
}

TEST_CASE("nothing is said of tokens that stay, have an end, or when it is switched off",
          "[token]") {
  SECTION("it stays") {
    World world = Talkative();
    world.Plan(Existing(), Config(T("new"), T("linodes:read_only domains:read_only")));
    CHECK(world.diags.empty());
    CHECK(world.api->Lines().empty());
  }
  SECTION("it has an end") {
    World world = Talkative();
    world.api->otherwise = [](const HttpRequest&) { return ProfileOf("*"); };
    world.Plan(Value::Null(TokenObject()), Config(T("a"), T("vpc:read_only"), T(kYearAhead)));
    CHECK(world.diags.empty());
  }
  SECTION("switched off by the environment") {
    World world;
    world.Plan(Value::Null(TokenObject()), Config(T("a"), T("*")));
    CHECK(world.diags.empty());
    CHECK(world.api->Lines().empty());
  }
  SECTION("switched off by the block") {
    World world = Talkative({{"token_warnings", Value::Bool(false)}});
    world.Plan(Value::Null(TokenObject()), Config(T("a"), T("*")));
    CHECK(world.diags.empty());
  }
}

TEST_CASE("a replacement that may do more is told", "[token]") {
  World world = Talkative();
  world.api->otherwise = [](const HttpRequest&) { return ProfileOf("*"); };
  const std::string more = "linodes:read_write domains:read_only";
  world.Plan(Existing(), Config(T("ci"), Value::String(more), T(kYearAhead)));
  REQUIRE(Summaries(world.diags) == Lines{"Token Gains Scopes"});
  CHECK(world.diags[0].detail.find("linodes:read_write.") != std::string::npos);
}

TEST_CASE("scopes that the token in use lacks are an error of the plan", "[token]") {
  World world = Talkative();
  world.api->otherwise = [](const HttpRequest&) {
    return ProfileOf("account:read_write linodes:read_only");
  };
  const Value config = Config(T("a"), T("linodes:read_write"), T(kYearAhead));
  world.Plan(Value::Null(TokenObject()), config);
  REQUIRE(Summaries(world.diags) == Lines{"Scopes beyond those of the token in use"});
  CHECK(world.diags.HasErrors());
  SECTION("but not when the API does not say") {
    World silent = Talkative();
    silent.api->otherwise = [](const HttpRequest&) { return Json(401, R"({"errors": []})"); };
    silent.Plan(Value::Null(TokenObject()), config);
    CHECK(silent.diags.empty());
  }
  SECTION("nor when the run is offline") {
    World offline(true, true, true);
    offline.Plan(Value::Null(TokenObject()), config);
    CHECK(offline.diags.empty());
    CHECK(offline.api->Lines().empty());
  }
}

TEST_CASE("a plan that is carried out at once asks nothing: the API's refusal tells", "[token]") {
  World world = Talkative();
  const Value config = Config(T("a"), T("linodes:read_write"), T(kYearAhead));
  const PlanResponse plan = world.Plan(Value::Null(TokenObject()), config, /*at_once=*/true);
  CHECK(world.diags.empty());
  CHECK(world.api->Lines().empty());
  HttpResult refused = Json(400, R"({"errors": [{"reason": "no", "field": "scopes"}]})");
  refused.response.headers.push_back({"X-OAuth-Scopes", "account:read_write linodes:read_only"});
  world.api->otherwise = [&](const HttpRequest&) { return refused; };
  const Object nothing{Value::Null(TokenObject())};
  const ApplyResponse response =
      world.provider->Apply({kType, nothing, plan.planned, config, {}}, world.cancel, world.diags);
  CHECK(response.object.value.IsNull());
  CHECK(Summaries(world.diags) == Lines{"Scopes beyond those of the token in use"});
  // What an answer has told is used by the next plan, and costs nothing.
  world.Plan(Value::Null(TokenObject()), config, /*at_once=*/true);
  CHECK(world.diags.size() == 2);
  CHECK(world.api->Lines().size() == 1);
}

TEST_CASE("a token that ends soon is told with the days that are left", "[token]") {
  World world = Talkative();
  world.api->otherwise = [](const HttpRequest&) {
    return Json(200, Answered("7", "ci", "linodes:read_only domains:read_only",
                              "2024-07-09T13:00:00", "2024-07-21T14:00:00"));
  };
  world.Read(Existing({{"expiry", T(kDaysAhead12)}}));
  REQUIRE(Summaries(world.diags) == Lines{"Token Expires Soon"});
  CHECK(world.diags[0].detail.find("expires in 12 days") != std::string::npos);

  CHECK(InWords(86400 * 2) == "in 2 days");
  CHECK(InWords(86400 * 2 - 1) == "in 47 hours");
  CHECK(InWords(3600) == "in 60 minutes");
  CHECK(InWords(60) == "in 1 minute");
}

TEST_CASE("tokens are rotated before their end when the provider has a rule", "[token][rotation]") {
  const std::map<std::string, Value> rule = {{"token_lifetime", T("90d")},
                                             {"token_rotate_before", T("14d")}};
  World world(true, false, false, rule);
  SECTION("a new one gets its end") {
    world.api->Answer(
        200, Answered("8", "ci", kScopes, "2024-07-09T13:29:58", "2024-10-07T13:29:58", kSecret));
    const Value made = world.Create(NewConfig());
    CHECK(world.api->Lines() ==
          Lines{R"(POST /v4/profile/tokens {"expiry":"2024-10-07T13:29:58","label":"ci",)"
                R"("scopes":"linodes:read_only"})"});
    CHECK(made.Attribute("expiry").RawEquals(T("2024-10-07T13:29:58Z")));
    CHECK(world.Plan(made, NewConfig()).planned.value.RawEquals(made));
  }
  SECTION("one whose end is near is replaced by one with another end") {
    const Value old = Existing({{"scopes", Value::String(kScopes)}, {"expiry", T(kDaysAhead12)}});
    const PlanResponse plan = world.Plan(old, NewConfig());
    REQUIRE(plan.requires_replace.size() == 1);
    CHECK(plan.requires_replace[0][0].name == "expiry");
    CHECK(!plan.planned.value.Attribute("expiry").IsKnown());
    CHECK(plan.create_first);
  }
  SECTION("one with an end of its own, or none, is let be") {
    const Value fixed = Existing({{"scopes", Value::String(kScopes)}, {"expiry", T(kDaysAhead12)}});
    CHECK(world.Plan(fixed, Config(T("ci"), Value::String(kScopes), T(kDaysAhead12)))
              .requires_replace.empty());
    const Value never = Existing({{"scopes", Value::String(kScopes)}});
    CHECK(world.Plan(never, NewConfig()).requires_replace.empty());
  }
  SECTION("whatever replaces one, the new one comes first; without a rule it does not") {
    const Value config = Config(T("ci"), T("vpc:read_only"));
    CHECK(world.Plan(Existing(), config).create_first);
    World plain;
    CHECK(!plain.Plan(Existing(), config).create_first);
  }
  CHECK(world.diags.empty());
}

TEST_CASE("the rule of rotation is checked", "[rotation]") {
  World world;
  struct Row {
    const char* lifetime;
    const char* before;
    const char* summary;
  };
  const Row rows[] = {{"90", nullptr, "Invalid duration"},
                      {"0d", nullptr, "Invalid duration"},
                      {"-1d", nullptr, "Invalid duration"},
                      {"99999999999999999999d", nullptr, "Invalid duration"},
                      {"90d", "soon", "Invalid duration"},
                      {nullptr, "14d", "Tokens without an end can't be rotated"},
                      {"14d", "14d", "Tokens would be replaced by every apply"}};
  const BlockSchema& block = world.provider->GetSchemas().provider.block;
  for (const Row& row : rows) {
    Record config(block.ImpliedType(), EmptyValue(block));
    if (row.lifetime != nullptr) config.SetText("token_lifetime", row.lifetime);
    if (row.before != nullptr) config.SetText("token_rotate_before", row.before);
    Diagnostics diags;
    world.provider->ValidateProviderConfig(config.ToValue(), diags);
    REQUIRE(diags.size() == 1);
    CHECK(diags[0].summary == row.summary);
  }
  CHECK(ParseLifetime("1d12h") == std::chrono::hours(36));
  CHECK(!ParseLifetime(""));
}

}  // namespace
}  // namespace tkn::linode::testing
