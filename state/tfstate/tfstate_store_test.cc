#include "state/tfstate/tfstate_store.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "state/lock_info.h"
#include "state/store_suite.h"
#include "state/tfstate/tfstate.h"

namespace tkn::state {
namespace {

namespace fs = std::filesystem;

class TfstatePlace : public StorePlace {
 public:
  TfstatePlace() {
    std::string pattern = (fs::temp_directory_path() / "tkn-tfstate-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()));
    directory_ = pattern;
  }
  ~TfstatePlace() override { fs::remove_all(directory_); }
  std::unique_ptr<StateStore> Open(const OpenOptions& options, Diagnostics& diags) override {
    return OpenTfstateStore(location(), options, diags);
  }
  TfstateLocation location() const { return {file(), (directory_ / "ws").string()}; }
  std::string file() const { return (directory_ / "sub" / "x.tfstate").string(); }
  std::string sidecar() const { return TfstateSidecar(file()); }

 private:
  fs::path directory_;
};

std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void ApplyOne(StateStore& store, const std::string& address) {
  Diagnostics diags;
  REQUIRE(store.BeginOperation({.command = "apply"}, diags));
  REQUIRE(store.Commit({.put = {SampleObject(address)}}, diags));
  REQUIRE(store.FinishOperation(diags));
}

// A process that commits one object of two and dies.
void KilledApply(TfstatePlace& place, bool with_intent) {
  const pid_t child = fork();
  if (child == 0) {
    Diagnostics diags;
    const auto store = OpenTfstateStore(place.location(), {}, diags);
    bool ok = store && store->Lock(NewLockInfo("OperationTypeApply", "", ""), 0, nullptr, diags) &&
              store->Read(diags) && store->BeginOperation({.command = "apply"}, diags) &&
              store->Commit({.put = {SampleObject("t.killed")}}, diags);
    Intent intent{.object = {SampleObject("t.open").address, ""},
                  .provider = SampleObject("t.open").provider,
                  .planned_json = "{}"};
    if (with_intent) ok = ok && store->RecordIntent(intent, diags);
    if (ok) kill(getpid(), SIGKILL);
    _exit(1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
}

TEST_CASE("the tfstate store is a store", "[store]") {
  // Workspaces are directories there: nothing is written into one that nobody made, so this suite
  // covers them, too.
  TfstatePlace place;
  CheckStore(place);
}

TEST_CASE(
    "after an operation the file is a state that Terraform reads, 0600, and nothing lies beside "
    "it") {
  TfstatePlace place;
  const mode_t mask = umask(0);
  Diagnostics diags;
  {
    const auto store = place.Open({}, diags);
    ApplyOne(*store, "t.a");
    struct stat info {};
    REQUIRE(stat(place.file().c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
    CHECK_FALSE(fs::exists(place.sidecar()));
    ApplyOne(*store, "t.b");
  }
  umask(mask);
  const auto snapshot = ParseTfstate(ReadText(place.file()), diags);
  REQUIRE(snapshot);
  CHECK(snapshot->serial == 2);
  CHECK(snapshot->objects.size() == 2);
  CHECK(ParseTfstate(ReadText(place.file() + ".backup"), diags)->objects.size() == 1);
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fs::path(place.file()).parent_path()))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{"x.tfstate", "x.tfstate.backup"});
}

TEST_CASE("an operation that changes nothing does not touch the file") {
  TfstatePlace place;
  Diagnostics diags;
  const auto store = place.Open({}, diags);
  ApplyOne(*store, "t.a");
  const auto before = fs::last_write_time(place.file());
  ApplyOne(*store, "t.a");
  CHECK(fs::last_write_time(place.file()) == before);
  CHECK_FALSE(fs::exists(place.sidecar()));
}

TEST_CASE("what a killed process committed is read, and the next operation writes the file") {
  TfstatePlace place;
  Diagnostics diags;
  ApplyOne(*place.Open({}, diags), "t.first");
  KilledApply(place, false);
  CHECK(ParseTfstate(ReadText(place.file()), diags)->objects.size() == 1);
  CHECK(place.Open({.read_only = true}, diags)->Read(diags)->objects.size() == 2);
  const auto store = place.Open({}, diags);
  REQUIRE(store->BeginOperation({.command = "apply"}, diags));
  REQUIRE(store->FinishOperation(diags));
  CHECK(ParseTfstate(ReadText(place.file()), diags)->objects.size() == 2);
  CHECK_FALSE(fs::exists(place.sidecar()));
}

TEST_CASE("open intents stay until they are ended") {
  TfstatePlace place;
  Diagnostics diags;
  KilledApply(place, true);
  const auto store = place.Open({}, diags);
  auto intents = store->OpenIntents(diags);
  REQUIRE(intents.size() == 1);
  ApplyOne(*store, "t.other");
  CHECK(fs::exists(place.sidecar()));
  CHECK(ParseTfstate(ReadText(place.file()), diags)->objects.size() == 2);
  REQUIRE(store->OpenIntents(diags).size() == 1);
  REQUIRE(store->BeginOperation({.command = "apply"}, diags));
  REQUIRE(store->Commit({.ends_intent = intents[0].id}, diags));
  REQUIRE(store->FinishOperation(diags));
  CHECK_FALSE(fs::exists(place.sidecar()));
}

TEST_CASE("a file that another program changed after a kill is not overwritten") {
  TfstatePlace place;
  Diagnostics diags;
  ApplyOne(*place.Open({}, diags), "t.first");
  KilledApply(place, false);
  Snapshot other = *ParseTfstate(ReadText(place.file()), diags);
  other.serial = 77;
  std::ofstream(place.file(), std::ios::binary) << WriteTfstate(other);
  CHECK_FALSE(place.Open({}, diags));
  REQUIRE(diags.size() == 1);
  CHECK(diags[0].summary == "Failed to load state");
  CHECK(ParseTfstate(ReadText(place.file()), diags)->serial == 77);
}

TEST_CASE("a database that was being filled when its process died is thrown away") {
  TfstatePlace place;
  Diagnostics diags;
  ApplyOne(*place.Open({}, diags), "t.first");
  // The note that makes it count is missing.
  std::ofstream(place.sidecar(), std::ios::binary).close();
  const auto store = place.Open({}, diags);
  CHECK(store->Read(diags)->objects.size() == 1);
  ApplyOne(*store, "t.second");
  CHECK(ParseTfstate(ReadText(place.file()), diags)->objects.size() == 2);
}

}  // namespace
}  // namespace tkn::state
