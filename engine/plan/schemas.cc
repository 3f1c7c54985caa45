#include "engine/plan/schemas.h"

#include <utility>

namespace tkn::plan {
namespace {

const std::map<std::string, Schema, std::less<>>& Table(const providers::Schemas& schemas,
                                                        ResourceMode mode) {
  switch (mode) {
    case ResourceMode::kManaged:
      break;
    case ResourceMode::kData:
      return schemas.data_sources;
    case ResourceMode::kEphemeral:
      return schemas.ephemerals;
  }
  return schemas.resources;
}

}  // namespace

Schemas::~Schemas() {
  for (const Made* made = made_.load(std::memory_order_relaxed); made != nullptr;) {
    delete std::exchange(made, made->next);
  }
}

const std::shared_ptr<providers::Provider>& Schemas::Unconfigured(
    const ProviderSource& source) const {
  const auto find = [&source](const Made* made) {
    while (made != nullptr && made->source != source) made = made->next;
    return made;
  };
  if (const Made* found = find(made_.load(std::memory_order_acquire))) return found->provider;
  const std::lock_guard lock(mutex_);
  const Made* const newest = made_.load(std::memory_order_relaxed);
  if (const Made* found = find(newest)) return found->provider;
  const providers::Registry::Factory* factory = registry_.Find(source.ToString());
  auto made =
      std::make_unique<Made>(Made{source, factory == nullptr ? nullptr : (*factory)(), newest});
  made_.store(made.get(), std::memory_order_release);
  return made.release()->provider;
}

bool Schemas::HasProvider(const ProviderSource& provider) const {
  return registry_.Find(provider.ToString()) != nullptr;
}

const Schema* Schemas::ProviderSchema(const ProviderSource& provider) const {
  const auto& made = Unconfigured(provider);
  return made == nullptr ? nullptr : &made->GetSchemas().provider;
}

const Schema* Schemas::ResourceSchema(const ProviderSource& provider, ResourceMode mode,
                                      std::string_view type) const {
  const auto& made = Unconfigured(provider);
  if (made == nullptr) return nullptr;
  const auto& table = Table(made->GetSchemas(), mode);
  const auto found = table.find(type);
  return found == table.end() ? nullptr : &found->second;
}

std::shared_ptr<const Schema> Schemas::SharedResourceSchema(const ProviderSource& provider,
                                                            ResourceMode mode,
                                                            std::string_view type) const {
  const Schema* schema = ResourceSchema(provider, mode, type);
  if (schema == nullptr) return nullptr;
  return {Unconfigured(provider), schema};
}

std::vector<std::string> Schemas::ResourceTypes(const ProviderSource& provider,
                                                ResourceMode mode) const {
  std::vector<std::string> types;
  if (const auto& made = Unconfigured(provider)) {
    for (const auto& [type, schema] : Table(made->GetSchemas(), mode)) types.push_back(type);
  }
  return types;
}

const BlockSchema* Schemas::ProvisionerSchema(std::string_view type) const {
  const provisioners::Provisioner* provisioner = provisioners_.Find(type);
  return provisioner == nullptr ? nullptr : &provisioner->GetSchema();
}

void Schemas::ValidateProvisioner(std::string_view type, const Value& config,
                                  Diagnostics& diags) const {
  if (const auto* provisioner = provisioners_.Find(type)) provisioner->Validate(config, diags);
}

std::vector<std::string> Schemas::ProvisionerTypes() const { return provisioners_.Types(); }

std::vector<ProviderSource> Schemas::Providers() const {
  std::vector<ProviderSource> sources;
  for (const std::string& text : registry_.Sources()) {
    if (auto source = ProviderSource::Parse(text, nullptr)) sources.push_back(std::move(*source));
  }
  return sources;
}

std::string Schemas::ProviderVersion(const ProviderSource& provider) const {
  return registry_.VersionOf(provider.ToString());
}

void Schemas::ValidateProvider(const ProviderSource& provider, const Value& config,
                               Diagnostics& diags) const {
  if (const auto& made = Unconfigured(provider)) made->ValidateProviderConfig(config, diags);
}

void Schemas::ValidateResource(const ProviderSource& provider, ResourceMode mode,
                               std::string_view type, const Value& config,
                               Diagnostics& diags) const {
  const auto& made = Unconfigured(provider);
  if (made == nullptr) return;
  const std::string name(type);
  if (mode == ResourceMode::kManaged) made->ValidateResourceConfig(name, config, diags);
  if (mode == ResourceMode::kData) made->ValidateDataConfig(name, config, diags);
}

}  // namespace tkn::plan
