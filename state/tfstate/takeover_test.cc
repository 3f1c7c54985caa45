#include "state/tfstate/takeover.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "state/sqlite/open.h"
#include "state/store_suite.h"
#include "state/tfstate/tfstate.h"

namespace tkn::state {
namespace {

namespace fs = std::filesystem;

// An empty directory to be in, for one test.
class Directory {
 public:
  Directory() : before_(fs::current_path()) {
    std::string pattern = (fs::temp_directory_path() / "tkn-takeover-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()));
    path_ = pattern;
    fs::current_path(path_);
  }
  ~Directory() {
    fs::current_path(before_);
    fs::remove_all(path_);
  }

 private:
  fs::path before_, path_;
};

std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Snapshot StateOf(const std::string& address, std::uint64_t serial) {
  Snapshot snapshot;
  snapshot.terraform_version = "1.9.0";
  snapshot.lineage = "lineage-of-" + address;
  snapshot.serial = serial;
  snapshot.objects = {SampleObject(address)};
  snapshot.outputs = {{"o", "1", "\"number\"", false}};
  return snapshot;
}

void WriteText(const std::string& path, const std::string& text) {
  if (!fs::path(path).parent_path().empty()) fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

TEST_CASE("a terraform.tfstate is read as it is until something is written") {
  const Directory directory;
  WriteText("terraform.tfstate", WriteTfstate(StateOf("t.a", 5)));
  Diagnostics diags;
  const auto store = OpenForTakeover({}, "tkn.db", {}, diags);
  REQUIRE(store);
  const auto snapshot = store->Read(diags);
  REQUIRE(snapshot);
  CHECK(snapshot->serial == 5);
  CHECK(snapshot->objects.size() == 1);
  CHECK(store->OpenIntents(diags).empty());
  CHECK(diags.empty());
  CHECK_FALSE(fs::exists("tkn.db"));
}

TEST_CASE("the first operation takes all workspaces over and leaves the files alone") {
  const Directory directory;
  const std::string text = WriteTfstate(StateOf("t.a", 5));
  WriteText("terraform.tfstate", text);
  WriteText("terraform.tfstate.d/dev/terraform.tfstate", WriteTfstate(StateOf("t.dev", 3)));
  fs::create_directories("terraform.tfstate.d/empty");
  Diagnostics diags;
  const auto store = OpenForTakeover({}, "tkn.db", {}, diags);
  REQUIRE(store);
  CHECK(store->Workspaces() == std::vector<std::string>{"default", "dev", "empty"});
  REQUIRE(store->Lock({.id = "l"}, 0, nullptr, diags));
  REQUIRE(store->Read(diags));
  REQUIRE(store->BeginOperation({.command = "apply"}, diags));
  REQUIRE(diags.size() == 1);
  CHECK(diags[0].severity == Severity::kWarning);
  REQUIRE(store->Commit({.put = {SampleObject("t.b")}}, diags));
  REQUIRE(store->FinishOperation(diags));
  REQUIRE(store->Unlock(diags));
  CHECK(store->Workspaces() == std::vector<std::string>{"default", "dev", "empty"});
  CHECK(ReadText("terraform.tfstate") == text);
  CHECK_FALSE(fs::exists("tkn.db.new"));
  const auto after = OpenSqlite("tkn.db", {.read_only = true}, diags)->Read(diags);
  REQUIRE(after);
  CHECK(after->serial == 6);
  CHECK(after->lineage == "lineage-of-t.a");
  CHECK(after->objects.size() == 2);
  CHECK(after->outputs.size() == 1);
  const auto dev = OpenSqlite("tkn.db", {.workspace = "dev"}, diags)->Read(diags);
  REQUIRE(dev);
  CHECK(dev->serial == 3);
  CHECK(dev->terraform_version == "1.9.0");
  CHECK(dev->objects.size() == 1);
}

TEST_CASE("a backup goes into the history as the serial before") {
  const Directory directory;
  WriteText("terraform.tfstate", WriteTfstate(StateOf("t.a", 5)));
  Snapshot before = StateOf("t.before", 3);
  before.lineage = "lineage-of-t.a";
  Diagnostics diags;
  SECTION("of the same history") {
    WriteText("terraform.tfstate.backup", WriteTfstate(before));
    REQUIRE(TakeOver({}, "tkn.db", {}, diags));
    const auto store = OpenSqlite("tkn.db", {.read_only = true}, diags);
    REQUIRE(store);
    const auto history = store->History(diags);
    REQUIRE(history);
    REQUIRE(history->size() == 2);
    CHECK(history->at(0).serial == 5);
    CHECK(history->at(0).command == "taken over from terraform.tfstate");
    CHECK(history->at(1).serial == 3);
    CHECK(history->at(1).command == "taken over from terraform.tfstate.backup");
    const auto earlier = store->ReadAt(3, diags);
    REQUIRE(earlier);
    CHECK(Difference(*earlier->Find(before.objects[0].address), before.objects[0]) == "");
    CHECK(store->Read(diags)->objects.size() == 1);
    CHECK(store->Read(diags)->serial == 5);
  }
  SECTION("of another history, of a later time, or no state at all: it stays where it is") {
    const int which = GENERATE(0, 1, 2);
    if (which == 0) before.lineage = "another";
    if (which == 1) before.serial = 5;
    WriteText("terraform.tfstate.backup", which == 2 ? "{" : WriteTfstate(before));
    REQUIRE(TakeOver({}, "tkn.db", {}, diags));
    const auto store = OpenSqlite("tkn.db", {.read_only = true}, diags);
    REQUIRE(store);
    CHECK(store->History(diags)->size() == 1);
    CHECK(store->Read(diags)->serial == 5);
    CHECK(fs::exists("terraform.tfstate.backup"));
  }
  CHECK_FALSE(diags.HasErrors());
}

TEST_CASE("a file that changed since it was read is not taken over") {
  const Directory directory;
  WriteText("terraform.tfstate", WriteTfstate(StateOf("t.a", 5)));
  Diagnostics diags;
  const auto store = OpenForTakeover({}, "tkn.db", {}, diags);
  REQUIRE(store->Read(diags));
  WriteText("terraform.tfstate", WriteTfstate(StateOf("t.a", 6)));
  CHECK_FALSE(store->BeginOperation({.command = "apply"}, diags));
  CHECK(diags[0].summary == "State lock lost");
  CHECK_FALSE(fs::exists("tkn.db"));
}

TEST_CASE("one broken workspace stops the taking over, and leaves nothing behind") {
  const Directory directory;
  WriteText("terraform.tfstate", WriteTfstate(StateOf("t.a", 5)));
  WriteText("terraform.tfstate.d/dev/terraform.tfstate", "{");
  Diagnostics diags;
  CHECK_FALSE(TakeOver({}, "tkn.db", {}, diags));
  CHECK(diags[0].summary == "Unsupported state file format");
  CHECK_THAT(diags[0].detail, Catch::Contains("terraform.tfstate.d/dev"));
  CHECK_FALSE(fs::exists("tkn.db"));
  CHECK_FALSE(fs::exists("tkn.db.new"));
}

TEST_CASE("a database that is there already is never overwritten") {
  const Directory directory;
  WriteText("terraform.tfstate", WriteTfstate(StateOf("t.a", 5)));
  Diagnostics diags;
  REQUIRE(OpenSqlite("tkn.db", {}, diags)
              ->Replace(StateOf("t.ours", 1), {.command = "state push"}, diags));
  CHECK_FALSE(TakeOver({}, "tkn.db", {}, diags));
  CHECK(OpenSqlite("tkn.db", {}, diags)->Read(diags)->objects[0].address.ToString() == "t.ours");
}

}  // namespace
}  // namespace tkn::state
