#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "engine/plan/change.h"

namespace tkn::plan {

// Told of progress while plan and apply walk. Calls come from any worker thread, several at once;
// implementations lock for themselves and return quickly. The printers of text and JSON progress
// implement it.
class Hooks {
 public:
  virtual ~Hooks() = default;

  struct Instance {
    const Address& address;
    std::string_view deposed_key;
    // Attribute and value that name the remote object ("id", "123"); empty when unknown or
    // sensitive.
    std::string_view id_key{};
    std::string_view id_value{};
  };
  virtual void BeforeRefresh(const Instance&) {}
  virtual void AfterRefresh(const Instance&) {}
  virtual void BeforeRead(const Instance&) {}  // data sources
  virtual void AfterRead(const Instance&, std::chrono::milliseconds) {}
  // An import block, while planning; and when its plan is applied.
  virtual void BeforePlannedImport(const Instance&, std::string_view /*import_id*/) {}
  virtual void BeforeApplyImport(const Instance&, std::string_view /*import_id*/) {}
  virtual void AfterApplyImport(const Instance&, std::string_view /*import_id*/) {}
  // The import command.
  virtual void BeforeImport(const Instance&, std::string_view /*import_id*/) {}
  virtual void AfterImport(const Instance&, std::string_view /*type*/) {}
  // action is kCreate, kUpdate, kDelete, kRead or kForget; `planned` is the change it belongs to.
  virtual void BeforeApply(const Instance&, Action, const ResourceChange* /*planned*/) {}
  // Every ten seconds while it runs.
  virtual void StillApplying(const Instance&, Action, std::chrono::seconds) {}
  virtual void AfterApply(const Instance&, Action, std::chrono::milliseconds, bool /*failed*/) {}
  virtual void BeforeProvision(const Instance&, std::string_view /*provisioner*/) {}
  virtual void ProvisionOutput(const Instance&, std::string_view /*provisioner*/,
                               std::string_view /*line*/) {}
  virtual void AfterProvision(const Instance&, std::string_view /*provisioner*/, bool /*failed*/) {}
  virtual void BeforeEphemeral(const Instance&, std::string_view /*opening, renewing, closing*/) {}
  virtual void AfterEphemeral(const Instance&, std::string_view, std::chrono::milliseconds) {}
  // The first interrupt was noticed.
  virtual void Stopping() {}
};

}  // namespace tkn::plan
