#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/address/address.h"
#include "engine/value/path.h"
#include "engine/value/value.h"
#include "parser/diagnostic.h"

// What the engine knows of storage. One StateStore keeps one state (the file with all workspaces,
// opened at one of them); state/store_suite.h is the suite that every implementation must pass.
namespace tkn::state {

enum class ObjectStatus : std::uint8_t { kReady, kTainted };

// One object of one resource instance, as stored: attributes are JSON text, since only the
// provider's schema of that version can give them types. Deposed objects have a key, the current
// one has "".
struct StoredObject {
  Address address{};
  std::string deposed_key{};  // 8 hex digits, or "" for the current object
  ProviderRef provider{};
  ObjectStatus status = ObjectStatus::kReady;
  std::int64_t schema_version = 0;
  std::string attributes_json{};  // an object; numbers exact
  std::vector<Path> sensitive_paths{};
  std::string private_bytes{};
  std::vector<ConfigResourceRef> dependencies{};  // sorted
  bool create_before_destroy = false;
  std::string identity_json{};  // "" if the provider has none
  std::int64_t identity_schema_version = 0;
};

struct ObjectKey {
  Address address;
  std::string deposed_key;
  auto operator<=>(const ObjectKey&) const = default;
};

struct StoredOutput {
  std::string name;
  std::string value_json;
  std::string type_json;
  bool sensitive = false;
};

// Kept as Terraform writes it ("check_results"), so that pull and push lose nothing.
struct StoredChecks {
  std::string json = "null";
};

// The state at one serial. Shared and immutable once read: nothing copies it to change it.
class Snapshot {
 public:
  std::string lineage;
  std::uint64_t serial = 0;
  std::string terraform_version;      // of the writer
  std::vector<StoredObject> objects;  // sorted by address, then deposed key
  std::vector<StoredOutput> outputs;  // of the root module, sorted by name
  StoredChecks checks;

  bool IsEmpty() const { return objects.empty() && outputs.empty(); }
  const StoredObject* Find(const Address& address, std::string_view deposed_key = {}) const;
  // Every object of one resource, deposed ones included: a contiguous range.
  std::pair<std::size_t, std::size_t> Range(const ResourceAddress& resource) const;
  void Sort();
};

enum class IntentAction : std::uint8_t { kCreate, kUpdate, kDelete };
// "create", "update", "delete": in messages, JSON and the database.
const char* ToText(IntentAction action);

// Announces a provider call in the state before it is sent.
struct Intent {
  std::int64_t id = 0;  // given by the store
  ObjectKey object;
  ProviderRef provider;
  IntentAction action = IntentAction::kCreate;
  std::string planned_json;  // less sensitive values; "null" for a delete
  std::int64_t schema_version = 0;
  std::int64_t started_unix_seconds = 0;
  std::uint64_t serial = 0;  // of the operation that wrote it
  // What is already known to exist of it (a create that reported its id and then waits); part of
  // the snapshot as tainted, too.
  bool object_is_stored = false;
  // Not stored. How long recording it may wait for other writes to go along with: the call cannot
  // be sent yet anyway.
  std::chrono::milliseconds patience{0};
};

// Who holds, or wants, the lock: Terraform's lock info.
struct LockInfo {
  std::string id{};         // uuid
  std::string operation{};  // "OperationTypeApply", ...
  std::string info{};
  std::string who{};  // user@host
  std::string version{};
  std::string created{};  // RFC 3339
  std::string path{};
  int pid = 0;
};

struct OpenOptions {
  std::string workspace = "default";
  bool read_only = false;
  bool must_exist = false;
  // Written into the state as its writer, and into its history.
  std::string terraform_version = "1.11.4";
  std::string program_version = "0.1.0";
  // How many operations the history keeps; 0: all.
  std::int64_t history_depth = 100;
};

struct OperationInfo {
  std::string command;  // "apply", "state mv", as the history shows it
};

// One operation of the past: a serial, and what it changed.
struct HistoryEntry {
  struct Change {
    enum class Kind : std::uint8_t { kAdded, kChanged, kRemoved };
    ObjectKey object;
    Kind kind = Kind::kChanged;
  };
  std::uint64_t serial = 0;
  std::uint64_t before_serial = 0;  // what the state was at; not always the number before
  std::string command{};
  std::string who{};      // user@host
  std::string version{};  // of tkn
  std::int64_t started_unix_seconds = 0;
  std::optional<std::int64_t> finished_unix_seconds{};  // none: it runs, or it was killed
  std::vector<Change> changes{};                        // sorted by address
  std::vector<std::string> outputs{};                   // names of those that changed, sorted
};

// Any thread may call; writes are serialised inside. Every method that returns bool says false
// exactly when it added an error to `diags`.
class StateStore {
 public:
  virtual ~StateStore() = default;

