#include <catch2/catch.hpp>

#include "providers/linode/token_world.h"

namespace tkn::linode {
namespace {

using namespace testing;

TEST_CASE("a lost create is looked for and kept without its secret, to be tainted") {
  for (const bool gateway : {false, true}) {
    World w;
    if (gateway) {
      w.api->Answer(504, "");
    } else {
      w.api->Fail(Delivery::kLost);
    }
    w.api->Answer(200, Listed({Answered("8", "ci", kScopes)}));
    const ApplyResponse response = w.Apply(Value::Null(TokenObject()), NewConfig());
    CHECK_FALSE(response.undecided);
    REQUIRE(w.diags.size() == 1);
    CHECK(w.diags[0].summary == "Token creation error");
    CHECK(w.diags[0].detail.find("the ID 8") != std::string::npos);
    CHECK(response.object.value.RawEquals(Token({{"id", T("8")},
                                                 {"label", T("ci")},
                                                 {"scopes", Value::String(kScopes)},
                                                 {"created", T("2024-07-09T13:29:58Z")},
                                                 {"expiry", T("2999-12-12T05:00:00Z")}})));
    const auto requests = w.api->Requests();
    REQUIRE(requests.size() == 2);
    CHECK(requests[1].headers.back().value == R"({"label":"ci"})");
  }
}

TEST_CASE("a lost create that never happened is looked for three times, and not repeated") {
  World w;
  w.api->Fail(Delivery::kLost);
  w.api->otherwise = [](const HttpRequest&) { return testing::Json(200, Listed({})); };
  const ApplyResponse response = w.Apply(Value::Null(TokenObject()), NewConfig());
  CHECK(response.object.value.IsNull());
  CHECK_FALSE(response.undecided);
  CHECK(w.diags[0].detail.find("none was made") != std::string::npos);
  CHECK(w.api->Requests().size() == 4);
  CHECK(w.clock->Waits() == std::vector<std::int64_t>{3000, 3000});
}

TEST_CASE("what doesn't fit is not taken for a lost token") {
  struct Row {
    const char* name;
    std::string other;
  };
  const Row rows[] = {
      {"another label", Answered("8", "other", kScopes)},
      {"other scopes", Answered("8", "ci", "*")},
      {"an expiry", Answered("8", "ci", kScopes, "2024-07-09T13:29:58", "2030-01-01T00:00:00")},
      {"too old", Answered("8", "ci", kScopes, "2024-07-09T13:20:00")},
      {"in the state", Answered("7", "ci", kScopes)},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    World w;
    w.api->Answer(200, Answered("7", "ci", kScopes));
    w.Read(Existing());
    w.api->Fail(Delivery::kLost);
    w.api->otherwise = [&](const HttpRequest&) { return testing::Json(200, Listed({row.other})); };
    CHECK(w.Create(NewConfig()).IsNull());
  }
}

TEST_CASE("the API's clock decides what was made in time") {
  World w;
  w.api->Fail(Delivery::kLost)
      .Answer(200, Listed({Answered("8", "ci", kScopes, "2024-07-09T15:00:01")}),
              {{"Date", "Tue, 09 Jul 2024 15:00:05 GMT"}});
  CHECK_FALSE(w.Create(NewConfig()).IsNull());
}

TEST_CASE("several tokens that fit are named, and nothing is chosen") {
  World w;
  w.api->Fail(Delivery::kLost)
      .Answer(200, Listed({Answered("8", "ci", kScopes), Answered("9", "ci", kScopes)}));
  const ApplyResponse response = w.Apply(Value::Null(TokenObject()), NewConfig());
  CHECK(response.undecided);
  CHECK(response.object.value.IsNull());
  CHECK(w.diags[0].detail.find("8, 9") != std::string::npos);
}

TEST_CASE("a create that was interrupted while under way stays undecided") {
  World w;
  w.api->Fail(Delivery::kCancelled, "stopped");
  const ApplyResponse response = w.Apply(Value::Null(TokenObject()), NewConfig());
  CHECK(response.undecided);
  CHECK(w.diags[0].summary == "Token creation error");
}

TEST_CASE("a create whose token can't be looked for stays undecided") {
  World w;
  w.api->Fail(Delivery::kLost).Answer(401, R"({"errors":[{"reason":"Invalid Token"}]})");
  const ApplyResponse response = w.Apply(Value::Null(TokenObject()), NewConfig());
  CHECK(response.undecided);
  CHECK(w.diags[0].detail.find("[401] Invalid Token") != std::string::npos);
}

TEST_CASE("an answer without the secret counts as lost") {
  World w;
  w.api->Answer(200, Answered("8", "ci", kScopes, "2024-07-09T13:29:58", "2999-12-12T05:00:00", ""))
      .Answer(200, Listed({Answered("8", "ci", kScopes)}));
  CHECK(w.Create(NewConfig()).Attribute("token").IsNull());
  CHECK(w.diags.HasErrors());
}

TEST_CASE("the next run resolves a create that an earlier one announced") {
  using Outcome = ResolveResponse::Outcome;
  struct Row {
    const char* name;
    std::vector<std::string> listed;
    Outcome outcome;
  };
  const std::string ours = Answered("8", "ci", kScopes);
  const Row rows[] = {
      {"found", {ours}, Outcome::kFound},
      {"nothing", {}, Outcome::kNeverHappened},
      {"in the state already", {Answered("7", "ci", kScopes)}, Outcome::kNeverHappened},
      {"two of them", {ours, Answered("9", "ci", kScopes)}, Outcome::kUndecided},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    World w;
    w.api->otherwise = [&](const HttpRequest&) { return testing::Json(200, Listed(row.listed)); };
    const Value planned = Token({{"id", kUnknown},
                                 {"label", T("ci")},
                                 {"scopes", Value::String(kScopes)},
                                 {"expiry", kUnknown},
                                 {"created", kUnknown}});
    const ResolveResponse response = w.provider->Resolve(
        {kType, {Value::Null(TokenObject())}, planned, w.clock->UnixSeconds() - 100, {"7"}},
        w.diags);
    // Made 100 s after it was announced, which a wait for the rate limit explains.
    CHECK(response.outcome == row.outcome);
    CHECK_FALSE(response.explanation.empty());
    CHECK(w.diags.empty());
    if (row.outcome == Outcome::kFound) {
      CHECK(response.object.value.Attribute("id").RawEquals(T("8")));
      CHECK(response.object.value.Attribute("token").IsNull());
      CHECK(response.object.value.IsWhollyKnown());
    }
  }
}

TEST_CASE("what an earlier run left behind waits together for lagging listings") {
  World w;
  w.api->otherwise = [&](const HttpRequest&) { return testing::Json(200, Listed({})); };
  const std::int64_t started = w.clock->UnixSeconds() - 2;
  for (const char* label : {"a", "b", "c", "d"}) {
    const Value planned = Token({{"id", kUnknown},
                                 {"label", T(label)},
                                 {"scopes", Value::String(kScopes)},
                                 {"expiry", kUnknown},
                                 {"created", kUnknown}});
    const ResolveResponse response =
        w.provider->Resolve({kType, {Value::Null(TokenObject())}, planned, started, {}}, w.diags);
    CHECK(response.outcome == ResolveResponse::Outcome::kNeverHappened);
  }
  CHECK(w.clock->Waits().size() == 2);
}

TEST_CASE("updates and deletes are resolved by looking at the token") {
  using Outcome = ResolveResponse::Outcome;
  World w;
  const ResolveRequest request{kType, {Existing()}, Value::Null(TokenObject()), 0, {}};
  w.api
      ->Answer(200,
               Answered("7", "new", "linodes:read_only domains:read_only", "2024-07-09T13:00:00"))
      .Answer(404, "{}")
      .Answer(401, "{}");
  const ResolveResponse there = w.provider->Resolve(request, w.diags);
  CHECK(there.outcome == Outcome::kFound);
  CHECK(there.object.value.RawEquals(Existing({{"label", T("new")}})));
  const ResolveResponse gone = w.provider->Resolve(request, w.diags);
  CHECK(gone.outcome == Outcome::kFound);
  CHECK(gone.object.value.IsNull());
  CHECK(w.provider->Resolve(request, w.diags).outcome == Outcome::kUndecided);
}

}  // namespace
}  // namespace tkn::linode
