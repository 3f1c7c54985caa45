#include <algorithm>
#include <array>

#include "engine/lang/functions/entry.h"
#include "engine/lang/functions/regex.h"
#include "engine/value/text.h"

namespace tkn::lang {

namespace {

// Go's unicode.IsSpace, as UTF-8; gives the length of the space that `text` begins with, or 0.
std::size_t LeadingSpace(std::string_view text) {
  static constexpr std::array<std::string_view, 20> kSpaces = {
      "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
      "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
      "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
  if (text.empty()) return 0;
  const char c = text.front();
  if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
  if (static_cast<unsigned char>(c) < 0x80) return 0;
  for (const std::string_view space : kSpaces) {
    if (!space.empty() && text.starts_with(space)) return space.size();
  }
  return 0;
}

std::size_t RuneStart(std::string_view text, std::size_t end) {
  std::size_t at = end - 1;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
  return at;
}

std::string_view TrimSpace(std::string_view text) {
  while (const std::size_t n = LeadingSpace(text)) text.remove_prefix(n);
  while (!text.empty()) {
    const std::size_t at = RuneStart(text, text.size());
    if (LeadingSpace(text.substr(at)) != text.size() - at) break;
    text = text.substr(0, at);
  }
  return text;
}

std::string_view FirstRune(std::string_view text) {
  std::size_t n = 1;
  while (n < text.size() && (static_cast<unsigned char>(text[n]) & 0xC0) == 0x80) ++n;
  return text.substr(0, n);
}

std::string_view TrimSet(std::string_view text, std::string_view set) {
  std::vector<std::string_view> runes;
  for (std::string_view rest = set; !rest.empty(); rest.remove_prefix(FirstRune(rest).size())) {
    runes.push_back(FirstRune(rest));
  }
  const auto in_set = [&](std::string_view rune) {
    return std::find(runes.begin(), runes.end(), rune) != runes.end();
  };
  while (!text.empty() && in_set(FirstRune(text))) text.remove_prefix(FirstRune(text).size());
  while (!text.empty()) {
    const std::size_t at = RuneStart(text, text.size());
    if (!in_set(text.substr(at))) break;
    text = text.substr(0, at);
  }
  return text;
}

std::vector<Value> Split(std::string_view separator, std::string_view text) {
  std::vector<Value> parts;
  if (separator.empty()) {
    // Between all runes; joined again they would be what they were.
    while (!text.empty()) {
      const std::string_view rune = FirstRune(text);
      parts.push_back(Value::String(rune));
      text.remove_prefix(rune.size());
    }
    return parts;
  }
  for (;;) {
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos) break;
    parts.push_back(Value::String(text.substr(0, at)));
    text.remove_prefix(at + separator.size());
  }
  parts.push_back(Value::String(text));
  return parts;
}

FunctionResult Join(Arguments a, Type, const CallContext&) {
  for (std::size_t i = 1; i < a.size(); ++i) {
    if (!a[i].IsWhollyKnown()) return Value::Unknown(Type::String());
  }
  const std::string_view separator = a[0].AsString();
  std::string out;
  bool first = true;
  for (std::size_t i = 1; i < a.size(); ++i) {
    const auto elements = a[i].elements();
    for (std::size_t e = 0; e < elements.size(); ++e) {
      if (elements[e].IsNull()) {
        return ArgumentError(i,
                             fmt::format("element {} is null; cannot concatenate null values", e));
      }
      if (!first) out += separator;
      first = false;
      out += elements[e].AsString();
      if (out.size() > kMaxTextBytes) return CallError(std::string(kTextTooLong));
    }
  }
  return Value::String(out);
}

FunctionResult Replace(Arguments a, Type, const CallContext& context) {
  const std::string_view text = a[0].AsString();
  const std::string_view wanted = a[1].AsString();
  const std::string_view replacement = a[2].AsString();
  if (wanted.size() > 1 && wanted.front() == '/' && wanted.back() == '/') {
    std::string error;
    const auto result =
        ReplaceRegex(text, wanted.substr(1, wanted.size() - 2), replacement, kMaxTextBytes, error);
    if (!result) return CallError(context.sensitive ? "the pattern is not valid" : error);
    return Value::String(*result);
  }
  std::string out;
  if (wanted.empty()) {
    // Before each rune and at the end.
    std::string_view rest = text;
    out += replacement;
    while (!rest.empty()) {
      const std::string_view rune = FirstRune(rest);
      out.append(rune).append(replacement);
      rest.remove_prefix(rune.size());
      if (out.size() > kMaxTextBytes) return CallError(std::string(kTextTooLong));
    }
    return Value::String(out);
  }
  std::size_t from = 0;
  for (;;) {
    const std::size_t at = text.find(wanted, from);
    if (at == std::string_view::npos) break;
    out.append(text, from, at - from).append(replacement);
    from = at + wanted.size();
    if (out.size() > kMaxTextBytes) return CallError(std::string(kTextTooLong));
  }
  out.append(text.substr(from));
  return Value::String(out);
}

FunctionResult Substr(Arguments a, Type, const CallContext&) {
  const auto offset = a[1].AsNumber().ToInt64();
  const auto length = a[2].AsNumber().ToInt64();
  if (!offset || !length) return CallError(std::string(kNotWhole));
  std::string_view text = a[0].AsString();
  std::int64_t from = *offset;
  if (from < 0) {
    from += static_cast<std::int64_t>(GraphemeCount(text));
    if (from < 0) from = 0;
  }
  if (*length == 0) return Value::String("");
  std::size_t begin = 0;
  for (std::int64_t i = 0; i < from && begin < text.size(); ++i) begin = NextGrapheme(text, begin);
  if (*length < 0) return Value::String(text.substr(begin));
  std::size_t end = begin;
  for (std::int64_t i = 0; i < *length && end < text.size(); ++i) end = NextGrapheme(text, end);
  return Value::String(text.substr(begin, end - begin));
}

FunctionResult Reverse(Arguments a, Type, const CallContext&) {
  const std::string_view text = a[0].AsString();
  std::string out(text.size(), '\0');
  std::size_t to = text.size();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = NextGrapheme(text, at);
    to -= next - at;
    text.copy(out.data() + to, next - at, at);
    at = next;
  }
  return Value::String(out);
}

FunctionResult Indent(Arguments a, Type, const CallContext&) {
  const auto spaces = a[0].AsNumber().ToInt64();
  if (!spaces) return CallError(std::string(kNotWhole));
  if (*spaces < 0) return CallError("the number of spaces can't be negative");
  const std::string_view text = a[1].AsString();
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  if (lines > 0 && static_cast<std::size_t>(*spaces) > kMaxTextBytes / lines) {
    return CallError(std::string(kTextTooLong));
  }
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out.append(static_cast<std::size_t>(*spaces), ' ');
  }
  return Value::String(out);
}

