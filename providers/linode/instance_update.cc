#include "providers/linode/instance_update.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "providers/linode/answer.h"
#include "providers/linode/instance_schema.h"
#include "providers/linode/instance_state.h"
#include "providers/linode/instance_wait.h"

namespace tkn::linode {
namespace {

const Value& First(const Value& list) { return list.elements()[0]; }
// One update under way. Each step answers false after it added an error.
class Changing {
 public:
  Changing(std::int64_t id, const Record& prior, const Record& planned, Context& context)
      : id_(id),
        name_("Instance " + std::to_string(id)),
        path_({"linode", "instances", id}),
        prior_(prior),
        planned_(planned),
        context_(context) {}

  bool Run(const std::string& new_password) {
    const Answer current = context_.client.Get(path_, context_.limits);
    if (current.error) {
      return Fail("Error fetching data about the current linode: " + current.error->text);
    }
    on_ = IsOn(current.body);
    was_on_ = on_;
    return PutSettings() && SwitchBackups() && AddPrivateAddress() && Migrate() && Resize() &&
           ResizeSwap() && ResetPassword(new_password) && ReplaceInterfaces() &&
           ChangePlacementGroup() && Share() && SettlePower();
  }

 private:
  bool Fail(std::string summary, std::string detail = "") {
    AddError(context_.diags, std::move(summary), std::move(detail));
    return false;
  }

  bool Differs(std::string_view name) const {
    return planned_[name].IsKnown() && !SameSetting(prior_[name], planned_[name]);
  }

  // An action, and the event that says that it is over.
  bool Act(const char* action, const char* event, const Value& body, const std::string& doing) {
    EventWatch watch(event, id_, context_);
    if (!watch.problem().empty() && !watch.forbidden()) {
      return Fail("Error " + doing + " " + name_ + ": " + watch.problem());
    }
    const Answer answer = context_.client.Post(path_ / action, body, context_.limits);
    // An action whose answer was lost is not repeated: its event tells whether it began.
    const bool lost =
        answer.error && answer.error->uncertain && answer.error->kind != ApiError::Kind::kCancelled;
    if (answer.error && !(lost && watch.Began()))
      return Fail("Error " + doing + " " + name_ + ": " + answer.error->text);
    if (std::string why = watch.Wait(); !why.empty()) {
      return Fail("Error " + doing + " " + name_ + ": " + why);
    }
    return true;
  }

  bool Reach(std::initializer_list<const char*> statuses) {
    const std::string why = WaitForStatus(id_, statuses, context_);
    return why.empty() || Fail(why);
  }

  bool ShutDown() {
    if (!on_) return true;
    if (!Act("shutdown", "linode_shutdown", Value::EmptyObject(), "shutting down")) return false;
    on_ = false;
    return Reach({"offline"});
  }

  bool Boot() {
    if (on_) return true;
    if (!Act("boot", "linode_boot", Value::EmptyObject(), "booting")) return false;
    on_ = true;
    reboot_ = false;
    return Reach({"running"});
  }

  bool PutSettings() {
    std::vector<Value::Entry> body;
    for (const char* name : {"label", "group", "watchdog_enabled", "maintenance_policy"}) {
      if (!Differs(name)) continue;
      // Removed from the configuration: emptied.
      const bool removed = planned_[name].IsNull();
      body.emplace_back(name, removed ? Value::String("") : planned_[name]);
    }
    if (Differs("tags")) {
      body.emplace_back(
          "tags", planned_.IsGiven("tags") ? planned_["tags"] : Value::Set(Type::String(), {}));
    }
    if (Differs("alerts") && HasBlock(planned_["alerts"])) {
      body.emplace_back("alerts", AlertsBody(planned_["alerts"]));
    }
    if (body.empty()) return true;
    const Answer answer =
        context_.client.Put(path_, Value::Object(std::move(body)), context_.limits);
    return !answer.error || Fail("Error updating " + name_ + ": " + answer.error->text);
  }

  bool SwitchBackups() {
    if (!Differs("backups_enabled")) return true;
    const bool enable = planned_.IsGiven("backups_enabled") && planned_["backups_enabled"].AsBool();
    const Answer answer = context_.client.Post(path_ / "backups" / (enable ? "enable" : "cancel"),
                                               Value::EmptyObject(), context_.limits);
    return !answer.error || Fail(std::string("Error ") + (enable ? "enabling" : "canceling") +
                                 " backups for " + name_ + ": " + answer.error->text);
  }

