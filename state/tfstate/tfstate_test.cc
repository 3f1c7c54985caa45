#include "state/tfstate/tfstate.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "state/store_suite.h"

namespace tkn::state {
namespace {

std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> Errors(std::string_view json) {
  Diagnostics diags;
  CHECK_FALSE(ParseTfstate(json, diags));
  std::vector<std::string> summaries;
  for (const Diagnostic& diagnostic : diags) {
    summaries.push_back(diagnostic.summary);
    CHECK_FALSE(diagnostic.detail.empty());
  }
  return summaries;
}

Snapshot Parsed(std::string_view json) {
  Diagnostics diags;
  auto snapshot = ParseTfstate(json, diags);
  INFO((diags.empty() ? "" : diags[0].detail));
  REQUIRE(snapshot);
  return *snapshot;
}

std::string WithInstance(const std::string& instance) {
  return R"({"version":4,"serial":1,"lineage":"x","resources":[{"mode":"managed","type":"t","name":"n",)"
         R"("provider":"provider[\"registry.terraform.io/linode/linode\"]","instances":[)" +
         instance + "]}]}";
}

TEST_CASE("a state that Terraform wrote is written back byte for byte") {
  // Written by Terraform 1.11.4; the sensitive paths of b[1], which it writes in no order, put in
  // order.
  const std::string text = ReadText("fixtures/terraform-1.11.4.tfstate");
  const Snapshot snapshot = Parsed(text);
  CHECK(WriteTfstate(snapshot) == text);
  CHECK(snapshot.serial == 7);
  CHECK(snapshot.terraform_version == "1.11.4");
  CHECK(snapshot.objects.size() == 7);
  CHECK(snapshot.outputs.size() == 2);
  CHECK(snapshot.outputs[1].sensitive);
}

TEST_CASE("all of an object goes out and comes back") {
  Snapshot snapshot;
  snapshot.lineage = "11111111-aaaa-bbbb-cccc-333333333333";
  snapshot.serial = 18446744073709551615U;
  snapshot.terraform_version = "1.11.4";
  StoredObject deposed = SampleObject("t.a[2]", 2);
  deposed.deposed_key = "0a1b2c3d";
  deposed.status = ObjectStatus::kTainted;
  StoredObject bare = SampleObject("data.t.a");
  bare.private_bytes.clear();
  bare.identity_json.clear();
  bare.identity_schema_version = 0;
  bare.sensitive_paths.clear();
  bare.dependencies.clear();
  bare.create_before_destroy = false;
  snapshot.objects = {SampleObject("t.a[10]"), SampleObject("t.a[2]"), deposed, bare,
                      SampleObject("module.m[\"a\\\"b\"].module.n.t.a[\"k\"]")};
  snapshot.outputs = {{"o", R"({"\u003c":1})", R"(["object",{"\u003c":"number"}])", true}};
  snapshot.checks.json = R"([{"object_kind":"check","objects":null}])";
  snapshot.Sort();
  const std::string text = WriteTfstate(snapshot);
  const Snapshot back = Parsed(text);
  CHECK(Difference(snapshot, back) == "");
  CHECK(back.serial == snapshot.serial);
  CHECK(back.lineage == snapshot.lineage);
  CHECK(WriteTfstate(back) == text);
  CHECK_THAT(text, Catch::Contains("\"private\": \"AP8gcHJpdmF0ZQ==\""));
  CHECK_THAT(text, Catch::Contains("\"deposed\": \"0a1b2c3d\""));
}

TEST_CASE("private data of every length survive") {
  const auto size = GENERATE(range(0u, 9u));
  Snapshot snapshot;
  snapshot.objects = {SampleObject("t.a")};
  snapshot.objects[0].private_bytes = std::string("\xff\x00\x7fz\x80{}q", 8).substr(0, size);
  CHECK(Parsed(WriteTfstate(snapshot)).objects[0].private_bytes ==
        snapshot.objects[0].private_bytes);
}

TEST_CASE("an empty state is laid out as Terraform does") {
  Snapshot snapshot;
  snapshot.terraform_version = "1.11.4";
  snapshot.serial = 1;
  snapshot.lineage = "x";
  CHECK(WriteTfstate(snapshot) ==
        "{\n  \"version\": 4,\n  \"terraform_version\": \"1.11.4\",\n  \"serial\": 1,\n  "
        "\"lineage\": \"x\",\n"
        "  \"outputs\": {},\n  \"resources\": [],\n  \"check_results\": null\n}\n");
  CHECK(Parsed("{\"version\":4}").IsEmpty());
}

TEST_CASE("other formats are refused, and say what they are") {
  using List = std::vector<std::string>;
  const std::string format = "Unsupported state file format";
  CHECK(Errors("{") == List{format, format});
  CHECK(Errors("") == List{format, format});
  CHECK(Errors("[]") == List{format});
  for (const char* text :
       {"{}", "{\"version\":\"a\"}", "{\"version\":4.5}", "{\"version\":0}", "{\"version\":1}",
        "{\"version\":2}", "{\"version\":3}", "{\"version\":5}", "{\"version\":99}",
        "{\"version\":-4}", "{\"version\":4,\"serial\":-1}", "{\"version\":4,\"serial\":\"1\"}",
        "{\"version\":4,\"lineage\":7}", "{\"version\":4,\"resources\":{}}",
        "{\"version\":4,\"outputs\":[]}", "{\"version\":4,\"resources\":[1]}"}) {
    CAPTURE(text);
    CHECK(Errors(text) == List{format});
  }
}

TEST_CASE("resources that make no sense are refused, all in one run") {
  using List = std::vector<std::string>;
  const std::string instance = "Invalid resource instance metadata in state";
  CHECK(
      Errors(
          R"({"version":4,"resources":[{"mode":"zz","type":"a","name":"b","provider":"foo"},)"
          R"({"mode":"managed","type":"a","name":"b","provider":"foo","instances":[]},)"
          R"({"mode":"managed","module":"m","type":"a","name":"b","provider":"foo","instances":[]},)"
          R"({"mode":"managed","type":"a b","name":"b","provider":"foo","instances":[]}]})") ==
      List{"Invalid resource mode in state", "Invalid provider configuration address",
           "Invalid module address", instance});
  for (const char* bad :
       {R"({"index_key":true})", R"({"index_key":1.5})", R"({"index_key":-1})",
        R"({"status":"broken"})", R"({"deposed":"xyz"})", R"({"schema_version":-1})",
        R"({"schema_version":1.5})", R"({"attributes":[]})", R"({"attributes_flat":{"a":"b"}})",
        R"({"sensitive_attributes":[1]})", R"({"dependencies":["!"]})", R"({"private":"a"})",
        R"({"private":"a=b="})", R"({"private":"%%%%"})"}) {
    CAPTURE(bad);
    CHECK(Errors(WithInstance(bad)) == List{instance});
  }
  CHECK(Errors(WithInstance("{},{}")) == List{"Duplicate resource instance in state"});
  CHECK(Parsed(WithInstance(R"({},{"deposed":"00000000"})")).objects.size() == 2);
  CHECK(Parsed(WithInstance("{\"attributes\":null}")).objects[0].attributes_json == "{}");
}

TEST_CASE("outputs must fit their type; the value is not in the error") {
  Diagnostics diags;
  CHECK_FALSE(ParseTfstate(
      R"({"version":4,"outputs":{"z":{"value":1,"type":"foo"},"y":{"value":"s3cret","type":"number"},"x":{"value":1}}})",
      diags));
  REQUIRE(diags.size() == 3);
  CHECK(diags[0].summary == "Invalid output value type in state");
  CHECK(diags[1].summary == "Invalid output value saved in state");
  CHECK(diags[2].summary == "Invalid output value type in state");
  for (const Diagnostic& diagnostic : diags)
    CHECK_THAT(diagnostic.detail, !Catch::Contains("s3cret"));
}

TEST_CASE("numbers and unknown attributes pass through exactly") {
  const Snapshot snapshot = Parsed(WithInstance(
      R"({"attributes":{"n":123456789012345678901234567890.10,"e":1e999,"u":"\u00e9"}})"));
  CHECK(snapshot.objects[0].attributes_json ==
        R"({"n":123456789012345678901234567890.10,"e":1e999,"u":"\u00e9"})");
}

TEST_CASE("a text cut anywhere gives an error and nothing worse", "[property]") {
  const std::string text = ReadText("fixtures/terraform-1.11.4.tfstate");
  for (std::size_t size = 0; size + 2 < text.size(); size += 7) {
    Diagnostics diags;
    CHECK_FALSE(ParseTfstate(std::string_view(text).substr(0, size), diags));
  }
}

}  // namespace
}  // namespace tkn::state
