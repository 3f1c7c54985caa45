#include "state/store.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <tuple>

namespace tkn::state {
namespace {

using Place = std::tuple<const Address&, std::string_view>;

Place PlaceOf(const StoredObject& object) { return {object.address, object.deposed_key}; }

void NoHistory(Diagnostics& diags) {
  diags.Add({.summary = "No history",
             .detail = "This state is kept in Terraform's own format, which has room for the "
                       "present alone. A state in tkn.db keeps its history."});
}

}  // namespace

const StoredObject* Snapshot::Find(const Address& address, std::string_view deposed_key) const {
  const Place wanted{address, deposed_key};
  const auto found = std::lower_bound(
      objects.begin(), objects.end(), wanted,
      [](const StoredObject& object, const Place& place) { return PlaceOf(object) < place; });
  return found != objects.end() && PlaceOf(*found) == wanted ? &*found : nullptr;
}

std::pair<std::size_t, std::size_t> Snapshot::Range(const ResourceAddress& resource) const {
  const auto compare = [&resource](const StoredObject& object) {
    const auto module = object.address.module <=> resource.module;
    return module != 0 ? module : object.address.resource <=> resource.resource;
  };
  const auto begin = std::partition_point(objects.begin(), objects.end(),
                                          [&](const StoredObject& o) { return compare(o) < 0; });
  const auto end = std::partition_point(begin, objects.end(),
                                        [&](const StoredObject& o) { return compare(o) == 0; });
  return {static_cast<std::size_t>(begin - objects.begin()),
          static_cast<std::size_t>(end - objects.begin())};
}

void Snapshot::Sort() {
  const auto by_place = [](const StoredObject& a, const StoredObject& b) {
    return PlaceOf(a) < PlaceOf(b);
  };
  if (!std::is_sorted(objects.begin(), objects.end(), by_place)) {
    std::sort(objects.begin(), objects.end(), by_place);
  }
  std::sort(outputs.begin(), outputs.end(),
            [](const StoredOutput& a, const StoredOutput& b) { return a.name < b.name; });
}

const char* ToText(IntentAction action) {
  switch (action) {
    case IntentAction::kCreate:
      return "create";
    case IntentAction::kUpdate:
      return "update";
    case IntentAction::kDelete:
      return "delete";
  }
  throw std::logic_error("no such action");
}

std::shared_ptr<const Snapshot> StateStore::ReadPart(const std::vector<TargetAddress>& wanted,
                                                     Diagnostics& diags) {
  const auto whole = Read(diags);
  if (!whole) return nullptr;
  auto part = std::make_shared<Snapshot>();
  part->lineage = whole->lineage;
  part->serial = whole->serial;
  part->terraform_version = whole->terraform_version;
  part->outputs = whole->outputs;
  part->checks = whole->checks;
  std::copy_if(whole->objects.begin(), whole->objects.end(), std::back_inserter(part->objects),
               [&wanted](const StoredObject& object) {
                 return std::any_of(wanted.begin(), wanted.end(), [&](const TargetAddress& target) {
                   return target.Contains(object.address);
                 });
               });
  return part;
}

std::optional<std::vector<Address>> StateStore::Addresses(Diagnostics& diags) {
  const auto snapshot = Read(diags);
  if (!snapshot) return std::nullopt;
  std::vector<Address> addresses;
  addresses.reserve(snapshot->objects.size());
  for (const StoredObject& object : snapshot->objects) addresses.push_back(object.address);
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  return addresses;
}

std::optional<std::vector<HistoryEntry>> StateStore::History(Diagnostics& diags) {
  NoHistory(diags);
  return std::nullopt;
}

std::shared_ptr<const Snapshot> StateStore::ReadAt(std::uint64_t, Diagnostics& diags) {
  NoHistory(diags);
  return nullptr;
}

std::optional<std::int64_t> StateStore::PruneHistory(std::int64_t, Diagnostics& diags) {
  NoHistory(diags);
  return std::nullopt;
}

}  // namespace tkn::state
