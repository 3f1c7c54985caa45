#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "state/store.h"

namespace SQLite {
class Statement;
}

namespace tkn::state {

class Connection;

// One operation of one workspace as it goes into the tables. Nothing is written for what stays as
// it is, so an operation that changes nothing takes no serial. A value type: copied before a
// transaction and put back when that is undone.
struct OperationRow {
  bool active = false;
  std::int64_t workspace = 0;        // row id; 0 until it exists
  std::uint64_t serial = 0;          // what the workspace row must show
  std::optional<std::int64_t> id{};  // row in `operation`, once something changed
  std::string command{};
  std::int64_t started = 0;
};

// Writes rows inside a transaction of its caller, and what was there before into the history.
// Throws SQLite::Exception; std::logic_error for what no caller may ask.
class RowWriter {
 public:
  RowWriter(Connection& connection, const OpenOptions& options, OperationRow& operation);

  // After a transaction was undone: the ids learnt in it are not valid.
  void Forget();

  void EnsureWorkspace();
  void Put(const StoredObject& object);
  void Remove(const ObjectKey& key);
  void PutOutputs(const std::vector<StoredOutput>& outputs, const StoredChecks& checks);
  // Makes rows be `snapshot`, and nothing else; the serial moves on, to the snapshot's where that
  // is higher.
  void Replace(const Snapshot& snapshot);
  void Finish();
  // Forgets all but the last `keep` operations of a workspace; gives how many went.
  std::int64_t Prune(std::int64_t workspace, std::int64_t keep);

  std::int64_t AddIntent(const Intent& intent);
  void EndIntent(std::int64_t id);
  // The object of an open intent reached the state before its end.
  void MarkStored(const ObjectKey& key);

 private:
  std::int64_t ResourceId(const ResourceAddress& resource);
  std::optional<std::int64_t> FindResourceId(const ResourceAddress& resource);
  std::int64_t ProviderId(ProviderRef provider);
  // What a row has that the object has not, or not as text.
  struct Columns {
    std::int64_t resource;
    std::int64_t provider;
    std::string sensitive;
    std::string dependencies;
  };
  static void BindObject(SQLite::Statement& statement, const StoredObject& object,
                         const Columns& columns);
  bool IsSame(const StoredObject& object, const Columns& columns);
  void Touch();
  void KeepBefore(std::int64_t resource, const ObjectKey& key);
  void KeepOutputBefore(const std::string& name);
  void PutOutput(const StoredOutput& output, const StoredOutput* before);

  Connection& connection_;
  const OpenOptions& options_;
  OperationRow& operation_;
  std::unordered_map<ResourceAddress, std::int64_t> resources_;
  std::unordered_map<const ProviderConfigAddress*, std::int64_t> providers_;
};

}  // namespace tkn::state
