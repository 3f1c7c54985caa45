#pragma once

#include <memory>

#include "providers/fake/fake_cloud.h"
#include "providers/provider.h"

namespace tkn::providers::fake {

// A provider for tests. Unscripted it behaves as a good one does: plans with SetUnknowns, makes
// objects in the cloud, finds them again, notices drift. Any thread may call.
class FakeProvider : public Provider {
 public:
  explicit FakeProvider(std::shared_ptr<FakeCloud> cloud);

  const Schemas& GetSchemas() const override { return cloud_->schemas(); }
  void ValidateProviderConfig(const Value& config, Diagnostics& diags) override;
  void ValidateResourceConfig(const std::string& type, const Value& config,
                              Diagnostics& diags) override;
  void ValidateDataConfig(const std::string& type, const Value& config,
                          Diagnostics& diags) override;
  void Configure(const Value& config, bool offline, Diagnostics& diags) override;
  Value UpgradeState(const std::string& type, std::int64_t version, const std::string& json,
                     Diagnostics& diags) override;
  Object Read(const std::string& type, const Object& current, Diagnostics& diags) override;
  PlanResponse Plan(const PlanRequest& request, Diagnostics& diags) override;
  ApplyResponse Apply(const ApplyRequest& request, const Cancellation& cancel,
                      Diagnostics& diags) override;
  std::vector<ImportedObject> Import(const ImportRequest& request, Diagnostics& diags) override;
  Value ReadData(const std::string& type, const Value& config, const Cancellation& cancel,
                 Diagnostics& diags) override;
  ResolveResponse Resolve(const ResolveRequest& request, Diagnostics& diags) override;
  std::optional<Object> MoveState(const std::string& from_provider, const std::string& from_type,
                                  std::int64_t version, const std::string& json,
                                  const std::string& to_type, Diagnostics& diags) override;
  std::optional<Ephemeral> OpenEphemeral(const std::string& type, const Value& config,
                                         Diagnostics& diags) override;
  void RenewEphemeral(const std::string& type, Ephemeral& ephemeral, Diagnostics& diags) override;
  void CloseEphemeral(const std::string& type, const Ephemeral& ephemeral,
                      Diagnostics& diags) override;

 private:
  class Doing;
  const std::shared_ptr<FakeCloud> cloud_;
};

// Under this address: `provider "fake"` and types fake_*.
inline constexpr char kFakeProviderSource[] = "registry.terraform.io/hashicorp/fake";
// A registry entry whose providers share `cloud`.
void AddTo(Registry& registry, std::shared_ptr<FakeCloud> cloud,
           const std::string& source = kFakeProviderSource);

}  // namespace tkn::providers::fake
