#include <catch2/catch.hpp>

#include "providers/linode/token_world.h"

namespace tkn::linode {
namespace {

using namespace testing;

TEST_CASE("creating sends label, scopes and expiry, and keeps the secret of the answer") {
  struct Row {
    const char* name;
    Value config;
    const char* body;
    Value expiry;  // in the state
  };
  const Row rows[] = {
      {"all set", Config(T("ci"), T("*"), T("2030-01-02T05:04:05.9+02:00")),
       R"({"expiry":"2030-01-02T03:04:05","label":"ci","scopes":"*"})",
       T("2030-01-02T05:04:05.9+02:00")},
      {"no expiry", Config(T("ci"), T("*")), R"({"expiry":null,"label":"ci","scopes":"*"})",
       T("2999-12-12T05:00:00Z")},
      {"no label", Config(kUnset, T("*")), R"({"expiry":null,"label":"","scopes":"*"})",
       T("2999-12-12T05:00:00Z")},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    World w;
    w.api->Answer(200,
                  Answered("7", "ci", "*", "2024-07-09T13:29:58", "2999-12-12T05:00:00", kSecret));
    const Value made = w.Create(row.config);
    CHECK(w.diags.empty());
    CHECK(w.api->Lines() == Lines{std::string("POST /v4/profile/tokens ") + row.body});
    CHECK(made.RawEquals(Token({{"id", T("7")},
                                {"label", row.config.Attribute("label")},
                                {"scopes", T("*")},
                                {"expiry", row.expiry},
                                {"token", T(kSecret)},
                                {"created", T("2024-07-09T13:29:58Z")}})));
  }
}

TEST_CASE("what is planned for a new token") {
  World w;
  const Value planned = w.Plan(Value::Null(TokenObject()), Config(T("a"), T("*"))).planned.value;
  for (const char* name : {"id", "token", "created", "expiry"}) {
    CAPTURE(name);
    CHECK_FALSE(planned.Attribute(name).IsKnown());
  }
  CHECK(planned.Attribute("label").RawEquals(T("a")));
}

TEST_CASE("when a change replaces, when it updates, and when it is none") {
  struct Row {
    const char* name;
    std::map<std::string, Value> state;
    Value config;
    std::vector<std::string> replaces;
    bool changes;
  };
  const Value scopes = T("linodes:read_only domains:read_only");
  const Row rows[] = {
      {"nothing", {}, Config(T("ci"), scopes), {}, false},
      {"label", {}, Config(T("other"), scopes), {}, true},
      {"label removed", {}, Config(kUnset, scopes), {}, true},
      {"label unknown", {}, Config(kUnknown, scopes), {}, true},
      {"scopes in another order",
       {},
       Config(T("ci"), T("domains:read_only linodes:read_only")),
       {},
       true},
      {"other scopes", {}, Config(T("ci"), T("*")), {".scopes"}, true},
      {"scopes unknown", {}, Config(T("ci"), kUnknown), {".scopes"}, true},
      {"from all scopes", {{"scopes", T("*")}}, Config(T("ci"), scopes), {".scopes"}, true},
      {"expiry set", {}, Config(T("ci"), scopes, T("2030-01-01T00:00:00Z")), {".expiry"}, true},
      {"expiry removed",
       {{"expiry", T("2030-01-01T00:00:00Z")}},
       Config(T("ci"), scopes),
       {},
       false},
      {"expiry unknown", {}, Config(T("ci"), scopes, kUnknown), {".expiry"}, true},
      {"expiry spelled otherwise",
       {{"expiry", T("2030-01-01T00:00:00Z")}},
       Config(T("ci"), scopes, T("2030-01-01T02:00:00+02:00")),
       {},
       true},
      {"imported, without the secret", {{"token", kUnset}}, Config(T("other"), scopes), {}, true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    World w;
    const Value prior = Existing(row.state);
    const PlanResponse plan = w.Plan(prior, row.config);
    std::vector<std::string> replaces;
    for (const Path& path : plan.requires_replace) replaces.push_back(ToString(path));
    CHECK(replaces == row.replaces);
    CHECK(plan.planned.value.RawEquals(prior) != row.changes);
    for (const char* name : {"id", "token", "created"}) {
      CHECK(plan.planned.value.Attribute(name).RawEquals(prior.Attribute(name)));
    }
  }
}

TEST_CASE("a changed label is read, then put; a text that means the same asks nothing") {
  const Value scopes = T("linodes:read_only domains:read_only");
  SECTION("label") {
    World w;
    w.api->Answer(200, Answered("7", "ci", "*")).Answer(200, Answered("7", "new", "*"));
    const Value updated = w.Apply(Existing(), Config(T("new"), scopes)).object.value;
    CHECK(w.api->Lines() ==
          Lines{"GET /v4/profile/tokens/7", R"(PUT /v4/profile/tokens/7 {"label":"new"})"});
    CHECK(updated.RawEquals(Existing({{"label", T("new")}})));
  }
  SECTION("label removed") {
    World w;
    w.api->Answer(200, Answered("7", "ci", "*")).Answer(200, Answered("7", "", "*"));
    const Value updated = w.Apply(Existing(), Config(kUnset, scopes)).object.value;
    CHECK(w.api->Lines().back() == R"(PUT /v4/profile/tokens/7 {"label":""})");
    CHECK(updated.RawEquals(Existing({{"label", kUnset}})));
  }
  SECTION("scopes") {
    World w;
    const Value other = T("domains:read_only linodes:read_only");
    const Value updated = w.Apply(Existing(), Config(T("ci"), other)).object.value;
    CHECK(w.api->Lines().empty());
    CHECK(updated.RawEquals(Existing({{"scopes", other}})));
  }
  SECTION("after an import the secret stays unknown to the state") {
    World w;
    w.api->Answer(200, "{}").Answer(200, "{}");
    const Value prior = Existing({{"token", kUnset}});
    CHECK(w.Apply(prior, Config(T("new"), scopes)).object.value.Attribute("token").IsNull());
  }
}

TEST_CASE("a refresh takes over what changed and keeps spellings and the secret") {
  struct Row {
    const char* name;
    std::map<std::string, Value> state;
    std::string answer;
    std::map<std::string, Value> after;
  };
  const std::string scopes = "linodes:read_only domains:read_only";
  const Row rows[] = {
      {"nothing", {}, Answered("7", "ci", scopes, "2024-07-09T13:00:00"), {}},
      {"label",
       {},
       Answered("7", "drifted", scopes, "2024-07-09T13:00:00"),
       {{"label", T("drifted")}}},
      {"label emptied", {}, Answered("7", "", scopes, "2024-07-09T13:00:00"), {{"label", T("")}}},
      {"no label, as configured",
       {{"label", kUnset}},
       Answered("7", "", scopes, "2024-07-09T13:00:00"),
       {{"label", kUnset}}},
      {"scopes in another order",
       {},
       Answered("7", "ci", "domains:read_only linodes:read_only", "2024-07-09T13:00:00"),
       {}},
      {"other scopes", {}, Answered("7", "ci", "*", "2024-07-09T13:00:00"), {{"scopes", T("*")}}},
      {"an offset",
       {{"expiry", T("2030-01-01T02:00:00+02:00")}},
       Answered("7", "ci", scopes, "2024-07-09T13:00:00", "2030-01-01T00:00:00"),
       {{"expiry", T("2030-01-01T02:00:00+02:00")}}},
      {"another expiry",
       {},
       Answered("7", "ci", scopes, "2024-07-09T13:00:00", "2030-01-01T00:00:00"),
       {{"expiry", T("2030-01-01T00:00:00Z")}}},
      {"no secret in the state",
       {{"token", kUnset}},
       Answered("7", "ci", scopes, "2024-07-09T13:00:00"),
       {{"token", kUnset}}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    World w;
    w.api->Answer(200, row.answer);
    std::map<std::string, Value> expected = row.state;
    for (const auto& [name, value] : row.after) expected.insert_or_assign(name, value);
    CHECK(w.Read(Existing(row.state)).RawEquals(Existing(expected)));
    CHECK(w.diags.empty());
    CHECK(w.api->Lines() == Lines{"GET /v4/profile/tokens/7"});
  }
}

TEST_CASE("what a refresh can't find or can't read") {
  SECTION("gone") {
    World w;
    w.api->Answer(404, R"({"errors":[{"reason":"Not found"}]})");
    CHECK(w.Read(Existing()).IsNull());
    REQUIRE(w.diags.size() == 1);
    CHECK(w.diags[0].severity == Severity::kWarning);
    CHECK(w.diags[0].summary == "Token No Longer Exists");
    CHECK(w.diags[0].detail ==
          "Removing Linode Token with ID \"7\" from state because it no longer exists");
  }
  SECTION("gone since it expired") {
    World w;
    w.api->Answer(404, "{}");
    w.Read(Existing({{"expiry", T("2024-01-01T00:00:00Z")}}));
    CHECK(w.diags[0].detail.find("expired at 2024-01-01T00:00:00Z") != std::string::npos);
  }
  SECTION("there, but expired") {
    World w;
    w.api->Answer(200, Answered("7", "ci", "*", "2023-01-01T00:00:00", "2024-01-01T00:00:00"));
    CHECK_FALSE(w.Read(Existing()).IsNull());
    REQUIRE(w.diags.size() == 1);
    CHECK(w.diags[0].summary == "Token Expired");
    CHECK(w.diags[0].severity == Severity::kWarning);
  }
  SECTION("refused") {
    World w;
    w.api->Answer(401, R"({"errors":[{"reason":"Invalid Token"}]})");
    CHECK(w.Read(Existing()).RawEquals(Existing()));
    REQUIRE(w.diags.size() == 1);
    CHECK(w.diags[0].summary == "Unable to Refresh the Token");
    CHECK(w.diags[0].detail == "Error finding the specified Linode Token: [401] Invalid Token");
  }
  SECTION("an id that is no number") {
    World w;
    w.Read(Existing({{"id", T("abc")}}));
    REQUIRE(w.diags.size() == 1);
    CHECK(w.diags[0].summary == "Invalid number string: abc");
  }
  SECTION("an empty id") {
    World w;
    CHECK(w.Read(Existing({{"id", T("")}})).IsNull());
    REQUIRE(w.diags.size() == 1);
    CHECK(w.diags[0].summary == "Removing Resource From State");
    CHECK(w.diags[0].severity == Severity::kWarning);
  }
}

TEST_CASE("an import knows the id; the read fills in all but the secret") {
  World w;
  const auto imported = w.provider->Import({kType, "7"}, w.diags);
  REQUIRE(imported.size() == 1);
  CHECK(imported[0].object.value.RawEquals(Token({{"id", T("7")}})));
  CHECK(w.api->Lines().empty());
  w.api->Answer(200,
                Answered("7", "ci", "linodes:read_only domains:read_only", "2024-07-09T13:00:00"));
  const Value read = w.Read(imported[0].object.value);
  CHECK(read.RawEquals(Existing({{"token", kUnset}})));
  const Value config = Config(T("ci"), T("linodes:read_only domains:read_only"));
  CHECK(w.Plan(read, config).planned.value.RawEquals(read));
}

TEST_CASE("deleting what is gone already succeeds") {
  for (const int status : {200, 404, 403}) {
    CAPTURE(status);
    World w;
    w.api->Answer(status, status == 403 ? R"({"errors":[{"reason":"no"}]})" : "{}");
    const ApplyResponse response = w.provider->Apply(
        {kType, {Existing()}, {Value::Null(TokenObject())}, Value::Null(TokenObject()), {}},
        w.cancel, w.diags);
    CHECK(w.api->Lines() == Lines{"DELETE /v4/profile/tokens/7"});
    CHECK(response.object.value.IsNull() == (status != 403));
    CHECK(w.clock->Waits().empty());
    if (status == 403) {
      REQUIRE(w.diags.size() == 1);
      CHECK(w.diags[0].summary == "Failed to delete the token with id 7");
      CHECK(w.diags[0].detail == "[403] no");
    }
  }
}

TEST_CASE("errors of create and update carry the real provider's summaries") {
  const Value scopes = T("linodes:read_only domains:read_only");
  const std::string refusal = R"({"errors":[{"reason":"bad","field":"label"}]})";
  SECTION("create") {
    World w;
    w.api->Answer(400, refusal);
    CHECK(w.Create(Config(T("ci"), scopes)).IsNull());
    REQUIRE(w.diags.size() == 1);
    CHECK(w.diags[0].summary == "Token creation error");
    CHECK(w.diags[0].detail == "[400] [label] bad");
  }
  SECTION("update, get") {
    World w;
    w.api->Answer(400, refusal);
    CHECK(w.Apply(Existing(), Config(T("new"), scopes)).object.value.RawEquals(Existing()));
    CHECK(w.diags[0].summary == "Failed to get the token with id 7");
  }
  SECTION("update, put") {
    World w;
    w.api->Answer(200, "{}").Answer(400, refusal);
    CHECK(w.Apply(Existing(), Config(T("new"), scopes)).object.value.RawEquals(Existing()));
    CHECK(w.diags[0].summary == "Failed to update the token with id 7");
    CHECK(w.diags[0].detail == "[400] [label] bad");
  }
  SECTION("an expiry that turns out to be no time") {
    World w;
    CHECK(w.Create(Config(T("ci"), scopes, T("tomorrow"))).IsNull());
    CHECK(w.diags[0].summary == "Invalid RFC3339 String Value");
    CHECK(w.api->Lines().empty());
  }
  SECTION("no token is configured") {
    World w(false);
    w.Create(Config(T("ci"), scopes));
    CHECK(w.diags[0].summary == "Token creation error");
    CHECK(w.diags[0].detail.find("LINODE_TOKEN") != std::string::npos);
    CHECK(w.api->Lines().empty());
  }
  SECTION("offline") {
    World w(true, true);
    w.Read(Existing());
    CHECK(w.diags[0].detail.find("offline") != std::string::npos);
    CHECK(w.api->Lines().empty());
  }
}

TEST_CASE("labels and expiries are checked when they are known") {
  struct Row {
    Value label;
    Value expiry;
    const char* summary;
  };
  const Row rows[] = {
      {T(""), kUnset, "Invalid Attribute Value Length"},
      {Value::String(std::string(100, 'x')), kUnset, nullptr},
      {Value::String(std::string(101, 'x')), kUnset, "Invalid Attribute Value Length"},
      {T("x"), T("2024-07-09"), "Invalid RFC3339 String Value"},
      {T("x"), T("2024-07-09T13:29:58.5+02:00"), nullptr},
      {kUnknown, kUnknown, nullptr},
      {kUnset, kUnset, nullptr},
  };
  for (const Row& row : rows) {
    World w;
    w.provider->ValidateResourceConfig(kType, Config(row.label, T("vpc:read_only"), row.expiry),
                                       w.diags);
    REQUIRE(w.diags.size() == (row.summary == nullptr ? 0 : 1));
    if (row.summary == nullptr) continue;
    CHECK(w.diags[0].summary == row.summary);
  }
}

TEST_CASE("no secret stands in a diagnostic") {
  World w;
  w.api->Answer(200, Answered("8", "ci", kScopes, "2024-07-09T13:29:58", "x", kSecret) + "}")
      .Answer(401, R"({"errors":[{"reason":"Invalid Token"}]})");
  w.Create(NewConfig());
  for (const Diagnostic& diag : w.diags) {
    CHECK((diag.summary + diag.detail).find(std::string(kSecret).substr(0, 16)) ==
          std::string::npos);
    CHECK((diag.summary + diag.detail).find("acting-token") == std::string::npos);
  }
}

}  // namespace
}  // namespace tkn::linode
