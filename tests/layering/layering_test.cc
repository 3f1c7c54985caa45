// Reads every #include "..." of the tree and fails on an arrow that is not allowed: linking alone
// does not stop an include. The table is the architecture; see docs/ARCHITECTURE.md.

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

// Folder (or, for the lowest, single files) -> what it may include besides itself. The longest
// matching name counts.
const std::map<std::string, std::set<std::string>> kAllowed = {
    {"parser/source", {}},
    {"parser/large_pages", {}},
    {"parser/suggest", {}},
    {"parser/diagnostic", {"parser/source"}},
    {"parser", {"parser/source", "parser/diagnostic", "parser/suggest", "parser/large_pages"}},
    {"engine/module", {}},
    {"engine/crypto", {"engine/module"}},
    {"engine/value", {"parser/large_pages"}},
    {"engine/address",
     {"engine/value", "parser", "parser/source", "parser/diagnostic", "parser/suggest"}},
    {"engine/schema",
     {"engine/value", "engine/address", "engine/lang", "parser", "parser/source",
      "parser/diagnostic", "parser/suggest"}},
    {"engine/lang",
     {"engine/crypto", "engine/value", "engine/address", "parser", "parser/source",
      "parser/diagnostic", "parser/suggest"}},
    {"engine/config",
     {"engine/graph", "engine/value", "engine/address", "engine/schema", "engine/lang", "parser",
      "parser/source", "parser/diagnostic", "parser/suggest", "parser/large_pages"}},
    {"engine/graph", {"parser/source", "parser/diagnostic"}},
    {"providers/provider", {"engine/value", "engine/schema", "parser/source", "parser/diagnostic"}},
    {"provisioners/provisioner",
     {"engine/value", "engine/schema", "parser/source", "parser/diagnostic"}},
    {"state/store", {"engine/value", "engine/address", "parser/source", "parser/diagnostic"}},
    {"engine/plan",
     {"engine/value", "engine/address", "engine/schema", "engine/lang", "engine/config",
      "engine/graph", "providers/provider", "provisioners/provisioner", "state/store", "parser",
      "parser/source", "parser/diagnostic", "parser/suggest"}},
    {"engine/apply",
     {"engine/value", "engine/address", "engine/schema", "engine/lang", "engine/config",
      "engine/graph", "engine/plan", "providers/provider", "provisioners/provisioner",
      "state/store", "parser", "parser/source", "parser/diagnostic", "parser/suggest"}},
    {"engine/render",
     {"engine/graph", "engine/value", "engine/address", "engine/schema", "engine/lang",
      "engine/config", "engine/plan", "state/store", "providers/provider", "parser",
      "parser/source", "parser/diagnostic", "parser/suggest"}},
    {"providers",
     {"providers/provider", "engine/crypto", "engine/module", "engine/value", "engine/address",
      "engine/schema", "engine/lang", "parser", "parser/source", "parser/diagnostic",
      "parser/suggest"}},
    {"provisioners",
     {"provisioners/provisioner", "engine/module", "engine/value", "engine/schema", "parser/source",
      "parser/diagnostic"}},
    {"state",
     {"state/store", "engine/crypto", "engine/value", "engine/address", "parser/source",
      "parser/diagnostic", "parser/large_pages"}},
};

std::string UnitOf(const std::string& path) {
  const std::string stem = path.substr(0, path.rfind('.'));
  std::string best = path.substr(0, path.find('/'));
  for (const auto& [unit, allowed] : kAllowed) {
    const bool is_file = stem == unit || stem == unit + "_test";
    const bool is_folder = path.starts_with(unit + "/");
    if ((is_file || is_folder) && unit.size() > best.size()) best = unit;
  }
  return best;
}

std::vector<std::string> ForbiddenArrows(const fs::path& root) {
  std::vector<std::string> bad;
  for (const char* top : {"parser", "engine", "providers", "provisioners", "state"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const fs::path& file = entry.path();
      if (file.extension() != ".h" && file.extension() != ".cc") continue;
      const std::string name = fs::relative(file, root).generic_string();
      // Tests beside a unit may reach for what is above it.
      if (name.ends_with("_test.cc") || name.find("/fuzz/") != std::string::npos) continue;
      const std::string unit = UnitOf(name);
      std::ifstream in(file);
      std::string line;
      while (std::getline(in, line)) {
        if (!line.starts_with("#include \"")) continue;
        const std::string included = line.substr(10, line.rfind('"') - 10);
        const std::string target = UnitOf(included);
        if (target == unit || kAllowed.at(unit).contains(target)) continue;
        bad.push_back(name + " (" + unit + ") includes " + included + " (" + target + ")");
      }
    }
  }
  std::sort(bad.begin(), bad.end());
  return bad;
}

}  // namespace

TEST_CASE("includes follow the arrows of the architecture", "[layering]") {
  for (const std::string& arrow : ForbiddenArrows(TKN_SOURCE_DIR)) FAIL_CHECK(arrow);
  SUCCEED();
}

TEST_CASE("units are the longest name that matches", "[layering]") {
  CHECK(UnitOf("parser/source.h") == "parser/source");
  CHECK(UnitOf("parser/source_test.cc") == "parser/source");
  CHECK(UnitOf("parser/grammar/template.cc") == "parser");
  CHECK(UnitOf("providers/provider.h") == "providers/provider");
  CHECK(UnitOf("providers/linode/token.cc") == "providers");
  CHECK(UnitOf("cli/main.cc") == "cli");
}

TEST_CASE("an arrow that is not allowed is found", "[layering]") {
  const fs::path root = fs::temp_directory_path() / "tkn-layering";
  fs::remove_all(root);
  for (const char* top : {"parser", "engine/value", "providers", "provisioners", "state"}) {
    fs::create_directories(root / top);
  }
  std::ofstream(root / "engine/value/value.h") << "#include \"cli/session.h\"\n#include <vector>\n";
  CHECK(
      ForbiddenArrows(root) ==
      std::vector<std::string>{"engine/value/value.h (engine/value) includes cli/session.h (cli)"});
  fs::remove_all(root);
}