  bool AddPrivateAddress() {
    if (!Differs("private_ip")) return true;
    if (!planned_.IsGiven("private_ip") || !planned_["private_ip"].AsBool()) {
      return Fail("Error removing private IP address for " + name_ +
                  ": Removing a Private IP address must be handled through a support ticket");
    }
    const Answer answer = context_.client.Post(
        path_ / "ips",
        Value::Object({{"type", Value::String("ipv4")}, {"public", Value::Bool(false)}}),
        context_.limits);
    if (answer.error && !(answer.error->uncertain && HasPrivateAddress())) {
      return Fail("Error activating private networking on " + name_ + ": " + answer.error->text);
    }
    reboot_ = true;
    return true;
  }

  bool HasPrivateAddress() {
    const Answer addresses = context_.client.Get(path_ / "ips", context_.limits);
    return addresses.ok() && !ItemsOf(Field(addresses.body, "ipv4"), "private").empty();
  }

  std::string MigrationType() const {
    return planned_.IsGiven("migration_type") ? planned_.Text("migration_type") : "cold";
  }

  bool Migrate() {
    if (!Differs("region")) return true;
    if (!Act("migrate", "linode_migrate_datacenter",
             Value::Object(
                 {{"region", planned_["region"]}, {"type", Value::String(MigrationType())}}),
             "migrating")) {
      return false;
    }
    if (!Reach({"offline", "running"})) return false;
    const Answer now = context_.client.Get(path_, context_.limits);
    if (now.error) return Fail("failed to get instance: " + now.error->text);
    on_ = IsOn(now.body);
    return true;
  }

  struct Disks {
    std::optional<Value> main, swap;
    std::int64_t used = 0;
    std::size_t count = 0;
    bool Implicit() const { return main && count <= 2 && (count == 1 || swap); }
  };

  std::optional<Disks> ReadDisks() {
    const ListAnswer list = context_.client.List(path_ / "disks", Value(), context_.limits);
    if (list.error) {
      Fail("failed to get instance disks: " + list.error->text);
      return std::nullopt;
    }
    Disks disks;
    disks.count = list.items.size();
    for (const Value& disk : list.items) {
      const std::string filesystem = TextOf(disk, "filesystem");
      disks.used += IntOf(disk, "size").value_or(0);
      if (filesystem == "swap") {
        disks.swap = disk;
      } else if (filesystem.starts_with("ext")) {
        disks.main = disk;
      }
    }
    return disks;
  }

  bool ResizeDisk(const Value& disk, std::int64_t size) {
    EventWatch watch("disk_resize", id_, context_);
    const Answer answer =
        context_.client.Post(path_ / "disks" / IntOf(disk, "id").value_or(0) / "resize",
                             Value::Object({{"size", Value::Number(size)}}), context_.limits);
    if (answer.error) {
      return Fail("Error resizing disk of " + name_ + ": " + answer.error->text);
    }
    if (std::string why = watch.Wait(); !why.empty()) {
      return Fail("Error resizing disk of " + name_ + ": " + why);
    }
    return true;
  }

  bool Resize() {
    if (!Differs("type")) return true;
    const std::string type = planned_.Text("type");
    const Answer new_type = context_.client.Get({"linode", "types", type}, context_.limits);
    if (new_type.error) return Fail("Error fetching type " + type + ": " + new_type.error->text);
    const std::int64_t room = IntOf(new_type.body, "disk").value_or(0);
    const bool resize_disk = planned_.IsGiven("resize_disk") && planned_["resize_disk"].AsBool();
    const auto disks = ReadDisks();
    if (!disks) return false;
    if (resize_disk && !disks->Implicit()) {
      return Fail(
          "invalid resize_disk for " + name_,
          "With \"resize_disk\" the Linode must have one ext disk and at most one swap disk. "
          "This one has " +
              std::to_string(disks->count) + " disks. Resize them by hand first.");
    }
    const bool shrinks = disks->used > room;
    if (shrinks && !resize_disk) {
      return Fail(
          "insufficient disk space for " + name_,
          "Did you try to resize a linode with implicit, default disks to a smaller type? Its "
          "disks take " +
              std::to_string(disks->used) + " MB, and " + type + " has " + std::to_string(room) +
              " MB. Set resize_disk = true to shrink them.");
    }
    const bool cold = MigrationType() == "cold";
    if ((cold || shrinks) && !ShutDown()) return false;
    if (shrinks) {
      const std::int64_t swap = disks->swap ? IntOf(*disks->swap, "size").value_or(0) : 0;
      if (!ResizeDisk(*disks->main, room - swap)) return false;
    }
    if (!Act("resize", "linode_resize",
             Value::Object({{"type", planned_["type"]},
                            {"allow_auto_disk_resize", Value::Bool(resize_disk && !shrinks)},
                            {"migration_type", Value::String(MigrationType())}}),
             "resizing")) {
      return false;
    }
    return on_ ? Reach({"running"}) : Reach({"offline"});
  }

