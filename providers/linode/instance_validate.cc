#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "providers/linode/instance_schema.h"
#include "providers/linode/record.h"
#include "providers/linode/resource.h"

namespace tkn::linode {
namespace {

// Given in the configuration, though perhaps not known yet.
bool IsSet(const Value& value) {
  if (!value.IsKnown()) return true;
  if (value.IsNull()) return false;
  return !(value.type().IsCollection() && value.Length() == 0);
}

std::size_t Characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

void CheckLength(const Value& config, const char* name, std::size_t least, std::size_t most,
                 Diagnostics& diags) {
  const Value value = config.Attribute(name);
  if (!IsGiven(value)) return;
  const std::size_t length = Characters(value.AsString());
  if (length >= least && length <= most) return;
  // The value itself is left out: it may be the password.
  AddError(diags,
           "expected length of " + std::string(name) + " to be in the range (" +
               std::to_string(least) + " - " + std::to_string(most) + ")",
           "\"" + std::string(name) + "\" has " + std::to_string(length) + " characters.",
           "." + std::string(name));
}

void CheckOneOf(const Value& config, const char* name, std::initializer_list<const char*> allowed,
                Diagnostics& diags) {
  const Value value = config.Attribute(name);
  if (!IsGiven(value) || value.AsString().empty()) return;
  std::string list;
  for (const char* text : allowed) {
    if (value.AsString() == text) return;
    list += (list.empty() ? "\"" : " \"") + std::string(text) + "\"";
  }
  AddError(diags, "expected " + std::string(name) + " to be one of [" + list + "]",
           "It is \"" + std::string(value.AsString()) + "\".", "." + std::string(name));
}

void CheckConflicts(const Value& config, const char* name,
                    std::initializer_list<const char*> others, Diagnostics& diags) {
  if (!IsSet(config.Attribute(name))) return;
  for (const char* other : others) {
    if (!IsSet(config.Attribute(other))) continue;
    AddError(diags, "Conflicting configuration arguments",
             "\"" + std::string(name) + "\": conflicts with " + other + ". Give one of the two.",
             "." + std::string(name));
  }
}

void CheckAddresses(const Value& config, const char* name, Diagnostics& diags) {
  const Value value = config.Attribute(name);
  if (!IsGiven(value)) return;
  for (const Value& element : value.elements()) {
    if (!IsGiven(element)) continue;
    std::array<unsigned char, 4> bytes{};
    const std::string text(element.AsString());
    if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) continue;
    AddError(diags, "expected " + std::string(name) + " to hold IPv4 addresses",
             "\"" + text + "\" is not an IPv4 address.", "." + std::string(name));
  }
}

void CheckKeys(const Value& config, const char* name, Diagnostics& diags) {
  const Value value = config.Attribute(name);
  if (!IsGiven(value)) return;
  for (std::size_t i = 0; i < value.Length(); ++i) {
    const Value& element = value.elements()[i];
    if (!element.IsKnown() || (!element.IsNull() && !element.AsString().empty())) continue;
    AddError(diags, std::string(name) + " must not hold empty elements",
             "Element " + std::to_string(i) + " of \"" + name +
                 "\" is null or empty. Leave it out, or look at where it comes from.",
             "." + std::string(name) + "[" + std::to_string(i) + "]");
  }
}

bool IsBase64(std::string_view text) {
  if (text.size() % 4 != 0) return false;
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  });
}

void CheckMetadata(const Value& config, Diagnostics& diags) {
  const Value metadata = config.Attribute("metadata");
  if (!IsGiven(metadata)) return;
  for (const Value& block : metadata.elements()) {
    const Value data = block.IsKnown() ? block.Attribute("user_data") : Value();
    if (!IsGiven(data) || IsBase64(data.AsString())) continue;
    AddError(diags, "expected user_data to be base64-encoded",
             "\"user_data\" must be base64, as base64encode() or filebase64() give it.",
             ".metadata[0].user_data");
  }
}

void CheckTimeouts(const Value& config, Diagnostics& diags) {
  const Value timeouts = config.Attribute("timeouts");
  if (!IsGiven(timeouts)) return;
  for (const char* name : {"create", "update", "delete"}) {
    const Value text = timeouts.Attribute(name);
    if (!IsGiven(text) || ParseDuration(text.AsString())) continue;
    AddError(diags, "Invalid timeout",
             "\"" + std::string(text.AsString()) +
                 "\" is not a duration. Write hours, minutes and seconds, such as \"1h30m\".",
             ".timeouts." + std::string(name));
  }
}

}  // namespace

void ValidateInstance(const Value& config, Diagnostics& diags) {
  for (const char* block : {"disk", "config"}) {
    if (!IsSet(config.Attribute(block))) continue;
    AddError(
        diags, "Explicit disks and configs are not supported",
        "This linode_instance has a block \"" + std::string(block) +
            "\". The real provider calls it deprecated, and tkn does not offer it: a Linode "
            "gets its disks and its configuration profile from \"image\" (with \"swap_size\") or "
            "\"backup_id\". Use one of them instead.",
        "." + std::string(block));
  }
  CheckLength(config, "label", 3, 50, diags);
  CheckLength(config, "root_pass", 11, 128, diags);
  CheckOneOf(config, "migration_type", {"cold", "warm"}, diags);
  CheckOneOf(config, "disk_encryption", {"enabled", "disabled"}, diags);
  CheckConflicts(config, "image", {"backup_id"}, diags);
  for (const char* name : {"stackscript_id", "stackscript_data", "authorized_keys",
                           "authorized_users", "swap_size", "resize_disk", "interface"}) {
    if (!IsSet(config.Attribute(name)) || IsSet(config.Attribute("image"))) continue;
    AddError(
        diags, "Missing required argument",
        "\"" + std::string(name) +
            "\": is used when the disks are made from an image, so \"image\" must be given too.",
        "." + std::string(name));
  }
  for (const char* name : {"authorized_keys", "authorized_users"}) CheckKeys(config, name, diags);
  for (const char* name : {"ipv4", "shared_ipv4"}) CheckAddresses(config, name, diags);
  CheckMetadata(config, diags);
  CheckTimeouts(config, diags);
}

}  // namespace tkn::linode
