#include "provisioners/connection.h"

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace tkn::provisioners {
namespace {

std::string TextOf(const Value& config, std::string_view name) {
  const Value value = config.Attribute(name);
  return value.IsNull() ? std::string() : std::string(value.AsString());
}

// "5m", "1h30m", "10s".
std::optional<double> ParseDuration(std::string_view text) {
  double total = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const auto unit = [&](std::string_view name, double seconds) {
      if (!text.starts_with(name)) return false;
      text.remove_prefix(name.size());
      total += number * seconds;
      return true;
    };
    if (!unit("ms", 0.001) && !unit("s", 1) && !unit("m", 60) && !unit("h", 3600))
      return std::nullopt;
  }
  return total;
}

class Decoder {
 public:
  Decoder(const Value& value, const char* summary, Diagnostics& diags)
      : value_(value), summary_(summary), diags_(diags) {}

  std::optional<Connection> Run() {
    if (value_.IsNull()) {
      return Fail(
          "Missing connection configuration for provisioner.\n\nA connection block says how to "
          "reach the machine: "
          "connection { type = \"ssh\", user = \"root\", host = self.ip_address, private_key = "
          "file(\"~/.ssh/id_ed25519\") }");
    }
    const std::string type = TextOf(value_, "type");
    if (!type.empty() && type != "ssh") {
      return Fail("The connection type \"" + type +
                  "\" is not offered: machines are reached through \"ssh\".");
    }
    const std::string platform = TextOf(value_, "target_platform");
    if (!platform.empty() && platform != "unix") {
      return Fail("target_platform \"" + platform + "\" is not offered: only \"unix\" is.");
    }
    if (!TextOf(value_, "proxy_host").empty()) {
      return Fail(
          "Proxies (proxy_host) are not offered. A bastion host (bastion_host) can stand in "
          "between.");
    }
    Connection connection;
    if (!DecodeLogin("", connection.target)) return std::nullopt;
    if (connection.target.host.empty())
      return Fail("host for provisioner cannot be empty: the connection needs one.");
    if (!TextOf(value_, "bastion_host").empty()) {
      Login bastion;
      // What the bastion does not say is as for the machine behind it.
      bastion.user = connection.target.user;
      bastion.password = connection.target.password;
      bastion.private_key = connection.target.private_key;
      bastion.certificate = connection.target.certificate;
      if (!DecodeLogin("bastion_", bastion)) return std::nullopt;
      connection.bastion = std::move(bastion);
    }
    const Value agent = value_.Attribute("agent");
    const char* socket = std::getenv("SSH_AUTH_SOCK");
    const bool has_agent = socket && *socket;
    connection.agent = agent.IsNull() ? has_agent : agent.AsBool();
    if (connection.agent && !has_agent) {
      return Fail("agent is true, but there is no SSH agent: SSH_AUTH_SOCK is not set.");
    }
    connection.agent_identity = TextOf(value_, "agent_identity");
    if (const std::string timeout = TextOf(value_, "timeout"); !timeout.empty()) {
      const auto seconds = ParseDuration(timeout);
      if (!seconds)
        return Fail("timeout \"" + timeout + "\" is no duration: write it like \"5m\" or \"90s\".");
      connection.timeout_seconds = *seconds;
    }
    if (const std::string path = TextOf(value_, "script_path"); !path.empty())
      connection.script_path = path;
    return connection;
  }

 private:
  std::optional<Connection> Fail(std::string detail) {
    diags_.Add({.summary = summary_, .detail = std::move(detail)});
    return std::nullopt;
  }

  bool DecodeLogin(const std::string& prefix, Login& login) {
    const auto take = [&](const char* name, std::string& field) {
      if (std::string text = TextOf(value_, prefix + name); !text.empty()) field = std::move(text);
    };
    take("host", login.host);
    take("user", login.user);
    take("password", login.password);
    take("private_key", login.private_key);
    take("certificate", login.certificate);
    take("host_key", login.host_key);
    const Value port = value_.Attribute(prefix + "port");
    if (port.IsNull()) return true;
    const auto number = port.AsNumber().ToInt64();
    if (!number || *number < 1 || *number > 65535) {
      Fail(prefix + "port must be a whole number from 1 to 65535, not " +
           port.AsNumber().ToString() + ".");
      return false;
    }
    login.port = static_cast<int>(*number);
    return true;
  }

  const Value& value_;
  const char* summary_;
  Diagnostics& diags_;
};

}  // namespace

std::optional<Connection> DecodeConnection(const Value& value, const char* summary,
                                           Diagnostics& diags) {
  return Decoder(value, summary, diags).Run();
}

}  // namespace tkn::provisioners
