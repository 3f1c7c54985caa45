#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tkn::provisioners {

struct ChildProcess {
  std::vector<std::string> arguments;  // the first is the program, looked up in PATH
  std::string working_directory;       // "": ours
  std::vector<std::pair<std::string, std::string>> environment;  // besides ours
};

struct ChildResult {
  std::string error;  // why it could not be run, or how it ended: "exit status 5"; "": well
  bool cancelled = false;
};

// Runs the program with nothing on standard input, and gives `output` what it prints on standard
// output and error as it comes. It leads a process group of its own, which is killed when
// `is_cancelled` says so. Blocks.
ChildResult RunChild(const ChildProcess& child, const std::function<void(std::string_view)>& output,
                     const std::function<bool()>& is_cancelled);

}  // namespace tkn::provisioners