  bool ResizeSwap() {
    if (!Differs("swap_size") || !planned_.IsGiven("swap_size")) return true;
    const auto disks = ReadDisks();
    if (!disks) return false;
    if (!disks->swap || !disks->Implicit()) {
      return Fail(
          "Error resizing swap of " + name_,
          "\"swap_size\" can be changed while the Linode has one ext disk and one swap disk. "
          "This one has not.");
    }
    const std::int64_t wanted = planned_["swap_size"].AsNumber().ToInt64().value_or(0);
    const std::int64_t grows = wanted - IntOf(*disks->swap, "size").value_or(0);
    const Answer instance = context_.client.Get(path_, context_.limits);
    if (instance.error) return Fail("failed to get instance: " + instance.error->text);
    const std::int64_t room =
        IntOf(Field(instance.body, "specs"), "disk").value_or(0) - disks->used;
    if (!ShutDown()) return false;
    if (grows > room) {
      const std::int64_t main = IntOf(*disks->main, "size").value_or(0);
      if (!ResizeDisk(*disks->main, main - (grows - room))) return false;
    }
    return ResizeDisk(*disks->swap, wanted);
  }

  bool ResetPassword(const std::string& password) {
    if (password.empty()) return true;
    if (!Reach({"running", "offline"}) || !ShutDown()) return false;
    const Answer answer = context_.client.Post(
        path_ / "password", Value::Object({{"root_pass", Value::String(password)}}),
        context_.limits);
    return !answer.error ||
           Fail("Error changing the root password of " + name_ + ": " + answer.error->text);
  }

  bool ReplaceInterfaces() {
    if (!Differs("interface")) return true;
    const ListAnswer configs = context_.client.List(path_ / "configs", Value(), context_.limits);
    if (configs.error) return Fail("failed to get instance configs: " + configs.error->text);
    if (configs.items.size() != 1) {
      return Fail(
          "Error updating the interfaces of " + name_,
          "\"interface\" blocks are those of the one configuration profile; this Linode has " +
              std::to_string(configs.items.size()) + ".");
    }
    bool vpc = false;
    for (const Record* record : {&prior_, &planned_}) {
      const Value interfaces = (*record)["interface"];
      if (!IsGiven(interfaces)) continue;
      for (const Value& interface : interfaces.elements()) {
        vpc = vpc || TextOf(interface, "purpose") == "vpc";
      }
    }
    // A Linode has to be off while its VPC interfaces change.
    if (vpc && !context_.settings.skip_implicit_reboots && !ShutDown()) return false;
    const Answer answer = context_.client.Put(
        path_ / "configs" / IntOf(configs.items[0], "id").value_or(0),
        Value::Object({{"interfaces", InterfacesBody(planned_["interface"])}}), context_.limits);
    if (answer.error) {
      return Fail("Error updating the interfaces of " + name_ + ": " + answer.error->text);
    }
    reboot_ = true;
    return true;
  }

  bool ChangePlacementGroup() {
    const Value before = prior_["placement_group"];
    const Value after = planned_["placement_group"];
    const auto id_of = [](const Value& list) {
      return HasBlock(list) ? IntOf(First(list), "id").value_or(0) : 0;
    };
    if (planned_.IsGiven("placement_group_externally_managed") &&
        planned_["placement_group_externally_managed"].AsBool()) {
      return true;
    }
    const std::int64_t from = id_of(before);
    const std::int64_t to = id_of(after);
    if (from == to) return true;
    const Value linodes = Value::Tuple({Value::Number(id_)});
    if (from != 0) {
      const Answer answer =
          context_.client.Post({"placement", "groups", from, "unassign"},
                               Value::Object({{"linodes", linodes}}), context_.limits);
      if (answer.error) {
        return Fail("Error taking " + name_ + " out of its placement group: " + answer.error->text);
      }
    }
    if (to == 0) return true;
    std::vector<Value::Entry> body = {{"linodes", linodes}};
    if (const Value strict = First(after).Attribute("compliant_only"); IsGiven(strict)) {
      body.emplace_back("compliant_only", strict);
    }
    const Answer answer = context_.client.Post({"placement", "groups", to, "assign"},
                                               Value::Object(std::move(body)), context_.limits);
    return !answer.error ||
           Fail("Error putting " + name_ + " into a placement group: " + answer.error->text);
  }

