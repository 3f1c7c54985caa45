#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "engine/config/config.h"
#include "engine/schema/schema.h"

// What `terraform validate` does, and every plan does first.
namespace tkn::config {

// Where schemas come from: the engine's view of providers and provisioners. nullptr: there is no
// such type.
class SchemaSource {
 public:
  virtual ~SchemaSource() = default;
  virtual bool HasProvider(const ProviderSource& provider) const = 0;
  virtual const Schema* ProviderSchema(const ProviderSource& provider) const = 0;
  virtual const Schema* ResourceSchema(const ProviderSource& provider, ResourceMode mode,
                                       std::string_view type) const = 0;
  virtual std::vector<std::string> ResourceTypes(const ProviderSource& provider,
                                                 ResourceMode mode) const = 0;
  virtual const BlockSchema* ProvisionerSchema(std::string_view type) const = 0;
  virtual std::vector<std::string> ProvisionerTypes() const = 0;
  virtual std::vector<ProviderSource> Providers() const = 0;
  virtual std::string ProviderVersion(const ProviderSource& provider) const = 0;

  // The provider's own opinion of a decoded body; may be left to do nothing.
  virtual void ValidateProvider(const ProviderSource& provider, const Value& config,
                                Diagnostics& diags) const = 0;
  virtual void ValidateResource(const ProviderSource& provider, ResourceMode mode,
                                std::string_view type, const Value& config,
                                Diagnostics& diags) const = 0;
  virtual void ValidateProvisioner(std::string_view /*type*/, const Value& /*config*/,
                                   Diagnostics& /*diags*/) const {}
};

// The schema of connection blocks.
const BlockSchema& ConnectionSchema();

// Checks the tree as far as that goes without values: providers and provisioners that there are
// not, arguments of modules, cycles; then every body and expression with unknown inputs,
// dependencies first. What depends on something wrong is left out, as its errors would be
// consequences.
void ValidateTree(const ModuleTree& tree, const SchemaSource& schemas, Diagnostics& diags,
                  const std::string& workspace = "default");

// The providers that the configuration asks for and `schemas` has not got, sorted.
std::vector<ProviderSource> MissingProviders(const ModuleTree& tree, const SchemaSource& schemas);

// What `init` checks besides: versions asked of providers that have none ("Invalid dependency on
// built-in provider").
void CheckProviderVersions(const ModuleTree& tree, Diagnostics& diags);

}  // namespace tkn::config
