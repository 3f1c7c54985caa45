#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "state/sqlite/open.h"
#include "state/store_suite.h"

namespace tkn::state {
namespace {

class SqlitePlace : public StorePlace {
 public:
  SqlitePlace() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tkn-store-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()));
    directory_ = pattern;
  }
  ~SqlitePlace() override { std::filesystem::remove_all(directory_); }
  std::unique_ptr<StateStore> Open(const OpenOptions& options, Diagnostics& diags) override {
    return OpenSqlite(directory_ / "tkn.db", options, diags);
  }

 private:
  std::filesystem::path directory_;
};

TEST_CASE("the SQLite store is a store", "[store]") {
  SqlitePlace place;
  CheckStore(place);
}

}  // namespace
}  // namespace tkn::state
