#include "parser/content.h"

#include <catch2/catch.hpp>
#include <thread>

#include "parser/parsed_text.h"
#include "parser/print.h"

namespace tkn::parser {
namespace {

using E = std::vector<std::string>;

struct Parsed {
  SourceMap sources;
  Diagnostics diags;
  File file;

  explicit Parsed(std::string text, std::string name = "main.tf")
      : file(ParseFile(sources, sources.Add(std::move(name), std::move(text)), diags)) {
    CHECK(diags.empty());
  }
  E Errors() const { return Describe(diags, sources); }
};

const BodySchema kSchema{{{"name", true}, {"count", false}},
                         {{"plain", {}}, {"typed", {"type", "name"}}}};

E Names(const std::vector<const Attribute*>& attributes) {
  E names;
  for (const Attribute* attribute : attributes) names.emplace_back(attribute->name);
  return names;
}

TEST_CASE("content gives what the schema names") {
  Parsed parsed("name = 1\ncount = 2\nplain {}\ntyped \"a\" \"b\" {}\n");
  const BodyContent content = Content(parsed.file.body(), kSchema, parsed.diags);
  CHECK(parsed.Errors().empty());
  CHECK(content.Find("name")->range.end == 8);
  CHECK(content.Find("other") == nullptr);
  REQUIRE(content.blocks.size() == 2);
  CHECK(content.blocks[1]->labels[1].text == "b");
}

TEST_CASE("content reports what does not fit and returns the rest") {
  Parsed parsed(
      "cuont = 2\nplain = 1\nzzz = 1\nname {}\nplian {}\nplain \"x\" {}\ntyped \"a\" {}\n");
  const BodyContent content = Content(parsed.file.body(), kSchema, parsed.diags);
  CHECK(parsed.Errors() == E{"1:1-1:1 Missing required argument",
                             "6:7-6:10 Extraneous label for plain",
                             "7:11-7:12 Missing name for typed", "1:1-1:6 Unsupported argument",
                             "2:1-2:6 Unsupported argument", "3:1-3:4 Unsupported argument",
                             "4:1-4:5 Unsupported block type", "5:1-5:6 Unsupported block type"});
  CHECK(parsed.diags[3].detail.find("Did you mean \"count\"?") != std::string::npos);
  CHECK(parsed.diags[4].detail.find("Did you mean a block?") != std::string::npos);
  CHECK(parsed.diags[5].detail.find("Did you mean") == std::string::npos);
  CHECK(parsed.diags[6].detail.find("Did you mean the argument") != std::string::npos);
  CHECK(parsed.diags[7].detail.find("Did you mean \"plain\"?") != std::string::npos);
  CHECK(content.attributes.empty());
  CHECK(content.blocks.empty());
}

TEST_CASE("partial content leaves the rest for a second look") {
  for (const char* name : {"main.tf", "main.tf.json"}) {
    Parsed parsed(std::string(name) == "main.tf"
                      ? "name = 1\nother = 2\nplain {}\nmore {}\n"
                      : R"({"name": 1, "other": 2, "plain": {}, "more": {}})",
                  name);
    Body rest;
    const BodyContent content = PartialContent(parsed.file.body(), kSchema, &rest, parsed.diags);
    CHECK(content.attributes.size() == 1);
    CHECK(content.blocks.size() == 1);
    const BodyContent second = Content(rest, {{{"other", false}}, {{"more", {}}}}, parsed.diags);
    CHECK(second.attributes.size() == 1);
    CHECK(second.blocks.size() == 1);
    CHECK(parsed.Errors().empty());
  }
}

TEST_CASE("just attributes, with the first block reported") {
  Parsed parsed("a = 1\nb {}\nc {}\nd = 2\n");
  CHECK(Names(JustAttributes(parsed.file.body(), parsed.diags)) == E{"a", "d"});
  CHECK(parsed.Errors() == E{"2:1-2:2 Unexpected \"b\" block"});
}

TEST_CASE("in JSON the schema tells arguments from blocks, and how deep labels go") {
  Parsed parsed(R"({
  "//": "ignored",
  "name": "x${1}",
  "plain": [{"a": 1}, {"a": 2}],
  "typed": {"t1": {"n1": {"a": 3}, "n2": [{}, {}]}, "t2": [{"n3": {}}]}
})",
                "main.tf.json");
  const BodyContent content = Content(parsed.file.body(), kSchema, parsed.diags);
  CHECK(parsed.Errors().empty());
  CHECK(Print(*content.Find("name")->expression) == "(template \"x\" 1)");
  E blocks;
  for (const Block* block : content.blocks) {
    std::string text(block->type);
    for (const Label& label : block->labels) text += "." + std::string(label.text);
    blocks.push_back(text);
  }
  CHECK(blocks == E{"plain", "plain", "typed.t1.n1", "typed.t1.n2", "typed.t1.n2", "typed.t2.n3"});
}

