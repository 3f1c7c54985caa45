#include <catch2/catch.hpp>

#include "tests/simulator/test_api.h"

namespace tkn::simulator {
namespace {

constexpr int64_t kBootMs = 600'000;  // only the test moves the clock

class Account : public TestApi {
 public:
  Account() : TestApi(Slow()) {}

  Json Make(const Json& more = Json::object()) {
    Json body = {{"region", "us-sea"}, {"type", "g6-nanode-1"}};
    body.update(more);
    return Good("POST", "/v4/linode/instances", body);
  }
  Json MakeDebian(const Json& more = Json::object()) {
    Json body = {{"image", "linode/debian12"}, {"root_pass", "thisIsYourRootPassword"}};
    body.update(more);
    return Make(body);
  }
  static std::string Path(const Json& linode) {
    return "/v4/linode/instances/" + linode["id"].dump();
  }
  std::string Status(const Json& linode) { return Good("GET", Path(linode))["status"]; }
  std::string Event(const std::string& action) {
    const Json list = Good("GET", "/v4/account/events", {},
                           {{"X-Filter", R"({"+order":"desc","+order_by":"created","action":")" +
                                             action + R"(","entity.type":"linode"})"}});
    return list["data"].empty() ? "none" : list["data"][0]["status"].get<std::string>();
  }

