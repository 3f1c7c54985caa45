#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <set>
#include <thread>

#include "providers/linode/answer.h"
#include "providers/linode/record.h"
#include "providers/linode/resource.h"
#include "providers/linode/simulator_driver.h"

// The provider over real HTTP, with faults.
namespace tkn::linode {
namespace {

using providers::Provider;
using testing::Driver;
using testing::SimulatorProcess;

Value T(const std::string& text) { return Value::String(text); }

const std::map<std::string, Value> kToken = {{"label", Value::String("ci")},
                                             {"scopes", Value::String("linodes:read_only")}};
constexpr char kTokens[] = "POST /profile/tokens";

TEST_CASE("a token lives and dies over HTTP", "[simulator]") {
  SimulatorProcess sim;
  Driver d{sim};
  const Value made = d.Create("linode_token", kToken);
  INFO(d.Problems());
  REQUIRE(d.diags.empty());
  CHECK(made.Attribute("token").AsString().size() == 64);
  CHECK(made.Attribute("expiry").AsString().starts_with("2999"));
  CHECK(d.Read("linode_token", made).RawEquals(made));
  CHECK(
      d.Plan("linode_token", made, d.Config("linode_token", kToken)).planned.value.RawEquals(made));

  auto renamed = kToken;
  renamed.insert_or_assign("label", T("new"));
  const Value updated =
      d.Apply("linode_token", made, d.Config("linode_token", renamed)).object.value;
  CHECK(updated.Attribute("label").RawEquals(T("new")));
  CHECK(updated.Attribute("token").RawEquals(made.Attribute("token")));
  CHECK(TextOf(sim.Objects("/profile/tokens").at(0), "label") == "new");

  CHECK(d.Delete("linode_token", updated).IsNull());
  CHECK(sim.Objects("/profile/tokens").empty());
  CHECK(d.Read("linode_token", updated).IsNull());
  CHECK(d.diags.size() == 1);
  CHECK(d.diags[0].summary == "Token No Longer Exists");
}

TEST_CASE("faults that pass are waited out, and a POST is sent once unless it was refused",
          "[simulator]") {
  struct Row {
    const char* name;
    const char* fault;
    int posts;
  };
  const Row rows[] = {
      {"429", R"({"method":"POST","path":"/profile/tokens","nth":1,"status":429,"retry_after":0})",
       2},
      {"503", R"({"method":"POST","path":"/profile/tokens","nth":1,"status":503})", 2},
      {"cut GET", R"({"method":"GET","path":"/profile/tokens/*","nth":1,"cut":true})", 1},
      {"reset GET", R"({"method":"GET","path":"/profile/tokens/*","nth":1,"reset":true})", 1},
      {"500 to a GET", R"({"method":"GET","path":"/profile/tokens/*","nth":1,"status":500})", 1},
      {"cut short", R"({"method":"GET","path":"/profile/tokens/*","nth":1,"truncate":9})", 1},
      {"broken JSON", R"({"method":"GET","path":"/profile/tokens/*","nth":1,"wrong_json":true})",
       1},
      {"cut DELETE", R"({"method":"DELETE","path":"/profile/tokens/*","nth":1,"cut":true})", 1},
      {"lost answer to DELETE",
       R"({"method":"DELETE","path":"/profile/tokens/*","nth":1,"cut":true,"when":"after"})", 1},
  };
  SimulatorProcess sim;
  int posts = 0;
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Driver d{sim};
    sim.Fault(row.fault);
    const Value made = d.Create("linode_token", kToken);
    INFO(d.Problems());
    REQUIRE(d.diags.empty());
    CHECK(d.Read("linode_token", made).RawEquals(made));
    CHECK(d.Delete("linode_token", made).IsNull());
    CHECK(d.diags.empty());
    CHECK(sim.Objects("/profile/tokens").empty());
    posts += row.posts;
    CHECK(sim.Count(kTokens) == posts);
    sim.ClearFaults();
  }
}

double SecondsOf(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

TEST_CASE("answers after which nothing is repeated", "[simulator]") {
  SimulatorProcess sim;
  Driver d{sim};
  const Value made = d.Create("linode_token", kToken);
  REQUIRE(d.diags.empty());
  struct Row {
    const char* method;
    const char* fault;
  };
  const Row rows[] = {
      {"POST", R"("status":400)"},
      {"POST", R"("status":401)"},
      {"POST", R"("status":403)"},
      {"POST", R"("status":404)"},
      {"POST", R"("status":500)"},
      {"POST", R"("status":502,"content_type":"text/html","body":"<html>")"},
      {"POST", R"("status":504)"},
      {"POST", R"("cut":true)"},
      {"POST", R"("status":503,"headers":{"X-Maintenance-Mode":"1"})"},
      {"POST", R"("status":429,"retry_after":"Wed, 21 Oct 2099 07:28:00 GMT")"},
      {"GET", R"("status":400)"},
      {"GET", R"("status":401)"},
      {"GET", R"("status":403)"},
      {"GET", R"("status":404)"},
      {"GET", R"("status":503,"headers":{"X-Maintenance-Mode":"1"})"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.method, row.fault);
    const bool post = std::string_view(row.method) == "POST";
    const std::string path = post ? "/profile/tokens" : "/profile/tokens/*";
    const std::string counted = post ? kTokens : "GET /profile/tokens/{}";
    sim.Fault(std::string(R"({"method":")") + row.method + R"(","path":")" + path + R"(",)" +
              row.fault + "}");
    const int before = sim.Count(counted);
    d.diags = {};
    if (post) {
      d.Create("linode_token", kToken);
    } else {
      d.Read("linode_token", made);
    }
    CHECK_FALSE(d.diags.empty());
    CHECK(sim.Count(counted) == before + 1);
    sim.ClearFaults();
  }
}

TEST_CASE("Retry-After is waited for as long as it says", "[simulator]") {
  SimulatorProcess sim;
  Driver d{sim, sim.MakeProvider({{"max_retry_delay_ms", Value::Number(5000)}})};
  sim.Fault(R"({"method":"POST","path":"/profile/tokens","nth":1,"status":429,"retry_after":1})");
  const double seconds = SecondsOf([&] { d.Create("linode_token", kToken); });
  CHECK(d.diags.empty());
  CHECK(seconds > 0.95);
  CHECK(seconds < 4);
  CHECK(sim.Count(kTokens) == 2);
}

TEST_CASE("a rate that is used up is waited for, and its limit not run into", "[simulator]") {
  SimulatorProcess sim({"--rate-limit", "3"});
  Driver d{sim, sim.MakeProvider({{"max_retry_delay_ms", Value::Number(1000)}})};
  for (int i = 0; i < 3; ++i) d.Create("linode_token", kToken);
  REQUIRE(d.diags.empty());
  // By our clock the minute is not over; by the simulator's it soon is.
  std::jthread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    sim.AdvanceClock(61'000);
  });
  const double seconds = SecondsOf([&] { d.Create("linode_token", kToken); });
  CHECK(d.diags.empty());
  CHECK(seconds > 0.8);
  // Four, so none of them was refused.
  CHECK(sim.Count(kTokens) == 4);
}

TEST_CASE("no value of a configuration splits a request", "[simulator]") {
  SimulatorProcess sim;
  Driver d{sim};
  const std::string odd = "a\r\nX-Evil: 1\r\n\r\nDELETE /v4/profile/tokens/1 HTTP/1.1\r\n\r\n";
  const std::map<std::string, Value> given = {{"label", T(odd)},
                                              {"scopes", T("linodes:read_only")}};
  const Value made = d.Create("linode_token", given);
  INFO(d.Problems());
  REQUIRE(d.diags.empty());
  CHECK(d.Read("linode_token", made).RawEquals(made));
  REQUIRE(sim.Objects("/profile/tokens").size() == 1);
  CHECK(TextOf(sim.Objects("/profile/tokens")[0], "label") == odd);
  // In a header, and in a path.
  CHECK(d.ReadData("linode_domain", {{"domain", T(odd)}}).IsNull());
  CHECK(d.Problems().find("The account has no domain") != std::string::npos);
  d.diags = {};
  CHECK(d.ReadData("linode_region", {{"id", T("x/../../v4/profile\r\nX-Evil: 1")}}).IsNull());
  CHECK(d.Problems().find("404") != std::string::npos);
  CHECK(sim.Count("DELETE /profile/tokens/{}") == 0);
  CHECK(sim.Count("GET /profile") == 0);
}

TEST_CASE("a create whose answer is lost leaves one token, which the state knows", "[simulator]") {
  for (const char* fault :
       {R"({"method":"POST","path":"/profile/tokens","nth":1,"cut":true,"when":"after"})",
        R"({"method":"POST","path":"/profile/tokens","nth":1,"reset":true,"when":"after"})",
        R"({"method":"POST","path":"/profile/tokens","nth":1,"status":504,"when":"after"})",
        R"({"method":"POST","path":"/profile/tokens","nth":1,"truncate":20})"}) {
    CAPTURE(fault);
    SimulatorProcess sim;
    Driver d{sim};
    // A connection is kept from this: libcurl would repeat a POST on it by itself.
    d.provider->ReadData(
        "linode_profile",
        EmptyValue(d.provider->GetSchemas().data_sources.at("linode_profile").block), d.cancel,
        d.diags);
    REQUIRE(d.diags.empty());
    sim.Fault(fault);
    const Value made = d.Create("linode_token", kToken);
    REQUIRE(d.diags.size() == 1);
    CHECK(d.diags[0].summary == "Token creation error");
    const auto tokens = sim.Objects("/profile/tokens");
    REQUIRE(tokens.size() == 1);
    CHECK(sim.Count(kTokens) == 1);
    REQUIRE_FALSE(made.IsNull());
    CHECK(made.Attribute("id").RawEquals(T(std::to_string(*IntOf(tokens[0], "id")))));
    CHECK(made.Attribute("token").IsNull());
    // The next apply replaces what is tainted.
    d.diags.Clear();
    CHECK(d.Delete("linode_token", made).IsNull());
    CHECK_FALSE(d.Create("linode_token", kToken).Attribute("token").IsNull());
    CHECK(sim.Objects("/profile/tokens").size() == 1);
    CHECK(d.diags.empty());
  }
}

TEST_CASE("a create that never arrived leaves nothing", "[simulator]") {
  SimulatorProcess sim;
  Driver d{sim};
  sim.Fault(R"({"method":"POST","path":"/profile/tokens","nth":1,"cut":true})");
  CHECK(d.Create("linode_token", kToken).IsNull());
  CHECK(d.diags.HasErrors());
  CHECK(sim.Objects("/profile/tokens").empty());
  CHECK(sim.Count(kTokens) == 1);
}

TEST_CASE("creates of one label at once, some of them lost: each gets a token of its own",
          "[simulator]") {
  SimulatorProcess sim;
  sim.Fault(R"({"method":"POST","path":"/profile/tokens","every":3,"cut":true,"when":"after"})");
  const auto provider = sim.MakeProvider();
  std::vector<std::string> ids(12);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        Driver d{sim, sim.MakeProvider()};
        for (int n = 0; n < 3; ++n) {
          const Value made = d.Create("linode_token", kToken);
          if (!made.IsNull()) ids[static_cast<std::size_t>(i * 3 + n)] = IdOf(made);
        }
      });
    }
  }
  CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 12);
  CHECK(sim.Objects("/profile/tokens").size() == 12);
}

TEST_CASE("what an unfriendly API can do", "[simulator]") {
  SimulatorProcess sim;
  Driver d{sim};
  const Value made = d.Create("linode_token", kToken);
  REQUIRE(d.diags.empty());
  SECTION("a redirect is not followed") {
    sim.Fault(R"({"method":"GET","path":"/profile/tokens/*","redirect":")" + sim.url() +
              R"(/v4/profile"})");
    d.Read("linode_token", made);
    REQUIRE(d.diags.size() == 1);
    CHECK(d.diags[0].detail.find("[302]") != std::string::npos);
    CHECK(sim.Count("GET /profile") == 0);
  }
  SECTION("an endless answer is cut off") {
    sim.Fault(R"({"method":"GET","path":"/profile/tokens/*","huge":100000000})");
    d.Read("linode_token", made);
    REQUIRE(d.diags.size() == 1);
    CHECK(d.diags[0].detail.find("too long") != std::string::npos);
  }
  SECTION("a slow answer can be cancelled") {
    sim.Fault(R"({"method":"GET","path":"/profile/tokens/*","latency_ms":20000})");
    std::jthread stopper([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      d.provider->Stop();
    });
    const auto start = std::chrono::steady_clock::now();
    d.Read("linode_token", made);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(3));
    CHECK(d.diags.HasErrors());
  }
  SECTION("a refused token") {
    d.provider = sim.MakeProvider({{"token", T("wrong")}});
    d.Read("linode_token", made);
    REQUIRE(d.diags.size() == 1);
    CHECK(d.diags[0].detail == "Error finding the specified Linode Token: [401] Invalid Token");
  }
  SECTION("nobody listens") {
    d.provider = sim.MakeProvider({{"url", T("http://127.0.0.1:1")}});
    d.Read("linode_token", made);
    REQUIRE(d.diags.size() == 1);
    CHECK(d.diags[0].detail.find("[002]") != std::string::npos);
    CHECK(d.diags[0].detail.find("127.0.0.1 port 1") != std::string::npos);
  }
  SECTION("TLS is expected where there is none") {
    std::string url = sim.url();
    d.provider = sim.MakeProvider({{"url", T(url.replace(0, 4, "https"))}});
    d.Read("linode_token", made);
    CHECK(d.diags.HasErrors());
  }
}

const std::map<std::string, Value> kInstance = {
    {"label", Value::String("web")},
    {"region", Value::String("us-iad")},
    {"type", Value::String("g6-nanode-1")},
    {"image", Value::String("linode/debian12")},
    {"root_pass", Value::String("A-l0ng-enough-passw0rd")},
    {"authorized_keys",
     Value::List(Type::String(), {Value::String("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPq8 me")})}};

TEST_CASE("a Linode is made, booted, changed and deleted over HTTP", "[simulator]") {
  SimulatorProcess sim({"--boot-ms", "150"});
  Driver d{sim};
  const std::string type = "linode_instance";
  const Value made = d.Create(type, kInstance);
  INFO(d.Problems());
  REQUIRE(d.diags.empty());
  CHECK(made.Attribute("status").RawEquals(T("running")));
  CHECK(made.Attribute("ip_address").RawEquals(T("127.0.0.1")));
  CHECK(made.Attribute("booted").RawEquals(Value::Bool(true)));
  CHECK(made.Attribute("swap_size").RawEquals(Value::Number(512)));
  CHECK(made.Attribute("root_pass").AsString().size() == 88);
  CHECK(made.Attribute("specs").Length() == 1);
  CHECK(d.Read(type, made).RawEquals(made));
  CHECK(d.Plan(type, made, d.Config(type, kInstance)).planned.value.RawEquals(made));

  auto changed = kInstance;
  changed.insert_or_assign("label", T("web-2"));
  changed.insert_or_assign("tags", Value::Set(Type::String(), {T("team")}));
  changed.insert_or_assign("watchdog_enabled", Value::Bool(false));
  const Value updated = d.Apply(type, made, d.Config(type, changed)).object.value;
  REQUIRE(d.diags.empty());
  CHECK(d.Read(type, updated).RawEquals(updated));
  CHECK(TextOf(sim.Objects("/linode/instances").at(0), "label") == "web-2");

  changed.insert_or_assign("booted", Value::Bool(false));
  const Value off = d.Apply(type, updated, d.Config(type, changed)).object.value;
  INFO(d.Problems());
  REQUIRE(d.diags.empty());
  CHECK(off.Attribute("status").RawEquals(T("offline")));
  CHECK(d.Read(type, off).RawEquals(off));

  changed.insert_or_assign("booted", Value::Bool(true));
  changed.insert_or_assign("type", T("g6-standard-1"));
  changed.insert_or_assign("root_pass", T("An0ther-long-passw0rd"));
  const Value resized = d.Apply(type, off, d.Config(type, changed)).object.value;
  INFO(d.Problems());
  REQUIRE(d.diags.empty());
  CHECK(resized.Attribute("status").RawEquals(T("running")));
  CHECK_FALSE(resized.Attribute("specs").RawEquals(made.Attribute("specs")));
  CHECK(d.Read(type, resized).RawEquals(resized));

  CHECK(d.Delete(type, resized).IsNull());
  CHECK(d.diags.empty());
  CHECK(sim.Objects("/linode/instances").empty());
  CHECK(d.Read(type, resized).IsNull());
}

TEST_CASE("an imported Linode plans no change but what the API doesn't tell", "[simulator]") {
  SimulatorProcess sim({"--boot-ms", "50"});
  Driver d{sim};
  const std::string type = "linode_instance";
  const Value made = d.Create(type, kInstance);
  REQUIRE(d.diags.empty());
  const auto imported = d.provider->Import({type, IdOf(made)}, d.diags);
  REQUIRE(imported.size() == 1);
  const Value read = d.Read(type, imported[0].object.value);
  for (const char* name : {"label", "region", "type", "tags", "watchdog_enabled", "booted", "ipv4",
                           "ip_address", "status", "specs", "backups", "swap_size"}) {
    CAPTURE(name);
    CHECK(read.Attribute(name).RawEquals(made.Attribute(name)));
  }
  CHECK(read.Attribute("image").IsNull());
  const PlanResponse plan = d.Plan(type, read, d.Config(type, kInstance));
  std::vector<std::string> replaces;
  for (const Path& path : plan.requires_replace) replaces.push_back(ToString(path));
  CHECK(replaces == std::vector<std::string>{".image", ".authorized_keys"});
}

TEST_CASE("a Linode whose create lost its answer is found by its label and used", "[simulator]") {
  SimulatorProcess sim({"--boot-ms", "50"});
  Driver d{sim};
  sim.Fault(R"({"method":"POST","path":"/linode/instances","nth":1,"cut":true,"when":"after"})");
  const Value made = d.Create("linode_instance", kInstance);
  INFO(d.Problems());
  CHECK_FALSE(d.diags.HasErrors());
  CHECK(made.Attribute("status").RawEquals(T("running")));
  CHECK(sim.Objects("/linode/instances").size() == 1);
}

TEST_CASE("the smaller types work over HTTP too", "[simulator]") {
  SimulatorProcess sim;
  Driver d{sim};
  const std::map<std::string, Value> key = {
      {"label", T("laptop")},
      {"ssh_key",
       T("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPq8tH1xg7Jr0y3oRrVg2xqQvJmYv1Z8m0k7dD6w1mQX me")}};
  const Value made = d.Create("linode_sshkey", key);
  INFO(d.Problems());
  REQUIRE(d.diags.empty());
  CHECK(d.Read("linode_sshkey", made).RawEquals(made));
  CHECK(d.Delete("linode_sshkey", made).IsNull());

  const auto read = [&](const char* type, const char* id) {
    const BlockSchema& schema = d.provider->GetSchemas().data_sources.at(type).block;
    Record config(schema.ImpliedType(), EmptyValue(schema));
    if (id != nullptr) config.SetText("id", id);
    return d.provider->ReadData(type, config.ToValue(), d.cancel, d.diags);
  };
  CHECK_FALSE(read("linode_profile", nullptr).Attribute("username").IsNull());
  CHECK(read("linode_region", "us-iad").Attribute("country").RawEquals(T("us")));
  CHECK(read("linode_image", "linode/debian12").Attribute("vendor").RawEquals(T("Debian")));
  CHECK(read("linode_instance_type", "g6-nanode-1").Attribute("vcpus").RawEquals(Value::Number(1)));
  CHECK(read("linode_account", nullptr).Attribute("email").type() == Type::String());
  INFO(d.Problems());
  CHECK(d.diags.empty());
  read("linode_region", "nowhere");
  REQUIRE(d.diags.size() == 1);
  CHECK(d.diags[0].summary == "Unable to find the Linode Region");
}

}  // namespace
}  // namespace tkn::linode
