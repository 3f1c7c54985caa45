#include "state/object_json.h"

#include <catch2/catch.hpp>

namespace tkn::state {
namespace {

TEST_CASE("sensitive paths are written as in tfstate, sorted, each once") {
  const Path token = {PathStep::Attribute("token")};
  const Path deep = {PathStep::Attribute("input"), PathStep::Index("k\"<"), PathStep::Index(3)};
  const std::string json = SensitivePathsToJson({token, deep, token});
  CHECK(
      json ==
      R"([[{"type":"get_attr","value":"input"},{"type":"index","value":{"value":"k\"\u003c","type":"string"}},)"
      R"({"type":"index","value":{"value":3,"type":"number"}}],[{"type":"get_attr","value":"token"}]])");
  const auto back = SensitivePathsFromJson(json);
  REQUIRE(back);
  CHECK(*back == std::vector<Path>{deep, token});
  CHECK(SensitivePathsToJson({}) == "[]");
}

TEST_CASE("a sensitive path ends where it would enter a set") {
  const Path in_set = {PathStep::Attribute("scopes"), PathStep::Index(Value::EmptyObject()),
                       PathStep::Attribute("x")};
  CHECK(SensitivePathsToJson({in_set}) == R"([[{"type":"get_attr","value":"scopes"}]])");
}

TEST_CASE("what is no sensitive path is refused") {
  const char* text = GENERATE(
      "{", "{}", "[1]", "[[1]]", R"([[{"type":"get_attr"}]])", R"([[{"type":"x","value":"a"}]])",
      R"([[{"type":"get_attr","value":1}]])", R"([[{"type":"index","value":"a"}]])",
      R"([[{"type":"index","value":{"value":1.5,"type":"number"}}]])");
  CAPTURE(text);
  CHECK_FALSE(SensitivePathsFromJson(text));
}

TEST_CASE("dependencies survive writing and reading") {
  const std::vector<ConfigResourceRef> list = {
      ConfigResource{{}, {ResourceMode::kManaged, "linode_token", "a"}},
      ConfigResource{{"m", "n"}, {ResourceMode::kData, "linode_profile", "me"}}};
  DependencyReader reader;
  CHECK(DependenciesToJson(list) ==
        R"(["linode_token.a","module.m.module.n.data.linode_profile.me"])");
  CHECK(reader.FromJson(DependenciesToJson(list)) == list);
  CHECK(reader.FromJson("[]")->empty());
  CHECK(reader.FromJson(
            "[ \"linode_token\\u002ea\", \"module.m.module.n.data.linode_profile.me\" ]") == list);
  const char* bad =
      GENERATE("{}", "[1]", "[\"\"]", "[\"t.a.\"]", "[\"t\"]", "[\"t.a.b\"]", "[\"data.t\"]",
               "[\"module.m\"]", "[\"t..a\"]", "[\"t.a\",]", "[\"t.a\"", "[\"t.a\"\"t.b\"]",
               "[,\"t.a\"]", "[\"t.a[0]\"]", "[\"module.m[0].t.a\"]", "[");
  CAPTURE(bad);
  CHECK_FALSE(reader.FromJson(bad));
}

}  // namespace
}  // namespace tkn::state
