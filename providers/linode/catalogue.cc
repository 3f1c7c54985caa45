#include "providers/linode/catalogue.h"

#include <string_view>
#include <utility>

#include "engine/value/json.h"
#include "providers/linode/answer.h"
#include "providers/linode/listing.h"
#include "providers/linode/lookup.h"
#include "providers/linode/record.h"

namespace tkn::linode {
namespace {

AttributeSchema Computed(const char* name, Type type) {
  return {.name = name, .type = type, .computed = true};
}
AttributeSchema Text(const char* name) { return Computed(name, Type::String()); }
AttributeSchema Number(const char* name) { return Computed(name, Type::Number()); }
AttributeSchema Flag(const char* name) { return Computed(name, Type::Bool()); }
AttributeSchema Texts(const char* name) { return Computed(name, Type::List(Type::String())); }

Type ObjectOf(std::vector<std::pair<const char*, Type>> attributes) {
  std::vector<ObjectAttribute> list;
  for (auto& [name, type] : attributes) list.push_back({name, type});
  return Type::Object(std::move(list));
}

Type Prices() {
  return Type::List(ObjectOf({{"hourly", Type::Number()}, {"monthly", Type::Number()}}));
}
Type RegionPrices() {
  return Type::List(
      ObjectOf({{"id", Type::String()}, {"hourly", Type::Number()}, {"monthly", Type::Number()}}));
}

// With `id` as the argument that names the object.
std::vector<AttributeSchema> ById(std::vector<AttributeSchema> attributes) {
  for (AttributeSchema& attribute : attributes) {
    if (attribute.name != "id") continue;
    attribute.required = true;
    attribute.computed = false;
  }
  return attributes;
}

void FinishProfile(const Value& answer, Record& record) { record.SetText("id", ToJson(answer)); }

void FinishAccount(const Value& answer, Record& record) {
  record.SetText("id", TextOf(answer, "email"));
  record.Set("active_since", ApiTime(Field(answer, "active_since")));
}

void FinishImage(const Value& answer, Record& record) {
  record.Set("replications", Shape(Field(answer, "regions"), record.TypeOf("replications")));
  for (const char* name : {"created", "expiry"}) record.Set(name, ApiTime(record[name]));
}

}  // namespace

std::vector<AttributeSchema> RegionAttributes() {
  return {
      Text("id"),
      Text("label"),
      Text("country"),
      Text("status"),
      Text("site_type"),
      Texts("capabilities"),
      Computed("resolvers",
               Type::List(ObjectOf({{"ipv4", Type::String()}, {"ipv6", Type::String()}}))),
      Computed("placement_group_limits",
               Type::List(ObjectOf({{"maximum_pgs_per_customer", Type::Number()},
                                    {"maximum_linodes_per_pg", Type::Number()}}))),
      Computed("monitors", Type::List(ObjectOf({{"alerts", Type::List(Type::String())},
                                                {"metrics", Type::List(Type::String())}}))),
  };
}

std::vector<AttributeSchema> InstanceTypeAttributes() {
  return {
      Text("id"),
      Text("label"),
      Text("class"),
      Number("disk"),
      Number("memory"),
      Number("vcpus"),
      Number("gpus"),
      Number("transfer"),
      Number("network_out"),
      Number("accelerated_devices"),
      Computed("price", Prices()),
      Computed("region_prices", RegionPrices()),
      Computed("addons",
               Type::List(ObjectOf(
                   {{"backups", Type::List(ObjectOf(
                                    {{"price", Prices()}, {"region_prices", RegionPrices()}}))}}))),
  };
}

std::vector<AttributeSchema> ImageAttributes() {
  return {
      Text("id"),
      Text("label"),
      Text("description"),
      Text("created"),
      Text("created_by"),
      Flag("deprecated"),
      Flag("is_public"),
      Flag("is_shared"),
      Number("size"),
      Number("total_size"),
      Text("status"),
      Text("type"),
      Text("expiry"),
      Text("vendor"),
      Texts("tags"),
      Texts("capabilities"),
      Computed("replications",
               Type::List(ObjectOf({{"region", Type::String()}, {"status", Type::String()}}))),
  };
}

std::unique_ptr<DataSource> MakeProfileData() {
  return MakeLookup(
      {.type = "linode_profile",
       .path = "profile",
       .attributes = {Text("id"), Text("email"), Text("timezone"), Flag("email_notifications"),
                      Text("username"), Flag("ip_whitelist_enabled"), Text("lish_auth_method"),
                      Texts("authorized_keys"), Flag("two_factor_auth"), Flag("restricted"),
                      Computed("referrals", Type::List(ObjectOf({{"total", Type::Number()},
                                                                 {"credit", Type::Number()},
                                                                 {"completed", Type::Number()},
                                                                 {"pending", Type::Number()},
                                                                 {"code", Type::String()},
                                                                 {"url", Type::String()}})))},
       .error_summary = "Unable to get profile",
       .finish = &FinishProfile});
}

std::unique_ptr<DataSource> MakeAccountData() {
  return MakeLookup(
      {.type = "linode_account",
       .path = "account",
       .attributes = {Text("id"), Text("euuid"), Text("email"), Text("first_name"),
                      Text("last_name"), Text("company"), Text("address_1"), Text("address_2"),
                      Text("phone"), Text("city"), Text("state"), Text("country"), Text("zip"),
                      Number("balance"), Texts("capabilities"), Text("active_since")},
       .error_summary = "Unable to get Account",
       .finish = &FinishAccount});
}

std::unique_ptr<DataSource> MakeRegionData() {
  return MakeLookup({.type = "linode_region",
                     .path = "regions/{id}",
                     .attributes = ById(RegionAttributes()),
                     .error_summary = "Unable to find the Linode Region"});
}

std::unique_ptr<DataSource> MakeInstanceTypeData() {
  return MakeLookup({.type = "linode_instance_type",
                     .path = "linode/types/{id}",
                     .attributes = ById(InstanceTypeAttributes()),
                     .error_summary = "Error getting type %: "});
}

std::unique_ptr<DataSource> MakeImageData() {
  return MakeLookup({.type = "linode_image",
                     .path = "images/{id}",
                     .attributes = ById(ImageAttributes()),
                     .error_summary = "Image not found.",
                     .finish = &FinishImage});
}

std::unique_ptr<DataSource> MakeRegionsData() {
  return MakeListing({.type = "linode_regions",
                      .path = "regions",
                      .items = "regions",
                      .attributes = RegionAttributes(),
                      .error_summary = "Failed to list Linode Regions",
                      .api_filters = {"site_type"},
                      .local_filters = {"capabilities", "country", "status"}});
}

std::unique_ptr<DataSource> MakeInstanceTypesData() {
  return MakeListing({.type = "linode_instance_types",
                      .path = "linode/types",
                      .items = "types",
                      .attributes = InstanceTypeAttributes(),
                      .error_summary = "Failed to list Linode types",
                      .api_filters = {"class", "disk", "gpus", "label", "memory", "network_out",
                                      "transfer", "vcpus"},
                      .local_filters = {},
                      .ordered = true});
}

std::unique_ptr<DataSource> MakeImagesData() {
  return MakeListing({.type = "linode_images",
                      .path = "images",
                      .items = "images",
                      .attributes = ImageAttributes(),
                      .error_summary = "Failed to list Linode images",
                      .api_filters = {"deprecated", "is_public", "label", "size", "vendor"},
                      .local_filters = {"created_by", "id", "status", "description", "type", "tags",
                                        "capabilities"},
                      .ordered = true,
                      .latest = true,
                      .finish = &FinishImage});
}

}  // namespace tkn::linode
