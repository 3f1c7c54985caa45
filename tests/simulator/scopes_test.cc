#include "tests/simulator/scopes.h"

#include <catch2/catch.hpp>

#include "tests/simulator/clock.h"
#include "tests/simulator/options.h"
#include "tests/simulator/request.h"

namespace tkn::simulator {
namespace {

TEST_CASE("a scope covers itself, writing covers reading, and all that is asked for is needed") {
  const auto [held, needed, covers] = GENERATE(table<std::string, std::string, bool>({
      {"*", "account:read_write", true},
      {"account:read_write", "account:read_only", true},
      {"account:read_only", "account:read_write", false},
      {"account:read_only", "account:read_only", true},
      {"linodes:read_write", "account:read_only", false},
      {"linodes:read_only account:read_only", "account:read_only", true},
      {"linodes:read_only,account:read_only", "account:read_only", true},
      {"volumes:read_write", "volumes:read_write,linodes:read_write", false},
      {"linodes:read_write volumes:read_write", "volumes:read_write,linodes:read_write", true},
      {"tokens:modify", "account:read_write", true},
      {"tokens:view", "account:read_only", true},
      {"", "*", true},
      {"", "account:read_only", false},
  }));
  CAPTURE(held, needed);
  CHECK(Grants(held, needed) == covers);
}

TEST_CASE("words that are no scope are found") {
  CHECK_FALSE(UnknownScope("*"));
  CHECK_FALSE(UnknownScope("linodes:read_only events:read_write"));
  CHECK(UnknownScope("linodes") == "linodes");
  CHECK(UnknownScope("linodes:read_only lions:read_only") == "lions:read_only");
  CHECK(UnknownScope("linodes:readonly") == "linodes:readonly");
}

TEST_CASE("times are read in the one form of the API") {
  CHECK(ParseTime("1970-01-02T00:00:01") == 86'401'000);
  CHECK(FormatTime(*ParseTime("2024-02-29T23:59:59")) == "2024-02-29T23:59:59");
  CHECK(FormatTime(*ParseTime("2999-12-12T05:00:00")) == "2999-12-12T05:00:00");
  const std::string wrong = GENERATE(
      "", "2024-01-01", "2024-01-01T00:00:00Z", "2024-01-01 00:00:00", "2023-02-29T00:00:00",
      "2024-13-01T00:00:00", "2024-01-01T24:00:00", "2024-01-01T00:00:0x");
  CAPTURE(wrong);
  CHECK_FALSE(ParseTime(wrong));
}

TEST_CASE("targets are taken apart, whatever is in them") {
  const Request image =
      ParseTarget("GET", "/v4beta/images/linode%2Fdebian12?page=2&x=a%20b+c#frag");
  CHECK(image.version == "v4beta");
  CHECK(image.segments == std::vector<std::string>{"images", "linode/debian12"});
  CHECK(image.Query("page") == "2");
  CHECK(image.Query("x") == "a b c");
  CHECK(ParseTarget("GET", "").Path() == "/");
  CHECK(ParseTarget("GET", "//v4//profile///").segments == std::vector<std::string>{"profile"});
  CHECK(ParseTarget("GET", "/v4/%zz%2").segments == std::vector<std::string>{"%zz%2"});
  CHECK(ParseTarget("GET", "/v5/profile").version.empty());
}

TEST_CASE("the command line is checked") {
  std::string error;
  bool help = false;
  const auto parse = [&](const std::vector<std::string>& args) {
    error.clear();
    return ParseOptions(args, error, help);
  };
  const auto options = parse({"--port", "8080", "--token", "abc=linodes:read_only", "--token",
                              "def", "--boot-ms=5", "--rate-limit", "recorded"});
  REQUIRE(options);
  CHECK(options->port == 8080);
  CHECK(options->tokens.at(0) == std::pair<std::string, std::string>("abc", "linodes:read_only"));
  CHECK(options->tokens.at(1).second == "*");
  CHECK(options->boot_ms == 5);
  CHECK(options->rate_limit == -1);
  CHECK_FALSE(parse({"--prot", "1"}));
  CHECK(error == "--prot: unknown flag");
  CHECK_FALSE(parse({"--port", "70000"}));
  CHECK(error == "--port: \"70000\" is not a value it can have");
  CHECK_FALSE(parse({"--port"}));
  CHECK_FALSE(parse({"--token", ""}));
  CHECK_FALSE(parse({"--now", "tomorrow"}));
  CHECK_FALSE(parse({"--help"}));
  CHECK(help);
}

}  // namespace
}  // namespace tkn::simulator
