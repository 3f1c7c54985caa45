#pragma once

#include <cstdint>
#include <string>

#include "engine/value/value.h"
#include "providers/linode/resource.h"

// What is worth saying about a token beyond whether it can be made. Nothing here is an error but
// scopes that the API is going to refuse.
namespace tkn::linode {

// Scopes that look mistyped: needs nothing but the text.
void WarnOfScopes(const Value& scopes, Diagnostics& diags);

// Of a token that a plan creates, or (prior not null) gives other scopes.
void AdviseOnPlan(const Value& prior, const Value& planned, bool never_expires, Context& context);

// Of a token that exists: "expires in 12 days".
void WarnOfExpiry(const std::string& id, const Value& expiry, Context& context);

// "in 12 days", "in 5 hours", "in 3 minutes".
std::string InWords(std::int64_t seconds);

}  // namespace tkn::linode