TEST_CASE("errors of JSON bodies") {
  Parsed parsed(R"({"nmae": 1, "count": 1, "count": 2, "plain": 3, "typed": {"t": "x"}})",
                "x.tf.json");
  (void)Content(parsed.file.body(), kSchema, parsed.diags);
  CHECK(parsed.Errors() == E{"1:25-1:32 Duplicate argument", "1:46-1:47 Incorrect JSON value type",
                             "1:64-1:67 Incorrect JSON value type", "1:64-1:67 Missing block label",
                             "1:68-1:69 Missing required argument",
                             "1:2-1:8 Extraneous JSON object property"});
  CHECK(parsed.diags[5].detail.find("Did you mean \"name\"?") != std::string::npos);
}

TEST_CASE("a JSON body that is no object") {
  Parsed parsed(R"({"plain": [{}, 1], "typed": null})", "x.tf.json");
  const BodyContent content =
      PartialContent(parsed.file.body(), {{}, {{"plain", {}}}}, nullptr, parsed.diags);
  REQUIRE(content.blocks.size() == 2);
  (void)Content(*content.blocks[1]->body, {}, parsed.diags);
  CHECK(parsed.Errors().front() == "1:16-1:17 Incorrect JSON value type");
  parsed.diags.Clear();
  CHECK(JustAttributes(*content.blocks[1]->body, parsed.diags).empty());
  CHECK(parsed.Errors() == E{"1:16-1:17 Incorrect JSON value type"});
}

TEST_CASE("just attributes of JSON") {
  Parsed parsed(R"({"//": 1, "a": 1, "b": {"c": 2}, "a": 3})", "x.tf.json");
  CHECK(Names(JustAttributes(parsed.file.body(), parsed.diags)) == E{"a", "b"});
  CHECK(parsed.Errors() == E{"1:34-1:37 Duplicate attribute definition"});
}

TEST_CASE("syntax in JSON strings") {
  Parsed parsed(R"json({"a": "list(string)", "b": 1, "c": "${y}", "d": "a b"})json",
                "x.tfvars.json");
  const auto attributes = JustAttributes(parsed.file.body(), parsed.diags);
  const auto print = [&](std::size_t i) {
    return Print(SyntaxOf(*attributes[i]->expression, parsed.file.arena(), parsed.diags));
  };
  CHECK(print(0) == "(call list string)");
  CHECK(print(1) == "1");
  CHECK(JsonText(*attributes[0]->expression) == "list(string)");
  CHECK(JsonText(*attributes[1]->expression) == std::nullopt);
  CHECK(JsonText(*attributes[2]->expression) == "${y}");
  CHECK(parsed.Errors().empty());
  CHECK(print(3) == "a");
  CHECK(parsed.Errors() == E{"1:51-1:52 Extra characters after expression"});
}

TEST_CASE("any thread may ask for the content of JSON bodies") {
  Parsed parsed(R"({"plain": [{"a": 1}, {"a": 2}, {"a": 3}]})", "x.tf.json");
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      Diagnostics diags;
      for (int k = 0; k < 200; ++k) {
        const BodyContent content = Content(parsed.file.body(), {{}, {{"plain", {}}}}, diags);
        for (const Block* block : content.blocks) (void)JustAttributes(*block->body, diags);
      }
    });
  }
}

}  // namespace
}  // namespace tkn::parser
