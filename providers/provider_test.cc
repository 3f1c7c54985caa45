#include "providers/provider.h"

#include <catch2/catch.hpp>
#include <stdexcept>

namespace tkn::providers {
namespace {

class Minimal : public Provider {
 public:
  const Schemas& GetSchemas() const override { return schemas_; }
  void ValidateProviderConfig(const Value&, Diagnostics&) override {}
  void ValidateResourceConfig(const std::string&, const Value&, Diagnostics&) override {}
  void ValidateDataConfig(const std::string&, const Value&, Diagnostics&) override {}
  void Configure(const Value&, bool, Diagnostics&) override {}
  Value UpgradeState(const std::string&, std::int64_t, const std::string&, Diagnostics&) override {
    return {};
  }
  Object Read(const std::string&, const Object& current, Diagnostics&) override { return current; }
  PlanResponse Plan(const PlanRequest&, Diagnostics&) override { return {}; }
  ApplyResponse Apply(const ApplyRequest&, const Cancellation&, Diagnostics&) override {
    return {};
  }
  std::vector<ImportedObject> Import(const ImportRequest&, Diagnostics&) override { return {}; }
  Value ReadData(const std::string&, const Value&, const Cancellation&, Diagnostics&) override {
    return {};
  }
  ResolveResponse Resolve(const ResolveRequest&, Diagnostics&) override { return {}; }

 private:
  Schemas schemas_;
};

TEST_CASE("a registry finds what was added and lists it sorted") {
  Registry registry;
  const auto make = [] { return std::make_unique<Minimal>(); };
  registry.Add("registry.terraform.io/b/b", "0.2.0", make);
  registry.Add("registry.terraform.io/a/a", "", make);
  CHECK(registry.Sources() ==
        std::vector<std::string>{"registry.terraform.io/a/a", "registry.terraform.io/b/b"});
  REQUIRE(registry.Find("registry.terraform.io/b/b") != nullptr);
  CHECK((*registry.Find("registry.terraform.io/b/b"))() != nullptr);
  CHECK(registry.VersionOf("registry.terraform.io/b/b") == "0.2.0");
  CHECK(registry.VersionOf("registry.terraform.io/c/c").empty());
  CHECK(registry.Find("registry.terraform.io/c/c") == nullptr);
  CHECK_THROWS_AS(registry.Add("registry.terraform.io/a/a", "", make), std::logic_error);
}

TEST_CASE("optional operations of a provider are refused with an error") {
  Minimal provider;
  Diagnostics diags;
  CHECK_FALSE(provider.MoveState("hashicorp/null", "null_resource", 0, "{}", "x_y", diags));
  CHECK_FALSE(provider.OpenEphemeral("x_y", Value(), diags));
  REQUIRE(diags.size() == 2);
  CHECK(diags[0].summary == "Move Resource State Not Supported");
  CHECK(diags[1].summary == "Invalid resource type");
}

TEST_CASE("a cancellation is seen by who looks") {
  Cancellation cancel;
  CHECK_FALSE(cancel.IsCancelled());
  cancel.Cancel();
  CHECK(cancel.IsCancelled());
}

}  // namespace
}  // namespace tkn::providers