  // --- workspaces
  virtual std::vector<std::string> Workspaces() = 0;  // sorted, "default" always in it
  [[nodiscard]] virtual bool CreateWorkspace(const std::string& name, Diagnostics& diags) = 0;
  [[nodiscard]] virtual bool DeleteWorkspace(const std::string& name, Diagnostics& diags) = 0;
  virtual const std::string& workspace() const = 0;

  // --- lock
  // "Error acquiring the state lock" after `timeout_seconds`, with who holds it.
  [[nodiscard]] virtual bool Lock(const LockInfo& info, double timeout_seconds,
                                  const std::function<void()>& on_wait, Diagnostics& diags) = 0;
  [[nodiscard]] virtual bool Unlock(Diagnostics& diags) = 0;
  [[nodiscard]] virtual bool ForceUnlock(const std::string& id, Diagnostics& diags) = 0;
  virtual std::optional<LockInfo> CurrentLock() = 0;

  // --- reading
  // nullptr on error. A workspace that was never written gives an empty snapshot with no lineage.
  virtual std::shared_ptr<const Snapshot> Read(Diagnostics& diags) = 0;
  // Whether what Read() gave last is what it would give now. False also where that can't be told
  // without reading.
  virtual bool IsAsRead() { return false; }
  // The state with those of its objects alone that lie at or in one of `wanted`. Stores that can
  // find them without reading the others override it.
  virtual std::shared_ptr<const Snapshot> ReadPart(const std::vector<TargetAddress>& wanted,
                                                   Diagnostics& diags);
  // The addresses alone, sorted, each once; nullopt on error. Stores that can do it without reading
  // the objects override it.
  virtual std::optional<std::vector<Address>> Addresses(Diagnostics& diags);
  virtual std::vector<Intent> OpenIntents(Diagnostics& diags) = 0;

  // --- an operation: everything between BeginOperation and FinishOperation is one serial
  [[nodiscard]] virtual bool BeginOperation(const OperationInfo& info, Diagnostics& diags) = 0;
  // Records that `intent` is about to be sent to a provider, and gives it its id. Durable on
  // return: after a crash the next run asks the provider about each intent still here. A second
  // intent for one object is a bug: std::logic_error.
  [[nodiscard]] virtual bool RecordIntent(Intent& intent, Diagnostics& diags) = 0;
  struct Change {
    std::optional<std::int64_t> ends_intent{};  // goes away in the same transaction
    std::vector<StoredObject> put{};
    std::vector<ObjectKey> remove{};
    std::chrono::milliseconds patience{0};  // as an intent's
  };
  // Durable on return. Refused ("State lock lost") when the lock or serial is not what it was at
  // the start.
  [[nodiscard]] virtual bool Commit(const Change& change, Diagnostics& diags) = 0;
  [[nodiscard]] virtual bool CommitOutputs(const std::vector<StoredOutput>& outputs,
                                           const StoredChecks& checks, Diagnostics& diags) = 0;
  [[nodiscard]] virtual bool FinishOperation(Diagnostics& diags) = 0;

  // Replaces everything (state push, taking over a tfstate file): one operation by itself. An empty
  // lineage keeps ours.
  [[nodiscard]] virtual bool Replace(const Snapshot& snapshot, const OperationInfo& info,
                                     Diagnostics& diags) = 0;

  // --- history. Stores that keep none say so in an error: that is what these do unless overridden.
  // Newest first; nullopt after an error.
  virtual std::optional<std::vector<HistoryEntry>> History(Diagnostics& diags);
  // The state as it was at `serial`: the present one, too. nullptr after an error, which it is to
  // ask for a serial that never was or is no longer kept.
  virtual std::shared_ptr<const Snapshot> ReadAt(std::uint64_t serial, Diagnostics& diags);
  // Forgets all operations but the last `keep`, and gives how many went; nullopt after an error.
  virtual std::optional<std::int64_t> PruneHistory(std::int64_t keep, Diagnostics& diags);
};

}  // namespace tkn::state
