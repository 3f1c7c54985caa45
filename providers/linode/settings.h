#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/schema/schema.h"
#include "parser/diagnostic.h"
#include "providers/linode/retry.h"

namespace tkn::linode {

using Environment = std::function<std::optional<std::string>(const char* name)>;
Environment ProcessEnvironment();

// The provider block with everything filled in: each setting from the argument, else the
// environment, else the config file, else its default.
struct Settings {
  std::string token;
  std::string no_token;  // why `token` is empty, and what to do
  std::string url = "https://api.linode.com";
  std::string api_version = "v4";
  std::string ca_path;
  std::string ua_prefix;
  std::string user_agent_suffix;  // of TF_APPEND_USER_AGENT
  bool skip_instance_ready_poll = false;
  bool skip_instance_delete_poll = false;
  bool skip_implicit_reboots = false;
  bool disable_internal_cache = false;
  RetryDelays delays{};
  std::chrono::milliseconds event_poll{4000};
  // How long tokens without an expiry of their own live, and how much before their end they are
  // replaced; 0: they have no end, and nothing is replaced.
  std::chrono::seconds token_lifetime{0};
  std::chrono::seconds token_rotate_before{0};
  bool token_warnings = true;
};

// "90d", "36h", "1d12h", "30m": whole numbers and units. nullopt: no such text, or too long.
std::optional<std::chrono::seconds> ParseLifetime(std::string_view text);

Schema ProviderSchema();
// What is wrong whatever the environment says. Unknown values are let pass.
void ValidateSettings(const Value& config, Diagnostics& diags);
// Reads the config file, if there is one; no network. nullopt exactly when an error was added.
std::optional<Settings> ResolveSettings(const Value& config, const Environment& environment,
                                        bool offline, Diagnostics& diags);

}  // namespace tkn::linode
