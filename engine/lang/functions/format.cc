#include "engine/lang/functions/format.h"

#include <algorithm>

#include "engine/lang/functions/entry.h"
#include "engine/value/convert.h"
#include "engine/value/json.h"
#include "engine/value/text.h"

namespace tkn::lang {

namespace {

constexpr std::int64_t kMaxWidth = 16 << 20;
constexpr std::int64_t kMaxPrecision = 100'000;

// One `%...x` of a format.
struct Verb {
  bool plus = false;
  bool minus = false;
  bool space = false;
  bool zero = false;
  bool sharp = false;
  std::int64_t width = 0;
  std::optional<std::int64_t> precision{};
  std::size_t argument = 0;  // from 0
  char letter = 0;
  std::string_view text{};
  std::size_t offset = 0;
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::size_t RuneLength(std::string_view text, std::size_t at) {
  std::size_t n = 1;
  while (at + n < text.size() && (static_cast<unsigned char>(text[at + n]) & 0xC0) == 0x80) ++n;
  return n;
}

FormatProblem Unexpected(std::string_view format, std::size_t at) {
  if (at >= format.size())
    return {fmt::format("the format ends within a verb, at offset {}", format.size())};
  return {fmt::format("unexpected character '{}' at offset {} of the format",
                      format.substr(at, RuneLength(format, at)), at)};
}

std::optional<FormatProblem> TooLarge(std::size_t offset) {
  return FormatProblem{fmt::format("the width or precision at offset {} is too large", offset)};
}

// Reads what follows the percent sign at `at`; `next` is the position from 1 that an unnumbered
// verb takes.
std::optional<FormatProblem> ParseVerb(std::string_view format, std::size_t& at, std::size_t next,
                                       Verb& verb) {
  verb.offset = at++;
  verb.argument = next;
  const auto number = [&](std::int64_t limit) -> std::optional<std::int64_t> {
    std::int64_t n = 0;
    for (; at < format.size() && IsDigit(format[at]); ++at) {
      if (n <= limit) n = n * 10 + (format[at] - '0');
    }
    if (n > limit) return std::nullopt;
    return n;
  };
  for (; at < format.size(); ++at) {
    const char c = format[at];
    if (c == '+')
      verb.plus = true;
    else if (c == '-')
      verb.minus = true;
    else if (c == ' ')
      verb.space = true;
    else if (c == '0')
      verb.zero = true;
    else if (c == '#')
      verb.sharp = true;
    else
      break;
  }
  const auto width = number(kMaxWidth);
  if (!width) return TooLarge(verb.offset);
  verb.width = *width;
  if (at < format.size() && format[at] == '.') {
    ++at;
    verb.precision = number(kMaxPrecision);
    if (!verb.precision) return TooLarge(verb.offset);
  }
  if (at < format.size() && format[at] == '[') {
    ++at;
    if (at >= format.size() || format[at] < '1' || format[at] > '9') return Unexpected(format, at);
    const auto position = number(1'000'000);
    if (!position) return TooLarge(verb.offset);
    if (at >= format.size() || format[at] != ']') return Unexpected(format, at);
    ++at;
    verb.argument = static_cast<std::size_t>(*position) - 1;
  }
  const char c = at < format.size() ? format[at] : '\0';
  if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z')) return Unexpected(format, at);
  verb.letter = c;
  ++at;
  verb.text = format.substr(verb.offset, at - verb.offset);
  return std::nullopt;
}

void Pad(std::string_view text, const Verb& verb, std::string& out) {
  const auto length = static_cast<std::int64_t>(GraphemeCount(text));
  const auto missing = static_cast<std::size_t>(std::max<std::int64_t>(verb.width - length, 0));
  if (!verb.minus) out.append(missing, verb.zero ? '0' : ' ');
  out += text;
  if (verb.minus) out.append(missing, ' ');
}

// Zeros go between the sign (with "0x") and the digits.
void PadNumber(std::string_view sign, std::string_view digits, const Verb& verb, bool zeros,
               std::string& out) {
  const auto length = static_cast<std::int64_t>(sign.size() + digits.size());
  const auto missing = static_cast<std::size_t>(std::max<std::int64_t>(verb.width - length, 0));
  if (!verb.minus && !zeros) out.append(missing, ' ');
  out += sign;
  if (!verb.minus && zeros) out.append(missing, '0');
  out += digits;
  if (verb.minus) out.append(missing, ' ');
}

std::string SignOf(bool negative, const Verb& verb) {
  return negative ? "-" : verb.plus ? "+" : verb.space ? " " : "";
}

void FormatInteger(const Number& number, const Verb& verb, std::string& out) {
  const int base = verb.letter == 'd' ? 10 : verb.letter == 'b' ? 2 : verb.letter == 'o' ? 8 : 16;
  std::string digits = base == 10 ? number.Abs().ToString() : number.Abs().ToBase(base);
  if (base == 10 && digits.find('e') != std::string::npos) digits = number.Abs().ToBase(10);
  if (verb.precision) {
    const auto wanted = static_cast<std::size_t>(*verb.precision);
    if (wanted == 0 && number.Sign() == 0) digits.clear();
    if (digits.size() < wanted) digits.insert(0, wanted - digits.size(), '0');
  }
  if (verb.letter == 'X') {
    for (char& c : digits) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  std::string sign = SignOf(number.Sign() < 0, verb);
  if (verb.sharp) {
    sign += verb.letter == 'b'   ? "0b"
            : verb.letter == 'o' ? "0"
            : verb.letter == 'x' ? "0x"
            : verb.letter == 'X' ? "0X"
                                 : "";
  }
  PadNumber(sign, digits, verb, verb.zero && !verb.precision, out);
}

// The digit at 10^-place counted from the decimal point of 0.DIGITS; '0' outside.
char DigitAt(const Number::Decimal& decimal, std::int64_t index) {
  return index < 0 || index >= static_cast<std::int64_t>(decimal.digits.size())
             ? '0'
             : decimal.digits[static_cast<std::size_t>(index)];
}

std::string Positional(const Number::Decimal& decimal, std::int64_t places) {
  std::string out;
  if (decimal.point <= 0 || decimal.digits.empty()) {
    out = "0";
  } else {
    for (std::int64_t i = 0; i < decimal.point; ++i) out += DigitAt(decimal, i);
  }
  if (places > 0) {
    out += '.';
    const std::int64_t point = decimal.digits.empty() ? 0 : decimal.point;
    for (std::int64_t i = 0; i < places; ++i) out += DigitAt(decimal, point + i);
  }
  return out;
}

std::string Scientific(const Number::Decimal& decimal, std::int64_t places) {
  std::string out(1, DigitAt(decimal, 0));
  if (places > 0) {
    out += '.';
    for (std::int64_t i = 1; i <= places; ++i) out += DigitAt(decimal, i);
  }
  const std::int64_t exponent = decimal.digits.empty() ? 0 : decimal.point - 1;
  out += fmt::format("e{}{:02}", exponent < 0 ? '-' : '+', exponent < 0 ? -exponent : exponent);
  return out;
}

// %g: whichever of the two forms suits the exponent.
std::string General(const Number& number, std::optional<std::int64_t> precision) {
  const std::int64_t wanted = precision ? std::max<std::int64_t>(*precision, 1) : 6;
  const Number::Decimal decimal =
      precision ? number.RoundedTo(static_cast<std::size_t>(wanted)) : number.ShortestDecimal();
  const auto size = static_cast<std::int64_t>(decimal.digits.size());
  if (size == 0) return "0";
  std::int64_t limit = wanted;
  if (precision && limit > size && size >= decimal.point) limit = size;
  const std::int64_t exponent = decimal.point - 1;
  if (exponent < -4 || exponent >= limit) return Scientific(decimal, size - 1);
  return Positional(decimal, std::max<std::int64_t>(size - decimal.point, 0));
}

bool IsNegative(const Number& number) { return number.ToString().starts_with('-'); }

void FormatDecimal(const Number& number, const Verb& verb, std::string& out) {
  if (number.IsInfinite()) {
    const std::string sign = number.Sign() < 0 ? "-" : verb.space && !verb.plus ? " " : "+";
    PadNumber(sign, "Inf", verb, false, out);
    return;
  }
  std::string digits;
  const Number positive = number.Abs();
  switch (verb.letter) {
    case 'f': {
      const std::int64_t places = verb.precision.value_or(6);
      digits = Positional(positive.RoundedToPlaces(places), places);
      break;
    }
    case 'e':
    case 'E': {
      const std::int64_t places = verb.precision.value_or(6);
      digits = Scientific(positive.RoundedTo(static_cast<std::size_t>(places) + 1), places);
      break;
    }
    default:
      digits = General(positive, verb.precision);
  }
  if (verb.letter == 'E' || verb.letter == 'G') {
    std::replace(digits.begin(), digits.end(), 'e', 'E');
  }
  PadNumber(SignOf(IsNegative(number), verb), digits, verb, verb.zero, out);
}

std::string_view Cut(std::string_view text, const Verb& verb) {
  if (!verb.precision || *verb.precision == 0) return text;
  std::size_t end = 0;
  for (std::int64_t i = 0; i < *verb.precision && end < text.size(); ++i)
    end = NextGrapheme(text, end);
  return text.substr(0, end);
}

std::string AnyText(const Value& value, const Verb& verb) {
  if (value.IsNull()) return "null";
  if (!verb.sharp) {
    if (value.type() == Type::String()) return std::string(value.AsString());
    if (value.type() == Type::Bool()) return value.AsBool() ? "true" : "false";
  }
  if (value.type() == Type::Number()) {
    const Number& number = value.AsNumber();
    if (number.IsInfinite()) return number.ToString();
    return (IsNegative(number) ? "-" : "") + General(number.Abs(), std::nullopt);
  }
  return ToJson(value);
}

std::optional<FormatProblem> FormatOne(const Verb& verb, const Value& given, std::string& out) {
  Type wanted;
  switch (verb.letter) {
    case 'v':
      if (HasInfinity(given) && (verb.sharp || given.type() != Type::Number())) {
        return FormatProblem{
            fmt::format("the value for \"{}\" at offset {} of the format does not fit: "
                        "cannot serialize infinity as JSON",
                        verb.text, verb.offset)};
      }
      Pad(AnyText(given, verb), verb, out);
      return std::nullopt;
    case 't':
      wanted = Type::Bool();
      break;
    case 's':
    case 'q':
      wanted = Type::String();
      break;
    case 'b':
    case 'd':
    case 'o':
    case 'x':
    case 'X':
    case 'e':
    case 'E':
    case 'f':
    case 'g':
    case 'G':
      wanted = Type::Number();
      break;
    default:
      return FormatProblem{
          fmt::format("there is no verb '{}', as in \"{}\" at offset {} of the format", verb.letter,
                      verb.text, verb.offset)};
  }
  const auto unfitting = [&](std::string_view why) {
    return FormatProblem{
        fmt::format("the value for \"{}\" at offset {} of the format does not fit: {}", verb.text,
                    verb.offset, why)};
  };
  ConversionError error;
  const auto value = Convert(given, wanted, &error);
  if (!value) return unfitting(error.ToString());
  if (value->IsNull()) return unfitting("it is null");
  if (wanted == Type::Bool()) {
    out += value->AsBool() ? "true" : "false";
  } else if (wanted == Type::String()) {
    const std::string_view text = Cut(value->AsString(), verb);
    if (verb.letter == 's') {
      Pad(text, verb, out);
    } else {
      Pad(JsonQuote(text), verb, out);
    }
  } else if (verb.letter == 'e' || verb.letter == 'E' || verb.letter == 'f' || verb.letter == 'g' ||
             verb.letter == 'G') {
    FormatDecimal(value->AsNumber(), verb, out);
  } else {
    if (!value->AsNumber().IsInteger()) return unfitting("an integer is required");
    FormatInteger(value->AsNumber(), verb, out);
  }
  return std::nullopt;
}

}  // namespace

std::optional<FormatProblem> Format(std::string_view format, std::span<const Value> arguments,
                                    std::string& out) {
  std::size_t next = 0;
  std::size_t used = 0;
  for (std::size_t at = 0; at < format.size();) {
    const std::size_t percent = format.find('%', at);
    out.append(format.substr(at, percent - at));
    if (percent == std::string_view::npos) break;
    at = percent;
    if (at + 1 < format.size() && format[at + 1] == '%') {
      out += '%';
      at += 2;
      continue;
    }
    Verb verb;
    if (auto problem = ParseVerb(format, at, next, verb)) return problem;
    if (verb.argument >= arguments.size()) {
      return FormatProblem{
          fmt::format("there is no argument {} for \"{}\" at offset {} of the format; there "
                      "are {}",
                      verb.argument + 1, verb.text, verb.offset, arguments.size())};
    }
    if (auto problem = FormatOne(verb, arguments[verb.argument], out)) return problem;
    if (out.size() > kMaxTextBytes) return FormatProblem{std::string(kTextTooLong)};
    next = verb.argument + 1;
    used = std::max(used, next);
  }
  if (used < arguments.size()) {
    return FormatProblem{
        used == 0 ? std::string("there are arguments, but the format has no verbs for them")
                  : fmt::format("there are more arguments than the {} that the format uses", used),
        true};
  }
  return std::nullopt;
}

namespace {

FunctionResult FormatText(Arguments a, Type, const CallContext&) {
  const std::string_view format = a[0].AsString();
  const bool known =
      std::all_of(a.begin(), a.end(), [](const Value& v) { return v.IsWhollyKnown(); });
  if (!known) {
    // What stands before the first verb is known whatever comes.
    Refinement refinement;
    refinement.not_null = true;
    refinement.prefix = SafePrefix(format.substr(0, format.find('%')));
    return Value::Unknown(Type::String(), std::move(refinement));
  }
  std::string out;
  if (auto problem = Format(format, a.subspan(1), out)) {
    if (problem->too_many_arguments) return ArgumentError(1, std::move(problem->message));
    return CallError(std::move(problem->message));
  }
  return Value::String(out);
}

bool IsIterated(const Value& value) {
  const Type type = value.type();
  return (type.IsList() || type.IsSet() || type.IsTuple()) && !value.IsNull();
}

FunctionResult FormatList(Arguments a, Type type, const CallContext&) {
  std::size_t count = 1;
  std::optional<std::size_t> chooser;
  for (std::size_t i = 1; i < a.size(); ++i) {
    if (!IsIterated(a[i])) continue;
    if (!a[i].IsKnown()) return Value::Unknown(type);
    const std::size_t length = a[i].Length();
    if (!chooser) {
      chooser = i;
      count = length;
    } else if (length != count) {
      return ArgumentError(
          i, fmt::format("argument {} has length {}, but argument {} has length {}; they must "
                         "be equally long",
                         i, length, *chooser, count));
    }
  }
  std::vector<Value> results;
  std::vector<Value> arguments(a.size() - 1);
  for (std::size_t n = 0; n < count; ++n) {
    bool known = true;
    for (std::size_t i = 1; i < a.size(); ++i) {
      arguments[i - 1] = IsIterated(a[i]) ? a[i].elements()[n] : a[i];
      known = known && arguments[i - 1].IsWhollyKnown();
    }
    if (!known) {
      Refinement refinement;
      refinement.not_null = true;
      results.push_back(Value::Unknown(Type::String(), std::move(refinement)));
      continue;
    }
    std::string out;
    if (auto problem = Format(a[0].AsString(), arguments, out)) {
      return CallError(fmt::format("for element {}, {}", n, problem->message));
    }
    results.push_back(Value::String(out));
  }
  return Value::List(Type::String(), std::move(results));
}

}  // namespace

void AddFormatFunctions(FunctionTable& table) {
  const Parameter format =
      TextParameter("format", "The text, with a verb such as %s for each argument.");
  const Parameter arguments = Nullable(TakesUnknown(AnyParameter("args", "The values to put in.")));
  table.Add({.name = "format",
             .description = "Puts values into a text in the places and forms that its verbs say.",
             .parameters = {format},
             .variadic = arguments,
             .result = Type::String(),
             .body = FormatText});
  table.Add({.name = "formatlist",
             .description = "Formats once for each element of lists that are equally long.",
             .parameters = {format},
             .variadic = arguments,
             .result = Type::List(Type::String()),
             .body = FormatList});
}

}  // namespace tkn::lang
