#include "parser/suggestion.h"

#include <catch2/catch.hpp>

namespace tkn::parser {
namespace {

TEST_CASE("the first name less than three edits away is suggested") {
  const std::string_view known[] = {"name", "value", "description"};
  CHECK(Suggest("nam", known) == "name");
  CHECK(Suggest("vlaue", known) == "value");
  CHECK(Suggest("descripton", known) == "description");
  CHECK(Suggest("other", known).empty());
  CHECK(Suggest(std::string(100000, 'a'), known).empty());
  CHECK(DidYouMean("nmae", known) == " Did you mean \"name\"?");
  CHECK(DidYouMean("zzz", known).empty());
}

}  // namespace
}  // namespace tkn::parser
