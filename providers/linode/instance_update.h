#pragma once

#include <cstdint>

#include "providers/linode/record.h"
#include "providers/linode/resource.h"

namespace tkn::linode {

// Carries out what differs between prior and planned, one call after the other in the real
// provider's order. False: an error was added; what was done until then stays done.
bool ChangeInstance(std::int64_t id, const Record& prior, const Record& planned,
                    const std::string& new_password, Context& context);

// POST /networking/ips/share; empty: done, otherwise the client's error.
std::string ShareAddresses(std::int64_t id, const Value& addresses, Context& context);
// {cpu: ...} of the alerts block, what is unknown or null left out.
Value AlertsBody(const Value& alerts);
Value InterfacesBody(const Value& interfaces);

}  // namespace tkn::linode
