#include "engine/lang/functions/time.h"

#include <array>
#include <chrono>
#include <limits>

#include "engine/lang/functions/entry.h"

namespace tkn::lang {

namespace {

constexpr std::int64_t kDay = 86'400;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes numbers and marks off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool Number(std::size_t least, std::size_t most, int& out) {
    out = 0;
    std::size_t n = 0;
    for (; n < most && n < text_.size() && IsDigit(text_[n]); ++n)
      out = out * 10 + (text_[n] - '0');
    if (n < least) return false;
    text_.remove_prefix(n);
    return true;
  }
  bool Skip(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  // ".123": nanoseconds, further digits dropped.
  bool Fraction(std::int32_t& out) {
    out = 0;
    if (!Skip('.')) return true;
    std::int32_t unit = 100'000'000;
    std::size_t n = 0;
    for (; n < text_.size() && IsDigit(text_[n]); ++n) {
      out += (text_[n] - '0') * unit;
      unit /= 10;
    }
    text_.remove_prefix(n);
    return n > 0;
  }
  char Front() const { return text_.empty() ? '\0' : text_.front(); }
  bool AtEnd() const { return text_.empty(); }

 private:
  std::string_view text_;
};

struct Clock {
  int year = 0;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

bool IsValid(const Clock& c) {
  const std::chrono::year_month_day date{std::chrono::year{c.year},
                                         std::chrono::month{static_cast<unsigned>(c.month)},
                                         std::chrono::day{static_cast<unsigned>(c.day)}};
  return date.ok() && c.hour < 24 && c.minute < 60 && c.second < 60;
}

std::int64_t SecondsOf(const Clock& c) {
  const std::chrono::sys_days days{std::chrono::year{c.year} /
                                   std::chrono::month{static_cast<unsigned>(c.month)} /
                                   std::chrono::day{static_cast<unsigned>(c.day)}};
  return days.time_since_epoch().count() * kDay + c.hour * 3600 + c.minute * 60 + c.second;
}

Clock ClockOf(const Timestamp& timestamp) {
  const std::int64_t local = timestamp.seconds + timestamp.offset;
  std::int64_t days = local / kDay;
  std::int64_t rest = local % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{static_cast<int>(days)}}};
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(rest / 3600),
          static_cast<int>(rest / 60 % 60),
          static_cast<int>(rest % 60)};
}

std::string OffsetText(std::int32_t offset, std::string_view separator) {
  const std::int32_t minutes = (offset < 0 ? -offset : offset) / 60;
  return fmt::format("{}{:02}{}{:02}", offset < 0 ? '-' : '+', minutes / 60, separator,
                     minutes % 60);
}

// "Z" or "+01:30".
bool ScanOffset(Scanner& scanner, std::int32_t& offset) {
  offset = 0;
  if (scanner.Skip('Z')) return true;
  const bool west = scanner.Front() == '-';
  if (!scanner.Skip('+') && !scanner.Skip('-')) return false;
  int hours = 0;
  int minutes = 0;
  if (!scanner.Number(2, 2, hours) || !scanner.Skip(':') || !scanner.Number(2, 2, minutes) ||
      hours > 23 || minutes > 59) {
    return false;
  }
  offset = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
  return true;
}

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};

}  // namespace

std::optional<Timestamp> ParseTimestamp(std::string_view text, std::string& error) {
  const auto fail = [&](std::string_view what) -> std::optional<Timestamp> {
    error =
        fmt::format("this is not a timestamp of RFC 3339, such as 2006-01-02T15:04:05Z: {}", what);
    return std::nullopt;
  };
  Scanner scanner(text);
  Clock clock;
  Timestamp timestamp;
  if (!scanner.Number(4, 4, clock.year))
    return fail("it does not begin with a year of four digits");
  if (!scanner.Skip('-') || !scanner.Number(2, 2, clock.month)) {
    return fail("behind the year there must be \"-\" and a month of two digits");
  }
  if (!scanner.Skip('-') || !scanner.Number(2, 2, clock.day)) {
    return fail("behind the month there must be \"-\" and a day of two digits");
  }
  if (!scanner.Skip('T')) return fail("there is no \"T\" between date and time");
  if (!scanner.Number(2, 2, clock.hour) || !scanner.Skip(':') ||
      !scanner.Number(2, 2, clock.minute) || !scanner.Skip(':') ||
      !scanner.Number(2, 2, clock.second)) {
    return fail("the time must have the form 15:04:05");
  }
  if (!scanner.Fraction(timestamp.nanoseconds)) return fail("there are no digits behind the point");
  if (!ScanOffset(scanner, timestamp.offset)) {
    return fail("the time must be followed by \"Z\" or an offset such as +02:00");
  }
  if (!scanner.AtEnd()) return fail("there is more behind the offset");
  if (!IsValid(clock)) return fail("there is no such date or time");
  timestamp.seconds = SecondsOf(clock) - timestamp.offset;
  return timestamp;
}

