#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tkn::simulator {

// Who makes a call.
struct Caller {
  int64_t token_id = 0;
  std::string scopes = "unknown";  // as stored with the token; also what X-OAuth-Scopes says
  bool anonymous = true;
};

// Splits on spaces and commas alike: old tokens carry commas.
std::vector<std::string> SplitScopes(std::string_view scopes);

// Whether `held` covers every scope of `needed` ("volumes:read_write,linodes:read_write"; "*" needs
// none).
bool Grants(std::string_view held, std::string_view needed);

// The first word of `scopes` that is no scope the API knows, if any.
std::optional<std::string> UnknownScope(std::string_view scopes);

}  // namespace tkn::simulator
