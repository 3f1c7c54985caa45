#include "providers/linode/password.h"

#include <openssl/evp.h>
#include <sys/random.h>

#include <array>
#include <span>
#include <stdexcept>

namespace tkn::linode {
namespace {

std::string Base64(std::span<const unsigned char> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

}  // namespace

std::string PasswordHash(std::string_view password) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int size = 0;
  if (EVP_Digest(password.data(), password.size(), hash.data(), &size, EVP_sha3_512(), nullptr) !=
      1) {
    throw std::logic_error("this OpenSSL has no SHA3-512");
  }
  return Base64({hash.data(), size});
}

std::string RandomPassword() {
  std::array<unsigned char, 50> bytes{};
  // Up to 256 bytes come whole or not at all.
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw std::logic_error("the system gives no random bytes");
  }
  return Base64(bytes);
}

}  // namespace tkn::linode
