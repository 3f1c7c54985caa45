#include "state/sqlite/fault_vfs.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <stdexcept>
#include <vector>

namespace tkn::state {
namespace {

// The smallest part of a write that a disk does or does not do.
constexpr std::size_t kSector = 512;

// What was done to a file and not synced.
struct Pending {
  bool truncate = false;
  std::size_t at = 0;  // or the new size
  std::string data{};
};

struct Disk {
  std::string synced;
  std::vector<Pending> pending;
  bool removed = false;  // files that are open refer to it all the same
};

struct World {
  bool keeps = true;
  std::map<std::string, Disk> disks;  // by path; -shm files are not kept, since nobody needs them
  int calls = 0;
  int fail_at = 0;
  Fault fault = Fault::kIoError;
  bool lasting = false;
};

World world;

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) return "";
  std::string text(static_cast<std::size_t>(in.tellg()), '\0');
  in.seekg(0).read(text.data(), static_cast<std::streamsize>(text.size()));
  return text;
}

void Apply(const Pending& change, std::string& content) {
  if (change.truncate) {
    content.resize(change.at, '\0');
    return;
  }
  if (content.size() < change.at + change.data.size())
    content.resize(change.at + change.data.size(), '\0');
  content.replace(change.at, change.data.size(), change.data);
}

enum class Kind { kReads, kChanges };

// Whether this call fails. Only one kind counts: the one that the fault is about.
bool Fails(Kind kind) {
  if ((kind == Kind::kReads) != (world.fault == Fault::kReadError)) return false;
  ++world.calls;
  if (world.fail_at == 0) return false;
  return world.lasting ? world.calls >= world.fail_at : world.calls == world.fail_at;
}

int CodeOf(int io_error) {
  switch (world.fault) {
    case Fault::kFull:
      return SQLITE_FULL;
    case Fault::kReadOnly:
      return SQLITE_READONLY;
    case Fault::kReadError:
    case Fault::kIoError:
    case Fault::kShortWrite:
    case Fault::kPowerLoss:
      break;
  }
  return io_error;
}

sqlite3_vfs* Below() {
  static sqlite3_vfs* const unix_vfs = sqlite3_vfs_find("unix");
  return unix_vfs;
}

struct File {
  sqlite3_file base;
  Disk* disk;           // nullptr: not kept
  sqlite3_file* below;  // lies behind this struct
};

File& Of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
sqlite3_file* BelowOf(sqlite3_file* file) { return Of(file).below; }

int Close(sqlite3_file* file) { return BelowOf(file)->pMethods->xClose(BelowOf(file)); }
int Read(sqlite3_file* file, void* data, int size, sqlite3_int64 at) {
  if (Fails(Kind::kReads)) return SQLITE_IOERR_READ;
  return BelowOf(file)->pMethods->xRead(BelowOf(file), data, size, at);
}
int Write(sqlite3_file* file, const void* data, int size, sqlite3_int64 at) {
  int written = size;
  const bool fails = Fails(Kind::kChanges);
  if (fails) {
    if (world.fault != Fault::kShortWrite) return CodeOf(SQLITE_IOERR_WRITE);
    written = size / 2;
  }
  const int code = BelowOf(file)->pMethods->xWrite(BelowOf(file), data, written, at);
  if (code == SQLITE_OK && Of(file).disk != nullptr) {
    Of(file).disk->pending.push_back(
        {false, static_cast<std::size_t>(at),
         std::string(static_cast<const char*>(data), static_cast<std::size_t>(written))});
  }
  return fails ? SQLITE_IOERR_WRITE : code;
}
int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (Fails(Kind::kChanges)) return CodeOf(SQLITE_IOERR_TRUNCATE);
  const int code = BelowOf(file)->pMethods->xTruncate(BelowOf(file), size);
  if (code == SQLITE_OK && Of(file).disk != nullptr)
    Of(file).disk->pending.push_back({true, static_cast<std::size_t>(size), {}});
  return code;
}
int Sync(sqlite3_file* file, int flags) {
  if (Fails(Kind::kChanges)) return CodeOf(SQLITE_IOERR_FSYNC);
  // Not really: it costs time, and the disk here is `synced`.
  static_cast<void>(flags);
  if (Disk* disk = Of(file).disk) {
    for (const Pending& change : disk->pending) Apply(change, disk->synced);
    disk->pending.clear();
  }
  return SQLITE_OK;
}
int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  return BelowOf(file)->pMethods->xFileSize(BelowOf(file), size);
}
int Lock(sqlite3_file* file, int level) {
  return BelowOf(file)->pMethods->xLock(BelowOf(file), level);
}
int Unlock(sqlite3_file* file, int level) {
  return BelowOf(file)->pMethods->xUnlock(BelowOf(file), level);
}
int CheckReservedLock(sqlite3_file* file, int* held) {
  return BelowOf(file)->pMethods->xCheckReservedLock(BelowOf(file), held);
}
int FileControl(sqlite3_file* file, int operation, void* argument) {
  // Files that were mapped or made bigger beforehand would pass us by.
  if (operation == SQLITE_FCNTL_MMAP_SIZE || operation == SQLITE_FCNTL_SIZE_HINT)
    return SQLITE_NOTFOUND;
  return BelowOf(file)->pMethods->xFileControl(BelowOf(file), operation, argument);
}
int SectorSize(sqlite3_file* file) { return BelowOf(file)->pMethods->xSectorSize(BelowOf(file)); }
int Characteristics(sqlite3_file* file) {
  return BelowOf(file)->pMethods->xDeviceCharacteristics(BelowOf(file));
}
int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** map) {
  if (extend != 0 && Fails(Kind::kChanges)) return SQLITE_IOERR_SHMSIZE;
  return BelowOf(file)->pMethods->xShmMap(BelowOf(file), page, size, extend, map);
}
int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  return BelowOf(file)->pMethods->xShmLock(BelowOf(file), offset, count, flags);
}
void ShmBarrier(sqlite3_file* file) { BelowOf(file)->pMethods->xShmBarrier(BelowOf(file)); }
int ShmUnmap(sqlite3_file* file, int remove) {
  return BelowOf(file)->pMethods->xShmUnmap(BelowOf(file), remove);
}

