#include "engine/crypto/crypto.h"
#include "engine/lang/functions/base64.h"
#include "engine/lang/functions/entry.h"
#include "engine/lang/functions/files.h"

namespace tkn::lang {

namespace {

template <bool kBase64>
std::string Written(std::string_view digest) {
  return kBase64 ? ToBase64(digest) : crypto::ToHex(digest);
}

// The algorithms are told apart at compile time, since entries hold plain function pointers.
struct Md5 {
  static constexpr const char* kName = "MD5";
};
struct Sha1 {
  static constexpr const char* kName = "SHA1";
};
struct Sha256 {
  static constexpr const char* kName = "SHA256";
};
struct Sha512 {
  static constexpr const char* kName = "SHA512";
};

template <typename Algorithm, bool kBase64>
FunctionResult OfText(Arguments a, Type, const CallContext&) {
  return Value::String(Written<kBase64>(crypto::Digest(Algorithm::kName, a[0].AsString())));
}

template <typename Algorithm, bool kBase64>
FunctionResult OfFile(Arguments a, Type, const CallContext& context) {
  auto bytes = ReadWholeFile(a[0].AsString(), context);
  if (auto* error = std::get_if<FunctionError>(&bytes)) return CallError(std::move(error->message));
  return Value::String(
      Written<kBase64>(crypto::Digest(Algorithm::kName, std::get<std::string>(bytes))));
}

template <typename Algorithm, bool kBase64>
void AddPair(FunctionTable& table, std::string_view text_name, std::string_view file_name) {
  table.Add({.name = text_name,
             .description = "The digest of a text, in UTF-8, by the algorithm that the name says.",
             .parameters = {TextParameter("str", "The text.")},
             .result = Type::String(),
             .body = OfText<Algorithm, kBase64>});
  table.Add({.name = file_name,
             .description = "The digest of a file's content, by the algorithm that the name says.",
             .parameters = {TextParameter("path", "The file.")},
             .result = Type::String(),
             .body = OfFile<Algorithm, kBase64>});
}

}  // namespace

void AddHashFunctions(FunctionTable& table) {
  AddPair<Md5, false>(table, "md5", "filemd5");
  AddPair<Sha1, false>(table, "sha1", "filesha1");
  AddPair<Sha256, false>(table, "sha256", "filesha256");
  AddPair<Sha512, false>(table, "sha512", "filesha512");
  AddPair<Sha256, true>(table, "base64sha256", "filebase64sha256");
  AddPair<Sha512, true>(table, "base64sha512", "filebase64sha512");
}

}  // namespace tkn::lang
