#include <re2/re2.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "providers/linode/mutations.h"
#include "tests/simulator/replay/recording.h"

// The answers that were recorded from the real API, where the recordings lie beside the project,
// each mutated.
namespace tkn::linode::testing {
namespace {

struct Kind {
  const char* target;  // of the request
  const char* type;
  bool data;
};

const Kind kKinds[] = {
    {"/profile", "linode_profile", true},
    {"/profile/tokens/[0-9]+", "linode_token", false},
    {"/profile/tokens", "linode_tokens", true},
    {"/profile/sshkeys/[0-9]+", "linode_sshkey", false},
    {"/domains/[0-9]+", "linode_domain", false},
    {"/domains/[0-9]+/records/[0-9]+", "linode_domain_record", false},
    {"/linode/instances/[0-9]+", "linode_instance", false},
    {"/linode/types/[a-z0-9-]+", "linode_instance_type", true},
    {"/linode/types", "linode_instance_types", true},
    {"/images", "linode_images", true},
    {"/regions", "linode_regions", true},
};

// The first two of a list stand for all.
std::string Shortened(const std::string& body) {
  nlohmann::json json = nlohmann::json::parse(body);
  if (json.contains("data") && json["data"].is_array() && json["data"].size() > 2) {
    auto& data = json["data"];
    data.erase(data.begin() + 2, data.end());
  }
  return json.dump();
}

// The members and what they are, without their values: one recorded answer of a form is enough.
std::string FormOf(const std::string& body) {
  std::string form;
  const nlohmann::json flat = nlohmann::json::parse(body).flatten();
  for (const auto& [pointer, value] : flat.items()) {
    form += pointer + ' ' + value.type_name() + '\n';
  }
  return form;
}

TEST_CASE("recorded answers, mutated", "[mutation]") {
  const auto recordings = simulator::ReadRecordings(simulator::RecordingsFolder(TKN_SOURCE_DIR));
  if (recordings.empty()) {
    WARN("skipped: no recordings beside the project (TKN_SHARED names their place)");
    return;
  }
  World world;
  std::set<std::string> forms;
  std::set<std::string> types;
  for (const auto& [name, exchanges] : recordings) {
    for (const simulator::Exchange& exchange : exchanges) {
      if (exchange.code != 200 || (exchange.method != "GET" && exchange.method != "POST")) continue;
      for (const Kind& kind : kKinds) {
        const std::string pattern = std::string("/v4(beta)?") + kind.target + "([?].*)?";
        // What a POST answers is the object that was made.
        const bool made = exchange.method == "POST" && !kind.data;
        const std::string target = made ? exchange.target + "/7" : exchange.target;
        if (!RE2::FullMatch(target, pattern)) continue;
        const Sample sample{kind.type, kind.data, Shortened(exchange.body)};
        if (!forms.insert(sample.type + FormOf(sample.body)).second) continue;
        CAPTURE(name, exchange.target);
        types.insert(sample.type);
        CheckCutAnswers(world, sample);
        CheckReplacedAnswers(world, sample);
      }
    }
  }
  CHECK(types.size() >= 7);
}

}  // namespace
}  // namespace tkn::linode::testing
