#include "parser/suggest.h"

#include <catch2/catch.hpp>

namespace tkn {
namespace {

TEST_CASE("a name close by is suggested, one far off is not", "[suggest]") {
  const std::vector<std::string> commands = {"apply", "plan", "import", "init"};
  CHECK(Suggest("plam", commands) == "plan");
  CHECK(Suggest("aply", commands) == "apply");
  CHECK(Suggest("imoprt", commands) == "import");
  CHECK(Suggest("destroy", commands).empty());
  CHECK(Suggest("", commands).empty());
  CHECK(Suggest(std::string(100'000, 'x'), commands).empty());
  CHECK(DidYouMean("plam", commands) == " Did you mean \"plan\"?");
  CHECK(DidYouMean("zzz", commands).empty());
}

}  // namespace
}  // namespace tkn
