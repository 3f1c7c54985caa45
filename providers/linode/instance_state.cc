#include "providers/linode/instance_state.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "providers/linode/answer.h"
#include "providers/linode/instance_schema.h"

namespace tkn::linode {
namespace {

std::set<std::string> LowerCase(const Value& set) {
  std::set<std::string> lower;
  if (!IsGiven(set)) return lower;
  for (const Value& element : set.elements()) {
    if (!IsGiven(element)) continue;
    std::string text(element.AsString());
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    lower.insert(std::move(text));
  }
  return lower;
}

std::vector<std::string> AddressesOf(const Value& addresses, const char* kind) {
  std::vector<std::string> texts;
  for (const Value& item : ItemsOf(Field(addresses, "ipv4"), kind)) {
    texts.push_back(TextOf(item, "address"));
  }
  return texts;
}

Value TextSet(const std::vector<std::string>& texts) {
  std::vector<Value> values;
  for (const std::string& text : texts) values.push_back(Value::String(text));
  return Value::Set(Type::String(), std::move(values));
}

Value TextOrNull(const std::string& text) {
  return text.empty() ? Value::Null(Type::String()) : Value::String(text);
}

// 192.168.128.0/17, from which Linode gives private addresses.
bool IsPrivate(const std::string& address) {
  in_addr parsed{};
  if (inet_pton(AF_INET, address.c_str(), &parsed) != 1) return false;
  return (ntohl(parsed.s_addr) & 0xffff8000U) == 0xc0a88000U;
}

void SetUnlessSame(Record& record, std::string_view name, const Value& value) {
  if (record[name].IsKnown() && SameSetting(record[name], value)) return;
  record.Set(name, value);
}

// What Terraform computes when it isn't configured: a null (after an import) takes the API's value,
// even an empty one.
void Refresh(Record& record, std::string_view name, const Value& value) {
  const bool news = record[name].IsKnown() && record[name].IsNull() && !value.IsNull();
  if (news) {
    record.Set(name, value);
  } else {
    SetUnlessSame(record, name, value);
  }
}

// The first block of a list block with these values in it, others kept.
void RefreshBlock(Record& record, std::string_view name, const Value& fields) {
  const Value list = record[name];
  if (!IsGiven(list) || list.Length() == 0) return;
  const Type element = list.type().element();
  Record block(element, list.elements()[0]);
  for (const ObjectAttribute& attribute : element.attributes()) {
    const Value field = Field(fields, attribute.name);
    if (!field.IsNull()) SetUnlessSame(block, attribute.name, Shape(field, attribute.type));
  }
  std::vector<Value> elements(list.elements().begin(), list.elements().end());
  elements[0] = block.ToValue();
  record.Set(name, Value::List(element, std::move(elements)));
}

void RefreshInterfaces(Record& record, const std::vector<Value>& configs) {
  const Value list = record["interface"];
  if (!IsGiven(list) || list.Length() == 0 || configs.size() != 1) return;
  const std::vector<Value> interfaces = ItemsOf(configs[0], "interfaces");
  const Type element = list.type().element();
  std::vector<Value> elements;
  for (std::size_t i = 0; i < interfaces.size(); ++i) {
    Record block(element, i < list.Length() ? list.elements()[i] : Value::Null(element));
    for (const ObjectAttribute& attribute : element.attributes()) {
      if (attribute.name == "ipv4" || attribute.name == "ipv6") {
        // Filled in by the API where not asked for: what was not configured stays out.
        if (!block[attribute.name].IsNull()) continue;
        block.Set(attribute.name, Value::List(attribute.type.element(), {}));
        continue;
      }
      SetUnlessSame(block, attribute.name,
                    Shape(Field(interfaces[i], attribute.name), attribute.type));
    }
    elements.push_back(block.ToValue());
  }
  record.Set("interface", Value::List(element, std::move(elements)));
}

}  // namespace

std::optional<InstanceSnapshot> FetchInstance(std::int64_t id, Context& context, ApiError& error,
                                              std::string& what) {
  const ApiPath path{"linode", "instances", id};
  InstanceSnapshot snapshot;
  what = "instance";
  Answer instance = context.client.Get(path, context.limits);
  if (instance.error) {
    error = *instance.error;
    return std::nullopt;
  }
  snapshot.instance = instance.body;
  what = "instance networking";
  Answer addresses = context.client.Get(path / "ips", context.limits);
  if (addresses.error) {
    error = *addresses.error;
    return std::nullopt;
  }
  snapshot.addresses = addresses.body;
  what = "instance disks";
  ListAnswer disks = context.client.List(path / "disks", Value(), context.limits);
  if (disks.error) {
    error = *disks.error;
    return std::nullopt;
  }
  snapshot.disks = std::move(disks.items);
  what = "instance configs";
  ListAnswer configs = context.client.List(path / "configs", Value(), context.limits);
  if (configs.error) {
    error = *configs.error;
    return std::nullopt;
  }
  snapshot.configs = std::move(configs.items);
  return snapshot;
}

bool IsOn(const Value& instance) {
  const std::string status = TextOf(instance, "status");
  return status == "running" || status == "booting" || status == "rebooting";
}

std::string FirstPublicAddress(const InstanceSnapshot& snapshot) {
  const std::vector<std::string> addresses = AddressesOf(snapshot.addresses, "public");
  return addresses.empty() ? "" : addresses[0];
}

void SetEarlyAddresses(const Value& instance, Record& record) {
  const std::vector<std::string> addresses = TextsOf(instance, "ipv4");
  record.Fill("ipv4", TextSet(addresses));
  record.Fill("ipv6", TextOrNull(TextOf(instance, "ipv6")));
  const auto first = std::find_if_not(addresses.begin(), addresses.end(), IsPrivate);
  record.Fill("ip_address",
              first == addresses.end() ? Value::Null(Type::String()) : Value::String(*first));
}

void MergeInstance(const InstanceSnapshot& snapshot, Record& record) {
  const Value& instance = snapshot.instance;
  const auto copy = [&](const char* name) {
    Refresh(record, name, Shape(Field(instance, name), record.TypeOf(name)));
  };
  SetUnlessSame(record, "group", Shape(Field(instance, "group"), Type::String()));
  for (const char* name :
       {"label", "region", "type", "watchdog_enabled", "status", "ipv6", "host_uuid",
        "has_user_data", "lke_cluster_id", "capabilities", "locks", "specs", "backups",
        "disk_encryption", "interface_generation", "maintenance_policy"}) {
    copy(name);
  }
  if (const Value tags = Shape(Field(instance, "tags"), record.TypeOf("tags"));
      !record["tags"].IsKnown() || LowerCase(record["tags"]) != LowerCase(tags)) {
    record.Set("tags", tags.IsNull() ? TextSet({}) : tags);
  } else if (record["tags"].IsNull()) {
    record.Set("tags", TextSet({}));
  }
  Refresh(record, "backups_enabled", Value::Bool(BoolOf(Field(instance, "backups"), "enabled")));
  Refresh(record, "booted", Value::Bool(IsOn(instance)));

  Refresh(record, "ipv4", TextSet(TextsOf(instance, "ipv4")));
  Refresh(record, "shared_ipv4", TextSet(AddressesOf(snapshot.addresses, "shared")));
  const std::vector<std::string> open = AddressesOf(snapshot.addresses, "public");
  const bool keeps = record.IsGiven("ip_address") &&
                     std::find(open.begin(), open.end(), record.Text("ip_address")) != open.end();
  if (!keeps) record.Set("ip_address", TextOrNull(FirstPublicAddress(snapshot)));
  const std::vector<std::string> closed = AddressesOf(snapshot.addresses, "private");
  record.Set("private_ip_address", TextOrNull(closed.empty() ? "" : closed[0]));
  SetUnlessSame(record, "private_ip", Value::Bool(!closed.empty()));

  std::int64_t swap = 0;
  for (const Value& disk : snapshot.disks) {
    if (TextOf(disk, "filesystem") == "swap") swap += IntOf(disk, "size").value_or(0);
  }
  Refresh(record, "swap_size", Value::Number(swap));
  if (snapshot.configs.size() == 1) {
    record.SetText("boot_config_label", TextOf(snapshot.configs[0], "label"));
  }
  RefreshBlock(record, "alerts", Field(instance, "alerts"));
  const Value group = Field(instance, "placement_group");
  RefreshBlock(record, "placement_group", group);
  const bool managed_here = !(record.IsGiven("placement_group_externally_managed") &&
                              record["placement_group_externally_managed"].AsBool());
  if (group.IsNull() && managed_here && IsGiven(record["placement_group"])) {
    record.Set("placement_group", Value::List(record.TypeOf("placement_group").element(), {}));
  }
  RefreshInterfaces(record, snapshot.configs);
}

Value FillUnknown(const Value& planned, const Value& fresh) {
  if (planned.IsWhollyKnown()) return planned;
  if (!planned.IsKnown()) return fresh.IsWhollyKnown() ? fresh : Value::Null(planned.type());
  const Type type = planned.type();
  const bool fits = IsGiven(fresh) && fresh.type() == type && fresh.Length() == planned.Length();
  std::vector<Value> parts;
  for (std::size_t i = 0; i < planned.Length(); ++i) {
    const Value& part = planned.elements()[i];
    parts.push_back(FillUnknown(part, fits ? fresh.elements()[i] : Value::Null(part.type())));
  }
  if (type.IsObject()) return Value::ObjectOf(type, std::move(parts));
  if (type.IsList()) return Value::List(type.element(), std::move(parts));
  if (type.IsSet()) return Value::Set(type.element(), std::move(parts));
  if (type.IsMap()) {
    std::vector<Value::Entry> entries;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      entries.emplace_back(planned.KeyAt(i), std::move(parts[i]));
    }
    return Value::Map(type.element(), std::move(entries));
  }
  return Value::Tuple(std::move(parts));
}

}  // namespace tkn::linode
