#include "parser/diagnostic.h"

#include <catch2/catch.hpp>

namespace tkn {
namespace {

TEST_CASE("only errors make diagnostics fail") {
  Diagnostics diags;
  CHECK_FALSE(diags.HasErrors());
  diags.Add({.severity = Severity::kWarning, .summary = "w"});
  CHECK_FALSE(diags.HasErrors());
  diags.Add({.summary = "e"});
  CHECK(diags.HasErrors());
}

TEST_CASE("appending keeps the order and empties a moved-from list") {
  Diagnostics a{{.summary = "1"}};
  Diagnostics b{{.summary = "2"}, {.summary = "3"}};
  a.Append(b);
  CHECK(b.size() == 2);
  a.Append(std::move(b));
  REQUIRE(a.size() == 5);
  CHECK(a[0].summary == "1");
  CHECK(a[2].summary == "3");
  CHECK(a[4].summary == "3");
  CHECK(b.empty());  // NOLINT(bugprone-use-after-move): promised
  Diagnostics c;
  c.Append(std::move(a));
  CHECK(c.size() == 5);
  CHECK(a.empty());  // NOLINT(bugprone-use-after-move)
}

}  // namespace
}  // namespace tkn
