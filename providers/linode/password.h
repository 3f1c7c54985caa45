#pragma once

#include <string>
#include <string_view>

namespace tkn::linode {

// base64(SHA3-512(password)): what the state holds of a root password.
std::string PasswordHash(std::string_view password);
// 50 random bytes in base64, for a Linode whose password nobody needs to know.
std::string RandomPassword();

}  // namespace tkn::linode
