#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/schema/schema.h"
#include "engine/value/path.h"
#include "engine/value/value.h"
#include "parser/diagnostic.h"

// How the engine meets providers; the shape is that of Terraform's plugin protocol 6, so that a
// host for out-of-process providers can stand behind it. All values are unmarked and of the
// schema's implied type.
//
// Diagnostics from a provider carry summary, detail and `attribute_path`; the engine adds address
// and source range.
namespace tkn::providers {

// Set once by whoever interrupts; calls look at it while they wait and return within a second.
class Cancellation {
 public:
  void Cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  bool IsCancelled() const { return cancelled_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> cancelled_{false};
};

struct Schemas {
  Schema provider;
  std::map<std::string, Schema, std::less<>> resources;
  std::map<std::string, Schema, std::less<>> data_sources;
  std::map<std::string, Schema, std::less<>> ephemerals;
};

// An object as the state keeps it. `value` null: there is none.
struct Object {
  Value value;
  std::string private_bytes{};  // the provider's own, handed back as given; may hold anything
};

struct PlanRequest {
  std::string type;
  Object prior;        // value null: create
  Value proposed_new;  // null: delete
  Value config;
  // Carried out as soon as it is made, with nobody to look at it: what the answers to that will
  // tell need not be asked for ahead.
  bool at_once = false;
};
struct PlanResponse {
  Object planned;
  std::vector<Path> requires_replace{};
  // Of a replacement: the new object comes before the old one goes, and what uses it is changed
  // over in between, unless the configuration says that it must not.
  bool create_first = false;
  // From a provider type that predates exact plans (as Terraform's SDK v2 ones): what
  // CheckPlanValid finds is tolerated.
  bool legacy_type_system = false;
};

struct ApplyRequest {
  std::string type;
  Object prior;    // value null: create
  Object planned;  // value null: delete
  Value config;    // null: delete
  // Called by the provider, at most once, as soon as it knows what remote object it made (before it
  // waits for it to get ready), so that a crash from here on does not lose it. Durable on return.
  std::function<void(const Object& so_far)> progress{};
};
// On error `object` is what exists now (null: nothing); the engine keeps it, tainted if it was
// being created.
struct ApplyResponse {
  Object object;
  bool legacy_type_system = false;  // what CheckApplied finds is tolerated; unknown values are not
  // With an error: whether the call had its effect is not known. The intent must stay, for Resolve
  // in the next run.
  bool undecided = false;
};

struct ImportRequest {
  std::string type;
  std::string id;
};
struct ImportedObject {
  std::string type;
  Object object;
};

// What became of a call whose answer never arrived.
struct ResolveRequest {
  std::string type;
  Object prior;   // value null: it was a create
  Value planned;  // less sensitive values; null: it was a delete
  std::int64_t started_unix_seconds = 0;
  // Ids in state, so that objects of ours are not taken for the lost one.
  std::vector<std::string> known_ids{};
};
// Of an update or a delete kFound gives the object as it is now, value null when it is gone.
struct ResolveResponse {
  enum class Outcome { kNeverHappened, kFound, kUndecided };
  Outcome outcome = Outcome::kUndecided;
  Object object{};            // kFound
  std::string explanation{};  // a sentence for the user: what was looked for and found
};

// One configured provider. Every method may be called from several threads at once after Configure
// returned. Errors are added to `diags`; what is returned then is meaningful only where a comment
// says so.
class Provider {
 public:
  virtual ~Provider() = default;

  virtual const Schemas& GetSchemas() const = 0;

  virtual void ValidateProviderConfig(const Value& config, Diagnostics& diags) = 0;
  virtual void ValidateResourceConfig(const std::string& type, const Value& config,
                                      Diagnostics& diags) = 0;
  virtual void ValidateDataConfig(const std::string& type, const Value& config,
                                  Diagnostics& diags) = 0;

  // Opens no connection. `config` may be partly unknown (during a plan). `offline`: calls that
  // would need the network must fail with an error that says so.
  virtual void Configure(const Value& config, bool offline, Diagnostics& diags) = 0;

  // From the JSON that an older schema version stored.
  virtual Value UpgradeState(const std::string& type, std::int64_t version, const std::string& json,
                             Diagnostics& diags) = 0;
  // Calls that ask the outside are going to follow: what takes time and asks nobody may be done
  // until then, in the background. A hint, as the next one; after Configure.
  virtual void Prepare() {}
  // So many objects of that type are going to be read: one listing may then serve them all. A hint,
  // nothing more.
  virtual void Anticipate(const std::string& /*type*/, std::size_t /*reads*/) {}
  // Value null: the object is gone.
  virtual Object Read(const std::string& type, const Object& current, Diagnostics& diags) = 0;
  virtual PlanResponse Plan(const PlanRequest& request, Diagnostics& diags) = 0;
  virtual ApplyResponse Apply(const ApplyRequest& request, const Cancellation& cancel,
                              Diagnostics& diags) = 0;
  virtual std::vector<ImportedObject> Import(const ImportRequest& request, Diagnostics& diags) = 0;
  virtual Value ReadData(const std::string& type, const Value& config, const Cancellation& cancel,
                         Diagnostics& diags) = 0;
  virtual ResolveResponse Resolve(const ResolveRequest& request, Diagnostics& diags) = 0;
  // The run is being broken off: calls under way, also those without a Cancellation, end within a
  // second with an error, and later ones at once. May be called while others run.
  virtual void Stop() {}
  // A moved block from another type; default: refused.
  virtual std::optional<Object> MoveState(const std::string& from_provider,
                                          const std::string& from_type, std::int64_t version,
                                          const std::string& json, const std::string& to_type,
                                          Diagnostics& diags);

  struct Ephemeral {
    Value result;
    std::string private_bytes{};
    std::optional<std::chrono::system_clock::time_point> renew_at{};
  };
  virtual std::optional<Ephemeral> OpenEphemeral(const std::string& type, const Value& config,
                                                 Diagnostics& diags);
  virtual void RenewEphemeral(const std::string& type, Ephemeral& ephemeral, Diagnostics& diags);
  virtual void CloseEphemeral(const std::string& type, const Ephemeral& ephemeral,
                              Diagnostics& diags);
};

// What the program was built with (or a test provides): how providers are found by source address,
// such as "registry.terraform.io/linode/linode". Making one is cheap and does no I/O.
class Registry {
 public:
  using Factory = std::function<std::unique_ptr<Provider>()>;
  void Add(std::string source, std::string version, Factory factory);
  const Factory* Find(const std::string& source) const;
  // "0.1.0", empty if there is none (builtin).
  std::string VersionOf(const std::string& source) const;
  std::vector<std::string> Sources() const;  // sorted

 private:
  struct Entry {
    std::string version;
    Factory factory;
  };
  std::map<std::string, Entry> entries_;
};

}  // namespace tkn::providers
