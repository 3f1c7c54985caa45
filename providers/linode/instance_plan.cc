#include "providers/linode/instance_plan.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>
#include <vector>

#include "providers/linode/instance_schema.h"
#include "providers/linode/password.h"
#include "providers/linode/record.h"

namespace tkn::linode {
namespace {

constexpr const char* kForcesNew[] = {"image",
                                      "backup_id",
                                      "stackscript_id",
                                      "stackscript_data",
                                      "authorized_keys",
                                      "authorized_users",
                                      "ipv4",
                                      "firewall_id",
                                      "metadata",
                                      "network_helper",
                                      "interface_generation",
                                      "disk_encryption"};

// What may be other than before once `name` has changed.
struct Consequence {
  const char* name;
  std::vector<const char*> unknown;
};
const std::vector<Consequence>& Consequences() {
  static const std::vector<Consequence> list = {
      {"region", {"ipv4", "ipv6", "ip_address", "private_ip_address", "host_uuid", "status"}},
      {"type", {"specs", "host_uuid", "status"}},
      {"private_ip", {"ipv4", "private_ip_address"}},
      {"booted", {"status"}},
      {"backups_enabled", {"backups"}},
      {"interface", {"ipv4", "ip_address"}},
  };
  return list;
}
bool SameTags(const Value& a, const Value& b) {
  if (!IsGiven(a) || !IsGiven(b)) return false;
  std::vector<std::string> texts[2];
  for (int side = 0; side < 2; ++side) {
    for (const Value& tag : (side == 0 ? a : b).elements()) {
      if (!IsGiven(tag)) return false;
      std::string text(tag.AsString());
      for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      texts[side].push_back(std::move(text));
    }
    std::sort(texts[side].begin(), texts[side].end());
  }
  return texts[0] == texts[1];
}
// The plain default where nothing is configured.
void ApplyDefaults(const Value& config, Record& planned) {
  const auto unset = [&](const char* name) {
    const Value value = config.Attribute(name);
    return value.IsKnown() && value.IsNull();
  };
  if (unset("type")) planned.SetText("type", kDefaultInstanceType);
  if (unset("watchdog_enabled")) planned.Set("watchdog_enabled", Value::Bool(true));
  if (unset("resize_disk")) planned.Set("resize_disk", Value::Bool(false));
  if (unset("migration_type")) planned.SetText("migration_type", "cold");
  if (unset("placement_group_externally_managed")) {
    planned.Set("placement_group_externally_managed", Value::Bool(false));
  }
  if (planned["tags"].IsNull() || !planned["tags"].IsKnown()) {
    if (unset("tags")) planned.Set("tags", Value::Set(Type::String(), {}));
  }
}

}  // namespace

PlanResponse PlanInstance(const ResourceType& resource, const PlanRequest& request,
                          Diagnostics& diags) {
  const BlockSchema& schema = resource.schema().block;
  PlanResponse response;
  response.planned.private_bytes = request.prior.private_bytes;
  // The hash of a password is neither what is configured nor what was there before.
  response.legacy_type_system = true;
  const Value password = request.config.Attribute("root_pass");

  if (request.prior.value.IsNull()) {
    Record planned(resource.type(), SetUnknowns(schema, request.proposed_new));
    ApplyDefaults(request.config, planned);
    if (IsGiven(password)) planned.SetText("root_pass", PasswordHash(password.AsString()));
    const Value booted = request.config.Attribute("booted");
    const Value image = request.config.Attribute("image");
    const Value backup = request.config.Attribute("backup_id");
    if (IsGiven(booted) && booted.AsBool() && image.IsKnown() && image.IsNull() &&
        backup.IsKnown() && backup.IsNull()) {
      AddError(diags, "failed to validate: booted requires an image or disk/config be defined",
               "A Linode without a disk can't be booted. Give \"image\", or leave \"booted\" out.",
               ".booted");
    }
    response.planned.value = planned.ToValue();
    return response;
  }

  const Record prior(resource.type(), request.prior.value);
  Record planned(resource.type(), request.proposed_new);
  ApplyDefaults(request.config, planned);
  if (IsGiven(password)) planned.SetText("root_pass", PasswordHash(password.AsString()));
  for (const AttributeSchema& attribute : schema.attributes) {
    const std::string& name = attribute.name;
    if (planned[name].IsKnown() && SameSetting(planned[name], prior[name])) {
      planned.Set(name, prior[name]);  // null and "" are no change
    }
  }
  if (SameTags(planned["tags"], prior["tags"])) planned.Set("tags", prior["tags"]);

  const auto differs = [&](const char* name) { return !SameSetting(planned[name], prior[name]); };
  for (const char* name : kForcesNew) {
    if (differs(name)) response.requires_replace.push_back({PathStep::Attribute(name)});
  }
  for (const Consequence& consequence : Consequences()) {
    if (!differs(consequence.name)) continue;
    for (const char* name : consequence.unknown) {
      const Value configured = request.config.Attribute(name);
      if (configured.IsKnown() && configured.IsNull()) planned.SetUnknown(name);
    }
  }
  const Value group = planned["placement_group"];
  if (differs("placement_group") && HasBlock(group)) {
    Record block(group.type().element(), group.elements()[0]);
    for (const char* name : {"label", "placement_group_type", "placement_group_policy"}) {
      block.SetUnknown(name);
    }
    planned.Set("placement_group", Value::List(group.type().element(), {block.ToValue()}));
  }
  if (differs("interface") && IsGiven(planned["interface"])) {
    const Value list = planned["interface"];
    std::vector<Value> elements;
    for (const Value& element : list.elements()) {
      Record block(list.type().element(), element);
      for (const char* name : {"id", "active", "vpc_id"}) block.SetUnknown(name);
      elements.push_back(block.ToValue());
    }
    planned.Set("interface", Value::List(list.type().element(), std::move(elements)));
  }
  response.planned.value = planned.ToValue();
  return response;
}

}  // namespace tkn::linode
