#include <catch2/catch.hpp>

#include "engine/lang/test_scope.h"

namespace tkn::lang::testing {
namespace {

TEST_CASE("digests and UUIDs", "[lang]") {
  constexpr Row kRows[] = {
      {R"(md5("a"))", R"("0cc175b9c0f1b6a831c399e269772661")"},
      {R"(sha1("a"))", R"("86f7e437faa5a7fce15d1ddcb9eaeaea377667b8")"},
      {R"(sha256("é"))", R"("4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c")"},
      {R"(sha512(""))",
       R"("cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e")"},
      {R"(base64sha256("a"))", R"("ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=")"},
      {R"(base64sha512("a"))",
       R"("H0D8ktokFpR1CXnubPWC8tXX0o4YM13gWrxU0FYOD1MChgxlK/CNVgJSql50IQVG82n7u86MEs/HlXsmUv6adQ==")"},
      {"md5(null)", "Error: Invalid function argument"},
      {"md5(unknown)", "(known after apply)"},
      {"md5(secret)", "(sensitive value)"},
      {"sha256(1)", R"("6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b")"},
      {R"(uuidv5("dns", "example.com"))", R"("cfbff0d1-9375-5685-968c-48ce8b15ae17")"},
      {R"(uuidv5("url", "https://example.com"))", R"("4fd35a71-71ef-5a55-a9d9-aa75c889a6d0")"},
      {R"(uuidv5("oid", "1.2"))", R"("b4fe3335-a2ae-5c75-889c-b1247a0f6f02")"},
      {R"(uuidv5("x500", "cn=a"))", R"("5c1fcbd6-0ab9-5b0d-9d61-5bcbb36ee6d0")"},
      {R"(uuidv5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www"))",
       R"("da1c8068-b6ee-5682-81ed-dc76e172f6c5")"},
      {R"(uuidv5("bad", "x"))", "Error: Error in function call"},
      {"length(uuid())", "36"},
      {R"(length(bcrypt("x", 4)))", "60"},
      {R"(rsadecrypt("x", "y"))", "Error: Invalid function argument"},
      {R"(uuidv5("{6ba7b810-9dad-11d1-80b4-00c04fd430c8}", "x"))",
       R"("05b16a01-46c6-56dd-bd6e-c6dfb4a1427a")"},
      {R"(uuidv5("6ba7b8109dad11d180b400c04fd430c8", "x"))",
       R"("05b16a01-46c6-56dd-bd6e-c6dfb4a1427a")"},
      {R"(uuidv5("DNS", "x"))", "Error: Error in function call"},
      {R"(bcrypt("x", 1.5))", "Error: Error in function call"},
      {R"(can(bcrypt("0123456789012345678901234567890123456789012345678901234567890123456789012", 4)))",
       "false"},
  };
  CheckRows(kRows);
}

}  // namespace
}  // namespace tkn::lang::testing
