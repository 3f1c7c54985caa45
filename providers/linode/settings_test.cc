#include "providers/linode/settings.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "providers/linode/ini.h"
#include "providers/linode/record.h"

namespace tkn::linode {
namespace {

Value T(const std::string& text) { return Value::String(text); }

// A home with, perhaps, a config file; an environment; a provider block.
struct World {
  World() {
    char name[] = "/tmp/tkn-settings-XXXXXX";
    home = mkdtemp(name);
    environment["HOME"] = home;
  }
  ~World() { std::filesystem::remove_all(home); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void WriteFile(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(home + path).parent_path());
    std::ofstream(home + path, std::ios::binary) << text;
  }

  std::optional<Settings> Resolve(const std::map<std::string, Value>& given = {},
                                  bool offline = false) {
    diags = {};
    const BlockSchema& block = schema.block;
    Record config(block.ImpliedType(), EmptyValue(block));
    for (const auto& [name, value] : given) config.Set(name, value);
    return ResolveSettings(
        config.ToValue(),
        [this](const char* name) -> std::optional<std::string> {
          const auto found = environment.find(name);
          return found == environment.end() ? std::nullopt : std::optional(found->second);
        },
        offline, diags);
  }
  std::string Problem() const {
    return diags.empty() ? "" : diags[0].summary + ": " + diags[0].detail;
  }

