#include "cli/console/loop.h"

#include <catch2/catch.hpp>

namespace tkn::cli {
namespace {

TEST_CASE("an input goes on while something is open") {
  CHECK(WantsMore("[1,\n"));
  CHECK(WantsMore("{ a = (1\n"));
  CHECK(WantsMore("upper(\n"));
  CHECK(WantsMore("\"x${\n"));
  CHECK(WantsMore("<<E\nx\n"));
  CHECK(WantsMore("<<-E\n  [\n"));
}

TEST_CASE("an input that is complete, or that nothing can complete, does not") {
  CHECK_FALSE(WantsMore(""));
  CHECK_FALSE(WantsMore("1 +\n"));
  CHECK_FALSE(WantsMore("[1,\n2]\n"));
  CHECK_FALSE(WantsMore("\"[\"\n"));
  CHECK_FALSE(WantsMore("1 # [\n"));
  CHECK_FALSE(WantsMore(")\n"));
  CHECK_FALSE(WantsMore("[ )\n"));
  CHECK_FALSE(WantsMore("<<E\n[\nE\n"));
}

}  // namespace
}  // namespace tkn::cli
