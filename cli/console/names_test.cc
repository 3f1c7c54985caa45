#include "cli/console/names.h"

#include <catch2/catch.hpp>

namespace tkn::cli {
namespace {

using Words = std::vector<std::string>;

Words Complete(std::string_view text, std::vector<std::string>* asked = nullptr) {
  config::Module root;
  root.variables.emplace_back().name = "region";
  root.variables.emplace_back().name = "regions";
  root.locals.emplace_back().name = "settings";
  root.resources.emplace_back().name = {ResourceMode::kManaged, "linode_token", "ci"};
  root.resources.emplace_back().name = {ResourceMode::kManaged, "linode_token", "cd"};
  root.resources.emplace_back().name = {ResourceMode::kData, "linode_profile", "me"};
  const ConsoleNames names(root, [asked](const std::string& expression) -> Words {
    if (asked) asked->push_back(expression);
    return {"token", "label", "scopes"};
  });
  return names.Complete(text).words;
}

TEST_CASE("names are completed up to their next dot") {
  CHECK(Complete("va") == Words{"values(", "var."});
  CHECK(Complete("var.re") == Words{"var.region", "var.regions"});
  CHECK(Complete("linode") == Words{"linode_token."});
  CHECK(Complete("linode_token.c") == Words{"linode_token.cd", "linode_token.ci"});
  CHECK(Complete("data.") == Words{"data.linode_profile."});
  CHECK(Complete("jsonenc") == Words{"jsonencode("});
  CHECK(Complete("nothing_like_it").empty());
}

TEST_CASE("a name is completed wherever it stands") {
  CHECK(Complete("upper(var.region") == Words{"var.region", "var.regions"});
  CHECK(Complete("[1, var.regions") == Words{"var.regions"});
  CHECK(Complete("var.regions[var.regions") == Words{"var.regions"});
  CHECK(Complete("\"${var.regions") == Words{"var.regions"});
  CHECK(Complete("-var.regions") == Words{"var.regions"});
}

TEST_CASE("behind a whole name stand the attributes of its value") {
  Words asked;
  CHECK(Complete("linode_token.ci.", &asked) ==
        Words{"linode_token.ci.label", "linode_token.ci.scopes", "linode_token.ci.token"});
  CHECK(Complete("1 + local.settings[\"a\"].b.la", &asked) ==
        Words{"local.settings[\"a\"].b.label"});
  CHECK(asked == Words{"linode_token.ci", "local.settings[\"a\"].b"});
}

}  // namespace
}  // namespace tkn::cli
