#include <crypt.h>
#include <sys/random.h>

#include <cstring>
#include <memory>

#include "engine/crypto/crypto.h"
#include "engine/lang/functions/base64.h"
#include "engine/lang/functions/entry.h"
#include "engine/value/text.h"

namespace tkn::lang {
namespace {

std::string RandomBytes(std::size_t size) {
  std::string bytes(size, '\0');
  if (getrandom(bytes.data(), size, 0) != static_cast<ssize_t>(size))
    throw std::logic_error("no random bytes");
  return bytes;
}

std::string UuidText(std::string bytes, int version) {
  bytes.resize(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | (version << 4));
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string hex = crypto::ToHex(bytes);
  for (const std::size_t at : {20, 16, 12, 8}) hex.insert(at, "-");
  return hex;
}

// With or without dashes, braces or "urn:uuid:".
std::optional<std::string> ParseUuid(std::string_view text) {
  constexpr std::string_view kUrn = "urn:uuid:";
  if (text.size() == 45 && ToLower(text.substr(0, kUrn.size())) == kUrn)
    text.remove_prefix(kUrn.size());
  if (text.size() == 38 && text.starts_with('{') && text.ends_with('}')) text = text.substr(1, 36);
  const bool dashed = text.size() == 36;
  if (!dashed && text.size() != 32) return std::nullopt;
  std::string bytes;
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = dashed && (i == 8 || i == 13 || i == 18 || i == 23);
    if (dash != (text[i] == '-')) return std::nullopt;
    if (dash) continue;
    if (!std::isxdigit(static_cast<unsigned char>(text[i]))) return std::nullopt;
    digits += text[i];
    if (digits.size() == 2)
      bytes += static_cast<char>(std::stoi(std::exchange(digits, {}), nullptr, 16));
  }
  return bytes;
}

FunctionResult UuidV5(Arguments a, Type, const CallContext& context) {
  static constexpr std::pair<std::string_view, const char*> kKnown[] = {
      {"dns", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"},
      {"url", "6ba7b811-9dad-11d1-80b4-00c04fd430c8"},
      {"oid", "6ba7b812-9dad-11d1-80b4-00c04fd430c8"},
      {"x500", "6ba7b814-9dad-11d1-80b4-00c04fd430c8"}};
  std::string_view name_space = a[0].AsString();
  for (const auto& [name, uuid] : kKnown) {
    if (name_space == name) name_space = uuid;
  }
  const auto bytes = ParseUuid(name_space);
  if (!bytes) {
    return CallError("uuidv5() doesn't support namespace " + Shown(a[0].AsString(), context) +
                     ": give dns, url, oid, x500 or a UUID");
  }
  return Value::String(UuidText(crypto::Digest("SHA1", *bytes + std::string(a[1].AsString())), 5));
}

FunctionResult Uuid(Arguments, Type type, const CallContext& context) {
  if (context.scope.pure_only()) return Value::Unknown(type);
  return Value::String(UuidText(RandomBytes(16), 4));
}

FunctionResult Bcrypt(Arguments a, Type type, const CallContext& context) {
  std::int64_t cost = 10;
  if (a.size() > 2) return CallError("bcrypt() takes no more than two arguments");
  if (a.size() == 2) {
    const auto given = a[1].AsNumber().ToInt64();
    if (!given) return CallError("cost: " + std::string(kNotWhole));
    cost = *given;
  }
  if (cost > 20)
    return CallError("the cost must be at most 20: every one more doubles the time it takes");
  if (cost < 4) cost = 10;
  if (context.scope.pure_only()) return Value::Unknown(type);
  if (a[0].AsString().size() > 72) return ArgumentError(0, "bcrypt takes at most 72 bytes");
  const std::string salt_bytes = RandomBytes(16);
  char salt[64];
  auto data = std::make_unique<crypt_data>();
  const std::string text(a[0].AsString());
  if (!crypt_gensalt_rn("$2a$", static_cast<unsigned long>(cost), salt_bytes.data(), 16, salt,
                        sizeof salt)) {
    return CallError("no salt could be made");
  }
  const char* hash = crypt_r(text.c_str(), salt, data.get());
  if (!hash || *hash == '*') return CallError("the hash could not be made");
  return Value::String(hash);
}

FunctionResult RsaDecrypt(Arguments a, Type, const CallContext&) {
  const auto cipher = FromBase64(a[0].AsString());
  if (!cipher) return ArgumentError(0, "failed to decode base64 data");
  const crypto::RsaResult result = crypto::RsaDecrypt(a[1].AsString(), *cipher);
  if (!result.is_key) {
    return ArgumentError(1, "this is no RSA private key in PEM, without a passphrase");
  }
  if (!result.plain) return CallError("failed to decrypt: the text was not made for this key");
  if (!IsUtf8(*result.plain)) return CallError("the decrypted bytes are no text in UTF-8");
  return Value::String(*result.plain);
}

}  // namespace

void AddSecretFunctions(FunctionTable& table) {
  table.Add({.name = "bcrypt",
             .description = "Hashes a password with bcrypt, another time each call.",
             .parameters = {TextParameter("str", "The password.")},
             .variadic = NumberParameter("cost", "How much work it is; 10 unless given."),
             .result = Type::String(),
             .body = Bcrypt});
  table.Add({.name = "rsadecrypt",
             .description = "Decrypts what was encrypted for an RSA key.",
             .parameters = {TextParameter("ciphertext", "In Base64."),
                            TextParameter("privatekey", "In PEM.")},
             .result = Type::String(),
             .body = RsaDecrypt});
  table.Add({.name = "uuid",
             .description = "A new UUID each call.",
             .result = Type::String(),
             .body = Uuid});
  table.Add({.name = "uuidv5",
             .description = "The UUID that stands for a name in a namespace.",
             .parameters = {TextParameter("namespace", "dns, url, oid, x500 or a UUID."),
                            TextParameter("name", "The name.")},
             .result = Type::String(),
             .body = UuidV5});
}

}  // namespace tkn::lang
