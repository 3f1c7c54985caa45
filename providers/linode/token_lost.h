#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/value/value.h"
#include "providers/linode/instant.h"
#include "providers/linode/resource.h"

// A create of a token whose answer never came: which of the account's tokens it made. The secret
// was in that answer alone, so what is found is to be replaced.
namespace tkn::linode {

inline constexpr char kTokenType[] = "linode_token";
inline constexpr char kTokenCreateSummary[] = "Token creation error";

ApiPath TokensPath();
// As the API writes times, to as we store them; a text that is no time is kept as it is.
Value StoredTime(const std::string& text);

// What was asked for in a create, as far as a listing can show it.
struct WantedToken {
  std::optional<std::string> label;
  std::string scopes;
  std::optional<Instant> expiry;  // nullopt: never
  bool ends = false;              // without `expiry`: at some time that the run chose
  std::int64_t started;

  static WantedToken Of(const Value& planned, std::int64_t started, const Context& context);
  std::string Key() const {
    return label.value_or("") + "\n" + scopes + "\n" + (expiry ? expiry->ToApi() : "");
  }
  bool Fits(const Value& token, const CreationWindow& window) const;
};

// In the run that lost the answer, to `error`.
ApplyResponse SettleLostToken(const ResourceType& type, const ApplyRequest& request,
                              const ApiError& error, const WantedToken& wanted, Context& context);
// In a later run.
ResolveResponse ResolveTokenCreate(const ResourceType& type, const ResolveRequest& request,
                                   Context& context);

}  // namespace tkn::linode
