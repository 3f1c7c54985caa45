#include "state/sqlite/files.h"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>
#include <vector>

#include "state/sqlite/test_directory.h"

namespace tkn::state {
namespace {

std::vector<unsigned char> Content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> Names(const TestDirectory& directory) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path()))
    names.push_back(entry.path().filename());
  return names;
}

// Files of this process hold no more than that.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(signal(SIGXFSZ, SIG_IGN)) {
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const rlimit limit{bytes, before_.rlim_max};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  sighandler_t handler_;
};

const std::vector<unsigned char> kContent(100'000, 'x');

}  // namespace

TEST_CASE("a file is made as a whole, for its owner, with the directories above it") {
  const TestDirectory directory;
  CreateFileAtOnce(directory / "new/er/a", kContent);
  CHECK(Content(directory / "new/er/a") == kContent);

  const mode_t mask = umask(GENERATE(mode_t{0}, mode_t{0777}));
  CreateFileAtOnce(directory / "a", kContent);
  umask(mask);
  CHECK(Content(directory / "a") == kContent);
  struct stat info {};
  REQUIRE(stat((directory / "a").c_str(), &info) == 0);
  CHECK((info.st_mode & 07777) == 0600);
  CHECK(Names(directory).size() == 2);
}

TEST_CASE("a file that is there stays as it is") {
  const TestDirectory directory;
  std::ofstream(directory / "a") << "mine";
  CreateFileAtOnce(directory / "a", kContent);
  CHECK(Content(directory / "a") == std::vector<unsigned char>{'m', 'i', 'n', 'e'});
  CHECK(Names(directory) == std::vector<std::string>{"a"});
}

TEST_CASE("without room nothing is left behind, and errno says why") {
  const TestDirectory directory;
  const FileSizeLimit limit(4096);
  try {
    CreateFileAtOnce(directory / "a", kContent);
    FAIL("it was written");
  } catch (const SQLite::Exception& error) {
    const int system = errno;
    CHECK(system == EFBIG);
    CHECK((error.getErrorCode() & 0xff) == SQLITE_IOERR);
  }
  CHECK(Names(directory).empty());
}

TEST_CASE("where no directory can be made, none is") {
  const TestDirectory directory;
  std::ofstream(directory / "a") << "a file";
  try {
    CreateFileAtOnce(directory / "a/b/c", kContent);
    FAIL("it was written");
  } catch (const SQLite::Exception& error) {
    const int system = errno;
    CHECK(system == ENOTDIR);
    CHECK(error.getErrorCode() == SQLITE_CANTOPEN);
  }
  CHECK(Names(directory) == std::vector<std::string>{"a"});
}

}  // namespace tkn::state
