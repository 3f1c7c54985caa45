#include "engine/plan/provider_pool.h"

#include <optional>
#include <utility>

#include "engine/plan/module_scope.h"
#include "engine/schema/decode.h"

namespace tkn::plan {

void PlaceDiagnostics(Diagnostics&& reported, const std::string& address, const parser::Body* body,
                      SourceRange block, Diagnostics& diags) {
  for (Diagnostic& diagnostic : reported) {
    if (diagnostic.address.empty()) diagnostic.address = address;
    if (!diagnostic.subject.IsValid()) {
      diagnostic.subject = block;
      if (body != nullptr && body->json == nullptr && body->range.IsValid()) {
        // Where something missing would be added, as Terraform has it: the opening brace.
        diagnostic.subject = {body->range.file, body->range.begin, body->range.begin + 1};
      } else if (body != nullptr && body->json != nullptr && body->end_range.IsValid()) {
        diagnostic.subject = body->end_range;  // and in JSON the closing one
      }
      if (body != nullptr && !diagnostic.attribute_path.empty()) {
        const SourceRange place = RangeOf(*body, PathFromText(diagnostic.attribute_path));
        if (place.IsValid() && !(place == body->range)) diagnostic.subject = place;
      }
    }
  }
  diags.Append(std::move(reported));
}

ProviderPool::ProviderPool(const Evaluation& evaluation, const Schemas& schemas, bool offline)
    : evaluation_(evaluation),
      schemas_(schemas),
      offline_(offline),
      configured_(evaluation.tree().providers().size()) {}

std::shared_ptr<providers::Provider> ProviderPool::Make(const ProviderConfigAddress& address,
                                                        const config::ProviderConfig* config,
                                                        const lang::Scope* scope,
                                                        Diagnostics& diags) {
  const providers::Registry::Factory* factory =
      schemas_.registry().Find(address.provider.ToString());
  const Schema* schema = schemas_.ProviderSchema(address.provider);
  if (factory == nullptr || schema == nullptr) {
    diags.Add({.summary = "Missing required provider",
               .detail = "The provider " + address.provider.ToString() +
                         " is needed, but it is not one of those built into this program."});
    return nullptr;
  }
  Diagnostics more;
  Value value = EmptyValue(schema->block);
  SourceRange block{};
  const parser::Body* body = nullptr;
  if (config != nullptr) {
    body = &config->body;
    block = config->range;
    value = DecodeBody(config->body, schema->block, *scope, more).UnmarkDeep();
  }
  bool failed = more.HasErrors();
  diags.Append(std::move(more));
  if (failed) return nullptr;
  std::shared_ptr<providers::Provider> provider = (*factory)();
  Diagnostics reported;
  provider->ValidateProviderConfig(value, reported);
  if (!reported.HasErrors()) provider->Configure(value, offline_, reported);
  failed = reported.HasErrors();
  PlaceDiagnostics(std::move(reported), address.ToString(), body, block, diags);
  return failed ? nullptr : provider;
}

bool ProviderPool::Configure(std::uint32_t index, Diagnostics& diags) {
  const config::ProviderNode& node = evaluation_.tree().providers()[index];
  const auto& instances = evaluation_.InstancesOf(*node.node);
  if (instances.empty()) return true;
  // Modules with configurations of their own have exactly one instance: the loader saw to it.
  const ModuleScope scope(evaluation_, *instances.front());
  configured_[index] = Make(node.address, node.config, &scope, diags);
  return configured_[index] != nullptr;
}

providers::Provider* ProviderPool::GetFor(const ProviderConfigAddress& address,
                                          Diagnostics& diags) {
  const config::ProviderNode* node = evaluation_.tree().FindProvider(address);
  if (node != nullptr) {
    const auto index = static_cast<std::size_t>(node - evaluation_.tree().providers().data());
    if (configured_[index] != nullptr) return configured_[index].get();
  }
  if (!address.alias.empty()) {
    diags.Add({.summary = "Provider configuration not present",
               .detail = "The state has objects that were made with " + address.ToString() +
                         ", and the configuration no longer has that provider block. It is needed "
                         "until they are gone: put it back, apply, and then remove it."});
    return nullptr;
  }
  const std::lock_guard lock(mutex_);
  const ProviderConfigAddress implied{.module = {}, .provider = address.provider, .alias = {}};
  auto& provider = implied_[implied];
  if (provider == nullptr) provider = Make(implied, nullptr, nullptr, diags);
  return provider.get();
}

}  // namespace tkn::plan
