#pragma once

#include <string_view>

#include "state/store.h"

namespace tkn::cli {

// Who we are, for the lock: user, host, process, time, and what for.
state::LockInfo MakeLockRecord(std::string_view operation);

}  // namespace tkn::cli
