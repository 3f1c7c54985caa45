#include <catch2/catch.hpp>

#include "engine/lang/test_scope.h"

namespace tkn::lang::testing {
namespace {

TEST_CASE("times", "[lang]") {
  constexpr Row kRows[] = {
      {R"(formatdate("YYYY-MM-DD'T'hh:mm:ssZ", "2024-02-29T13:05:09Z"))",
       R"("2024-02-29T13:05:09Z")"},
      {R"(formatdate("DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z"))",
       R"("02 Jan 2018 23:12 UTC")"},
      {R"(formatdate("EEEE, DD-MMM-YY hh:mm:ss ZZZ", "2018-01-02T23:12:01-07:00"))",
       R"("Tuesday, 02-Jan-18 23:12:01 -0700")"},
      {R"(formatdate("H:mAA aa", "2018-01-02T13:02:01Z"))", R"("1:2PM pm")"},
      {R"(formatdate("YYY", "2018-01-02T13:02:01Z"))", "Error: Invalid function argument"},
      {R"(formatdate("'a''b'", "2018-01-02T13:02:01Z"))", R"("a'b")"},
      {R"(formatdate("'a", "2018-01-02T13:02:01Z"))", "Error: Invalid function argument"},
      {R"(formatdate("YYYY", "2018-13-02T13:02:01Z"))", "Error: Invalid function argument"},
      {R"(formatdate("YYYY", "tomorrow"))", "Error: Invalid function argument"},
      {R"(formatdate("YYYY", unknown))", "(known after apply)"},
      {R"(timeadd("2017-11-22T00:00:00Z", "10m"))", R"("2017-11-22T00:10:00Z")"},
      {R"(timeadd("2017-11-22T00:00:00Z", "-1h30m"))", R"("2017-11-21T22:30:00Z")"},
      {R"(timeadd("2017-11-22T00:00:00Z", "1.5h"))", R"("2017-11-22T01:30:00Z")"},
      {R"(timeadd("2017-11-22T00:00:00Z", "1d"))", "Error: Error in function call"},
      {R"(timeadd("x", "1h"))", "Error: Error in function call"},
      {R"(timecmp("2017-11-22T00:00:00Z", "2017-11-22T01:00:00+01:00"))", "0"},
      {R"(timecmp("2017-11-22T00:00:00Z", "2017-11-22T01:00:00Z"))", "-1"},
      {R"(timecmp("a", "b"))", "Error: Invalid function argument"},
      {R"(can(formatdate("YYYY", timestamp())))", "true"},
  };
  CheckRows(kRows);
}

}  // namespace
}  // namespace tkn::lang::testing
