#include "state/lock_info.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "engine/value/json.h"
#include "engine/value/value.h"

namespace tkn::state {

std::string NewUuid() {
  std::array<unsigned char, 16> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw std::logic_error("the system gives no random bytes");
  }
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", bytes[i]);
  }
  return text;
}

std::string UserAtHost() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  std::string user = std::to_string(getuid());
  if (getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found) {
    user = found->pw_name;
  }
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) return user;
  return user + "@" + host.data();
}

std::string Rfc3339Now() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  std::tm utc{};
  gmtime_r(&now.tv_sec, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", utc.tm_year + 1900,
                     utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, now.tv_nsec);
}

LockInfo NewLockInfo(std::string operation, std::string info, std::string version) {
  LockInfo lock;
  lock.id = NewUuid();
  lock.operation = std::move(operation);
  lock.info = std::move(info);
  lock.who = UserAtHost();
  lock.version = std::move(version);
  lock.created = Rfc3339Now();
  lock.pid = getpid();
  return lock;
}

// By hand: a JSON document ends the process when memory runs out while it is taken apart.
std::string LockInfoToJson(const LockInfo& info) {
  std::string json;
  const auto add = [&json](const char* name, const std::string& text) {
    json += json.empty() ? "{" : ",";
    json += JsonQuote(name) + ":" + JsonQuote(Value::String(text).AsString());  // valid UTF-8
  };
  add("ID", info.id);
  add("Operation", info.operation);
  add("Info", info.info);
  add("Who", info.who);
  add("Version", info.version);
  add("Created", info.created);
  add("Path", info.path);
  return json + ",\"PID\":" + std::to_string(info.pid) + "}\n";
}

std::optional<LockInfo> LockInfoFromJson(std::string_view text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto field = [&json](const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  LockInfo info;
  info.id = field("ID");
  info.operation = field("Operation");
  info.info = field("Info");
  info.who = field("Who");
  info.version = field("Version");
  info.created = field("Created");
  info.path = field("Path");
  const auto pid = json.find("PID");
  if (pid != json.end() && pid->is_number_integer()) info.pid = pid->get<int>();
  return info;
}

Diagnostic LockRefused(const std::string& reason, const std::optional<LockInfo>& holder) {
  std::string detail = "Error message: " + reason + "\n";
  if (holder) {
    detail += fmt::format(
        "Lock Info:\n  ID:        {}\n  Path:      {}\n  Operation: {}\n  Who:       {}\n"
        "  Version:   {}\n  Created:   {}\n  Info:      {}\n",
        holder->id, holder->path, holder->operation, holder->who, holder->version, holder->created,
        holder->info);
    if (holder->pid != 0) {
      detail += fmt::format("\nThe lock is let go when process {} ends.", holder->pid);
    }
  }
  detail +=
      "\nOnly one operation at a time may change a state. Wait for the other one to finish, or let "
      "this command wait for it with \"-lock-timeout=5m\". A command that only looks can do "
      "without "
      "the lock: \"-lock=false\".";
  return {.severity = Severity::kError,
          .summary = "Error acquiring the state lock",
          .detail = std::move(detail)};
}

}  // namespace tkn::state
