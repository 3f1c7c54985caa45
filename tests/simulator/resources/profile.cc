#include "tests/simulator/resources/resources.h"

namespace tkn::simulator {
namespace {

Json Profile(Call& call) {
  Json profile = {
      {"uid", 1234},
      {"username", kUserName},
      {"email", "simulated-user@example.com"},
      {"verified_phone_number", nullptr},
      {"timezone", "US/Eastern"},
      {"email_notifications", true},
      {"referrals",
       {{"code", "871be32f49c1411b14f29f618aaf0c14637fb8d3"},
        {"url", "https://www.linode.com/?r=871be32f49c1411b14f29f618aaf0c14637fb8d3"},
        {"total", 0},
        {"completed", 0},
        {"pending", 0},
        {"credit", 0.0}}},
      {"ip_whitelist_enabled", false},
      {"lish_auth_method", "keys_only"},
      {"authorized_keys", nullptr},
      {"two_factor_auth", true},
      {"restricted", false},
      {"authentication_type", "password"},
      {"user_type", "default"},
      {"scopes", call.caller.scopes},
  };
  return profile;
}

Json Account(Call&) {
  return {
      {"company", "Example"},
      {"email", "simulated-user@example.com"},
      {"first_name", "Simulated"},
      {"last_name", "User"},
      {"address_1", "1 Example Street"},
      {"address_2", ""},
      {"city", "Philadelphia"},
      {"state", "PA"},
      {"zip", "19106"},
      {"country", "US"},
      {"phone", "215-555-0100"},
      {"balance", 0.0},
      {"tax_id", ""},
      {"billing_source", "linode"},
      {"credit_card", {{"last_four", "1111"}, {"expiry", "11/2999"}}},
      {"balance_uninvoiced", 0.0},
      {"active_since", "2018-01-02T03:04:05"},
      {"capabilities",
       {"Linodes", "NodeBalancers", "Block Storage", "Object Storage", "Kubernetes",
        "Cloud Firewall", "Vlans", "VPCs", "Placement Group", "Managed Databases"}},
      {"active_promotions", Json::array()},
      {"euuid", "00000000-0000-4000-8000-000000000000"},
  };
}

}  // namespace

void AddProfile(Router& router) {
  router.Add({"GET", "/profile", "*", {400, 60}, Profile});
  router.Add({"GET", "/account", "account:read_only", {}, Account});
}

}  // namespace tkn::simulator
