#include "state/memory/memory_store.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <map>
#include <stdexcept>
#include <thread>

#include "state/lock_info.h"
#include "state/object_json.h"

namespace tkn::state {

struct MemoryFile {
  struct Workspace {
    Snapshot state;
    std::vector<Intent> intents;
  };
  std::mutex mutex;
  std::map<std::string, Workspace> workspaces;
  std::optional<LockInfo> lock;
  std::int64_t last_intent = 0;
};

std::shared_ptr<MemoryFile> NewMemoryFile() { return std::make_shared<MemoryFile>(); }

namespace {

std::string Name(const Address& address, const std::string& deposed) {
  return address.ToString() + (deposed.empty() ? "" : " (deposed " + deposed + ")");
}

bool Same(const StoredObject& a, const StoredObject& b) {
  return a.provider == b.provider && a.status == b.status && a.schema_version == b.schema_version &&
         a.attributes_json == b.attributes_json &&
         SensitivePathsToJson(a.sensitive_paths) == SensitivePathsToJson(b.sensitive_paths) &&
         a.private_bytes == b.private_bytes && a.dependencies == b.dependencies &&
         a.create_before_destroy == b.create_before_destroy && a.identity_json == b.identity_json &&
         a.identity_schema_version == b.identity_schema_version;
}

bool Same(const StoredOutput& a, const StoredOutput& b) {
  return a.name == b.name && a.value_json == b.value_json && a.type_json == b.type_json &&
         a.sensitive == b.sensitive;
}

}  // namespace

MemoryStore::MemoryStore(std::shared_ptr<MemoryFile> file, OpenOptions options)
    : file_(std::move(file)), options_(std::move(options)) {}

MemoryStore::~MemoryStore() {
  const std::lock_guard guard(file_->mutex);
  if (!lock_id_.empty() && file_->lock && file_->lock->id == lock_id_) file_->lock.reset();
}

void MemoryStore::FailWrite(int nth) {
  const std::lock_guard guard(file_->mutex);
  fail_in_ = nth;
}

std::vector<std::string> MemoryStore::asked() const {
  const std::lock_guard guard(file_->mutex);
  return asked_;
}

bool MemoryStore::MayWrite(Diagnostics& diags) {
  if (options_.read_only) throw std::logic_error("a state opened for reading is written to");
  if (fail_in_ > 0 && --fail_in_ == 0) {
    diags.Add({.summary = "Failed to save state", .detail = "This write was told to fail."});
    return false;
  }
  return true;
}

bool MemoryStore::PassesFence(Diagnostics& diags) {
  const bool lock_ok = lock_id_.empty() || (file_->lock && file_->lock->id == lock_id_);
  const auto found = file_->workspaces.find(options_.workspace);
  const std::uint64_t serial = found == file_->workspaces.end() ? 0 : found->second.state.serial;
  if (lock_ok && (!operation_.active || serial == operation_.serial)) return true;
  diags.Add({.summary = "State lock lost",
             .detail = "Another command has changed the state, or holds its lock."});
  return false;
}

std::vector<std::string> MemoryStore::Workspaces() {
  const std::lock_guard guard(file_->mutex);
  std::vector<std::string> names{"default"};
  for (const auto& [name, workspace] : file_->workspaces) {
    if (name != "default") names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool MemoryStore::CreateWorkspace(const std::string& name, Diagnostics& diags) {
  const std::lock_guard guard(file_->mutex);
  asked_.push_back("create workspace " + name);
  if (!MayWrite(diags)) return false;
  if (name == "default" || file_->workspaces.contains(name)) {
    diags.Add({.summary = "Workspace already exists", .detail = "\"" + name + "\" exists."});
    return false;
  }
  file_->workspaces[name];
  return true;
}

bool MemoryStore::DeleteWorkspace(const std::string& name, Diagnostics& diags) {
  const std::lock_guard guard(file_->mutex);
  asked_.push_back("delete workspace " + name);
  if (name == "default" || !file_->workspaces.contains(name)) {
    diags.Add(
        {.summary = "Failed to delete workspace", .detail = "\"" + name + "\" can't be deleted."});
    return false;
  }
  if (!MayWrite(diags)) return false;
  file_->workspaces.erase(name);
  return true;
}

bool MemoryStore::Lock(const LockInfo& info, double timeout_seconds,
                       const std::function<void()>& on_wait, Diagnostics& diags) {
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::duration<double>(timeout_seconds);
  for (bool waited = false;; waited = true) {
    {
      const std::lock_guard guard(file_->mutex);
      if (!lock_id_.empty()) throw std::logic_error("a state is locked twice");
      if (options_.read_only && !file_->lock) {
        lock_id_ = info.id;
        file_->lock = info;
        return true;
      }
      if (!file_->lock) {
        asked_.emplace_back("lock");
        lock_id_ = info.id;
        file_->lock = info;
        return true;
      }
      if (std::chrono::steady_clock::now() >= deadline) {
        diags.Add(LockRefused("resource temporarily unavailable", file_->lock));
        return false;
      }
    }
    if (!waited && on_wait) on_wait();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

bool MemoryStore::Unlock(Diagnostics& diags) {
  const std::lock_guard guard(file_->mutex);
  if (lock_id_.empty()) throw std::logic_error("a state is unlocked that was not locked");
  asked_.emplace_back("unlock");
  const bool ours = file_->lock && file_->lock->id == lock_id_;
  lock_id_.clear();
  if (ours) {
    file_->lock.reset();
    return true;
  }
  diags.Add({.summary = "Error releasing the state lock", .detail = "Somebody else removed it."});
  return false;
}

bool MemoryStore::ForceUnlock(const std::string& id, Diagnostics& diags) {
  const std::lock_guard guard(file_->mutex);
  if (!file_->lock || file_->lock->id != id) {
    diags.Add({.summary = "Failed to unlock state", .detail = "There is no lock of this ID."});
    return false;
  }
  file_->lock.reset();
  return true;
}

std::optional<LockInfo> MemoryStore::CurrentLock() {
  const std::lock_guard guard(file_->mutex);
  return file_->lock;
}

std::shared_ptr<const Snapshot> MemoryStore::Read(Diagnostics&) {
  const std::lock_guard guard(file_->mutex);
  const auto found = file_->workspaces.find(options_.workspace);
  auto snapshot = found == file_->workspaces.end()
                      ? std::make_shared<Snapshot>()
                      : std::make_shared<Snapshot>(found->second.state);
  read_serial_ = snapshot->serial;
  return snapshot;
}

std::vector<Intent> MemoryStore::OpenIntents(Diagnostics&) {
  const std::lock_guard guard(file_->mutex);
  const auto found = file_->workspaces.find(options_.workspace);
  return found == file_->workspaces.end() ? std::vector<Intent>{} : found->second.intents;
}

bool MemoryStore::Begin(const OperationInfo& info, Diagnostics& diags) {
  if (operation_.active) throw std::logic_error("an operation begins inside another one");
  asked_.push_back("begin " + info.command);
  const auto found = file_->workspaces.find(options_.workspace);
  const std::uint64_t serial = found == file_->workspaces.end() ? 0 : found->second.state.serial;
  if (read_serial_ && *read_serial_ != serial) {
    diags.Add({.summary = "State lock lost", .detail = "The state changed after it was read."});
    return false;
  }
  operation_ = {.active = true, .changed = false, .serial = serial};
  return true;
}

bool MemoryStore::BeginOperation(const OperationInfo& info, Diagnostics& diags) {
  const std::lock_guard guard(file_->mutex);
  if (options_.read_only) throw std::logic_error("a state opened for reading is written to");
  return Begin(info, diags);
}

void MemoryStore::Touch() {
  if (operation_.changed) return;
  operation_.changed = true;
  ++operation_.serial;
  Snapshot& state = file_->workspaces[options_.workspace].state;
  state.serial = operation_.serial;
  state.terraform_version = options_.terraform_version;
  if (state.lineage.empty()) state.lineage = NewUuid();
}

bool MemoryStore::RecordIntent(Intent& intent, Diagnostics& diags) {
  const std::lock_guard guard(file_->mutex);
  if (!operation_.active) throw std::logic_error("a change of the state outside an operation");
  asked_.push_back(std::string("intent ") + ToText(intent.action) + " " +
                   Name(intent.object.address, intent.object.deposed_key));
  if (!MayWrite(diags) || !PassesFence(diags)) return false;
  auto& intents = file_->workspaces[options_.workspace].intents;
  const bool twice = std::any_of(intents.begin(), intents.end(), [&intent](const Intent& open) {
    return open.object == intent.object;
  });
  if (twice) throw std::logic_error("a second intent for " + intent.object.address.ToString());
  if (intent.started_unix_seconds == 0) intent.started_unix_seconds = std::time(nullptr);
  intent.serial = operation_.changed ? operation_.serial : operation_.serial + 1;
  intent.id = ++file_->last_intent;
  intents.push_back(intent);
  return true;
}

void MemoryStore::Put(const StoredObject& object) {
  auto& workspace = file_->workspaces[options_.workspace];
  for (Intent& intent : workspace.intents) {
    if (intent.object == ObjectKey{object.address, object.deposed_key})
      intent.object_is_stored = true;
  }
  const StoredObject* present = workspace.state.Find(object.address, object.deposed_key);
  if (present && Same(*present, object)) return;
  Touch();
  if (present) {
    workspace.state.objects[static_cast<std::size_t>(present - workspace.state.objects.data())] =
        object;
    return;
  }
  workspace.state.objects.push_back(object);
  workspace.state.Sort();
}

void MemoryStore::Remove(const ObjectKey& key) {
  Snapshot& state = file_->workspaces[options_.workspace].state;
  const StoredObject* present = state.Find(key.address, key.deposed_key);
  if (!present) return;
  Touch();
  state.objects.erase(state.objects.begin() + (present - state.objects.data()));
}

bool MemoryStore::Commit(const Change& change, Diagnostics& diags) {
  const std::lock_guard guard(file_->mutex);
  if (!operation_.active) throw std::logic_error("a change of the state outside an operation");
  std::string asked = "commit";
  for (const StoredObject& object : change.put)
    asked += " +" + Name(object.address, object.deposed_key);
  for (const ObjectKey& key : change.remove) asked += " -" + Name(key.address, key.deposed_key);
  asked_.push_back(std::move(asked));
  if (!MayWrite(diags) || !PassesFence(diags)) return false;
  if (change.ends_intent) {
    std::erase_if(file_->workspaces[options_.workspace].intents,
                  [&change](const Intent& intent) { return intent.id == *change.ends_intent; });
  }
  for (const ObjectKey& key : change.remove) Remove(key);
  for (const StoredObject& object : change.put) Put(object);
  return true;
}

void MemoryStore::PutOutputs(std::vector<StoredOutput> outputs, const StoredChecks& checks) {
  Snapshot& state = file_->workspaces[options_.workspace].state;
  std::sort(outputs.begin(), outputs.end(),
            [](const StoredOutput& a, const StoredOutput& b) { return a.name < b.name; });
  const bool same =
      state.checks.json == checks.json &&
      std::equal(outputs.begin(), outputs.end(), state.outputs.begin(), state.outputs.end(),
                 [](const auto& a, const auto& b) { return Same(a, b); });
  if (same) return;
  Touch();
  state.outputs = std::move(outputs);
  state.checks = checks;
}

bool MemoryStore::CommitOutputs(const std::vector<StoredOutput>& outputs,
                                const StoredChecks& checks, Diagnostics& diags) {
  const std::lock_guard guard(file_->mutex);
  if (!operation_.active) throw std::logic_error("a change of the state outside an operation");
  asked_.emplace_back("outputs");
  if (!MayWrite(diags) || !PassesFence(diags)) return false;
  PutOutputs(outputs, checks);
  return true;
}

bool MemoryStore::FinishOperation(Diagnostics& diags) {
  const std::lock_guard guard(file_->mutex);
  if (!operation_.active) throw std::logic_error("an operation ends that did not begin");
  asked_.emplace_back("finish");
  const bool ok = !operation_.changed || (MayWrite(diags) && PassesFence(diags));
  if (read_serial_ || operation_.changed) read_serial_ = operation_.serial;
  operation_ = {};
  return ok;
}

bool MemoryStore::Replace(const Snapshot& snapshot, const OperationInfo& info, Diagnostics& diags) {
  const std::lock_guard guard(file_->mutex);
  if (!Begin(info, diags)) return false;
  const bool allowed = MayWrite(diags) && PassesFence(diags);
  if (allowed) {
    Snapshot& state = file_->workspaces[options_.workspace].state;
    const std::uint64_t before = state.serial;
    const std::vector<StoredObject> present = state.objects;
    for (const StoredObject& object : present) {
      if (!snapshot.Find(object.address, object.deposed_key))
        Remove({object.address, object.deposed_key});
    }
    for (const StoredObject& object : snapshot.objects) Put(object);
    PutOutputs(snapshot.outputs, snapshot.checks);
    const bool new_lineage = !snapshot.lineage.empty() && snapshot.lineage != state.lineage;
    if (new_lineage || operation_.changed || snapshot.serial > before) {
      Touch();
      state.serial = operation_.serial = std::max(operation_.serial, snapshot.serial);
      if (!snapshot.lineage.empty()) state.lineage = snapshot.lineage;
    }
    read_serial_ = operation_.serial;
  }
  operation_ = {};
  return allowed;
}

}  // namespace tkn::state
