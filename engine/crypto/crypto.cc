#include "engine/crypto/crypto.h"

#include <algorithm>
#include <stdexcept>

#include "engine/crypto/crypto_module.h"
#include "engine/module/late_module.h"

namespace tkn::crypto {
namespace {

// Room for the text of a key of 65,536 bits.
constexpr std::size_t kMostPlainBytes = 8192;

CryptoModule& Module() {
  struct Loaded {
    std::string problem;
    CryptoModule* module = LoadModule<CryptoModule>(
        ModulePaths("libtkn_crypto.so"), kCryptoModuleSymbol, kCryptoModuleVersion, problem);
  };
  static const Loaded loaded;
  if (loaded.module == nullptr) {
    throw std::runtime_error("the module libtkn_crypto.so can't be used: " + loaded.problem);
  }
  return *loaded.module;
}

}  // namespace

std::string Digest(const char* algorithm, std::string_view bytes) {
  unsigned char digest[kMaxDigestBytes];
  const std::size_t size = Module().Digest(algorithm, bytes.data(), bytes.size(), digest);
  if (size == 0) throw std::logic_error(std::string("no digest ") + algorithm);
  return {reinterpret_cast<const char*>(digest), size};
}

std::string ToHex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

RsaResult RsaDecrypt(std::string_view pem, std::string_view bytes) {
  std::string plain(std::max(kMostPlainBytes, bytes.size()), '\0');
  std::size_t size = plain.size();
  switch (
      Module().RsaDecrypt(pem.data(), pem.size(), bytes.data(), bytes.size(), plain.data(), size)) {
    case RsaOutcome::kNoKey:
      return {.is_key = false};
    case RsaOutcome::kNotForKey:
      return {};
    case RsaOutcome::kDecrypted:
      break;
  }
  plain.resize(size);
  return {.plain = std::move(plain)};
}

}  // namespace tkn::crypto