  const Schema schema = ProviderSchema();
  std::string home;
  std::map<std::string, std::string> environment;
  Diagnostics diags;
};

TEST_CASE("without anything all has its default, and no token is no error", "[settings]") {
  World w;
  const auto settings = w.Resolve();
  REQUIRE(settings);
  CHECK(w.diags.empty());
  CHECK(settings->token.empty());
  CHECK(settings->no_token.find("LINODE_TOKEN") != std::string::npos);
  CHECK(settings->url == "https://api.linode.com");
  CHECK(settings->api_version == "v4");
  CHECK(settings->ca_path.empty());
  CHECK(settings->ua_prefix.empty());
  CHECK_FALSE(settings->skip_instance_ready_poll);
  CHECK_FALSE(settings->skip_instance_delete_poll);
  CHECK_FALSE(settings->skip_implicit_reboots);
  CHECK_FALSE(settings->disable_internal_cache);
  CHECK(settings->delays.minimum == std::chrono::milliseconds(3000));
  CHECK(settings->delays.maximum == std::chrono::milliseconds(30000));
  CHECK(settings->event_poll == std::chrono::milliseconds(4000));
  CHECK(settings->token_lifetime.count() == 0);
  CHECK(settings->token_rotate_before.count() == 0);
  CHECK(settings->token_warnings);
}

TEST_CASE("the order is argument, environment, config file, default", "[settings]") {
  struct Row {
    const char* argument;
    const char* variable;
    const char* key;
    std::string Settings::*member;
    const char* by_default;
  };
  const Row rows[] = {
      {"token", "LINODE_TOKEN", "token", &Settings::token, ""},
      {"url", "LINODE_URL", "api_url", &Settings::url, "https://api.linode.com"},
      {"api_version", "LINODE_API_VERSION", "api_version", &Settings::api_version, "v4"},
      {"api_ca_path", "LINODE_CA", nullptr, &Settings::ca_path, ""},
      {"ua_prefix", "LINODE_UA_PREFIX", nullptr, &Settings::ua_prefix, ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.argument);
    World w;
    const auto text = [&](const std::string& from) {
      const std::string name(row.argument);
      if (name == "url") return "http://" + from + ".example.org:1/p";
      if (name != "api_ca_path") return from;
      w.WriteFile("/" + from, "certificates");
      return w.home + "/" + from;
    };
    const auto resolved = [&](const std::map<std::string, Value>& given = {}) {
      const auto settings = w.Resolve(given);
      INFO(w.Problem());
      REQUIRE(settings);
      return (*settings).*row.member;
    };
    CHECK(resolved() == row.by_default);
    if (row.key != nullptr) {
      w.WriteFile("/.config/linode", std::string(row.key) + " = " + text("file") + "\n");
      CHECK(resolved() == text("file"));
    }
    w.environment[row.variable] = text("environment");
    CHECK(resolved() == text("environment"));
    CHECK(resolved({{row.argument, T(text("argument"))}}) == text("argument"));
    // Set to nothing is not set.
    w.environment[row.variable] = "";
    CHECK(resolved() == (row.key != nullptr ? text("file") : row.by_default));
  }
}

TEST_CASE("numbers and switches", "[settings]") {
  World w;
  w.environment["LINODE_EVENT_POLL_MS"] = "70";
  w.environment["LINODE_TOKEN_WARNINGS"] = "false";
  w.environment["TF_APPEND_USER_AGENT"] = "ours/1";
  CHECK(w.Resolve()->event_poll == std::chrono::milliseconds(70));
  CHECK_FALSE(w.Resolve()->token_warnings);
  CHECK(w.Resolve()->user_agent_suffix == "ours/1");
  const auto settings = w.Resolve({{"event_poll_ms", Value::Number(5)},
                                   {"min_retry_delay_ms", Value::Number(100)},
                                   {"max_retry_delay_ms", Value::Number(50)},
                                   {"skip_instance_ready_poll", Value::Bool(true)},
                                   {"skip_instance_delete_poll", Value::Bool(true)},
                                   {"skip_implicit_reboots", Value::Bool(true)},
                                   {"disable_internal_cache", Value::Bool(true)},
                                   {"token_warnings", Value::Bool(true)},
                                   {"token_lifetime", T("90d")},
                                   {"token_rotate_before", T("1d12h")}});
  REQUIRE(settings);
  CHECK(settings->event_poll == std::chrono::milliseconds(5));
  CHECK(settings->delays.minimum == std::chrono::milliseconds(100));
  CHECK(settings->delays.maximum == std::chrono::milliseconds(100));  // never below the other
  CHECK(settings->skip_instance_ready_poll);
  CHECK(settings->skip_instance_delete_poll);
  CHECK(settings->skip_implicit_reboots);
  CHECK(settings->disable_internal_cache);
  CHECK(settings->token_warnings);
  CHECK(settings->token_lifetime == std::chrono::hours(90 * 24));
  CHECK(settings->token_rotate_before == std::chrono::hours(36));

  w.environment["LINODE_EVENT_POLL_MS"] = "soon";
  CHECK(w.Resolve()->event_poll == std::chrono::milliseconds(4000));
  REQUIRE(w.diags.size() == 1);
  CHECK(w.diags[0].severity == Severity::kWarning);
}

TEST_CASE("the config file", "[settings]") {
  World w;
  w.WriteFile("/.config/linode",
              "token = nameless\n"
              "[default]\napi_version: v4beta\n"
              "# a comment\n"
              "[Work]\r\ntoken = \"for work\"  \napi_url = https://work.example.org/\n");
  CHECK(w.Resolve()->token == "nameless");
  CHECK(w.Resolve()->api_version == "v4beta");
  SECTION("profiles inherit from default, and are named without case") {
    const auto settings = w.Resolve({{"config_profile", T("WORK")}});
    REQUIRE(settings);
    CHECK(settings->token == "for work");
    CHECK(settings->url == "https://work.example.org");
    CHECK(settings->api_version == "v4beta");
  }
  SECTION("one that does not exist is an error") {
    CHECK_FALSE(w.Resolve({{"config_profile", T("play")}}));
    CHECK(w.Problem().starts_with(
        "Error occurs when loading linode profile.: unable to use profile play: profile play does "
        "not exist"));
  }
  SECTION("it may lie elsewhere") {
    w.WriteFile("/else/where", "[default]\ntoken = other\n");
    CHECK(w.Resolve({{"config_path", T("~/else/where")}})->token == "other");
    CHECK(w.Resolve({{"config_path", T(w.home + "/else/where")}})->token == "other");
    CHECK(w.Resolve({{"config_path", T("~/not/there")}})->token.empty());
    CHECK(w.diags.empty());
  }
  SECTION("without a token it is fine as long as there is another one") {
    w.WriteFile("/.config/linode", "[default]\napi_version = v4beta\n");
    CHECK(w.Resolve());
    const std::map<std::string, Value> asked = {{"config_profile", T("default")}};
    CHECK_FALSE(w.Resolve(asked));
    CHECK(w.Problem().find("unable to resolve linode_token for profile default") !=
          std::string::npos);
    w.environment["LINODE_TOKEN"] = "t";
    CHECK(w.Resolve(asked)->token == "t");
  }
  SECTION("offline it is not read") { CHECK(w.Resolve({}, /*offline=*/true)->token.empty()); }
  SECTION("one without end is none") {
    w.WriteFile("/.config/linode", std::string(2'000'000, '#'));
    CHECK_FALSE(w.Resolve());
    CHECK(w.Problem().find("longer than 1 MB") != std::string::npos);
  }
}

TEST_CASE("settings that can't be", "[settings]") {
  struct Row {
    const char* argument;
    const char* variable;
    const char* text;
    const char* summary;
  };
  const Row rows[] = {
      {"url", "LINODE_URL", "ftp://h", "Invalid API URL"},
      {"url", "LINODE_URL", "api.linode.com", "Invalid API URL"},
      {"url", "LINODE_URL", "https://", "Invalid API URL"},
      {"url", "LINODE_URL", "https://user:pass@h", "Invalid API URL"},
      {"url", "LINODE_URL", "https://h/?a=b", "Invalid API URL"},
      {"url", "LINODE_URL", "https://h\r\nX: 1", "Invalid API URL"},
      {"token", "LINODE_TOKEN", "secret\n", "Invalid API token"},
      {"api_version", "LINODE_API_VERSION", "v4/../v5", "Invalid API version"},
      {"ua_prefix", "LINODE_UA_PREFIX", "a\nb", "Invalid User-Agent prefix"},
      {"api_ca_path", "LINODE_CA", "/no/such/file", "Invalid CA file"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.argument, row.text);
    World w;
    CHECK_FALSE(w.Resolve({{row.argument, T(row.text)}}));
    REQUIRE_FALSE(w.diags.empty());
    CHECK(w.diags[0].summary == row.summary);
    CHECK(w.Problem().find("secret") == std::string::npos);
    w.environment[row.variable] = row.text;
    CHECK_FALSE(w.Resolve());
    REQUIRE_FALSE(w.diags.empty());
    CHECK(w.diags[0].summary == row.summary);
    CHECK(w.Problem().find("secret") == std::string::npos);
  }
  World w;
  for (const char* name : {"min_retry_delay_ms", "max_retry_delay_ms", "event_poll_ms"}) {
    CHECK_FALSE(w.Resolve({{name, Value::Number(-1)}}));
    CHECK(w.Problem().starts_with("Invalid number of milliseconds"));
  }
  // A version twice is most likely a mistake, and may be meant.
  CHECK(w.Resolve({{"url", T("https://api.linode.com/v4")}}));
  CHECK(w.Problem().starts_with("The API URL already holds a version"));
}

TEST_CASE("a token that is known only later is no error before", "[settings]") {
  World w;
  w.environment["LINODE_TOKEN"] = "not this one";
  const auto settings = w.Resolve({{"token", Value::Unknown(Type::String())}});
  REQUIRE(settings);
  CHECK(settings->token.empty());
  CHECK(settings->no_token.find("-target") != std::string::npos);
}

TEST_CASE("what INI files may look like", "[settings]") {
  const IniSections sections = ParseIni(
      "; comment\n  token=a#b  \n[ one ]\nTOKEN = 'x # y'\nempty =\nnonsense\n[two]\nurl = u ; "
      "c\n");
  CHECK(sections.at("default").at("token") == "a#b");
  CHECK(sections.at("one").at("token") == "x # y");
  CHECK(sections.at("one").at("empty").empty());
  CHECK(sections.at("two").at("url") == "u");
  CHECK(sections.at("two").at("token") == "a#b");
}

}  // namespace
}  // namespace tkn::linode