FunctionResult StartsWith(Arguments a, Type, const CallContext&) {
  const std::string_view prefix = a[1].AsString();
  if (a[0].IsKnown()) return Value::Bool(a[0].AsString().starts_with(prefix));
  if (prefix.empty()) return Value::Bool(true);
  const Refinement* known = a[0].refinement();
  const std::string_view beginning = known != nullptr ? std::string_view(known->prefix) : "";
  // As far as both go they must agree; only a beginning at least as long can agree for certain.
  if (beginning.size() >= prefix.size() && beginning.starts_with(prefix)) return Value::Bool(true);
  const std::size_t common = std::min(beginning.size(), prefix.size());
  if (beginning.substr(0, common) != prefix.substr(0, common)) return Value::Bool(false);
  return Value::Unknown(Type::Bool());
}

FunctionResult Chomp(Arguments a, Type, const CallContext&) {
  std::string_view text = a[0].AsString();
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return Value::String(text);
}

}  // namespace

void AddStringFunctions(FunctionTable& table) {
  table.Add({.name = "chomp",
             .description = "Takes newlines off the end of a text.",
             .parameters = {TextParameter("str", "The text.")},
             .result = Type::String(),
             .body = Chomp});
  table.Add({.name = "endswith",
             .description = "Whether a text ends with another.",
             .parameters = {TextParameter("str", "The text to look at."),
                            TextParameter("suffix", "The end it should have.")},
             .result = Type::Bool(),
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               return Value::Bool(a[0].AsString().ends_with(a[1].AsString()));
             }});
  table.Add({.name = "indent",
             .description = "Puts spaces before each line of a text but the first.",
             .parameters = {NumberParameter("spaces", "How many spaces."),
                            TextParameter("str", "The text.")},
             .result = Type::String(),
             .body = Indent});
  table.Add({.name = "join",
             .description = "Puts the elements of lists together, with a separator between them.",
             .parameters = {TextParameter("separator", "What goes between the elements.")},
             .variadic = TakesUnknown(
                 Typed("lists", "One or more lists of texts.", Type::List(Type::String()))),
             .result = Type::String(),
             .body = Join});
  table.Add({.name = "lower",
             .description = "Makes the letters of a text small.",
             .parameters = {TextParameter("str", "The text.")},
             .result = Type::String(),
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               return Value::String(ToLower(a[0].AsString()));
             }});
  table.Add(
      {.name = "replace",
       .description = "Replaces each occurrence of a text, or, between slashes, of a pattern.",
       .parameters = {TextParameter("str", "The text to replace in."),
                      TextParameter("substr", "What to replace: a text, or /a pattern/."),
                      TextParameter(
                          "replace",
                          "What comes in its place; for a pattern $1 is its first group.")},
       .result = Type::String(),
       .body = Replace});
  table.Add({.name = "split",
             .description = "Cuts a text at each separator.",
             .parameters = {TextParameter("separator", "Where to cut."),
                            TextParameter("str", "The text.")},
             .result = Type::List(Type::String()),
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               return Value::List(Type::String(), Split(a[0].AsString(), a[1].AsString()));
             }});
  table.Add({.name = "startswith",
             .description = "Whether a text starts with another.",
             .parameters = {TakesUnknown(TextParameter("str", "The text to look at.")),
                            TextParameter("prefix", "The beginning it should have.")},
             .result = Type::Bool(),
             .body = StartsWith});
  table.Add({.name = "strcontains",
             .description = "Whether a text contains another.",
             .parameters = {TextParameter("str", "The text to look in."),
                            TextParameter("substr", "The text to look for.")},
             .result = Type::Bool(),
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               return Value::Bool(a[0].AsString().find(a[1].AsString()) != std::string_view::npos);
             }});
  table.Add({.name = "strrev",
             .description = "Turns the order of the characters around.",
             .parameters = {TextParameter("str", "The text.")},
             .result = Type::String(),
             .body = Reverse});
  table.Add(
      {.name = "substr",
       .description = "Cuts a part out of a text; characters are counted, not bytes.",
       .parameters = {TextParameter("str", "The text."),
                      NumberParameter("offset", "Where the part begins; negative: from the end."),
                      NumberParameter("length", "How many characters; negative: all that follow.")},
       .result = Type::String(),
       .body = Substr});
  table.Add({.name = "title",
             .description = "Makes the first letter of each word a capital.",
             .parameters = {TextParameter("str", "The text.")},
             .result = Type::String(),
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               return Value::String(ToTitle(a[0].AsString()));
             }});
  table.Add({.name = "trim",
             .description = "Takes all characters of a set off both ends of a text.",
             .parameters = {TextParameter("str", "The text."),
                            TextParameter("cutset", "The characters to take off.")},
             .result = Type::String(),
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               return Value::String(TrimSet(a[0].AsString(), a[1].AsString()));
             }});
  table.Add({.name = "trimprefix",
             .description = "Takes a beginning off a text that has it.",
             .parameters = {TextParameter("str", "The text."),
                            TextParameter("prefix", "The beginning to take off.")},
             .result = Type::String(),
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               std::string_view text = a[0].AsString();
               if (text.starts_with(a[1].AsString())) text.remove_prefix(a[1].AsString().size());
               return Value::String(text);
             }});
  table.Add({.name = "trimspace",
             .description = "Takes white space off both ends of a text.",
             .parameters = {TextParameter("str", "The text.")},
             .result = Type::String(),
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               return Value::String(TrimSpace(a[0].AsString()));
             }});
  table.Add({.name = "trimsuffix",
             .description = "Takes an end off a text that has it.",
             .parameters = {TextParameter("str", "The text."),
                            TextParameter("suffix", "The end to take off.")},
             .result = Type::String(),
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               std::string_view text = a[0].AsString();
               if (text.ends_with(a[1].AsString())) text.remove_suffix(a[1].AsString().size());
               return Value::String(text);
             }});
  table.Add({.name = "upper",
             .description = "Makes the letters of a text capitals.",
             .parameters = {TextParameter("str", "The text.")},
             .result = Type::String(),
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               return Value::String(ToUpper(a[0].AsString()));
             }});
}

}  // namespace tkn::lang
