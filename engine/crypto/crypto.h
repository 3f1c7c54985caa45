#pragma once

#include <optional>
#include <string>
#include <string_view>

// Digests and RSA by OpenSSL, which is loaded when it is first needed. Any thread may call. Throws
// std::runtime_error when the module can not be loaded: the installation is broken.
namespace tkn::crypto {

// The digest's bytes; `algorithm` as OpenSSL calls it: MD5, SHA1, SHA256, SHA512, SHA3-512. Another
// name is a bug.
std::string Digest(const char* algorithm, std::string_view bytes);
std::string ToHex(std::string_view bytes);  // lower case

struct RsaResult {
  bool is_key = true;  // the text is an RSA private key in PEM, without a passphrase
  std::optional<std::string> plain{};  // nothing when it was not encrypted for this key
};
// PKCS #1 v1.5.
RsaResult RsaDecrypt(std::string_view pem, std::string_view bytes);

}  // namespace tkn::crypto