 private:
  static Options Slow() {
    Options options;
    options.boot_ms = kBootMs;
    return options;
  }
};

TEST_CASE("a Linode with an image is provisioned, boots and runs") {
  Account account;
  const Json linode = account.MakeDebian();
  CHECK(linode["status"] == "provisioning");
  CHECK(linode["ipv4"] == Json::array({"127.0.0.1"}));
  CHECK(account.Event("linode_boot") == "scheduled");
  account.Advance(kBootMs / 2);
  CHECK(account.Status(linode) == "booting");
  CHECK(account.Event("linode_create") == "finished");
  account.Advance(kBootMs / 2);
  CHECK(account.Status(linode) == "running");
  CHECK(account.Event("linode_boot") == "finished");
}

TEST_CASE("a Linode that is not booted, or has nothing to boot, ends offline") {
  Account account;
  const Json kept_off = account.MakeDebian({{"booted", false}});
  const Json bare = account.Make();
  account.Advance(kBootMs);
  CHECK(account.Status(kept_off) == "offline");
  CHECK(account.Status(bare) == "offline");
  CHECK(account.Event("linode_boot") == "none");
}

TEST_CASE("actions are refused while one is under way, deletion is not") {
  Account account;
  const Json linode = account.MakeDebian();
  const std::string action =
      GENERATE("boot", "reboot", "shutdown", "resize", "password", "rebuild");
  const Json body = {{"type", "g6-standard-1"},
                     {"image", "linode/debian11"},
                     {"root_pass", "thisIsYourRootPassword"}};
  CAPTURE(action);
  const Answer busy = account.Call("POST", Account::Path(linode) + "/" + action, body);
  CHECK(busy.status == 400);
  CHECK(busy.body == R"({"errors": [{"reason": "Linode busy."}]})");
  CHECK(account.Call("DELETE", Account::Path(linode)).status == 200);
  CHECK(account.Call("GET", Account::Path(linode)).status == 404);
  account.Advance(2 * kBootMs);
  CHECK(account.Event("linode_delete") == "finished");
}

TEST_CASE("shutdown, boot, reboot, resize, migrate and rebuild go their ways") {
  Account account;
  const Json linode = account.MakeDebian();
  const std::string path = Account::Path(linode);
  const auto act = [&](const std::string& name, const Json& body, const std::string& through,
                       const std::string& to) {
    CAPTURE(name);
    account.Good("POST", path + "/" + name, body);
    CHECK(account.Status(linode) == through);
    account.Advance(kBootMs);
    CHECK(account.Status(linode) == to);
  };
  account.Advance(kBootMs);
  CHECK(account.Call("POST", path + "/password", {{"root_pass", "anotherPassword"}}).status == 400);
  act("reboot", {}, "rebooting", "running");
  act("migrate", {{"region", "us-ord"}}, "migrating", "running");
  act("shutdown", {}, "shutting_down", "offline");
  CHECK(account.Good("POST", path + "/password", {{"root_pass", "anotherPassword"}}).empty());
  CHECK(account.Status(linode) == "offline");
  act("resize", {{"type", "g6-standard-1"}}, "resizing", "offline");
  act("boot", {}, "booting", "running");
  act("rebuild", {{"image", "linode/debian11"}, {"root_pass", "anotherPassword"}}, "rebuilding",
      "running");
  const Json now = account.Good("GET", path);
  CHECK(now["type"] == "g6-standard-1");
  CHECK(now["specs"]["disk"] == 51200);
  CHECK(now["region"] == "us-ord");
  CHECK(now["image"] == "linode/debian11");
  account.Good("POST", path + "/backups/enable");
  CHECK(account.Good("GET", path)["backups"]["enabled"] == true);
}

TEST_CASE("an image brings disks and a configuration, which a resize fits to the type") {
  Account account;
  const Json linode = account.MakeDebian({{"booted", false}});
  const std::string path = Account::Path(linode);
  Json disks = account.Good("GET", path + "/disks")["data"];
  REQUIRE(disks.size() == 2);
  CHECK(disks[0]["label"] == "Debian 12 Disk");
  CHECK(disks[0]["size"] == 25088);
  CHECK(disks[0]["status"] == "not ready");
  CHECK(disks[1]["label"] == "512 MB Swap Image");
  CHECK(account.Good("GET", path + "/configs")["data"][0]["label"] == "My Debian 12 Disk Profile");
  account.Advance(kBootMs);
  account.Good("POST", path + "/resize", {{"type", "g6-standard-1"}});
  account.Advance(kBootMs);
  disks = account.Good("GET", path + "/disks")["data"];
  CHECK(disks[0]["size"] == 50688);
  CHECK(disks[0]["status"] == "ready");
  const Answer small = account.Call("POST", path + "/resize",
                                    {{"type", "g6-nanode-1"}, {"allow_auto_disk_resize", false}});
  CHECK(small.status == 400);
  account.Good("DELETE", path + "/disks/" + disks[1]["id"].dump());
  CHECK(account.Good("GET", path + "/disks")["results"] == 1);
  account.Advance(kBootMs);
  const Json made = account.Good("POST", path + "/disks", {{"label", "data"}, {"size", 512}});
  CHECK(made["filesystem"] == "ext4");
  account.Advance(kBootMs);
  CHECK(account.Call("POST", path + "/disks", {{"label", "more"}, {"size", 1}}).status == 400);
  CHECK(account.Call("GET", "/v4/linode/instances/1/disks").status == 404);
}

TEST_CASE("a Linode is refused with the field that is wrong") {
  Account account;
  account.Make({{"label", "taken"}});
  const auto [body, field] = GENERATE(table<std::string, std::string>({
      {R"({"type":"g6-nanode-1"})", "region"},
      {R"({"region":"nowhere","type":"g6-nanode-1"})", "region"},
      {R"({"region":"us-sea","type":"g6-none"})", "type"},
      {R"({"region":"us-sea","type":"g6-nanode-1","image":"linode/none","root_pass":"longEnough1234"})",
       "image"},
      {R"({"region":"us-sea","type":"g6-nanode-1","image":"linode/debian12"})", ""},
      {R"({"region":"us-sea","type":"g6-nanode-1","image":"linode/debian12","root_pass":"short"})",
       "root_pass"},
      {R"({"region":"us-sea","type":"g6-nanode-1","label":"x"})", "label"},
      {R"({"region":"us-sea","type":"g6-nanode-1","label":"taken"})", "label"},
      {R"({"region":"us-sea","type":"g6-nanode-1","booted":true})", "booted"},
      {R"({"region":"us-sea","type":"g6-nanode-1","tags":"a"})", "tags"},
      {R"({"region":"us-sea","type":"g6-nanode-1","stackscript_id":1})", "stackscript_id"},
  }));
  CAPTURE(body);
  const Answer answer = account.Raw("POST", "/v4/linode/instances", body);
  CHECK(answer.status == 400);
  const Json error = Json::parse(answer.body);
  CHECK(error["errors"][0].value("field", "") == field);
  CHECK(account.Good("GET", "/v4/linode/instances")["results"] == 1);
}

TEST_CASE("addresses: one private one, sharing, and one for each where asked") {
  Options options;
  options.ssh_address = "auto";
  options.boot_ms = 0;
  TestApi api(options);
  const auto make = [&] {
    return api.Good("POST", "/v4/linode/instances",
                    {{"region", "us-sea"}, {"type", "g6-nanode-1"}});
  };
  const Json one = make();
  const Json two = make();
  CHECK(one["ipv4"][0] == "127.0.0.2");
  CHECK(two["ipv4"][0] == "127.0.0.3");
  const std::string ips = "/v4/linode/instances/" + one["id"].dump() + "/ips";
  const Json added = api.Good("POST", ips, {{"type", "ipv4"}, {"public", false}});
  CHECK(added["public"] == false);
  CHECK(api.Call("POST", ips, {{"type", "ipv4"}, {"public", false}}).status == 400);
  api.Good("POST", "/v4/networking/ips/share", {{"linode_id", one["id"]}, {"ips", two["ipv4"]}});
  const Json all = api.Good("GET", ips);
  CHECK(all["ipv4"]["public"].size() == 1);
  CHECK(all["ipv4"]["private"][0]["address"] == added["address"]);
  CHECK(all["ipv4"]["shared"][0]["address"] == "127.0.0.3");
  CHECK(all["ipv6"]["slaac"]["prefix"] == 64);
  CHECK(api.Call("POST", "/v4/networking/ips/share", {{"linode_id", 1}}).status == 400);
}

TEST_CASE("changes in place") {
  Account account;
  const Json linode = account.Make();
  const Json changed = account.Good("PUT", Account::Path(linode),
                                    {{"label", "renamed"},
                                     {"tags", {"a"}},
                                     {"watchdog_enabled", false},
                                     {"alerts", {{"cpu", 50}}}});
  CHECK(changed["label"] == "renamed");
  CHECK(changed["alerts"]["cpu"] == 50);
  CHECK(changed["alerts"]["io"] == 10000);
  const std::map<std::string, std::string> by_tag = {{"X-Filter", R"({"tags":"a"})"}};
  CHECK(account.Good("GET", "/v4/linode/instances", {}, by_tag)["results"] == 1);
}

TEST_CASE("domains round times up, cut names and pass their records away") {
  TestApi api;
  const Json domain = api.Good("POST", "/v4/domains",
                               {{"domain", "example.org"},
                                {"type", "master"},
                                {"soa_email", "a@example.org"},
                                {"ttl_sec", 301}});
  CHECK(domain["ttl_sec"] == 3600);
  const std::string records = "/v4/domains/" + domain["id"].dump() + "/records";
  const Json record = api.Good(
      "POST", records, {{"type", "A"}, {"name", "www.example.org"}, {"target", "192.0.2.1"}});
  CHECK(record["name"] == "www");
  const Json service = api.Good(
      "POST", records,
      {{"type", "SRV"}, {"service", "sip"}, {"protocol", "tcp"}, {"target", "sip.example.org"}});
  CHECK(service["name"] == "_sip._tcp");
  CHECK(api.Call("POST", records, {{"type", "XX"}, {"target", "x"}}).status == 400);
  CHECK(api.Call("POST", "/v4/domains", {{"domain", "b.org"}, {"type", "master"}}).status == 400);
  api.Good("DELETE", "/v4/domains/" + domain["id"].dump());
  CHECK(api.Good("GET", "/_sim/objects")["records"] == 0);
}

TEST_CASE("a StackScript tells its fields") {
  TestApi api;
  const Json script = api.Good(
      "POST", "/v4/linode/stackscripts",
      {{"label", "demo"},
       {"images", {"linode/debian12"}},
       {"script",
        "#!/bin/sh\n# <UDF name=\"token\" label=\"Token\" default=\"x\" oneof=\"x,y\" />\n"}});
  CHECK(ToText(script["user_defined_fields"]) ==
        R"([{"name": "token", "label": "Token", "default": "x", "oneOf": "x,y"}])");
}

}  // namespace
}  // namespace tkn::simulator
