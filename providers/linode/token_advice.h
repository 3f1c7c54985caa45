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

// Of a token that a plan creates, or (prior not null) gives other scopes. `may_ask`: what the token
// in use may do, unless an answer has told it already.
void AdviseOnPlan(const Value& prior, const Value& planned, bool never_expires, bool may_ask,
                  Context& context);

// The error about scopes that the token in use is known not to have. False when there are none.
bool RefuseScopes(const std::string& scopes, const std::string& held, Diagnostics& diags);

// Of a token that exists: "expires in 12 days".
void WarnOfExpiry(const std::string& id, const Value& expiry, Context& context);

// "in 12 days", "in 5 hours", "in 3 minutes".
std::string InWords(std::int64_t seconds);

}  // namespace tkn::linode
