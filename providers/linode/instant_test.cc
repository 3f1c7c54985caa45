#include "providers/linode/instant.h"

#include <catch2/catch.hpp>

namespace tkn::linode {
namespace {

TEST_CASE("RFC 3339 needs an offset and allows a fraction") {
  struct Row {
    const char* text;
    const char* utc;  // nullptr: not a time
  };
  const Row rows[] = {
      {"2024-07-09T13:29:58Z", "2024-07-09T13:29:58Z"},
      {"2024-07-09T13:29:58+00:00", "2024-07-09T13:29:58Z"},
      {"2024-07-09T15:29:58+02:00", "2024-07-09T13:29:58Z"},
      {"2024-07-09T23:59:59-00:30", "2024-07-10T00:29:59Z"},
      {"2024-07-09T13:29:58.999Z", "2024-07-09T13:29:58Z"},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
      {"1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"},
      {"2999-12-12T05:00:00Z", "2999-12-12T05:00:00Z"},
      {"2023-02-29T00:00:00Z", nullptr},
      {"2024-07-09T13:29:58", nullptr},
      {"2024-07-09", nullptr},
      {"2024-07-09 13:29:58Z", nullptr},
      {"2024-07-09t13:29:58z", nullptr},
      {"2024-07-09T24:00:00Z", nullptr},
      {"2024-07-09T13:60:00Z", nullptr},
      {"2024-07-09T13:29:60Z", nullptr},
      {"2024-13-01T00:00:00Z", nullptr},
      {"2024-07-09T13:29:58.Z", nullptr},
      {"2024-07-09T13:29:58+02", nullptr},
      {"2024-07-09T13:29:58Z ", nullptr},
      {"", nullptr},
      {"never", nullptr},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto parsed = Instant::ParseRfc3339(row.text);
    REQUIRE(parsed.has_value() == (row.utc != nullptr));
    if (parsed) CHECK(parsed->ToRfc3339() == row.utc);
  }
}

TEST_CASE("the API's times are UTC without saying so") {
  const auto parsed = Instant::ParseApi("2018-01-02T03:04:05");
  REQUIRE(parsed);
  CHECK(parsed->ToRfc3339() == "2018-01-02T03:04:05Z");
  CHECK(parsed->ToApi() == "2018-01-02T03:04:05");
  CHECK(parsed->seconds == 1514862245);
  CHECK(Instant::ParseApi("2018-01-02T03:04:05Z") == parsed);
  CHECK_FALSE(Instant::ParseApi("soon"));
}

TEST_CASE("times are the same when the instant is") {
  CHECK(SameInstant("", ""));
  CHECK(SameInstant("2024-07-09T15:29:58+02:00", "2024-07-09T13:29:58Z"));
  CHECK_FALSE(SameInstant("2024-07-09T13:29:58Z", ""));
  CHECK_FALSE(SameInstant("2024-07-09T13:29:58.5Z", "2024-07-09T13:29:58Z"));
  CHECK_FALSE(SameInstant("x", "x"));
}

TEST_CASE("a year of 2999 means never, whatever the rest") {
  CHECK(MeansNever(*Instant::ParseApi("2999-12-12T05:00:00")));
  CHECK(MeansNever(*Instant::ParseApi("2999-01-01T00:00:00")));
  CHECK_FALSE(MeansNever(*Instant::ParseApi("2998-12-31T23:59:59")));
}

TEST_CASE("the date of an answer is read") {
  CHECK(Instant::ParseHttpDate("Tue, 09 Jul 2024 13:27:58 GMT")->ToApi() == "2024-07-09T13:27:58");
  CHECK_FALSE(Instant::ParseHttpDate("Tue, 09 Jux 2024 13:27:58 GMT"));
  CHECK_FALSE(Instant::ParseHttpDate(""));
}

TEST_CASE("dates survive being printed and read", "[property]") {
  for (std::int64_t day = -719468; day < 2932896; day += 997) {
    const Instant instant{day * 86400 + 12345, 0};
    CHECK(Instant::ParseRfc3339(instant.ToRfc3339()) == instant);
  }
}

}  // namespace
}  // namespace tkn::linode
