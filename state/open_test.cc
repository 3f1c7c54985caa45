#include "state/open.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "state/tfstate/tfstate.h"

namespace tkn::state {
namespace {

namespace fs = std::filesystem;

class Directory {
 public:
  Directory() : before_(fs::current_path()) {
    std::string pattern = (fs::temp_directory_path() / "tkn-open-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()));
    path_ = pattern;
    fs::current_path(path_);
  }
  ~Directory() {
    fs::current_path(before_);
    fs::remove_all(path_);
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(path_))
      names.push_back(fs::relative(entry.path(), path_));
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  fs::path before_, path_;
};

using Names = std::vector<std::string>;

void SetOutput(const StateLocation& location, const std::string& value,
               const std::string& workspace = "default") {
  Diagnostics diags;
  const auto store = OpenState(location, {.workspace = workspace}, diags);
  REQUIRE(store);
  REQUIRE(store->BeginOperation({.command = "apply"}, diags));
  REQUIRE(store->CommitOutputs({{"o", value, "\"number\"", false}}, {}, diags));
  REQUIRE(store->FinishOperation(diags));
}

std::string Output(const std::string& path, const std::string& workspace = "default",
                   const std::string& workspace_dir = "terraform.tfstate.d") {
  Diagnostics diags;
  const auto outputs = ReadOutputs(path, workspace, workspace_dir, diags);
  if (diags.HasErrors()) return "error";
  return !outputs ? "none" : outputs->empty() ? "" : outputs->front().value_json;
}

TEST_CASE("reading in an empty directory leaves it empty") {
  const Directory directory;
  Diagnostics diags;
  for (const char* path : {"", "x.tfstate", "sub/x.tfstate", "x.db", "sub/x"}) {
    CAPTURE(path);
    const auto store = OpenState({.path = path}, {.read_only = true}, diags);
    REQUIRE(store);
    REQUIRE(store->Lock({.id = "l"}, 0, nullptr, diags));
    CHECK(store->Read(diags)->IsEmpty());
    REQUIRE(store->Unlock(diags));
    CHECK(Output(path[0] ? path : "tkn.db") == "none");
  }
  CHECK(directory.Names().empty());
  CHECK(diags.empty());
}

TEST_CASE("a state that must exist and does not is an error") {
  const Directory directory;
  for (const char* path : {"", "x.tfstate", "x.db"}) {
    Diagnostics diags;
    CHECK_FALSE(OpenState({.path = path}, {.must_exist = true}, diags));
    CHECK(diags[0].summary == "Failed to load state");
  }
}

TEST_CASE("the state is tkn.db; a name that says tfstate gives one") {
  const Directory directory;
  SetOutput({}, "1");
  SetOutput({.path = "custom/state.tfstate"}, "2");
  SetOutput({.path = "plain"}, "3");
  SetOutput({.path = "custom/state.tfstate"}, "4", "dev");
  CHECK(directory.Names() == Names{"custom", "custom/state.tfstate", "plain", "terraform.tfstate.d",
                                   "terraform.tfstate.d/dev",
                                   "terraform.tfstate.d/dev/terraform.tfstate", "tkn.db"});
  CHECK(Output("tkn.db") == "1");
  CHECK(Output("custom/state.tfstate") == "2");
  CHECK(Output("plain") == "3");
  CHECK(Output("custom/state.tfstate", "dev") == "4");
  CHECK(Output("custom/state.tfstate", "none") == "none");
  CHECK(Output("tkn.db", "none") == "none");
}

TEST_CASE("a file of any name that holds JSON stays JSON") {
  const Directory directory;
  Snapshot snapshot;
  snapshot.serial = 1;
  snapshot.lineage = "x";
  snapshot.outputs = {{"o", "1", "\"number\"", false}};
  std::ofstream("state") << WriteTfstate(snapshot);
  SetOutput({.path = "state"}, "2");
  Diagnostics diags;
  std::ifstream in("state");
  const auto after = ParseTfstate(std::string(std::istreambuf_iterator<char>(in), {}), diags);
  REQUIRE(after);
  CHECK(after->outputs[0].value_json == "2");
}

TEST_CASE("outputs of a terraform.tfstate that tkn keeps elsewhere are found") {
  const Directory directory;
  // tkn.db where others expect terraform.tfstate.
  SetOutput({}, "1");
  CHECK(Output("terraform.tfstate") == "1");
  CHECK(Output("other.tfstate") == "none");
  SetOutput({}, "2", "dev");
  CHECK(Output("terraform.tfstate", "dev") == "2");
  CHECK(Output("terraform.tfstate", "none") == "none");
  // A file of another lineage in that place is meant for itself.
  Snapshot other;
  other.serial = 1;
  other.lineage = "another";
  other.outputs = {{"o", "9", "\"number\"", false}};
  std::ofstream("terraform.tfstate") << WriteTfstate(other);
  CHECK(Output("terraform.tfstate") == "9");
}

TEST_CASE("after the taking over, the later of the two states counts") {
  const Directory directory;
  Snapshot old;
  old.serial = 3;
  old.lineage = "x";
  old.outputs = {{"o", "1", "\"number\"", false}};
  std::ofstream("terraform.tfstate") << WriteTfstate(old);
  CHECK(Output("terraform.tfstate") == "1");
  SetOutput({}, "2");
  CHECK(fs::exists("tkn.db"));
  CHECK(Output("terraform.tfstate") == "2");
  old.serial = 10;
  old.outputs[0].value_json = "7";
  std::ofstream("terraform.tfstate") << WriteTfstate(old);
  CHECK(Output("terraform.tfstate") == "7");
}

TEST_CASE("a state that can't be read is an error, not none") {
  const Directory directory;
  std::ofstream("bad.tfstate") << "{";
  std::ofstream("bad.db")
      << "this is no database, but it is long enough to be taken for one by its size";
  CHECK(Output("bad.tfstate") == "error");
  CHECK(Output("bad.db") == "error");
}

}  // namespace
}  // namespace tkn::state
