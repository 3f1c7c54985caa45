#include "providers/provider.h"

#include <stdexcept>
#include <utility>

namespace tkn::providers {

std::optional<Object> Provider::MoveState(const std::string& from_provider,
                                          const std::string& from_type, std::int64_t /*version*/,
                                          const std::string& /*json*/, const std::string& to_type,
                                          Diagnostics& diags) {
  diags.Add({.summary = "Move Resource State Not Supported",
             .detail = "A \"moved\" block leads from " + from_type + " (" + from_provider +
                       ") to " + to_type + ", but the provider of " + to_type +
                       " has no rule for taking over objects of another type. Keep the type, or "
                       "remove the old resource from the state and import the new one."});
  return std::nullopt;
}

std::optional<Provider::Ephemeral> Provider::OpenEphemeral(const std::string& type,
                                                           const Value& /*config*/,
                                                           Diagnostics& diags) {
  diags.Add(
      {.summary = "Invalid resource type",
       .detail = "The provider does not offer the ephemeral resource type \"" + type + "\"."});
  return std::nullopt;
}

void Provider::RenewEphemeral(const std::string& type, Ephemeral& /*ephemeral*/,
                              Diagnostics& /*diags*/) {
  throw std::logic_error("renewing an ephemeral resource that was never opened: " + type);
}

void Provider::CloseEphemeral(const std::string& /*type*/, const Ephemeral& /*ephemeral*/,
                              Diagnostics& /*diags*/) {}

void Registry::Add(std::string source, std::string version, Factory factory) {
  const auto [entry, added] =
      entries_.emplace(std::move(source), Entry{std::move(version), std::move(factory)});
  if (!added) throw std::logic_error("a provider was registered twice: " + entry->first);
}

const Registry::Factory* Registry::Find(const std::string& source) const {
  const auto found = entries_.find(source);
  return found == entries_.end() ? nullptr : &found->second.factory;
}

std::string Registry::VersionOf(const std::string& source) const {
  const auto found = entries_.find(source);
  return found == entries_.end() ? "" : found->second.version;
}

std::vector<std::string> Registry::Sources() const {
  std::vector<std::string> sources;
  sources.reserve(entries_.size());
  for (const auto& [source, entry] : entries_) sources.push_back(source);
  return sources;
}

}  // namespace tkn::providers