std::string FormatTimestamp(const Timestamp& timestamp) {
  const Clock c = ClockOf(timestamp);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}", c.year, c.month, c.day, c.hour,
                     c.minute, c.second,
                     timestamp.offset == 0 ? "Z" : OffsetText(timestamp.offset, ":"));
}

std::optional<std::int64_t> ParseDuration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  struct Unit {
    std::string_view name;
    std::int64_t nanoseconds;
  };
  // Longer names first: "ms" before "m".
  static constexpr std::array<Unit, 8> kUnits = {{{"ns", 1},
                                                  {"us", 1'000},
                                                  {"\u00b5s", 1'000},
                                                  {"\u03bcs", 1'000},
                                                  {"ms", 1'000'000},
                                                  {"s", 1'000'000'000},
                                                  {"m", 60'000'000'000},
                                                  {"h", 3'600'000'000'000}}};
  constexpr auto kMost = static_cast<unsigned __int128>(std::numeric_limits<std::int64_t>::max());
  unsigned __int128 total = 0;
  while (!text.empty()) {
    unsigned __int128 whole = 0;
    unsigned __int128 fraction = 0;
    unsigned __int128 scale = 1;
    std::size_t digits = 0;
    for (; !text.empty() && IsDigit(text.front()); text.remove_prefix(1), ++digits) {
      whole = whole * 10 + static_cast<unsigned>(text.front() - '0');
      if (whole > kMost) return std::nullopt;
    }
    if (text.starts_with('.')) {
      text.remove_prefix(1);
      for (; !text.empty() && IsDigit(text.front()); text.remove_prefix(1), ++digits) {
        if (scale >= 1'000'000'000'000'000) continue;
        fraction = fraction * 10 + static_cast<unsigned>(text.front() - '0');
        scale *= 10;
      }
    }
    if (digits == 0) return std::nullopt;
    const Unit* unit = nullptr;
    for (const Unit& candidate : kUnits) {
      // The unit reaches up to the next number.
      if (!text.starts_with(candidate.name)) continue;
      const std::string_view rest = text.substr(candidate.name.size());
      if (!rest.empty() && !IsDigit(rest.front()) && rest.front() != '.') continue;
      unit = &candidate;
      break;
    }
    if (unit == nullptr) return std::nullopt;
    text.remove_prefix(unit->name.size());
    const auto nanoseconds = static_cast<unsigned __int128>(unit->nanoseconds);
    total += whole * nanoseconds + fraction * nanoseconds / scale;
    if (total > kMost + (negative ? 1 : 0)) return std::nullopt;
  }
  const auto result = static_cast<std::int64_t>(static_cast<std::uint64_t>(total));
  return negative ? -result : result;
}

std::optional<std::string> NormalizeYamlTimestamp(std::string_view text) {
  Scanner scanner(text);
  Clock clock;
  Timestamp timestamp;
  if (!scanner.Number(4, 4, clock.year) || !scanner.Skip('-') ||
      !scanner.Number(1, 2, clock.month) || !scanner.Skip('-') ||
      !scanner.Number(1, 2, clock.day)) {
    return std::nullopt;
  }
  if (!scanner.AtEnd()) {
    const bool zoned = scanner.Skip('T') || scanner.Skip('t');
    if (!zoned && !scanner.Skip(' ')) return std::nullopt;
    if (!scanner.Number(1, 2, clock.hour) || !scanner.Skip(':') ||
        !scanner.Number(1, 2, clock.minute) || !scanner.Skip(':') ||
        !scanner.Number(1, 2, clock.second) || !scanner.Fraction(timestamp.nanoseconds)) {
      return std::nullopt;
    }
    if (zoned && !ScanOffset(scanner, timestamp.offset)) return std::nullopt;
  }
  if (!scanner.AtEnd() || !IsValid(clock)) return std::nullopt;
  timestamp.seconds = SecondsOf(clock) - timestamp.offset;
  return FormatTimestamp(timestamp);
}

namespace {

std::optional<FunctionError> FormatVerb(std::string_view verb, const Timestamp& timestamp,
                                        const Clock& clock, std::string& out) {
  const auto unknown = [&](std::string_view allowed) {
    return ArgumentError(0, fmt::format("\"{}\" is no verb for dates{}", verb, allowed));
  };
  const auto number = [&](int n, std::string_view allowed) -> std::optional<FunctionError> {
    if (verb.size() > 2) return unknown(allowed);
    out += verb.size() == 1 ? fmt::format("{}", n) : fmt::format("{:02}", n);
    return std::nullopt;
  };
  switch (verb[0]) {
    case 'Y':
      if (verb.size() != 2 && verb.size() != 4) return unknown("; years are YY or YYYY");
      out += verb.size() == 4 ? fmt::format("{:04}", clock.year)
                              : fmt::format("{:02}", clock.year % 100);
      return std::nullopt;
    case 'M': {
      const std::string_view name = kMonths[static_cast<std::size_t>(clock.month - 1)];
      if (verb.size() == 3) {
        out += name.substr(0, 3);
      } else if (verb.size() == 4) {
        out += name;
      } else {
        return number(clock.month, "; months are M, MM, MMM or MMMM");
      }
      return std::nullopt;
    }
    case 'D':
      return number(clock.day, "; days of the month are D or DD");
    case 'E': {
      if (verb.size() != 3 && verb.size() != 4)
        return unknown("; days of the week are EEE or EEEE");
      const std::chrono::weekday day{std::chrono::sys_days{
          std::chrono::year{clock.year} / std::chrono::month{static_cast<unsigned>(clock.month)} /
          std::chrono::day{static_cast<unsigned>(clock.day)}}};
      const std::string_view name = kDays[day.c_encoding()];
      out += verb.size() == 3 ? name.substr(0, 3) : name;
      return std::nullopt;
    }
    case 'h':
      return number(clock.hour, "; hours up to 23 are h or hh");
    case 'H':
      return number(clock.hour % 12 == 0 ? 12 : clock.hour % 12, "; hours up to 12 are H or HH");
    case 'A':
    case 'a':
      if (verb.size() != 2) return unknown("; the half of the day is AA or aa");
      out += verb[0] == 'A' ? (clock.hour < 12 ? "AM" : "PM") : (clock.hour < 12 ? "am" : "pm");
      return std::nullopt;
    case 'm':
      return number(clock.minute, "; minutes are m or mm");
    case 's':
      return number(clock.second, "; seconds are s or ss");
    case 'Z':
      switch (verb.size()) {
        case 1:
          out += timestamp.offset == 0 ? "Z" : OffsetText(timestamp.offset, ":");
          return std::nullopt;
        case 3:
          out += timestamp.offset == 0 ? "UTC" : OffsetText(timestamp.offset, "");
          return std::nullopt;
        case 4:
          out += OffsetText(timestamp.offset, "");
          return std::nullopt;
        case 5:
          out += OffsetText(timestamp.offset, ":");
          return std::nullopt;
        default:
          return unknown("; offsets are Z, ZZZ, ZZZZ or ZZZZZ");
      }
    default:
      return unknown("; put what is meant literally in single quotes");
  }
}

FunctionResult FormatDate(Arguments a, Type, const CallContext&) {
  std::string error;
  const auto timestamp = ParseTimestamp(a[1].AsString(), error);
  if (!timestamp) return ArgumentError(1, std::move(error));
  const Clock clock = ClockOf(*timestamp);
  const std::string_view format = a[0].AsString();
  std::string out;
  for (std::size_t at = 0; at < format.size();) {
    const char c = format[at];
    if (c == '\'') {
      // A literal; within it '' is one quote.
      for (++at;; ++at) {
        if (at >= format.size())
          return ArgumentError(0, "a literal in single quotes is not closed");
        if (format[at] != '\'') {
          out += format[at];
        } else if (format.substr(at, 2) == "''") {
          out += '\'';
          ++at;
        } else {
          ++at;
          break;
        }
      }
      continue;
    }
    if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z')) {
      out += c;
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < format.size() && format[end] == c) ++end;
    if (auto problem = FormatVerb(format.substr(at, end - at), *timestamp, clock, out)) {
      return std::move(*problem);
    }
    at = end;
  }
  return Value::String(out);
}

FunctionResult TimeAdd(Arguments a, Type, const CallContext& context) {
  constexpr std::int64_t kBillion = 1'000'000'000;
  std::string error;
  auto timestamp = ParseTimestamp(a[0].AsString(), error);
  if (!timestamp) return CallError(std::move(error));
  const auto duration = ParseDuration(a[1].AsString());
  if (!duration) {
    return CallError(fmt::format("{} is not a duration such as \"1h30m\" or \"-10s\"",
                                 Shown(a[1].AsString(), context)));
  }
  std::int64_t nanoseconds = timestamp->nanoseconds + *duration % kBillion;
  timestamp->seconds += *duration / kBillion + nanoseconds / kBillion;
  nanoseconds %= kBillion;
  if (nanoseconds < 0) {
    nanoseconds += kBillion;
    --timestamp->seconds;
  }
  timestamp->nanoseconds = static_cast<std::int32_t>(nanoseconds);
  return Value::String(FormatTimestamp(*timestamp));
}

FunctionResult TimeCompare(Arguments a, Type, const CallContext&) {
  std::string error;
  const auto first = ParseTimestamp(a[0].AsString(), error);
  if (!first) return ArgumentError(0, std::move(error));
  const auto second = ParseTimestamp(a[1].AsString(), error);
  if (!second) return ArgumentError(1, std::move(error));
  const auto order = std::pair(first->seconds, first->nanoseconds) <=>
                     std::pair(second->seconds, second->nanoseconds);
  return Value::Number(std::int64_t{order < 0 ? -1 : order > 0 ? 1 : 0});
}

FunctionResult Now(Arguments, Type type, const CallContext& context) {
  if (context.scope.pure_only()) return Value::Unknown(type);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  Timestamp timestamp;
  timestamp.seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  return Value::String(FormatTimestamp(timestamp));
}

FunctionResult PlanTimestamp(Arguments, Type type, const CallContext& context) {
  const std::string_view timestamp = context.scope.plan_timestamp();
  return timestamp.empty() ? Value::Unknown(type) : Value::String(timestamp);
}

}  // namespace

void AddTimeFunctions(FunctionTable& table) {
  table.Add({.name = "formatdate",
             .description = "Writes an instant in a form that verbs such as YYYY-MM-DD describe.",
             .parameters = {TextParameter("format", "The form."),
                            TextParameter("time", "The instant, in RFC 3339.")},
             .result = Type::String(),
             .body = FormatDate});
  table.Add({.name = "plantimestamp",
             .description = "The instant at which the plan was made.",
             .result = Type::String(),
             .body = PlanTimestamp});
  table.Add({.name = "timeadd",
             .description = "Adds a duration to an instant.",
             .parameters = {TextParameter("timestamp", "The instant, in RFC 3339."),
                            TextParameter("duration", "The duration, such as 1h30m or -10s.")},
             .result = Type::String(),
             .body = TimeAdd});
  table.Add({.name = "timecmp",
             .description = "-1, 0 or 1: whether an instant is before, at or after another.",
             .parameters = {TextParameter("timestamp_a", "The one instant, in RFC 3339."),
                            TextParameter("timestamp_b", "The other instant.")},
             .result = Type::Number(),
             .body = TimeCompare});
  table.Add({.name = "timestamp",
             .description = "The instant of this call; while planning it is unknown.",
             .result = Type::String(),
             .body = Now});
}

}  // namespace tkn::lang
