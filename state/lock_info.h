#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "state/store.h"

namespace tkn::state {

// A random UUID (version 4), for locks and lineages.
std::string NewUuid();
// "alice@build-7", or as much of it as the system tells.
std::string UserAtHost();
// Now, in UTC: 2026-11-24T04:22:30.349765345Z.
std::string Rfc3339Now();

// Ready to be given to StateStore::Lock(): all but `path`, which the store fills in.
LockInfo NewLockInfo(std::string operation, std::string info, std::string version);

// The record that lies in the lock file, with Terraform's field names.
std::string LockInfoToJson(const LockInfo& info);
std::optional<LockInfo> LockInfoFromJson(std::string_view json);

// "Error acquiring the state lock": why, who holds it as far as that is known, and what to do.
Diagnostic LockRefused(const std::string& reason, const std::optional<LockInfo>& holder);

}  // namespace tkn::state
