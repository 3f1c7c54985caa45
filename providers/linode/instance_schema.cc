#include "providers/linode/instance_schema.h"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include "providers/linode/record.h"

namespace tkn::linode {
namespace {

enum class Mode { kRequired, kOptional, kComputed, kBoth };

AttributeSchema Attribute(const char* name, Type type, Mode mode, const char* description = "") {
  return {.name = name,
          .type = type,
          .required = mode == Mode::kRequired,
          .optional = mode == Mode::kOptional || mode == Mode::kBoth,
          .computed = mode == Mode::kComputed || mode == Mode::kBoth,
          .description = description};
}

AttributeSchema Sensitive(AttributeSchema attribute) {
  attribute.sensitive = true;
  return attribute;
}

AttributeSchema Deprecated(AttributeSchema attribute) {
  attribute.deprecated = true;
  return attribute;
}

Type TextList() { return Type::List(Type::String()); }
Type TextSet() { return Type::Set(Type::String()); }

NestedBlock ListBlock(const char* name, std::vector<AttributeSchema> attributes,
                      std::vector<NestedBlock> blocks = {}, int max_items = 0) {
  NestedBlock nested;
  nested.name = name;
  nested.nesting = Nesting::kList;
  nested.block.attributes = std::move(attributes);
  nested.block.blocks = std::move(blocks);
  nested.max_items = max_items;
  return nested;
}

NestedBlock Interface() {
  const Type text = Type::String();
  const auto range = [&](const char* name) {
    return ListBlock(name, {Attribute("range", text, Mode::kOptional)});
  };
  return ListBlock(
      "interface",
      {Attribute("purpose", text, Mode::kRequired, "public, vlan or vpc."),
       Attribute("label", text, Mode::kOptional, "Name of the VLAN."),
       Attribute("ipam_address", text, Mode::kOptional, "Address in the VLAN, in CIDR form."),
       Attribute("subnet_id", Type::Number(), Mode::kOptional, "Id of the VPC's subnet."),
       Attribute("primary", Type::Bool(), Mode::kOptional, "Whether it has the default route."),
       Attribute("ip_ranges", TextList(), Mode::kOptional, "Ranges of the VPC that lead here."),
       Attribute("id", Type::Number(), Mode::kComputed),
       Attribute("active", Type::Bool(), Mode::kComputed),
       Attribute("vpc_id", Type::Number(), Mode::kComputed)},
      {ListBlock(
           "ipv4",
           {Attribute("vpc", text, Mode::kOptional), Attribute("nat_1_1", text, Mode::kOptional)},
           {}, 1),
       ListBlock("ipv6", {Attribute("is_public", Type::Bool(), Mode::kOptional)},
                 {range("slaac"), range("range")}, 1)});
}

// Deprecated in the real provider. Declared so that a configuration with them gets the message in
// ValidateInstance and not one about unknown blocks.
NestedBlock Disk() {
  const Type text = Type::String();
  return ListBlock(
      "disk",
      {Attribute("label", text, Mode::kRequired),
       Attribute("size", Type::Number(), Mode::kRequired),
       Attribute("id", Type::Number(), Mode::kComputed),
       Attribute("filesystem", text, Mode::kOptional), Attribute("image", text, Mode::kOptional),
       Attribute("read_only", Type::Bool(), Mode::kOptional),
       Attribute("authorized_keys", TextList(), Mode::kOptional),
       Attribute("authorized_users", TextList(), Mode::kOptional),
       Attribute("stackscript_id", Type::Number(), Mode::kOptional),
       Sensitive(Attribute("stackscript_data", Type::Map(text), Mode::kOptional)),
       Sensitive(Attribute("root_pass", text, Mode::kOptional))});
}

NestedBlock Config() {
  const Type text = Type::String();
  const auto flag = [](const char* name) { return Attribute(name, Type::Bool(), Mode::kOptional); };
  std::vector<NestedBlock> devices;
  for (const char* name : {"sda", "sdb", "sdc", "sdd", "sde", "sdf", "sdg", "sdh"}) {
    devices.push_back(ListBlock(name, {Attribute("disk_label", text, Mode::kOptional),
                                       Attribute("disk_id", Type::Number(), Mode::kOptional),
                                       Attribute("volume_id", Type::Number(), Mode::kOptional)}));
  }
  return ListBlock(
      "config",
      {Attribute("label", text, Mode::kRequired), Attribute("kernel", text, Mode::kOptional),
       Attribute("root_device", text, Mode::kOptional),
       Attribute("run_level", text, Mode::kOptional), Attribute("virt_mode", text, Mode::kOptional),
       Attribute("comments", text, Mode::kOptional),
       Attribute("memory_limit", Type::Number(), Mode::kOptional)},
      {ListBlock("helpers", {flag("updatedb_disabled"), flag("distro"), flag("modules_dep"),
                             flag("network"), flag("devtmpfs_automount")}),
       ListBlock("devices", {}, std::move(devices)), Interface()});
}

NestedBlock Timeouts() {
  NestedBlock timeouts;
  timeouts.name = "timeouts";
  timeouts.nesting = Nesting::kSingle;
  for (const char* name : {"create", "update", "delete"}) {
    timeouts.block.attributes.push_back(Attribute(name, Type::String(), Mode::kOptional));
  }
  return timeouts;
}

Type SpecsType() {
  std::vector<ObjectAttribute> attributes;
  for (const char* name : {"accelerated_devices", "disk", "gpus", "memory", "transfer", "vcpus"}) {
    attributes.push_back({name, Type::Number()});
  }
  return Type::List(Type::Object(std::move(attributes)));
}

Type BackupsType() {
  return Type::List(Type::Object(
      {{"available", Type::Bool()},
       {"enabled", Type::Bool()},
       {"schedule",
        Type::List(Type::Object({{"day", Type::String()}, {"window", Type::String()}}))}}));
}

}  // namespace

Schema InstanceSchema() {
  const Type text = Type::String();
  const Type number = Type::Number();
  const Type flag = Type::Bool();
  Schema schema;
  // What has a default is "computed" too, so that a plan may show the default where nothing is
  // configured.
  schema.block.attributes = {
      Attribute("id", text, Mode::kComputed),
      Attribute("region", text, Mode::kRequired, "Where it runs; a change migrates it."),
      Attribute("type", text, Mode::kBoth,
                "Its size; a change resizes it. g6-standard-1 if unset."),
      Attribute("image", text, Mode::kOptional,
                "What its disk is made from, e.g. linode/debian12."),
      Attribute("backup_id", number, Mode::kOptional, "A backup to restore instead of an image."),
      Attribute("stackscript_id", number, Mode::kOptional, "A script for the first boot."),
      Sensitive(Attribute("stackscript_data", Type::Map(text), Mode::kOptional,
                          "Answers to the script's questions.")),
      Attribute("label", text, Mode::kBoth, "A name, unique in the account."),
      Deprecated(Attribute("group", text, Mode::kOptional, "Use tags.")),
      Attribute("tags", TextSet(), Mode::kBoth, "Names to find it by; case does not count."),
      Sensitive(Attribute("root_pass", text, Mode::kOptional,
                          "root's password; only a hash of it is kept.")),
      Attribute("authorized_keys", TextList(), Mode::kOptional,
                "SSH keys that may log in as root."),
      Attribute("authorized_users", TextList(), Mode::kOptional,
                "Users of the account whose SSH keys may log in as root."),
      Attribute("swap_size", number, Mode::kBoth, "MB of swap; 512 if unset."),
      Attribute("backups_enabled", flag, Mode::kBoth, "Whether it takes part in backups."),
      Attribute("watchdog_enabled", flag, Mode::kBoth, "Whether it is rebooted when it went down."),
      Attribute("booted", flag, Mode::kBoth, "Whether it is to be on."),
      Attribute("boot_config_label", text, Mode::kBoth, "Which configuration profile boots."),
      Attribute("resize_disk", flag, Mode::kBoth, "Whether a resize changes the disk too."),
      Attribute("migration_type", text, Mode::kBoth, "cold or warm."),
      Attribute("private_ip", flag, Mode::kOptional, "Whether it has a private address."),
      Attribute("ipv4", TextSet(), Mode::kBoth, "Its IPv4 addresses."),
      Attribute("shared_ipv4", TextSet(), Mode::kBoth, "Addresses it shares with others."),
      Attribute("firewall_id", number, Mode::kOptional,
                "A firewall it is put behind at the start."),
      Attribute("network_helper", flag, Mode::kOptional),
      Attribute("interface_generation", text, Mode::kBoth),
      Attribute("disk_encryption", text, Mode::kBoth, "enabled or disabled."),
      Attribute("maintenance_policy", text, Mode::kBoth),
      Attribute("placement_group_externally_managed", flag, Mode::kBoth,
                "Whether another resource puts it into a placement group."),
      Attribute("status", text, Mode::kComputed),
      Attribute("ipv6", text, Mode::kComputed),
      Deprecated(Attribute("ip_address", text, Mode::kComputed, "Its first public IPv4 address.")),
      Attribute("private_ip_address", text, Mode::kComputed),
      Attribute("host_uuid", text, Mode::kComputed),
      Attribute("has_user_data", flag, Mode::kComputed),
      Attribute("lke_cluster_id", number, Mode::kComputed),
      Attribute("capabilities", TextSet(), Mode::kComputed),
      Attribute("locks", TextSet(), Mode::kComputed),
      Attribute("specs", SpecsType(), Mode::kComputed),
      Attribute("backups", BackupsType(), Mode::kComputed),
  };
  std::vector<AttributeSchema> alerts;
  for (const char* name : {"cpu", "network_in", "network_out", "transfer_quota", "io"}) {
    alerts.push_back(Attribute(name, number, Mode::kBoth));
  }
  schema.block.blocks = {
      ListBlock("alerts", std::move(alerts), {}, 1),
      ListBlock("metadata",
                {Attribute("user_data", text, Mode::kOptional, "For cloud-init, in base64.")}, {},
                1),
      ListBlock("placement_group",
                {Attribute("id", number, Mode::kRequired),
                 Attribute("compliant_only", flag, Mode::kOptional),
                 Attribute("label", text, Mode::kComputed),
                 Attribute("placement_group_type", text, Mode::kComputed),
                 Attribute("placement_group_policy", text, Mode::kComputed)},
                {}, 1),
      Interface(),
      Disk(),
      Config(),
      Timeouts()};
  schema.block.Finish();
  return schema;
}

std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  if (text.empty() || text.size() > 32) return std::nullopt;
  double total = 0;
  while (!text.empty()) {
    double value = 0;
    double unit = 1;
    std::size_t digits = 0;
    bool fraction = false;
    while (!text.empty() && (std::isdigit(static_cast<unsigned char>(text[0])) != 0 ||
                             (text[0] == '.' && !fraction))) {
      if (text[0] == '.') {
        fraction = true;
      } else {
        value = value * 10 + (text[0] - '0');
        if (fraction) unit *= 10;
        ++digits;
      }
      text.remove_prefix(1);
    }
    if (digits == 0) return std::nullopt;
    struct Unit {
      std::string_view name;
      double milliseconds;
    };
    static constexpr Unit kUnits[] = {{"ms", 1},  {"h", 3600e3}, {"m", 60e3},
                                      {"s", 1e3}, {"us", 1e-3},  {"ns", 1e-6}};
    const auto* found = std::find_if(std::begin(kUnits), std::end(kUnits),
                                     [&](const Unit& u) { return text.starts_with(u.name); });
    if (found == std::end(kUnits)) return std::nullopt;
    text.remove_prefix(found->name.size());
    total += value / unit * found->milliseconds;
  }
  // A year is more than anything takes, and less than what overflows.
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::min(total, 365 * 86400e3)));
}

bool HasBlock(const Value& list) { return IsGiven(list) && list.Length() > 0; }

bool IsEmptyValue(const Value& value) {
  if (!value.IsKnown()) return false;
  if (value.IsNull()) return true;
  switch (value.type().kind()) {
    case TypeKind::kString:
      return value.AsString().empty();
    case TypeKind::kNumber:
      return value.AsNumber().Sign() == 0;
    case TypeKind::kBool:
      return !value.AsBool();
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap:
      return value.Length() == 0;
    default:
      return false;
  }
}

bool SameSetting(const Value& a, const Value& b) {
  return (IsEmptyValue(a) && IsEmptyValue(b)) || a.RawEquals(b);
}

}  // namespace tkn::linode
