#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "providers/linode/record.h"
#include "providers/linode/resource.h"

// From what the API says of a Linode to the object in the state.
namespace tkn::linode {

struct InstanceSnapshot {
  Value instance;
  Value addresses;  // of /ips
  std::vector<Value> disks;
  std::vector<Value> configs;
};

// Four GETs. nullopt: `error`, and `what` was being read ("instance", "instance networking" ...).
std::optional<InstanceSnapshot> FetchInstance(std::int64_t id, Context& context, ApiError& error,
                                              std::string& what);

bool IsOn(const Value& instance);

// Takes over what the API says. Unset and "", 0, false are one thing: the record's spelling stays.
// What the API does not tell (image, password ...) stays; blocks are only refreshed where the
// record has them.
void MergeInstance(const InstanceSnapshot& snapshot, Record& record);

// `planned` with what is unknown in it, at any depth, taken from `fresh`.
Value FillUnknown(const Value& planned, const Value& fresh);

std::string FirstPublicAddress(const InstanceSnapshot& snapshot);
// From the instance alone, before its addresses were read.
void SetEarlyAddresses(const Value& instance, Record& record);

}  // namespace tkn::linode
