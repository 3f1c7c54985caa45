#include "provisioners/connection.h"

#include <catch2/catch.hpp>

#include "engine/config/validate.h"
#include "provisioners/remote_machine.h"
#include "tests/provisioners/test_run.h"

namespace tkn::provisioners::testing {
namespace {

std::optional<Connection> Decode(const Arguments& given, Diagnostics& diags) {
  return DecodeConnection(ObjectOf(config::ConnectionSchema(), given), "S", diags);
}

TEST_CASE("a connection with its defaults", "[connection]") {
  Diagnostics diags;
  const auto connection = Decode({{"host", Text("h")}, {"agent", Value::Bool(false)}}, diags);
  REQUIRE(connection);
  CHECK(connection->target.host == "h");
  CHECK(connection->target.port == 22);
  CHECK(connection->target.user == "root");
  CHECK(connection->timeout_seconds == 300);
  CHECK_FALSE(connection->bastion);
  CHECK_FALSE(connection->agent);
}

TEST_CASE("a bastion takes from the target what it does not say", "[connection]") {
  Diagnostics diags;
  const auto connection = Decode({{"host", Text("h")},
                                  {"user", Text("u")},
                                  {"password", Text("p")},
                                  {"port", Value::Number(2222)},
                                  {"bastion_host", Text("b")},
                                  {"bastion_user", Text("bu")},
                                  {"timeout", Text("1m30s")},
                                  {"agent", Value::Bool(false)}},
                                 diags);
  REQUIRE(connection);
  REQUIRE(connection->bastion);
  CHECK(connection->bastion->host == "b");
  CHECK(connection->bastion->user == "bu");
  CHECK(connection->bastion->password == "p");
  CHECK(connection->bastion->port == 22);
  CHECK(connection->target.port == 2222);
  CHECK(connection->timeout_seconds == 90);
}

TEST_CASE("connections that can't be", "[connection]") {
  struct Row {
    Arguments given;
    const char* named;
  };
  const Row rows[] = {
      {{{"host", Text("")}}, "host"},
      {{{"host", Text("h")}, {"type", Text("winrm")}}, "winrm"},
      {{{"host", Text("h")}, {"port", Value::Number(70000)}}, "port"},
      {{{"host", Text("h")}, {"timeout", Text("soon")}}, "timeout"},
      {{{"host", Text("h")}, {"proxy_host", Text("p")}}, "proxy_host"},
      {{{"host", Text("h")}, {"target_platform", Text("windows")}}, "target_platform"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.named);
    Diagnostics diags;
    CHECK_FALSE(Decode(row.given, diags));
    REQUIRE(diags.size() == 1);
    CHECK(diags[0].summary == "S");
    CHECK(diags[0].detail.find(row.named) != std::string::npos);
  }
  Diagnostics diags;
  CHECK_FALSE(DecodeConnection(Value::Null(config::ConnectionSchema().ImpliedType()), "S", diags));
  CHECK(diags[0].detail.starts_with("Missing connection configuration for provisioner."));
}

TEST_CASE("words for a shell", "[connection]") {
  CHECK(ShellQuote("/tmp/a.sh") == "'/tmp/a.sh'");
  CHECK(ShellQuote("it's $(x)") == R"('it'\''s $(x)')");
  CHECK(ShellQuote("") == "''");
}

}  // namespace
}  // namespace tkn::provisioners::testing
