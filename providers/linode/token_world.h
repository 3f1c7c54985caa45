#pragma once

#include <catch2/catch.hpp>
#include <map>

#include "providers/linode/fake_api.h"
#include "providers/linode/linode_provider.h"
#include "providers/linode/record.h"
#include "providers/linode/token.h"

// The world in which the tests of tokens happen: a scripted API, a clock that is set by hand, and
// what configurations and answers look like.
namespace tkn::linode::testing {

using providers::ImportRequest;
using Lines = std::vector<std::string>;

inline constexpr char kType[] = "linode_token";
inline constexpr char kSecret[] =
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
inline const Value kUnset = Value::Null(Type::String());
inline const Value kUnknown = Value::Unknown(Type::String());

inline Value T(const char* text) { return Value::String(text); }

inline Type TokenObject() { return MakeTokenType()->type(); }

inline Value Token(std::map<std::string, Value> values) {
  Record record(TokenObject(), Value::Null(TokenObject()));
  for (auto& [name, value] : values) record.Set(name, value);
  return record.ToValue();
}

inline Value Config(const Value& label, const Value& scopes, const Value& expiry = kUnset) {
  return Token({{"label", label}, {"scopes", scopes}, {"expiry", expiry}});
}

inline const std::string kScopes = "linodes:read_only";
// A token of that scope, for what happens around its creation.
inline Value NewConfig() { return Config(T("ci"), Value::String(kScopes)); }

inline Value Existing(std::map<std::string, Value> changed = {}) {
  std::map<std::string, Value> values = {{"id", T("7")},
                                         {"label", T("ci")},
                                         {"scopes", T("linodes:read_only domains:read_only")},
                                         {"expiry", T("2999-12-12T05:00:00Z")},
                                         {"token", T(kSecret)},
                                         {"created", T("2024-07-09T13:00:00Z")}};
  for (auto& [name, value] : changed) values.insert_or_assign(name, value);
  return Token(std::move(values));
}

inline std::string Answered(const std::string& id, const std::string& label,
                            const std::string& scopes,
                            const std::string& created = "2024-07-09T13:29:58",
                            const std::string& expiry = "2999-12-12T05:00:00",
                            const std::string& token = "0123456789abcdef") {
  return R"({"id": )" + id + R"(, "scopes": ")" + scopes + R"(", "created": ")" + created +
         R"(", "label": ")" + label + R"(", "token": ")" + token + R"(", "expiry": ")" + expiry +
         "\"}";
}

inline std::string Listed(const std::vector<std::string>& tokens) {
  std::string all;
  for (const std::string& token : tokens) all += (all.empty() ? "" : ", ") + token;
  return R"({"data": [)" + all + R"(], "page": 1, "pages": 1, "results": 1})";
}

struct World {
  std::shared_ptr<FakeTransport> api = std::make_shared<FakeTransport>();
  std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
  std::unique_ptr<providers::Provider> provider{};
  Cancellation cancel{};
  Diagnostics diags{};

  // `settings` of the provider block besides.
  explicit World(bool with_token = true, bool offline = false, bool warnings = false,
                 std::map<std::string, Value> settings = {}) {
    Surroundings surroundings;
    surroundings.environment = [with_token,
                                warnings](const char* name) -> std::optional<std::string> {
      if (with_token && std::string_view(name) == "LINODE_TOKEN") return "acting-token";
      if (std::string_view(name) == "LINODE_TOKEN_WARNINGS") return warnings ? "true" : "false";
      return std::nullopt;
    };
    surroundings.transport = api;
    surroundings.clock = clock;
    provider = MakeFactory(surroundings)();
    const BlockSchema& block = provider->GetSchemas().provider.block;
    Record config(block.ImpliedType(), EmptyValue(block));
    for (const auto& [name, value] : settings) config.Set(name, value);
    provider->Configure(config.ToValue(), offline, diags);
    REQUIRE(diags.empty());
  }

  PlanResponse Plan(const Value& prior, const Value& config, bool at_once = false) {
    const BlockSchema& schema = provider->GetSchemas().resources.at(kType).block;
    const Value proposed = ProposedNew(schema, prior, config);
    PlanResponse response = provider->Plan({kType, {prior}, proposed, config, at_once}, diags);
    CHECK(CheckPlanValid(schema, prior, config, response.planned.value).empty());
    return response;
  }
  ApplyResponse Apply(const Value& prior, const Value& config) {
    const PlanResponse plan = Plan(prior, config);
    ApplyResponse response =
        provider->Apply({kType, {prior}, plan.planned, config, {}}, cancel, diags);
    if (!diags.HasErrors()) {
      const BlockSchema& schema = provider->GetSchemas().resources.at(kType).block;
      CHECK(CheckApplied(schema, plan.planned.value, response.object.value).empty());
      CHECK(response.object.value.IsWhollyKnown());
    }
    return response;
  }
  Value Create(const Value& config) {
    return Apply(Value::Null(TokenObject()), config).object.value;
  }
  Value Read(const Value& current) { return provider->Read(kType, {current, "p"}, diags).value; }
};

}  // namespace tkn::linode::testing