  bool Share() {
    if (!Differs("shared_ipv4")) return true;
    const std::string why = ShareAddresses(id_, planned_["shared_ipv4"], context_);
    return why.empty() || Fail("failed to share ipv4 addresses with " + name_ + ": " + why);
  }

  bool SettlePower() {
    const bool wanted =
        planned_.IsGiven("booted") && Differs("booted") ? planned_["booted"].AsBool() : was_on_;
    if (!wanted) return ShutDown();
    if (!on_) return Boot();
    if (!reboot_ || context_.settings.skip_implicit_reboots) return true;
    return Act("reboot", "linode_reboot", Value::EmptyObject(), "rebooting") && Reach({"running"});
  }

  const std::int64_t id_;
  const std::string name_;
  const ApiPath path_;
  const Record& prior_;
  const Record& planned_;
  Context& context_;
  bool on_ = false;
  bool was_on_ = false;
  bool reboot_ = false;
};

}  // namespace

bool ChangeInstance(std::int64_t id, const Record& prior, const Record& planned,
                    const std::string& new_password, Context& context) {
  return Changing(id, prior, planned, context).Run(new_password);
}

std::string ShareAddresses(std::int64_t id, const Value& addresses, Context& context) {
  const Value body =
      Value::Object({{"ips", IsGiven(addresses) ? addresses : Value::Set(Type::String(), {})},
                     {"linode_id", Value::Number(id)}});
  const Answer answer = context.client.Post({"networking", "ips", "share"}, body, context.limits);
  return answer.error ? answer.error->text : "";
}

Value AlertsBody(const Value& alerts) {
  std::vector<Value::Entry> body;
  const Value& block = First(alerts);
  for (std::size_t i = 0; i < block.Length(); ++i) {
    if (IsGiven(block.elements()[i])) body.emplace_back(block.KeyAt(i), block.elements()[i]);
  }
  return Value::Object(std::move(body));
}

Value InterfacesBody(const Value& interfaces) {
  std::vector<Value> bodies;
  if (!IsGiven(interfaces)) return Value::EmptyTuple();
  for (const Value& interface : interfaces.elements()) {
    std::vector<Value::Entry> body;
    for (const char* name :
         {"purpose", "label", "ipam_address", "subnet_id", "primary", "ip_ranges"}) {
      if (const Value value = interface.Attribute(name); !IsEmptyValue(value) && value.IsKnown()) {
        body.emplace_back(name, value);
      }
    }
    if (const Value ipv4 = interface.Attribute("ipv4"); HasBlock(ipv4)) {
      std::vector<Value::Entry> addresses;
      for (const char* name : {"vpc", "nat_1_1"}) {
        if (const Value value = First(ipv4).Attribute(name); IsGiven(value)) {
          addresses.emplace_back(name, value);
        }
      }
      body.emplace_back("ipv4", Value::Object(std::move(addresses)));
    }
    if (const Value ipv6 = interface.Attribute("ipv6"); HasBlock(ipv6)) {
      std::vector<Value::Entry> addresses;
      if (const Value open = First(ipv6).Attribute("is_public"); IsGiven(open)) {
        addresses.emplace_back("is_public", open);
      }
      for (const char* name : {"slaac", "range"}) {
        std::vector<Value> ranges;
        const Value list = First(ipv6).Attribute(name);
        if (!HasBlock(list)) continue;
        for (const Value& block : list.elements()) {
          ranges.push_back(Value::Object({{"range", block.Attribute("range")}}));
        }
        addresses.emplace_back(std::string(name) == "range" ? "ranges" : name,
                               Value::Tuple(std::move(ranges)));
      }
      body.emplace_back("ipv6", Value::Object(std::move(addresses)));
    }
    bodies.push_back(Value::Object(std::move(body)));
  }
  return Value::Tuple(std::move(bodies));
}

}  // namespace tkn::linode
