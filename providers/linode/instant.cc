#include "providers/linode/instant.h"

#include <array>
#include <cstdio>

namespace tkn::linode {
namespace {

constexpr std::int64_t kDay = 86400;

// Days since 1970-01-01 of a civil date, for years 0 to 9999.
std::int64_t DaysFromCivil(int year, int month, int day) {
  const int y = month <= 2 ? year - 1 : year;
  const int era = (y >= 0 ? y : y - 399) / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return std::int64_t{era} * 146097 + day_of_era - 719468;
}

struct Civil {
  int year, month, day;
};

Civil CivilFromDays(std::int64_t days) {
  const std::int64_t z = days + 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const int day_of_era = static_cast<int>(z - era * 146097);
  const int year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int m = (5 * day_of_year + 2) / 153;
  const int month = m < 10 ? m + 3 : m - 9;
  const int year = static_cast<int>(year_of_era + era * 400) + (month <= 2 ? 1 : 0);
  return {year, month, day_of_year - (153 * m + 2) / 5 + 1};
}

int DaysIn(int year, int month) {
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

// Takes a text apart from its start; any mismatch makes it fail for good.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int Digits(int count, int low, int high) {
    int value = 0;
    for (int i = 0; i < count; ++i) {
      if (rest_.empty() || rest_[0] < '0' || rest_[0] > '9') return Fail();
      value = value * 10 + (rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    return value < low || value > high ? Fail() : value;
  }
  void Expect(char c) {
    if (!Skip(c)) Fail();
  }
  bool Skip(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void Expect(std::string_view text) {
    if (!rest_.starts_with(text)) {
      Fail();
    } else {
      rest_.remove_prefix(text.size());
    }
  }
  std::string_view Take(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  // Digits of a fraction of a second; what is below a nanosecond is cut.
  std::int32_t Fraction() {
    std::int32_t value = 0;
    int digits = 0;
    while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9') {
      if (digits < 9) value = value * 10 + (rest_[0] - '0');
      ++digits;
      rest_.remove_prefix(1);
    }
    if (digits == 0) Fail();
    for (; digits < 9; ++digits) value *= 10;
    return value;
  }
  bool Done() const { return !failed_ && rest_.empty(); }
  bool failed() const { return failed_; }

 private:
  int Fail() {
    failed_ = true;
    return 0;
  }
  std::string_view rest_;
  bool failed_ = false;
};

std::int64_t DateAndTime(Reader& reader) {
  const int year = reader.Digits(4, 0, 9999);
  reader.Expect('-');
  const int month = reader.Digits(2, 1, 12);
  reader.Expect('-');
  if (reader.failed()) return 0;
  const int day = reader.Digits(2, 1, DaysIn(year, month));
  reader.Expect('T');
  const int hour = reader.Digits(2, 0, 23);
  reader.Expect(':');
  const int minute = reader.Digits(2, 0, 59);
  reader.Expect(':');
  const int second = reader.Digits(2, 0, 59);
  return DaysFromCivil(year, month, day) * kDay + hour * 3600 + minute * 60 + second;
}

}  // namespace

std::optional<Instant> Instant::ParseRfc3339(std::string_view text) {
  Reader reader(text);
  Instant instant;
  instant.seconds = DateAndTime(reader);
  if (reader.Skip('.')) instant.nanoseconds = reader.Fraction();
  if (!reader.Skip('Z')) {
    const bool east = reader.Skip('+');
    if (!east) reader.Expect('-');
    const int hours = reader.Digits(2, 0, 23);
    reader.Expect(':');
    const int minutes = reader.Digits(2, 0, 59);
    const int offset = hours * 3600 + minutes * 60;
    instant.seconds += east ? -offset : offset;
  }
  return reader.Done() ? std::optional(instant) : std::nullopt;
}

std::optional<Instant> Instant::ParseApi(std::string_view text) {
  Reader reader(text);
  Instant instant;
  instant.seconds = DateAndTime(reader);
  if (reader.Skip('.')) instant.nanoseconds = reader.Fraction();
  if (reader.Done()) return instant;
  return ParseRfc3339(text);  // in case the API learns to say what it means
}

std::optional<Instant> Instant::ParseHttpDate(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  Reader reader(text);
  reader.Take(3);
  reader.Expect(", ");
  const int day = reader.Digits(2, 1, 31);
  reader.Expect(' ');
  const std::string_view name = reader.Take(3);
  int month = 0;
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (kMonths[i] == name) month = static_cast<int>(i) + 1;
  }
  reader.Expect(' ');
  const int year = reader.Digits(4, 1970, 9999);
  reader.Expect(' ');
  const int hour = reader.Digits(2, 0, 23);
  reader.Expect(':');
  const int minute = reader.Digits(2, 0, 59);
  reader.Expect(':');
  const int second = reader.Digits(2, 0, 60);
  reader.Expect(" GMT");
  if (!reader.Done() || month == 0) return std::nullopt;
  return Instant{DaysFromCivil(year, month, day) * kDay + hour * 3600 + minute * 60 + second, 0};
}

std::string Instant::ToApi() const {
  std::int64_t days = seconds / kDay;
  std::int64_t rest = seconds % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  const Civil date = CivilFromDays(days);
  const int time = static_cast<int>(rest);
  std::array<char, 48> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d", date.year,
                    date.month, date.day, time / 3600, time / 60 % 60, time % 60);
  return std::string(text.data(), static_cast<std::size_t>(length));
}

std::string Instant::ToRfc3339() const { return ToApi() + "Z"; }

int Instant::Year() const {
  return CivilFromDays(seconds >= 0 ? seconds / kDay : (seconds - kDay + 1) / kDay).year;
}

bool SameInstant(std::string_view a, std::string_view b) {
  if (a.empty() && b.empty()) return true;
  const std::optional<Instant> first = Instant::ParseRfc3339(a);
  const std::optional<Instant> second = Instant::ParseRfc3339(b);
  return first && second && *first == *second;
}

bool MeansNever(const Instant& instant) { return instant.Year() == 2999; }

}  // namespace tkn::linode
