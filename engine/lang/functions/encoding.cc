#include <zlib.h>

#include <array>
#include <memory>

#include "engine/lang/functions/base64.h"
#include "engine/lang/functions/entry.h"
#include "engine/value/json.h"
#include "engine/value/text.h"

namespace tkn::lang {

namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// An unknown text may begin with something known, which settles the type, or that it is no JSON.
FunctionType JsonDecodeType(Arguments a) {
  if (a[0].IsKnown()) return Type::Dynamic();
  const auto [text, marks] = a[0].Unmark();
  const Refinement* known = text.refinement();
  if (known == nullptr) return Type::Dynamic();
  const std::size_t start = known->prefix.find_first_not_of(" \t\r\n");
  if (start == std::string::npos) return Type::Dynamic();
  const char first = known->prefix[start];
  if (first == '"') return Type::String();
  if (first == 't' || first == 'f') return Type::Bool();
  if (first == '-' || (first >= '0' && first <= '9')) return Type::Number();
  if (first == '{' || first == '[' || first == 'n') return Type::Dynamic();
  return ArgumentError(0, "no JSON begins like this");
}

}  // namespace

std::string ToBase64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t n) -> std::uint32_t {
      return i + n < bytes.size() ? static_cast<unsigned char>(bytes[i + n]) : 0u;
    };
    const std::uint32_t group = byte(0) << 16 | byte(1) << 8 | byte(2);
    out += kAlphabet[group >> 18];
    out += kAlphabet[(group >> 12) & 63];
    out += i + 1 < bytes.size() ? kAlphabet[(group >> 6) & 63] : '=';
    out += i + 2 < bytes.size() ? kAlphabet[group & 63] : '=';
  }
  return out;
}

std::optional<std::string> FromBase64(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  int digits = 0;
  int padding = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r') continue;
    if (c == '=') {
      ++padding;
      if (digits < 2 || digits + padding > 4) return std::nullopt;
      if (digits + padding < 4) continue;
      out += static_cast<char>(group >> (digits == 2 ? 4 : 10));
      if (digits == 3) out += static_cast<char>((group >> 2) & 0xFF);
      digits = -1;  // nothing may follow
      continue;
    }
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos || padding > 0) return std::nullopt;
    group = group << 6 | static_cast<std::uint32_t>(value);
    if (++digits < 4) continue;
    out += static_cast<char>(group >> 16);
    out += static_cast<char>((group >> 8) & 0xFF);
    out += static_cast<char>(group & 0xFF);
    group = 0;
    digits = 0;
  }
  if (digits > 0) return std::nullopt;
  return out;
}

bool IsUtf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    const std::size_t n = c < 0x80                ? 1
                          : c >= 0xC2 && c < 0xE0 ? 2
                          : c >= 0xE0 && c < 0xF0 ? 3
                          : c >= 0xF0 && c < 0xF5 ? 4
                                                  : 0;
    if (n == 0 || i + n > bytes.size()) return false;
    for (std::size_t k = 1; k < n; ++k) {
      if ((static_cast<unsigned char>(bytes[i + k]) & 0xC0) != 0x80) return false;
    }
    if (n > 1) {
      const auto second = static_cast<unsigned char>(bytes[i + 1]);
      if ((c == 0xE0 && second < 0xA0) || (c == 0xED && second > 0x9F) ||
          (c == 0xF0 && second < 0x90) || (c == 0xF4 && second > 0x8F)) {
        return false;
      }
    }
    i += n;
  }
  return true;
}

namespace {

// As Go's writer flushed and then closed: a full flush, and an empty stored block at the end.
std::optional<std::string> Gzip(std::string_view text) {
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    return std::nullopt;
  }
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, deflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  std::array<char, 16384> buffer;
  do {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    const int code = deflate(&stream, Z_SYNC_FLUSH);
    if (code != Z_OK && code != Z_BUF_ERROR) return std::nullopt;
    out.append(buffer.data(), buffer.size() - stream.avail_out);
  } while (stream.avail_out == 0);
  out.append("\x01\0\0\xff\xff", 5);
  const auto little_endian = [&](std::uint32_t n) {
    for (int i = 0; i < 4; ++i) out += static_cast<char>((n >> (8 * i)) & 0xFF);
  };
  little_endian(static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size()))));
  little_endian(static_cast<std::uint32_t>(text.size()));
  return out;
}

std::string UrlEncode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

FunctionResult JsonEncode(Arguments a, Type type, const CallContext&) {
  if (HasInfinity(a[0])) return CallError("cannot serialize infinity as JSON");
  if (a[0].IsWhollyKnown()) return Value::String(ToJson(a[0]));
  if (!a[0].IsDefinitelyNotNull()) return Value::Unknown(type);
  Refinement refinement;
  refinement.not_null = true;
  const Type given = a[0].type();
  if (given.IsObject() || given.IsMap()) refinement.prefix = "{";
  if (given.IsTuple() || given.IsList() || given.IsSet()) refinement.prefix = "[";
  if (given == Type::String()) refinement.prefix = "\"";
  return Value::Unknown(type, std::move(refinement));
}

}  // namespace

void AddEncodingFunctions(FunctionTable& table) {
  const Parameter text = TextParameter("str", "The text.");
  table.Add({.name = "base64decode",
             .description = "Decodes Base64 that stands for text in UTF-8.",
             .parameters = {TextParameter("str", "The text in Base64.")},
             .result = Type::String(),
             .body = [](Arguments a, Type, const CallContext& context) -> FunctionResult {
               const auto bytes = FromBase64(a[0].AsString());
               if (!bytes) {
                 return CallError(fmt::format("failed to decode base64 data {}",
                                              Shown(a[0].AsString(), context)));
               }
               if (!IsUtf8(*bytes)) {
                 return CallError("the result of decoding the provided string is not valid UTF-8");
               }
               return Value::String(*bytes);
             }});
  table.Add({.name = "base64encode",
             .description = "Encodes a text, in UTF-8, with Base64.",
             .parameters = {text},
             .result = Type::String(),
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               return Value::String(ToBase64(a[0].AsString()));
             }});
  table.Add({.name = "base64gzip",
             .description = "Compresses a text with gzip and encodes that with Base64.",
             .parameters = {text},
             .result = Type::String(),
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               const auto bytes = Gzip(a[0].AsString());
               if (!bytes) return CallError("the text could not be compressed");
               return Value::String(ToBase64(*bytes));
             }});
  table.Add({.name = "jsondecode",
             .description = "Reads JSON; the types follow from it.",
             .parameters = {TextParameter("str", "The JSON text.")},
             .result_type = JsonDecodeType,
             .body = [](Arguments a, Type, const CallContext& context) -> FunctionResult {
               std::string error;
               auto value = FromJsonImplied(a[0].AsString(), &error);
               if (!value) return CallError(context.sensitive ? "this is not valid JSON" : error);
               return std::move(*value);
             },
             .never_null = false});
  table.Add(
      {.name = "jsonencode",
       .description = "Writes a value as JSON.",
       .parameters = {Nullable(TakesDynamic(TakesUnknown(AnyParameter("val", "The value."))))},
       .result = Type::String(),
       .body = JsonEncode});
  table.Add({.name = "urlencode",
             .description = "Escapes a text for the query of a URL.",
             .parameters = {text},
             .result = Type::String(),
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               return Value::String(UrlEncode(a[0].AsString()));
             }});
}

}  // namespace tkn::lang
