#include "engine/crypto/crypto_module.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>

// The whole of libtkn_crypto.so, the only file that knows OpenSSL.
namespace tkn::crypto {
namespace {

static_assert(kMaxDigestBytes == EVP_MAX_MD_SIZE);

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeContext {
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};

// Never asks anybody for a passphrase.
int NoPassphrase(char*, int, int, void*) { return 0; }

class OpenSsl final : public CryptoModule {
 public:
  std::size_t Digest(const char* algorithm, const char* bytes, std::size_t size,
                     unsigned char (&digest)[kMaxDigestBytes]) noexcept override {
    const EVP_MD* const type = EVP_get_digestbyname(algorithm);
    unsigned length = 0;
    if (type == nullptr || EVP_Digest(bytes, size, digest, &length, type, nullptr) != 1) return 0;
    return length;
  }

  RsaOutcome RsaDecrypt(const char* pem, std::size_t pem_size, const char* bytes, std::size_t size,
                        char* plain, std::size_t& plain_size) noexcept override {
    const std::unique_ptr<BIO, FreeBio> bio(BIO_new_mem_buf(pem, static_cast<int>(pem_size)));
    const std::unique_ptr<EVP_PKEY, FreeKey> key(
        PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr));
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return RsaOutcome::kNoKey;
    const std::unique_ptr<EVP_PKEY_CTX, FreeContext> decrypt(EVP_PKEY_CTX_new(key.get(), nullptr));
    const auto* in = reinterpret_cast<const unsigned char*>(bytes);
    std::size_t needed = 0;
    if (EVP_PKEY_decrypt_init(decrypt.get()) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(decrypt.get(), RSA_PKCS1_PADDING) != 1 ||
        EVP_PKEY_decrypt(decrypt.get(), nullptr, &needed, in, size) != 1 || needed > plain_size ||
        EVP_PKEY_decrypt(decrypt.get(), reinterpret_cast<unsigned char*>(plain), &plain_size, in,
                         size) != 1) {
      return RsaOutcome::kNotForKey;
    }
    return RsaOutcome::kDecrypted;
  }
};

}  // namespace
}  // namespace tkn::crypto

extern "C" __attribute__((visibility("default"))) tkn::crypto::CryptoModule* tkn_crypto_module(
    int version) {
  if (version != tkn::crypto::kCryptoModuleVersion) return nullptr;
  static tkn::crypto::OpenSsl module;
  return &module;
}
