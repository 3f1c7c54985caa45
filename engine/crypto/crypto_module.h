#pragma once

#include <cstddef>

// The border between the program and libtkn_crypto.so. Only plain data and abstract classes cross
// it, no exception and no allocation that the other side frees: the two may have been linked with
// different C++ libraries.
namespace tkn::crypto {

inline constexpr int kCryptoModuleVersion = 1;
inline constexpr std::size_t kMaxDigestBytes = 64;

enum class RsaOutcome : int { kDecrypted, kNoKey, kNotForKey };

class CryptoModule {
 public:
  // The length of the digest; 0 when OpenSSL knows no such algorithm.
  virtual std::size_t Digest(const char* algorithm, const char* bytes, std::size_t size,
                             unsigned char (&digest)[kMaxDigestBytes]) noexcept = 0;
  // PKCS #1 v1.5 with a key in PEM that has no passphrase. `plain` has room for `plain_size` bytes,
  // at least `size`, and that many were written afterwards.
  virtual RsaOutcome RsaDecrypt(const char* pem, std::size_t pem_size, const char* bytes,
                                std::size_t size, char* plain,
                                std::size_t& plain_size) noexcept = 0;

 protected:
  ~CryptoModule() = default;
};

// CryptoModule*(int version); see engine/module/late_module.h.
inline constexpr char kCryptoModuleSymbol[] = "tkn_crypto_module";

}  // namespace tkn::crypto
