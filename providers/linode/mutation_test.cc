#include <catch2/catch.hpp>

#include "providers/linode/mutations.h"

// Answers that no API should give.
namespace tkn::linode::testing {
namespace {

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

TEST_CASE("an answer that is cut at any byte is an error", "[mutation]") {
  World world;
  for (const Sample& sample : kSamples) CheckCutAnswers(world, sample);
}

TEST_CASE("an answer with any value replaced gives an object of the schema's type", "[mutation]") {
  World world;
  for (const Sample& sample : kSamples) CheckReplacedAnswers(world, sample);
}

}  // namespace
}  // namespace tkn::linode::testing
