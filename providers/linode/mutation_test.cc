#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "providers/linode/answer.h"
#include "providers/linode/token_world.h"

// Answers that no API should give: what the provider makes of them is an object of its schema's
// type, or an error; never something between.
namespace tkn::linode::testing {
namespace {

struct Sample {
  const char* type;
  bool data;
  const char* body;
};

// As recorded, with less in the lists.
const Sample kSamples[] = {
    {"linode_token", false,
     R"({"id": 7, "scopes": "linodes:read_only", "created": "2018-01-02T03:04:05", "label": "ci",
         "token": "0123456789abcdef", "expiry": "2999-12-12T05:00:00"})"},
    {"linode_sshkey", false,
     R"({"id": 7, "label": "laptop", "ssh_key": "ssh-ed25519 AAAA me",
         "created": "2018-01-02T03:04:05"})"},
    {"linode_domain", false,
     R"({"id": 7, "type": "master", "domain": "example.org", "tags": ["a", "b"], "group": "",
         "status": "active", "errors": "", "description": "", "soa_email": "x@example.org",
         "retry_sec": 0, "master_ips": [], "axfr_ips": [], "expire_sec": 0, "refresh_sec": 0,
         "ttl_sec": 300})"},
    {"linode_stackscript", false,
     R"({"id": 7, "username": "me", "label": "setup", "description": "x", "ordinal": 0,
         "images": ["linode/debian12"], "deployments_total": 0, "deployments_active": 0,
         "is_public": false, "mine": true, "created": "2018-01-02T03:04:05",
         "updated": "2018-01-02T03:04:05", "rev_note": "", "script": "#!/bin/sh",
         "user_gravatar_id": "d41d", "user_defined_fields": [{"name": "a", "label": "A",
         "oneOf": "x,y"}]})"},
    {"linode_profile", true,
     R"({"username": "me", "email": "x@example.org", "timezone": "UTC", "restricted": false,
         "authorized_keys": ["k"], "two_factor_auth": true, "referrals": {"code": "c", "url": "u",
         "total": 0, "completed": 0, "pending": 0, "credit": 0}})"},
    {"linode_regions", true,
     R"({"data": [{"id": "us-east", "label": "Newark", "country": "us", "capabilities": ["Linodes"],
         "status": "ok", "resolvers": {"ipv4": "192.0.2.1", "ipv6": "1234::5678"},
         "placement_group_limits": {"maximum_pgs_per_customer": 100, "maximum_linodes_per_pg": 5},
         "site_type": "core"}], "page": 1, "pages": 1, "results": 1})"},
    {"linode_tokens", true,
     R"({"data": [{"id": 7, "scopes": "*", "created": "2018-01-02T03:04:05", "label": "ci",
         "token": "0123456789abcdef", "expiry": "2999-12-12T05:00:00"}], "page": 1, "pages": 1,
         "results": 1})"},
};

// Reads with `body` as the answer to whatever is asked.
void ReadWith(World& world, const Sample& sample, const std::string& body) {
  world.api->otherwise = [&](const HttpRequest&) { return Json(200, body); };
  Diagnostics diags;
  const auto& schemas = world.provider->GetSchemas();
  const Schema& schema =
      sample.data ? schemas.data_sources.at(sample.type) : schemas.resources.at(sample.type);
  const Type type = schema.block.ImpliedType();
  Record current(type, EmptyValue(schema.block));
  Value read;
  if (sample.data) {
    read = world.provider->ReadData(sample.type, current.ToValue(), world.cancel, diags);
  } else {
    current.SetText("id", "7");
    read = world.provider->Read(sample.type, {current.ToValue(), ""}, diags).value;
  }
  INFO(body);
  CHECK(CheckConforms(read, type).empty());
  if (read.IsNull()) CHECK(diags.HasErrors());
}

TEST_CASE("an answer that is cut at any byte is an error", "[mutation]") {
  World world;
  for (const Sample& sample : kSamples) {
    CAPTURE(sample.type);
    const std::string body = sample.body;
    for (std::size_t size = 0; size < body.size(); ++size) {
      ReadWith(world, sample, body.substr(0, size));
    }
    ReadWith(world, sample, body);
  }
}

TEST_CASE("an answer with any value replaced gives an object of the schema's type", "[mutation]") {
  World world;
  const std::string deep = std::string(900, '[') + std::string(900, ']');
  const std::string parts[] = {"null", "\"text\"", "1e400",   "123456789012345678901234567890",
                               "-1.5", "true",     "[[[1]]]", R"({"x": {"y": []}})",
                               deep};
  for (const Sample& sample : kSamples) {
    CAPTURE(sample.type);
    const std::string body = sample.body;
    const nlohmann::json json = nlohmann::json::parse(body);
    const nlohmann::json flat = json.flatten();
    CHECK(flat.size() > 3);
    for (const auto& [pointer, value] : flat.items()) {
      for (const std::string& part : parts) {
        // Of what is no JSON for this library only the text can be put in.
        nlohmann::json mutated = json;
        mutated[nlohmann::json::json_pointer(pointer)] = "@@";
        std::string text = mutated.dump();
        text.replace(text.find("\"@@\""), 4, part);
        ReadWith(world, sample, text);
      }
    }
  }
}

}  // namespace
}  // namespace tkn::linode::testing
