#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "tests/simulator/clock.h"
#include "tests/simulator/json.h"
#include "tests/simulator/options.h"

namespace tkn::simulator {

// One object of a collection. `body` is what GET shows; `hidden` is what only the simulator knows.
struct Object {
  int64_t id = 0;
  int64_t parent = 0;  // id of the object it belongs to, as a record to its domain
  Json body = Json::object();
  Json hidden = Json::object();
};

// Numbered objects in the order of their ids, which are never used twice.
class Collection {
 public:
  Object& Add(int64_t parent = 0);
  Object* Find(int64_t id);
  Object& Get(int64_t id);  // throws ApiError 404
  bool Remove(int64_t id) { return objects_.erase(id) != 0; }

  std::map<int64_t, Object>& objects() { return objects_; }
  int64_t next_id = 1;

 private:
  std::map<int64_t, Object> objects_;
};

// Everything there is on the simulated account. Not locked: Api owns it together with its lock.
class World {
 public:
  explicit World(const Options& given);

  // Collections are created on first use; `name` also decides where their ids begin.
  Collection& In(const std::string& name);
  // Objects with text ids that are only read: "regions", "types", "images", "kernels".
  std::vector<Json>& Catalogue(const std::string& name) { return catalogues_[name]; }
  [[nodiscard]] bool HasCatalogue(const std::string& name) const {
    return catalogues_.contains(name);
  }
  [[nodiscard]] Json Counts();  // objects in each collection
  const Json* FindInCatalogue(const std::string& name, const std::string& id);

  [[nodiscard]] std::string Now() const { return FormatTime(clock.NowMs()); }
  std::string NextAddress();

  // Makes an event and answers its id. Old events go when there are more than kMaxEvents.
  int64_t AddEvent(const std::string& action, const std::string& status, Json entity);
  void SetEvent(int64_t id, const std::string& status);

  // `step` is done to the Linode `instance` at `at_ms`: see transitions.h.
  void AddStep(int64_t at_ms, Json step) { steps.emplace(at_ms, std::move(step)); }

  // The whole account as one object, for --state, and back. Load throws Json::exception.
  [[nodiscard]] Json Save();
  void Load(const Json& saved);

  const Options options;
  Clock clock;
  std::multimap<int64_t, Json> steps;
  std::unordered_map<std::string, int64_t> token_ids;  // secret to id
  int64_t addresses = 0;                               // handed out so far

  static constexpr size_t kMaxEvents = 10'000;

 private:
  std::map<std::string, Collection> collections_;
  std::map<std::string, std::vector<Json>> catalogues_;
};

std::string RandomHex(size_t digits);
inline constexpr const char* kUserName = "simulated-user";

}  // namespace tkn::simulator
