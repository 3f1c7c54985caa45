#include "engine/address/address.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <thread>

namespace tkn {
namespace {

Address Must(std::string_view text) {
  Diagnostics diags;
  CAPTURE(text);
  const auto address = Address::Parse(text, diags);
  REQUIRE(address);
  REQUIRE(diags.empty());
  return *address;
}

TargetAddress MustTarget(std::string_view text) {
  Diagnostics diags;
  CAPTURE(text);
  const auto target = TargetAddress::Parse(text, diags);
  REQUIRE(target);
  return *target;
}

std::string SummaryOf(std::string_view text) {
  Diagnostics diags;
  const auto address = Address::Parse(text, diags);
  if (address || diags.size() != 1) return "no single error";
  CHECK_FALSE(diags[0].detail.empty());
  return diags[0].summary;
}

TEST_CASE("addresses print as Terraform prints them", "[address]") {
  CHECK(Must("linode_token.a").ToString() == "linode_token.a");
  CHECK(Must("resource.linode_token.a").ToString() == "linode_token.a");
  CHECK(Must("resource.data.a").ToString() == "data.a");
  CHECK(Must(" a . b [ 3 ] ").ToString() == "a.b[3]");
  CHECK(Must("data.linode_profile.me").ToString() == "data.linode_profile.me");
  CHECK(Must("ephemeral.a.b").ToString() == "ephemeral.a.b");
  CHECK(Must(R"(module.a["x"].module.b[0].t.n["y"])").ToString() ==
        R"(module.a["x"].module.b[0].t.n["y"])");
  CHECK(Must(R"(a.b["q\"\\\n$${x}%%{y}$"])").ToString() == R"(a.b["q\"\\\n$${x}%%{y}$"])");
  CHECK(Must(R"(a.b["q\"\\\n$${x}%%{y}$"])").key.string() == "q\"\\\n${x}%{y}$");
  CHECK(Must(R"(a.b["\u00e9\U0001F600"])").key.string() == "\u00e9\U0001F600");
  CHECK(Must("a.b[1e1]").key.index() == 10);
}

TEST_CASE("a wrong address gives one error with Terraform's summary", "[address]") {
  CHECK(SummaryOf("") == "Variable name required");
  CHECK(SummaryOf("9a.b") == "Variable name required");
  CHECK(SummaryOf("foo") == "Invalid address");
  CHECK(SummaryOf("data.foo") == "Invalid address");
  CHECK(SummaryOf("resource") == "Invalid address");
  CHECK(SummaryOf("a b") == "Invalid character");
  CHECK(SummaryOf("a.b$") == "Invalid character");
  CHECK(SummaryOf("a.") == "Attribute name required");
  CHECK(SummaryOf("a.0") == "Attribute name required");
  CHECK(SummaryOf("a.*") == "Attribute name required");
  CHECK(SummaryOf("a.b[*]") == "Attribute name required");
  CHECK(SummaryOf("a.b[") == "Index value required");
  CHECK(SummaryOf("a.b[x]") == "Index value required");
  CHECK(SummaryOf("a.b[-1]") == "Index value required");
  CHECK(SummaryOf("a.b[1") == "Unclosed index brackets");
  CHECK(SummaryOf("a.b[\"x\"") == "Unclosed index brackets");
  CHECK(SummaryOf("a.b[\"x") == "Unterminated string literal");
  CHECK(SummaryOf("a.b[\"${x}\"]") == "Invalid string literal");
  CHECK(SummaryOf("a.b[\"x\\q\"]") == "Invalid escape sequence");
  CHECK(SummaryOf("a.b[1.5]") == "Invalid address");
  CHECK(SummaryOf("a.b[9223372036854775808]") == "Invalid address");
  CHECK(SummaryOf("a.b.c") == "Invalid address");
  CHECK(SummaryOf("a.b[0].c") == "Invalid address");
  CHECK(SummaryOf("a[\"b\"].c") == "Invalid address");
  CHECK(SummaryOf("var.x.y") == "Invalid address");
  CHECK(SummaryOf("module.m") == "Invalid address");
  CHECK(SummaryOf("module") == "Invalid address operator");
  CHECK(SummaryOf("module.m.module") == "Invalid address operator");
  CHECK(SummaryOf("module[\"m\"].a.b") == "Invalid address operator");
  CHECK(SummaryOf("module.m[0][1].a.b") == "Invalid address operator");
  CHECK(SummaryOf("module.m[1.5].a.b") == "Invalid address operator");
}

std::string RandomName(std::mt19937& random) {
  static constexpr std::string_view kLetters = "abcz_Q-9";
  std::string name(1, kLetters[random() % 6]);
  for (auto n = random() % 4; n > 0; --n) name += kLetters[random() % kLetters.size()];
  return name;
}

InstanceKey RandomKey(std::mt19937& random) {
  static const std::vector<std::string> kTexts = {
      "", "a", "\"", "\\", "${x}", "$${", "%{", "é", "\xF0\x9F\x98\x80", "\n", "\x01", "\u200b"};
  switch (random() % 3) {
    case 0:
      return InstanceKey();
    case 1:
      return InstanceKey(static_cast<std::int64_t>(random() % 20));
    default:
      return InstanceKey(kTexts[random() % kTexts.size()] + kTexts[random() % kTexts.size()]);
  }
}

Address RandomAddress(std::mt19937& random) {
  std::vector<ModuleStep> steps;
  for (auto n = random() % 3; n > 0; --n) steps.push_back({RandomName(random), RandomKey(random)});
  return {ModuleAddress(std::move(steps)),
          {static_cast<ResourceMode>(random() % 3), RandomName(random), RandomName(random)},
          RandomKey(random)};
}

TEST_CASE("addresses survive print and parse", "[address][property]") {
  const auto seed = GENERATE(range(0u, 300u));
  CAPTURE(seed);
  std::mt19937 random(seed);
  const Address address = RandomAddress(random);
  Diagnostics diags;
  const auto parsed = Address::Parse(address.ToString(), diags);
  CAPTURE(address.ToString());
  REQUIRE(parsed);
  CHECK(*parsed == address);
  CHECK(parsed->Hash() == address.Hash());
}

TEST_CASE("addresses order by depth, mode, type, name and key", "[address]") {
  const std::vector<std::string> ordered = {"data.z.a",
                                            "a.a",
                                            "a.b",
                                            "a.b[2]",
                                            "a.b[10]",
                                            "a.b[\"10\"]",
                                            "a.b[\"2\"]",
                                            "b.a",
                                            "ephemeral.a.a",
                                            "module.a.z.z",
                                            "module.a[2].a.a",
                                            "module.a[10].a.a",
                                            "module.z.a.a",
                                            "module.a.module.b.a.a"};
  std::vector<Address> addresses;
  for (const std::string& text : ordered) addresses.push_back(Must(text));
  std::ranges::reverse(addresses);
  std::ranges::sort(addresses);
  std::vector<std::string> sorted;
  for (const Address& address : addresses) sorted.push_back(address.ToString());
  CHECK(sorted == ordered);
}

TEST_CASE("a target contains what it names", "[address]") {
  const auto contains = [](std::string_view target, std::string_view address) {
    return MustTarget(target).Contains(Must(address));
  };
  CHECK(contains("a.b", "a.b"));
  CHECK(contains("a.b", "a.b[0]"));
  CHECK(contains("a.b[0]", "a.b[0]"));
  CHECK_FALSE(contains("a.b[0]", "a.b"));
  CHECK_FALSE(contains("a.b[0]", "a.b[1]"));
  CHECK_FALSE(contains("a.b", "module.m.a.b"));
  CHECK_FALSE(contains("data.a.b", "a.b"));
  CHECK(contains("module.m", "module.m.a.b"));
  CHECK(contains("module.m", "module.m[0].a.b"));
  CHECK(contains("module.m", "module.m[\"x\"].module.n.a.b"));
  CHECK(contains("module.m[0]", "module.m[0].module.n[1].a.b"));
  CHECK_FALSE(contains("module.m[0]", "module.m[1].a.b"));
  CHECK_FALSE(contains("module.m.module.n", "module.m[0].module.n.a.b"));
  CHECK(contains("module.m[0].module.n", "module.m[0].module.n[3].a.b"));
  // In front of a resource, a module without a key is the one without instances.
  CHECK_FALSE(contains("module.m.a.b", "module.m[0].a.b"));
  CHECK(MustTarget("module.m").Contains(ModuleAddress().Child("m", InstanceKey(1))));
  CHECK_FALSE(MustTarget("a.b").Contains(ModuleAddress()));
  CHECK(MustTarget("module.m[0].a.b[\"x\"]").ToString() == "module.m[0].a.b[\"x\"]");
  CHECK(MustTarget("module.m").ToString() == "module.m");
}

TEST_CASE("module addresses", "[address]") {
  const ModuleAddress root;
  const ModuleAddress child = root.Child("a", InstanceKey("x")).Child("b", InstanceKey());
  CHECK(root.ToString().empty());
  CHECK(child.ToString() == "module.a[\"x\"].module.b");
  CHECK(child.Parent() == root.Child("a", InstanceKey("x")));
  CHECK(child.Path() == ModulePath{"a", "b"});
  CHECK(root.Contains(child));
  CHECK(child.Contains(child));
  CHECK_FALSE(child.Contains(root));
  CHECK_FALSE(root.Child("a", InstanceKey("y")).Contains(child));
  CHECK(ConfigResource{{"a", "b"}, {ResourceMode::kData, "t", "n"}}.ToString() ==
        "module.a.module.b.data.t.n");
}

TEST_CASE("keys as values", "[address]") {
  CHECK(InstanceKey().ToValue().IsNull());
  CHECK(InstanceKey(3).ToValue().RawEquals(Value::Number(3)));
  CHECK(InstanceKey("a").ToValue().RawEquals(Value::String("a")));
}

TEST_CASE("provider sources", "[address]") {
  const auto parse = [](std::string_view text) {
    const auto source = ProviderSource::Parse(text, nullptr);
    return source ? source->ToString() : "none";
  };
  CHECK(parse("linode/linode") == "registry.terraform.io/linode/linode");
  CHECK(parse("Linode/LINODE") == "registry.terraform.io/linode/linode");
  CHECK(parse("linode") == "registry.terraform.io/linode/linode");
  CHECK(parse("random") == "registry.terraform.io/hashicorp/random");
  CHECK(parse("localhost:80/a/b") == "localhost:80/a/b");
  CHECK(parse("terraform.io/builtin/terraform") == "terraform.io/builtin/terraform");
  for (const char* wrong : {"", "a/b/c/d", "a//b", "/a", "-/x", "x_y", "a--b/c", "foo.bar/baz",
                            "hashicorp/terraform-provider-x", "a/terraform-x"}) {
    CAPTURE(wrong);
    std::string error;
    CHECK_FALSE(ProviderSource::Parse(wrong, &error));
    CHECK_FALSE(error.empty());
  }
  CHECK(ProviderSource::Default("terraform").IsBuiltin());
  CHECK(ProviderSource::Default("linode").ForDisplay() == "linode/linode");
  CHECK(ProviderSource::Parse("example.com/a/b", nullptr)->ForDisplay() == "example.com/a/b");
}

TEST_CASE("provider configurations survive print and parse", "[address]") {
  for (const char* text : {R"(provider["registry.terraform.io/linode/linode"])",
                           R"(provider["registry.terraform.io/linode/linode"].east)",
                           R"(module.a.module.b.provider["terraform.io/builtin/terraform"].x)"}) {
    const auto address = ProviderConfigAddress::Parse(text);
    REQUIRE(address);
    CHECK(address->ToString() == text);
  }
  CHECK(ProviderConfigAddress::Parse(R"(module.a["x.y"].provider["a/b"])")->ToString() ==
        R"(module.a.provider["registry.terraform.io/a/b"])");
  for (const char* wrong : {"", "provider", "provider.linode", R"(provider["a/b/c/d"])",
                            R"(provider["a/b"]x)", R"(provider["a/b"].)", "module.a"}) {
    CAPTURE(wrong);
    CHECK_FALSE(ProviderConfigAddress::Parse(wrong));
  }
}

TEST_CASE("equal values are interned once", "[address]") {
  const ConfigResource token{{"m"}, {ResourceMode::kManaged, "linode_token", "a"}};
  const ConfigResource data{{"m"}, {ResourceMode::kData, "linode_token", "a"}};
  std::vector<ConfigResourceRef> refs(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < refs.size(); ++i)
    threads.emplace_back([&, i] { refs[i] = i % 2 == 0 ? token : data; });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < refs.size(); ++i) {
    CHECK(*refs[i] == (i % 2 == 0 ? token : data));
    CHECK(&*refs[i] == &*refs[i % 2]);
  }
  CHECK(refs[0] != refs[1]);
  CHECK((refs[0] < refs[1]) == (token < data));
  CHECK(ConfigResourceRef() == ConfigResourceRef(ConfigResource()));
}

}  // namespace
}  // namespace tkn
