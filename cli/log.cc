#include "cli/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <ctime>

namespace tkn::cli {
namespace {

bool DebugIsOn() {
  const char* level = std::getenv("TF_LOG_PROVIDER");
  if (!level || !*level) level = std::getenv("TF_LOG");
  std::string text = level ? level : "";
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text == "TRACE" || text == "DEBUG" || text == "JSON";
}

std::string Now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[40];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

// Appends in one write, so that lines of several threads and processes stay whole.
void Append(std::string_view line) {
  const char* path = std::getenv("TF_LOG_PATH");
  const int fd =
      path && *path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : STDERR_FILENO;
  if (fd < 0) return;
  [[maybe_unused]] const ssize_t n = write(fd, line.data(), line.size());
  if (fd != STDERR_FILENO) close(fd);
}

}  // namespace

std::function<void(std::string_view line)> DebugLog(std::string source) {
  if (!DebugIsOn()) return {};
  return [source = std::move(source)](std::string_view line) {
    Append(Now() + " [DEBUG] " + source + ": " + std::string(line) + "\n");
  };
}

}  // namespace tkn::cli
