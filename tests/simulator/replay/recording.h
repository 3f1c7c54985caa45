#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tkn::simulator {

// One request of a recording and what the real API answered.
struct Exchange {
  std::string method;
  std::string target;  // path and query, with the version, without the host
  std::vector<std::pair<std::string, std::string>> request_headers{};
  std::string request_body{};
  int code = 0;
  std::vector<std::pair<std::string, std::string>> headers{};  // a name may come twice
  std::string body{};

  [[nodiscard]] std::optional<std::string> Header(const std::string& name) const;  // the first
};

// Where the recordings lie: in what TKN_SHARED names, or beside the source folder. There need not
// be any.
std::filesystem::path RecordingsFolder(const std::filesystem::path& source_folder);

// All files of a folder, by name without ".yaml". Throws as ReadRecording.
std::map<std::string, std::vector<Exchange>> ReadRecordings(const std::filesystem::path& folder);

// Reads a go-vcr file (YAML, version 1). Throws std::runtime_error for one that has another form.
std::vector<Exchange> ReadRecording(const std::string& file);

}  // namespace tkn::simulator
