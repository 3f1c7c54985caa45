#include "tests/simulator/clock.h"

#include <array>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace tkn::simulator {
namespace {

std::string Formatted(int64_t ms, const char* format) {
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  const size_t length = std::strftime(text.data(), text.size(), format, &parts);
  return std::string(text.data(), length);
}

int64_t MachineMs() {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  return duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

int64_t Clock::NowMs() const { return MachineMs() + offset_ms_; }

void Clock::SetNow(int64_t ms) { offset_ms_ = ms - MachineMs(); }

std::string FormatTime(int64_t ms) { return Formatted(ms, "%Y-%m-%dT%H:%M:%S"); }

std::string FormatHttpDate(int64_t ms) { return Formatted(ms, "%a, %d %b %Y %H:%M:%S GMT"); }

std::optional<int64_t> ParseTime(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd";
  if (text.size() != kShape.size()) return std::nullopt;
  std::array<int, 6> numbers{};
  size_t field = 0;
  for (size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] == 'd') {
      if (std::isdigit(static_cast<unsigned char>(text[i])) == 0) return std::nullopt;
      numbers.at(field) = numbers.at(field) * 10 + (text[i] - '0');
    } else {
      if (text[i] != kShape[i]) return std::nullopt;
      ++field;
    }
  }
  const auto [year, month, day, hour, minute, second] = numbers;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const auto days = std::chrono::sys_days{date}.time_since_epoch();
  const int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(days).count() +
                          hour * 3600 + minute * 60 + second;
  return seconds * 1000;
}

}  // namespace tkn::simulator
