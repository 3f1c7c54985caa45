#include "providers/linode/password.h"

#include <sys/random.h>

#include <array>
#include <stdexcept>

#include "engine/crypto/crypto.h"
#include "engine/lang/functions/base64.h"

namespace tkn::linode {

std::string PasswordHash(std::string_view password) {
  return lang::ToBase64(crypto::Digest("SHA3-512", password));
}

std::string RandomPassword() {
  std::array<char, 50> bytes{};
  // Up to 256 bytes come whole or not at all.
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw std::logic_error("the system gives no random bytes");
  }
  return lang::ToBase64({bytes.data(), bytes.size()});
}

}  // namespace tkn::linode