constexpr sqlite3_io_methods kMethods = {2,
                                         Close,
                                         Read,
                                         Write,
                                         Truncate,
                                         Sync,
                                         FileSize,
                                         Lock,
                                         Unlock,
                                         CheckReservedLock,
                                         FileControl,
                                         SectorSize,
                                         Characteristics,
                                         ShmMap,
                                         ShmLock,
                                         ShmBarrier,
                                         ShmUnmap,
                                         nullptr,
                                         nullptr};

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  const bool creates =
      name != nullptr && (flags & SQLITE_OPEN_CREATE) != 0 && access(name, F_OK) != 0;
  if (creates && Fails(Kind::kChanges)) return CodeOf(SQLITE_CANTOPEN);
  File& ours = Of(file);
  ours.below = reinterpret_cast<sqlite3_file*>(&ours + 1);
  const int code = Below()->xOpen(Below(), name, ours.below, flags, out_flags);
  if (code != SQLITE_OK) return code;
  ours.disk = nullptr;
  if (name != nullptr && world.keeps) {
    const auto [place, is_new] = world.disks.try_emplace(name);
    if (is_new || place->second.removed) place->second = {ReadFile(name), {}, false};
    ours.disk = &place->second;
  }
  ours.base.pMethods = &kMethods;
  return SQLITE_OK;
}
int Delete(sqlite3_vfs*, const char* name, int sync_directory) {
  if (Fails(Kind::kChanges)) return CodeOf(SQLITE_IOERR_DELETE);
  const int code = Below()->xDelete(Below(), name, sync_directory);
  if (code == SQLITE_OK && world.keeps) {
    const auto found = world.disks.find(name);
    if (found != world.disks.end()) found->second = {{}, {}, true};
  }
  return code;
}

sqlite3_vfs vfs;

}  // namespace

FaultVfs::FaultVfs(bool loses_power) {
  world = {};
  world.keeps = loses_power;
  vfs = *Below();
  vfs.szOsFile = static_cast<int>(sizeof(File)) + Below()->szOsFile;
  vfs.zName = "tkn-fault";
  vfs.pNext = nullptr;
  vfs.xOpen = Open;
  vfs.xDelete = Delete;
  if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK) throw std::logic_error("no VFS");
}

FaultVfs::~FaultVfs() {
  sqlite3_vfs_unregister(&vfs);
  sqlite3_vfs_register(Below(), 1);
}

void FaultVfs::FailAt(int nth, Fault fault, bool lasting) {
  world.disks.clear();
  world.calls = 0;
  world.fail_at = nth;
  world.fault = fault;
  world.lasting = lasting || fault == Fault::kPowerLoss;
}

int FaultVfs::calls() const { return world.calls; }

void FaultVfs::LosePower(unsigned seed) {
  std::mt19937 chance(seed);
  for (auto& [path, disk] : world.disks) {
    if (disk.removed || !std::filesystem::exists(path)) continue;
    std::string content = disk.synced;
    for (const Pending& change : disk.pending) {
      if (change.truncate) {
        if (chance() % 2 == 0) Apply(change, content);
        continue;
      }
      for (std::size_t i = 0; i < change.data.size(); i += kSector) {
        if (chance() % 2 == 0) continue;
        Apply({false, change.at + i, change.data.substr(i, kSector)}, content);
      }
    }
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    std::filesystem::remove(path + "-shm");
  }
  world.disks.clear();
  world.fail_at = 0;
}

}  // namespace tkn::state
