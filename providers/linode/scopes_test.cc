#include "providers/linode/scopes.h"

#include <catch2/catch.hpp>

namespace tkn::linode {
namespace {

TEST_CASE("scopes are compared without regard to order, and strictly otherwise") {
  struct Row {
    const char* a;
    const char* b;
    bool same;
  };
  const Row rows[] = {
      {"*", "*", true},
      {"*", "account:read_write", false},
      {"a:read_only b:read_only", "b:read_only a:read_only", true},
      {"a:read_only a:read_only", "a:read_only", false},
      {"a:read_only  b:read_only", "a:read_only b:read_only", false},
      {"a:read_only,b:read_only", "a:read_only b:read_only", false},
      {"a:read_only", "A:read_only", false},
      {"a:read_only ", "a:read_only", false},
      {"account:read_write", "account:read_only account:read_write", false},
      {"* *", "*", false},
      {"", "", true},
      {"", "a:read_only", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.a, row.b);
    CHECK(SameScopes(row.a, row.b) == row.same);
    CHECK(SameScopes(row.b, row.a) == row.same);
  }
}

}  // namespace
}  // namespace tkn::linode
