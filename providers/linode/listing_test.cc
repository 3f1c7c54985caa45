#include "providers/linode/listing.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "providers/linode/simulator_driver.h"

namespace tkn::linode {
namespace {

using testing::Driver;
using testing::SimulatorProcess;

Value T(const std::string& text) { return Value::String(text); }

Value Filters(const std::vector<std::vector<std::string>>& rows) {
  const Type type = Type::Object({{"match_by", Type::String()},
                                  {"name", Type::String()},
                                  {"values", Type::List(Type::String())}});
  std::vector<Value> filters;
  for (const auto& row : rows) {  // name, match_by, values
    std::vector<Value> values;
    for (std::size_t i = 2; i < row.size(); ++i) values.push_back(T(row[i]));
    filters.push_back(
        Value::ObjectOf(type, {row[1].empty() ? Value::Null(Type::String()) : T(row[1]), T(row[0]),
                               Value::List(Type::String(), std::move(values))}));
  }
  return Value::Set(type, std::move(filters));
}

std::vector<std::string> Ids(const Value& data, const char* items) {
  std::vector<std::string> ids;
  if (data.IsNull()) return ids;
  for (const Value& item : data.Attribute(items).elements()) {
    ids.emplace_back(item.Attribute("id").AsString());
  }
  return ids;
}

TEST_CASE("regions, types and images are listed and chosen from", "[simulator][listing]") {
  SimulatorProcess sim;
  Driver d{sim};
  const std::vector<std::string> regions = Ids(d.ReadData("linode_regions", {}), "regions");
  INFO(d.Problems());
  CHECK(regions.size() > 2);
  struct Row {
    const char* type;
    const char* items;
    std::map<std::string, Value> given;
    bool (*fits)(const Value& item);
  };
  const Row rows[] = {
      {"linode_regions",
       "regions",
       {{"filter", Filters({{"country", "", "us", "de"}})}},
       [](const Value& item) {
         const auto country = item.Attribute("country").AsString();
         return country == "us" || country == "de";
       }},
      {"linode_regions",
       "regions",
       {{"filter", Filters({{"country", "", "us"}, {"capabilities", "sub", "Block"}})}},
       [](const Value& item) { return item.Attribute("country").AsString() == "us"; }},
      {"linode_instance_types",
       "types",
       {{"filter", Filters({{"vcpus", "", "2", "4"}})}},
       [](const Value& item) {
         const auto cpus = item.Attribute("vcpus").AsNumber().ToInt64();
         return cpus == 2 || cpus == 4;
       }},
      {"linode_instance_types",
       "types",
       {{"filter", Filters({{"label", "regex", "^Nanode"}})}},
       [](const Value& item) { return item.Attribute("label").AsString().starts_with("Nanode"); }},
      {"linode_images",
       "images",
       {{"filter", Filters({{"vendor", "", "Debian"}})}},
       [](const Value& item) { return item.Attribute("vendor").AsString() == "Debian"; }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.type);
    const Value data = d.ReadData(row.type, row.given);
    INFO(d.Problems());
    REQUIRE(d.diags.empty());
    const Value all = d.ReadData(row.type, {});
    std::vector<std::string> expected;
    for (const Value& item : all.Attribute(row.items).elements()) {
      if (row.fits(item)) expected.emplace_back(item.Attribute("id").AsString());
    }
    std::vector<std::string> ids = Ids(data, row.items);
    CHECK(!ids.empty());
    std::sort(ids.begin(), ids.end());
    std::sort(expected.begin(), expected.end());
    CHECK(std::includes(expected.begin(), expected.end(), ids.begin(), ids.end()));
  }
}

TEST_CASE("lists are ordered by the API, and the newest is chosen", "[simulator][listing]") {
  SimulatorProcess sim;
  Driver d{sim};
  const Value up =
      d.ReadData("linode_instance_types", {{"order", T("asc")}, {"order_by", T("memory")}});
  const Value down = d.ReadData("linode_instance_types", {{"order_by", T("memory")}});
  INFO(d.Problems());
  REQUIRE(d.diags.empty());
  std::vector<std::string> ids = Ids(up, "types");
  CHECK(ids.size() > 2);
  std::reverse(ids.begin(), ids.end());
  CHECK(Ids(down, "types").front() == ids.front());

  const Value newest = d.ReadData("linode_images", {{"latest", Value::Bool(true)}});
  REQUIRE(newest.Attribute("images").Length() == 1);
  const auto created = newest.Attribute("images").elements()[0].Attribute("created").AsString();
  const Value all = d.ReadData("linode_images", {});
  for (const Value& image : all.Attribute("images").elements()) {
    CHECK(image.Attribute("created").AsString() <= created);
  }
  const Value none = d.ReadData("linode_images", {{"latest", Value::Bool(true)},
                                                  {"filter", Filters({{"label", "", "no such"}})}});
  CHECK(none.Attribute("images").Length() == 0);
  CHECK(!none.Attribute("id").RawEquals(all.Attribute("id")));
}

TEST_CASE("wrong filters are told when they are validated", "[listing]") {
  SimulatorProcess sim;
  const std::pair<std::map<std::string, Value>, const char*> rows[] = {
      {{{"filter", Filters({{"color", "", "red"}})}},
       "\"color\" is not a filterable field. Valid filters: class, disk, gpus, label, memory, "
       "network_out, transfer, vcpus"},
      {{{"filter", Filters({{"label", "like", "x"}})}}, "Attribute match_by value must be one of"},
      {{{"filter", Filters({{"label", "re", "("}})}}, "\"(\" is no regular expression"},
      {{{"order_by", T("color")}}, "\"color\" is not a filterable field."},
      {{{"order", T("up")}}, "Attribute order value must be one of"},
      {{{"filter", Filters({{"vcpus", "", "two"}})}}, "\"two\" can't be a value of \"vcpus\""},
  };
  for (const auto& [given, detail] : rows) {
    CAPTURE(detail);
    Driver d{sim};
    d.ReadData("linode_instance_types", given);
    REQUIRE(d.diags.size() == 1);
    CHECK(d.diags[0].detail.starts_with(detail));
  }
}

TEST_CASE("an SSH key is found by its label", "[simulator][listing]") {
  SimulatorProcess sim;
  Driver d{sim};
  const Value made = d.Create("linode_sshkey",
                              {{"label", T("laptop")}, {"ssh_key", T("ssh-ed25519 AAAAC3Nza me")}});
  INFO(d.Problems());
  REQUIRE(d.diags.empty());
  CHECK(d.ReadData("linode_sshkey", {{"label", T("laptop")}}).RawEquals(made));
  d.ReadData("linode_sshkey", {{"label", T("desktop")}});
  REQUIRE(d.diags.size() == 1);
  CHECK(d.diags[0].summary == "Linode SSH Key with label desktop was not found");
}

}  // namespace
}  // namespace tkn::linode
