#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tkn::simulator {

// The simulator's time: the machine's, moved by what --now and the control endpoint asked for.
// Milliseconds since 1970, UTC. Not locked: it lives inside the world, which is.
class Clock {
 public:
  [[nodiscard]] int64_t NowMs() const;
  void Advance(int64_t ms) { offset_ms_ += ms; }
  void SetNow(int64_t ms);

 private:
  int64_t offset_ms_ = 0;
};

// The API's form, `2024-07-09T13:28:00`: UTC, no zone, no fraction.
std::string FormatTime(int64_t ms);
// Empty unless `text` has exactly that form and names a real moment.
std::optional<int64_t> ParseTime(std::string_view text);
// `Tue, 09 Jul 2024 13:28:00 GMT`, for headers.
std::string FormatHttpDate(int64_t ms);

}  // namespace tkn::simulator
