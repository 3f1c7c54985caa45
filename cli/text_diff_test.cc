#include "cli/text_diff.h"

#include <catch2/catch.hpp>

namespace tkn::cli {
namespace {

std::string Diff(std::string_view before, std::string_view after) {
  return UnifiedDiff(before, after, "a", "b");
}

TEST_CASE("equal texts have no diff", "[text_diff]") {
  CHECK(Diff("", "").empty());
  CHECK(Diff("x\ny\n", "x\ny\n").empty());
}

TEST_CASE("changed lines stand between three lines of context", "[text_diff]") {
  CHECK(Diff("a\n", "b\n") == "--- a\n+++ b\n@@ -1 +1 @@\n-a\n+b\n");
  CHECK(Diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n") ==
        "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
  CHECK(Diff("", "x\n") == "--- a\n+++ b\n@@ -0,0 +1 @@\n+x\n");
  CHECK(Diff("x\ny\n", "y\n") == "--- a\n+++ b\n@@ -1,2 +1 @@\n-x\n y\n");
}

TEST_CASE("a change slides along equal lines to meet another", "[text_diff]") {
  CHECK(Diff("a\n}\n}\n", "  a\n  }\n}\n") ==
        "--- a\n+++ b\n@@ -1,3 +1,3 @@\n-a\n-}\n+  a\n+  }\n }\n");
}

TEST_CASE("changes far apart are hunks of their own", "[text_diff]") {
  std::string before, after;
  for (int i = 0; i < 20; ++i) {
    before += std::to_string(i) + "\n";
    after += (i == 1 || i == 18 ? "x" : std::to_string(i)) + "\n";
  }
  CHECK(Diff(before, after) ==
        "--- a\n+++ b\n@@ -1,5 +1,5 @@\n 0\n-1\n+x\n 2\n 3\n 4\n"
        "@@ -16,5 +16,5 @@\n 15\n 16\n 17\n-18\n+x\n 19\n");
}

}  // namespace
}  // namespace tkn::cli
