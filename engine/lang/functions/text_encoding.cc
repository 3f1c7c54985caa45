#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "engine/lang/functions/base64.h"
#include "engine/lang/functions/entry.h"

namespace tkn::lang {

namespace {

// An encoding by the names that IANA has for it. `iconv` is what the C library calls it.
struct Encoding {
  std::string_view iconv;
  std::string_view names;  // separated by spaces, in lower case
};

constexpr std::array kEncodings = std::to_array<Encoding>({
    {"UTF-8", "utf-8 csutf8"},
    {"UTF-16", "utf-16 csutf16"},
    {"UTF-16BE", "utf-16be csutf16be"},
    {"UTF-16LE", "utf-16le csutf16le"},
    {"US-ASCII",
     "us-ascii iso-ir-6 ansi_x3.4-1968 ansi_x3.4-1986 iso_646.irv:1991 iso646-us us ibm367 cp367 "
     "csascii"},
    {"ISO-8859-1",
     "iso_8859-1:1987 iso-ir-100 iso_8859-1 iso-8859-1 latin1 l1 ibm819 cp819 csisolatin1"},
    {"ISO-8859-2", "iso_8859-2:1987 iso-ir-101 iso_8859-2 iso-8859-2 latin2 l2 csisolatin2"},
    {"ISO-8859-3", "iso_8859-3:1988 iso-ir-109 iso_8859-3 iso-8859-3 latin3 l3 csisolatin3"},
    {"ISO-8859-4", "iso_8859-4:1988 iso-ir-110 iso_8859-4 iso-8859-4 latin4 l4 csisolatin4"},
    {"ISO-8859-5", "iso_8859-5:1988 iso-ir-144 iso_8859-5 iso-8859-5 cyrillic csisolatincyrillic"},
    {"ISO-8859-6",
     "iso_8859-6:1987 iso-ir-127 iso_8859-6 iso-8859-6 ecma-114 asmo-708 arabic csisolatinarabic "
     "iso_8859-6-e iso-8859-6-e csiso88596e iso_8859-6-i iso-8859-6-i csiso88596i"},
    {"ISO-8859-7",
     "iso_8859-7:1987 iso-ir-126 iso_8859-7 iso-8859-7 elot_928 ecma-118 greek greek8 "
     "csisolatingreek"},
    {"ISO-8859-8",
     "iso_8859-8:1988 iso-ir-138 iso_8859-8 iso-8859-8 hebrew csisolatinhebrew "
     "iso_8859-8-e iso-8859-8-e csiso88598e iso_8859-8-i iso-8859-8-i csiso88598i"},
    {"ISO-8859-9", "iso_8859-9:1989 iso-ir-148 iso_8859-9 iso-8859-9 latin5 l5 csisolatin5"},
    {"ISO-8859-10", "iso-8859-10 iso-ir-157 l6 iso_8859-10:1992 csisolatin6 latin6"},
    {"ISO-8859-13", "iso-8859-13 csiso885913"},
    {"ISO-8859-14",
     "iso-8859-14 iso-ir-199 iso_8859-14:1998 iso_8859-14 latin8 iso-celtic l8 csiso885914"},
    {"ISO-8859-15", "iso-8859-15 iso_8859-15 latin-9 csiso885915"},
    {"ISO-8859-16", "iso-8859-16 iso-ir-226 iso_8859-16:2001 iso_8859-16 latin10 l10 csiso885916"},
    {"IBM037", "ibm037 cp037 ebcdic-cp-us ebcdic-cp-ca ebcdic-cp-wt ebcdic-cp-nl csibm037"},
    {"IBM437", "ibm437 cp437 437 cspc8codepage437"},
    {"IBM850", "ibm850 cp850 850 cspc850multilingual"},
    {"IBM852", "ibm852 cp852 852 cspcp852"},
    {"IBM855", "ibm855 cp855 855 csibm855"},
    {"IBM858", "ibm00858 ccsid00858 cp00858 pc-multilingual-850+euro csibm00858"},
    {"IBM860", "ibm860 cp860 860 csibm860"},
    {"IBM862", "ibm862 cp862 862 cspc862latinhebrew"},
    {"IBM863", "ibm863 cp863 863 csibm863"},
    {"IBM865", "ibm865 cp865 865 csibm865"},
    {"IBM866", "ibm866 cp866 866 csibm866"},
    {"IBM1047", "ibm1047 ibm-1047 csibm1047"},
    {"IBM1140", "ibm01140 ccsid01140 cp01140 ebcdic-us-37+euro csibm01140"},
    {"KOI8-R", "koi8-r cskoi8r"},
    {"KOI8-U", "koi8-u cskoi8u"},
    {"MACINTOSH", "macintosh mac csmacintosh"},
    {"CP874", "windows-874 cswindows874"},
    {"CP1250", "windows-1250 cswindows1250"},
    {"CP1251", "windows-1251 cswindows1251"},
    {"CP1252", "windows-1252 cswindows1252"},
    {"CP1253", "windows-1253 cswindows1253"},
    {"CP1254", "windows-1254 cswindows1254"},
    {"CP1255", "windows-1255 cswindows1255"},
    {"CP1256", "windows-1256 cswindows1256"},
    {"CP1257", "windows-1257 cswindows1257"},
    {"CP1258", "windows-1258 cswindows1258"},
    {"EUC-JP", "extended_unix_code_packed_format_for_japanese cseucpkdfmtjapanese euc-jp"},
    {"CP932", "shift_jis ms_kanji csshiftjis"},
    {"ISO-2022-JP", "iso-2022-jp csiso2022jp"},
    {"EUC-KR", "euc-kr cseuckr"},
    {"GB18030", "gb18030 csgb18030"},
    {"GBK", "gbk cp936 ms936 windows-936 csgbk"},
    {"HZ", "hz-gb-2312"},
    {"BIG5", "big5 csbig5"},
});

const Encoding* FindEncoding(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (lower.empty() || lower.find(' ') != std::string::npos) return nullptr;
  for (const Encoding& encoding : kEncodings) {
    for (std::string_view rest = encoding.names; !rest.empty();) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      if (rest.substr(0, end) == lower) return &encoding;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return nullptr;
}

// nullopt for bytes that mean nothing in `from`, or that `to` has no form for.
std::optional<std::string> Recode(std::string_view bytes, std::string_view to,
                                  std::string_view from) {
  struct Closer {
    void operator()(void* handle) const { iconv_close(handle); }
  };
  const iconv_t opened = iconv_open(std::string(to).c_str(), std::string(from).c_str());
  if (opened == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  const std::unique_ptr<void, Closer> handle(opened);
  std::string out;
  std::array<char, 4096> buffer;
  char* in = const_cast<char*>(bytes.data());
  std::size_t left = bytes.size();
  for (bool flushing = false;;) {
    char* target = buffer.data();
    std::size_t room = buffer.size();
    const std::size_t result =
        iconv(handle.get(), flushing ? nullptr : &in, flushing ? nullptr : &left, &target, &room);
    out.append(buffer.data(), buffer.size() - room);
    if (result == static_cast<std::size_t>(-1)) {
      if (errno != E2BIG) return std::nullopt;
      continue;
    }
    if (result != 0) return std::nullopt;  // something was replaced by what looks like it
    if (flushing) return out;
    flushing = true;
  }
}

FunctionError UnknownEncoding(std::string_view name, const CallContext& context) {
  return ArgumentError(1, fmt::format("{} is not the IANA name of an encoding that is supported",
                                      Shown(name, context)));
}

FunctionResult Encode(Arguments a, Type, const CallContext& context) {
  const Encoding* encoding = FindEncoding(a[1].AsString());
  if (encoding == nullptr) return UnknownEncoding(a[1].AsString(), context);
  std::string_view text = a[0].AsString();
  if (encoding->iconv == "UTF-8") return Value::String(ToBase64(text));
  const bool with_mark = encoding->iconv == "UTF-16";
  if (text.empty()) return Value::String("");
  auto bytes = Recode(text, with_mark ? "UTF-16BE" : encoding->iconv, "UTF-8");
  if (!bytes) {
    return ArgumentError(
        0, fmt::format("the text has characters that do not exist in {}", a[1].AsString()));
  }
  return Value::String(ToBase64(with_mark ? "\xfe\xff" + *bytes : *bytes));
}

FunctionResult Decode(Arguments a, Type, const CallContext& context) {
  const Encoding* encoding = FindEncoding(a[1].AsString());
  if (encoding == nullptr) return UnknownEncoding(a[1].AsString(), context);
  const auto bytes = FromBase64(a[0].AsString());
  if (!bytes) return ArgumentError(0, "this is not valid Base64");
  std::string_view rest = *bytes;
  std::string_view from = encoding->iconv;
  if (from == "UTF-16") {
    from = rest.starts_with("\xff\xfe") ? "UTF-16LE" : "UTF-16BE";
    if (rest.starts_with("\xff\xfe") || rest.starts_with("\xfe\xff")) rest.remove_prefix(2);
  }
  auto text = from == "UTF-8" ? (IsUtf8(rest) ? std::optional(std::string(rest)) : std::nullopt)
                              : Recode(rest, "UTF-8", from);
  if (!text) {
    return ArgumentError(0, fmt::format("the bytes are not text in {}", a[1].AsString()));
  }
  return Value::String(*text);
}

}  // namespace

void AddTextEncodingFunctions(FunctionTable& table) {
  const Parameter encoding =
      TextParameter("encoding", "The IANA name of the encoding, such as UTF-16LE.");
  table.Add({.name = "textdecodebase64",
             .description = "Decodes Base64 that stands for text in some encoding.",
             .parameters = {TextParameter("source", "The text in Base64."), encoding},
             .result = Type::String(),
             .body = Decode});
  table.Add({.name = "textencodebase64",
             .description = "Encodes a text in some encoding, and that with Base64.",
             .parameters = {TextParameter("string", "The text."), encoding},
             .result = Type::String(),
             .body = Encode});
}

}  // namespace tkn::lang
