#include "engine/graph/thread_state.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <string_view>

namespace tkn::graph {

int ThreadNumber() {
#ifdef __linux__
  return gettid();
#else
  return 0;
#endif
}

bool IsComputing(int thread) {
  if (thread == 0) return false;
  const std::string path = "/proc/self/task/" + std::to_string(thread) + "/stat";
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  char buffer[256];  // the state is the third field, after the program's name in parentheses
  const ssize_t size = read(file, buffer, sizeof buffer);
  close(file);
  if (size <= 0) return false;
  const std::string_view text(buffer, static_cast<std::size_t>(size));
  const std::size_t name_end = text.rfind(')');
  return name_end != text.npos && text.substr(name_end).starts_with(") R");
}

}  // namespace tkn::graph
