#include "cli/terminal/screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace tkn::cli {

int ScreenRows() {
  winsize size{};
  if (isatty(STDOUT_FILENO) != 1 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_row;
}

}  // namespace tkn::cli
