#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/config/validate.h"
#include "providers/provider.h"
#include "provisioners/provisioner.h"

namespace tkn::plan {

// What all providers and provisioners of this program declare. Makes one unconfigured provider per
// source when it is first asked about; any thread may call. Both registries must outlive it.
class Schemas final : public config::SchemaSource {
 public:
  Schemas(const providers::Registry& providers, const provisioners::Registry& provisioners)
      : registry_(providers), provisioners_(provisioners) {}
  Schemas(const Schemas&) = delete;
  Schemas& operator=(const Schemas&) = delete;
  ~Schemas() override;

  bool HasProvider(const ProviderSource& provider) const override;
  const Schema* ProviderSchema(const ProviderSource& provider) const override;
  const Schema* ResourceSchema(const ProviderSource& provider, ResourceMode mode,
                               std::string_view type) const override;
  std::vector<std::string> ResourceTypes(const ProviderSource& provider,
                                         ResourceMode mode) const override;
  const BlockSchema* ProvisionerSchema(std::string_view type) const override;
  std::vector<std::string> ProvisionerTypes() const override;
  std::vector<ProviderSource> Providers() const override;
  std::string ProviderVersion(const ProviderSource& provider) const override;
  void ValidateProvider(const ProviderSource& provider, const Value& config,
                        Diagnostics& diags) const override;
  void ValidateResource(const ProviderSource& provider, ResourceMode mode, std::string_view type,
                        const Value& config, Diagnostics& diags) const override;
  void ValidateProvisioner(std::string_view type, const Value& config,
                           Diagnostics& diags) const override;

  // As ResourceSchema, sharing ownership with this object's providers (not with this object
  // itself).
  std::shared_ptr<const Schema> SharedResourceSchema(const ProviderSource& provider,
                                                     ResourceMode mode,
                                                     std::string_view type) const;

  const providers::Registry& registry() const { return registry_; }
  const provisioners::Registry& provisioners() const { return provisioners_; }
  // The unconfigured provider; nullptr when the program has none of that source. Lives as long as
  // this.
  const std::shared_ptr<providers::Provider>& Unconfigured(const ProviderSource& source) const;

 private:
  // Asked for several times for each resource, by all threads: a list that only grows, at its
  // front.
  struct Made {
    ProviderSource source;
    std::shared_ptr<providers::Provider> provider;
    const Made* next;
  };
  const providers::Registry& registry_;
  const provisioners::Registry& provisioners_;
  mutable std::mutex mutex_;  // of who adds to it
  mutable std::atomic<const Made*> made_{nullptr};
};

}  // namespace tkn::plan
