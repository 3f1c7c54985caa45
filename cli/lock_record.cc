#include "cli/lock_record.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/random.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <ctime>

#include "cli/version.h"

namespace tkn::cli {
namespace {

std::string RandomUuid() {
  unsigned char bytes[16];
  if (getrandom(bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes))
    return "00000000-0000-4000-8000-000000000000";
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
  std::string text;
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    char hex[3];
    std::snprintf(hex, sizeof hex, "%02x", bytes[i]);
    text += hex;
  }
  return text;
}

std::string UserAtHost() {
  char host[256] = "";
  if (gethostname(host, sizeof host - 1) != 0) host[0] = 0;
  const passwd* user = getpwuid(geteuid());
  return std::string(user ? user->pw_name : std::to_string(geteuid())) + "@" + host;
}

}  // namespace

state::LockInfo MakeLockRecord(std::string_view operation) {
  state::LockInfo info;
  info.id = RandomUuid();
  info.operation = operation;
  info.who = UserAtHost();
  info.version = kVersion;
  info.pid = getpid();
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[40];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  info.created = text;
  return info;
}

}  // namespace tkn::cli
