#include "providers/linode/settings.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "providers/linode/ini.h"

namespace tkn::linode {
namespace {

constexpr std::uintmax_t kMaxConfigFile = std::uintmax_t{1} << 20;
constexpr char kProfileSummary[] = "Error occurs when loading linode profile.";

bool IsGiven(const Value& value) { return value.IsKnown() && !value.IsNull(); }

std::optional<std::string> Text(const Value& config, std::string_view name) {
  const Value value = config.IsNull() ? Value() : config.Attribute(name);
  if (!IsGiven(value) || value.AsString().empty()) return std::nullopt;
  return std::string(value.AsString());
}

bool Flag(const Value& config, std::string_view name) {
  const Value value = config.IsNull() ? Value() : config.Attribute(name);
  return IsGiven(value) && value.AsBool();
}

std::optional<std::chrono::milliseconds> Milliseconds(const Value& config, std::string_view name) {
  const Value value = config.IsNull() ? Value() : config.Attribute(name);
  if (!IsGiven(value)) return std::nullopt;
  const auto number = value.AsNumber().ToInt64();
  if (!number || *number < 0) return std::nullopt;
  return std::chrono::milliseconds(*number);
}

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

void AddError(Diagnostics& diags, std::string_view attribute, std::string summary,
              std::string detail) {
  diags.Add({.summary = std::move(summary),
             .detail = std::move(detail),
             .attribute_path = attribute.empty() ? "" : "." + std::string(attribute)});
}

// Empty: fine. `where` is "url" or the name of an environment variable.
std::string UrlProblem(std::string_view url, std::string_view where) {
  const std::string name(where);
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    return name + " must begin with http:// or https://.";
  }
  const std::string_view rest = url.substr(url.find("://") + 3);
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  if (host.empty()) return name + " names no host.";
  if (host.find('@') != std::string_view::npos) {
    return name + " must not hold a user name or password: the API takes a token only.";
  }
  if (HasControl(url) || url.find_first_of(" ?#") != std::string_view::npos) {
    return name + " holds a character that has no place in it: give scheme, host, port and path.";
  }
  return "";
}

void CheckToken(std::string_view token, std::string_view attribute, std::string_view where,
                Diagnostics& diags) {
  if (HasControl(token)) {
    AddError(diags, attribute, "Invalid API token",
             std::string(where) +
                 " holds a line break or another control character. A token is one "
                 "line; look for a newline at its end.");
  }
}

void CheckVersion(std::string_view version, std::string_view attribute, Diagnostics& diags) {
  if (version.find_first_of("/?#% ") != std::string_view::npos || HasControl(version)) {
    AddError(diags, attribute, "Invalid API version",
             "The API version is one segment of the URL, such as v4 or v4beta.");
  }
}

std::string ExpandHome(const std::string& path, const Environment& environment) {
  if (path != "~" && !path.starts_with("~/")) return path;
  const auto home = environment("HOME");
  return home ? *home + path.substr(1) : path;
}

// The chosen profile; empty when there is no file. nullopt: an error was added.
std::optional<std::map<std::string, std::string>> LoadProfile(const Value& config,
                                                              const Environment& environment,
                                                              Diagnostics& diags) {
  using Profile = std::map<std::string, std::string>;
  std::string path;
  if (const auto given = Text(config, "config_path")) {
    path = ExpandHome(*given, environment);
  } else if (const auto home = environment("HOME")) {
    path = *home + "/.config/linode";
  }
  std::error_code error;
  if (path.empty() || !std::filesystem::is_regular_file(path, error)) return Profile{};
  if (std::filesystem::file_size(path, error) > kMaxConfigFile || error) {
    AddError(diags, "config_path", kProfileSummary,
             "The config file " + path + " is longer than 1 MB, so it is no config file.");
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    AddError(diags, "config_path", kProfileSummary, "The config file " + path + " can't be read.");
    return std::nullopt;
  }
  std::string name = Text(config, "config_profile").value_or("default");
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const IniSections sections = ParseIni(text.str());
  const auto found = sections.find(name);
  if (found != sections.end()) return found->second;
  if (name == "default") return Profile{};
  AddError(
      diags, "config_profile", kProfileSummary,
      "unable to use profile " + name + ": profile " + name + " does not exist in " + path + ".");
  return std::nullopt;
}

std::optional<std::string> Lookup(const std::map<std::string, std::string>& profile,
                                  const char* key) {
  const auto found = profile.find(key);
  if (found == profile.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

std::optional<std::string> FromEnvironment(const Environment& environment, const char* name) {
  auto value = environment(name);
  return value && !value->empty() ? value : std::nullopt;
}

}  // namespace

Environment ProcessEnvironment() {
  return [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

Schema ProviderSchema() {
  struct Row {
    const char* name;
    char type;  // s, b, n
    const char* description;
    bool sensitive = false;
  };
  static constexpr Row kRows[] = {
      {"token", 's', "The API token; else LINODE_TOKEN, else the config file.", true},
      {"config_path", 's', "An INI file with profiles; default $HOME/.config/linode."},
      {"config_profile", 's', "Which section of that file; default \"default\"."},
      {"url", 's', "Where the API is, without version; else LINODE_URL."},
      {"api_version", 's', "v4 or v4beta; else LINODE_API_VERSION."},
      {"api_ca_path", 's', "A PEM file that replaces the system's roots; else LINODE_CA."},
      {"ua_prefix", 's', "Text before the User-Agent; else LINODE_UA_PREFIX."},
      {"skip_instance_ready_poll", 'b', "Don't wait until a new Linode runs."},
      {"skip_instance_delete_poll", 'b', "Don't wait until a deleted Linode is gone."},
      {"skip_lke_cluster_delete_poll", 'b', "Accepted; LKE clusters are not offered."},
      {"skip_implicit_reboots", 'b', "Don't reboot a Linode because of other changes."},
      {"disable_internal_cache", 'b', "Ask for regions and types each time."},
      {"min_retry_delay_ms", 'n', "The shortest wait before a repeated request; default 3000."},
      {"max_retry_delay_ms", 'n', "The longest wait before a repeated request; default 30000."},
      {"event_poll_ms", 'n', "How often events and statuses are looked at; default 4000."},
      {"lke_event_poll_ms", 'n', "Accepted; LKE clusters are not offered."},
      {"lke_node_ready_poll_ms", 'n', "Accepted; LKE clusters are not offered."},
      {"token_lifetime", 's', "How long tokens live whose block has no expiry: 90d, 36h."},
      {"token_rotate_before", 's', "How long before their end such tokens are replaced."},
      {"token_warnings", 'b', "Warn of tokens that never expire or may do much; default true."},
      {"obj_access_key", 's', "Accepted; buckets are not offered."},
      {"obj_secret_key", 's', "Accepted; buckets are not offered.", true},
      {"obj_use_temp_keys", 'b', "Accepted; buckets are not offered."},
      {"obj_bucket_force_delete", 'b', "Accepted; buckets are not offered."},
  };
  Schema schema;
  for (const Row& row : kRows) {
    schema.block.attributes.push_back({.name = row.name,
                                       .type = row.type == 's'   ? Type::String()
                                               : row.type == 'b' ? Type::Bool()
                                                                 : Type::Number(),
                                       .optional = true,
                                       .sensitive = row.sensitive,
                                       .description = row.description});
  }
  schema.block.Finish();
  return schema;
}

namespace {

void ValidateRotation(const Value& config, Diagnostics& diags) {
  for (const char* name : {"token_lifetime", "token_rotate_before"}) {
    const auto text = Text(config, name);
    const auto time = text ? ParseLifetime(*text) : std::nullopt;
    if (!text || (time && time->count() > 0)) continue;
    AddError(diags, name, "Invalid duration",
             "\"" + std::string(name) + "\" must be a time such as 90d, 36h or 1d12h.");
    return;
  }
  const auto lifetime = Text(config, "token_lifetime");
  const auto before = Text(config, "token_rotate_before");
  if (!before || !config.Attribute("token_lifetime").IsKnown()) return;
  if (!lifetime) {
    AddError(diags, "token_rotate_before", "Tokens without an end can't be rotated",
             "\"token_rotate_before\" says how long before its end a token is replaced, so "
             "\"token_lifetime\" has to say how long tokens live.");
  } else if (*ParseLifetime(*before) >= *ParseLifetime(*lifetime)) {
    AddError(diags, "token_rotate_before", "Tokens would be replaced by every apply",
             "\"token_rotate_before\" must be less than \"token_lifetime\".");
  }
}

}  // namespace

void ValidateSettings(const Value& config, Diagnostics& diags) {
  if (config.IsNull() || !config.IsKnown()) return;
  if (const auto url = Text(config, "url")) {
    if (std::string problem = UrlProblem(*url, "\"url\""); !problem.empty()) {
      AddError(diags, "url", "Invalid API URL", std::move(problem));
    }
  }
  if (const auto token = Text(config, "token")) CheckToken(*token, "token", "\"token\"", diags);
  if (const auto version = Text(config, "api_version"))
    CheckVersion(*version, "api_version", diags);
  if (const auto prefix = Text(config, "ua_prefix"); prefix && HasControl(*prefix)) {
    AddError(diags, "ua_prefix", "Invalid User-Agent prefix",
             "\"ua_prefix\" must be one line without control characters.");
  }
  ValidateRotation(config, diags);
  for (const char* name : {"min_retry_delay_ms", "max_retry_delay_ms", "event_poll_ms"}) {
    if (IsGiven(config.Attribute(name)) && !Milliseconds(config, name)) {
      AddError(diags, name, "Invalid number of milliseconds",
               "\"" + std::string(name) + "\" must be a whole number, 0 or more.");
    }
  }
}

std::optional<std::chrono::seconds> ParseLifetime(std::string_view text) {
  constexpr std::int64_t kMost = std::int64_t{100} * 365 * 86400;
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || number < 0 || number > kMost) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    if (text.empty()) return std::nullopt;
    static constexpr std::pair<char, std::int64_t> kUnits[] = {
        {'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
    const auto unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                   [&](const auto& u) { return u.first == text.front(); });
    if (unit == std::end(kUnits) || number > kMost / unit->second) return std::nullopt;
    total += number * unit->second;
    if (total > kMost) return std::nullopt;
    text.remove_prefix(1);
  }
  return std::chrono::seconds(total);
}

std::optional<Settings> ResolveSettings(const Value& config, const Environment& environment,
                                        bool offline, Diagnostics& diags) {
  Diagnostics ours;
  ValidateSettings(config, ours);
  Settings settings;
  const auto profile =
      offline ? std::map<std::string, std::string>{} : LoadProfile(config, environment, ours);

  // argument, environment, file; nullopt: the default stays.
  const auto pick = [&](const char* argument, const char* variable,
                        const char* key) -> std::optional<std::string> {
    if (auto given = Text(config, argument)) return given;
    if (auto set = FromEnvironment(environment, variable)) return set;
    return key == nullptr || !profile ? std::nullopt : Lookup(*profile, key);
  };
  const bool token_unknown = !config.IsNull() && !config.Attribute("token").IsKnown();
  if (token_unknown) {
    settings.no_token =
        "The provider's \"token\" is known only after apply, so the Linode API can't be asked "
        "before. Apply what the token comes from first, with -target.";
  } else if (auto token = pick("token", "LINODE_TOKEN", "token")) {
    settings.token = std::move(*token);
    CheckToken(settings.token, "", "The token that was found", ours);
  } else {
    settings.no_token =
        "[401] No API token is configured, so no request was made. Set the environment variable "
        "LINODE_TOKEN, or \"token\" in the block provider \"linode\", or put one into the config "
        "file.";
    const bool asked_for = Text(config, "config_path") || Text(config, "config_profile");
    if (asked_for && profile && !profile->empty()) {
      AddError(
          ours, "", kProfileSummary,
          "unable to resolve linode_token for profile " +
              Text(config, "config_profile").value_or("default") +
              ": the profile has no \"token\", and neither LINODE_TOKEN nor the provider block "
              "gives one.");
    }
  }
  if (auto url = pick("url", "LINODE_URL", "api_url")) {
    while (url->ends_with('/')) url->pop_back();
    if (!Text(config, "url")) {
      if (std::string problem = UrlProblem(*url, "The URL from LINODE_URL or the config file");
          !problem.empty()) {
        AddError(ours, "", "Invalid API URL", std::move(problem));
      }
    }
    settings.url = std::move(*url);
  }
  if (auto version = pick("api_version", "LINODE_API_VERSION", "api_version")) {
    CheckVersion(*version, "", ours);
    settings.api_version = std::move(*version);
  }
  if (settings.url.ends_with("/" + settings.api_version)) {
    ours.Add({.severity = Severity::kWarning,
              .summary = "The API URL already holds a version",
              .detail = "The version (" + settings.api_version +
                        ") is put behind the URL, so requests will go to " + settings.url + "/" +
                        settings.api_version + ". Leave it out of the URL."});
  }
  if (auto path = pick("api_ca_path", "LINODE_CA", nullptr)) {
    settings.ca_path = ExpandHome(*path, environment);
    if (!offline && !std::ifstream(settings.ca_path)) {
      AddError(ours, "", "Invalid CA file",
               "The file with certificates " + settings.ca_path +
                   " (api_ca_path or LINODE_CA) can't be read.");
    }
  }
  if (auto prefix = pick("ua_prefix", "LINODE_UA_PREFIX", nullptr)) {
    if (HasControl(*prefix) && !Text(config, "ua_prefix")) {
      AddError(ours, "", "Invalid User-Agent prefix",
               "LINODE_UA_PREFIX must be one line without control characters.");
    }
    settings.ua_prefix = std::move(*prefix);
  }
  if (auto suffix = FromEnvironment(environment, "TF_APPEND_USER_AGENT")) {
    // The variable is shared with other tools: what can't be sent is left out.
    if (!HasControl(*suffix)) settings.user_agent_suffix = std::move(*suffix);
  }
  settings.skip_instance_ready_poll = Flag(config, "skip_instance_ready_poll");
  settings.skip_instance_delete_poll = Flag(config, "skip_instance_delete_poll");
  settings.skip_implicit_reboots = Flag(config, "skip_implicit_reboots");
  settings.disable_internal_cache = Flag(config, "disable_internal_cache");
  if (const auto delay = Milliseconds(config, "min_retry_delay_ms"))
    settings.delays.minimum = *delay;
  if (const auto delay = Milliseconds(config, "max_retry_delay_ms"))
    settings.delays.maximum = *delay;
  settings.delays.maximum = std::max(settings.delays.maximum, settings.delays.minimum);

  if (const auto poll = Milliseconds(config, "event_poll_ms")) {
    settings.event_poll = *poll;
  } else if (const auto text = FromEnvironment(environment, "LINODE_EVENT_POLL_MS")) {
    std::int64_t number = 0;
    const auto read = std::from_chars(text->data(), text->data() + text->size(), number);
    if (read.ec == std::errc() && read.ptr == text->data() + text->size() && number >= 0) {
      settings.event_poll = std::chrono::milliseconds(number);
    } else {
      ours.Add(
          {.severity = Severity::kWarning,
           .summary = "LINODE_EVENT_POLL_MS is not a number",
           .detail = "It should be a whole number of milliseconds; the default, 4000, is used."});
    }
  }
  if (const auto text = Text(config, "token_lifetime"); text && ParseLifetime(*text)) {
    settings.token_lifetime = *ParseLifetime(*text);
  }
  if (const auto text = Text(config, "token_rotate_before"); text && ParseLifetime(*text)) {
    settings.token_rotate_before = *ParseLifetime(*text);
  }
  const Value warnings = config.IsNull() ? Value() : config.Attribute("token_warnings");
  if (IsGiven(warnings)) {
    settings.token_warnings = warnings.AsBool();
  } else if (const auto text = FromEnvironment(environment, "LINODE_TOKEN_WARNINGS")) {
    settings.token_warnings = *text != "false" && *text != "0";
  }
  const bool failed = ours.HasErrors();
  diags.Append(std::move(ours));
  return failed ? std::nullopt : std::optional(std::move(settings));
}

}  // namespace tkn::linode
