#include "state/tfstate/tfstate_location.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "state/tfstate/tfstate.h"

namespace tkn::state {
namespace {

constexpr std::int64_t kMaxBytes = std::int64_t{1} << 30;
constexpr auto kOwnerOnly = S_IRUSR | S_IWUSR;

// Closes the descriptor in every way out.
struct OpenFile {
  explicit OpenFile(int descriptor) : file(descriptor) {}
  ~OpenFile() {
    if (file >= 0) close(file);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int file;
};

bool WriteAll(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// 0, or errno.
int ReplaceFile(const std::string& path, std::string_view text) {
  const std::string temporary = path + ".tmp" + std::to_string(getpid());
  unlink(temporary.c_str());
  {
    const OpenFile out(
        open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly));
    const bool ok = out.file >= 0 && fchmod(out.file, kOwnerOnly) == 0 &&
                    WriteAll(out.file, text) && fsync(out.file) == 0;
    if (!ok) {
      const int error = errno;
      unlink(temporary.c_str());
      return error;
    }
  }
  if (rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    unlink(temporary.c_str());
    return error;
  }
  const auto parent = std::filesystem::path(path).parent_path();
  const OpenFile directory(
      open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return directory.file < 0 || fsync(directory.file) != 0 ? errno : 0;
}

// 0 and the text ("" where there is no file), or errno.
int ReadFile(const std::string& path, std::string& text) {
  const OpenFile in(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (in.file < 0) return errno == ENOENT || errno == ENOTDIR ? 0 : errno;
  struct stat info {};
  if (fstat(in.file, &info) != 0) return errno;
  if (S_ISDIR(info.st_mode)) return EISDIR;
  if (info.st_size > kMaxBytes) return EFBIG;
  text.resize(static_cast<std::size_t>(info.st_size));
  std::size_t size = 0;
  for (;;) {
    if (size == text.size()) {
      if (size > static_cast<std::size_t>(kMaxBytes)) return EFBIG;
      text.resize(size + 65536);
    }
    const ssize_t got = read(in.file, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return 0;
}

}  // namespace

std::string TfstateLocation::PathOf(const std::string& workspace) const {
  if (workspace == "default") return path;
  return (std::filesystem::path(workspace_dir) / workspace / "terraform.tfstate").string();
}

std::vector<std::string> TfstateWorkspaces(const TfstateLocation& location) {
  std::vector<std::string> names{"default"};
  std::error_code error;
  for (auto entry = std::filesystem::directory_iterator(location.workspace_dir, error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    std::error_code unreadable;
    if (entry->is_directory(unreadable)) names.push_back(entry->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<TfstateFile> ReadTfstateFile(const std::string& path, Diagnostics& diags) {
  TfstateFile file;
  const int error = ReadFile(path, file.text);
  if (error != 0) {
    diags.Add({.summary = "Failed to load state",
               .detail = "The state file \"" + path +
                         "\" could not be read: " + std::strerror(error) + "."});
    return std::nullopt;
  }
  if (file.text.empty()) {
    file.snapshot = std::make_shared<Snapshot>();
    return file;
  }
  Diagnostics more;
  auto snapshot = ParseTfstate(file.text, more);
  for (Diagnostic& diagnostic : more) {
    diagnostic.detail = "The state file \"" + path + "\" could not be read. " + diagnostic.detail;
  }
  diags.Append(std::move(more));
  if (!snapshot) return std::nullopt;
  file.snapshot = std::make_shared<Snapshot>(*std::move(snapshot));
  return file;
}

bool WriteTfstateFile(const std::string& path, const std::string& text, Diagnostics& diags) {
  const auto parent = std::filesystem::path(path).parent_path();
  std::error_code ignored;  // opening the file says what is wrong
  if (!parent.empty()) std::filesystem::create_directories(parent, ignored);
  std::string before;
  int error = ReadFile(path, before);
  if (error == 0 && !before.empty() && before != text)
    error = ReplaceFile(path + ".backup", before);
  if (error == 0) error = ReplaceFile(path, text);
  if (error == 0) return true;
  diags.Add({.summary = "Failed to save state",
             .detail = "The state file \"" + path + "\" could not be written: " +
                       std::strerror(error) + ". What it held before is untouched."});
  return false;
}

}  // namespace tkn::state
