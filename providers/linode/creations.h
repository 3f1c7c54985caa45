#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/value/value.h"
#include "providers/linode/client.h"

namespace tkn::linode {

// Which remote objects are already somebody's, and whose creates are under way: so that an object
// whose create lost its answer is found, and another's is not taken for it. Shared by all Linode
// providers of a run. Any thread may call.
class Creations {
 public:
  // `id` belongs to a resource of this run: it is in the state, or was just made.
  void Claim(const std::string& type, const std::string& id);
  bool IsClaimed(const std::string& type, const std::string& id) const;

  // While it lives, objects of this type may appear whose ids are not claimed yet. nullopt:
  // cancelled.
  class UnderWay;
  std::unique_ptr<UnderWay> Begin(const std::string& type, Client& client, const Limits& limits);

  struct Settled {
    enum class Outcome { kFound, kNone, kSeveral, kFailed };
    Outcome outcome = Outcome::kFailed;
    Value object{};                  // kFound: as the API has it
    std::vector<std::string> ids{};  // kSeveral
  };
  struct Lost {
    std::string key;  // creates with one key can't be told apart: each that is lost gets one object
    std::int64_t started_unix_seconds;
    // The objects that fit; nullopt: it failed.
    std::function<std::optional<std::vector<Value>>()> list;
  };
  // Finds out what became of a create that lost its answer. Looks once no create of this type is
  // under way, and again a little later when nothing is found, since listings lag and requests
  // arrive late. The caller must not hold an UnderWay.
  Settled Settle(const std::string& type, const Lost& lost, Client& client, const Limits& limits);

 private:
  // The unclaimed objects among those listed, by id.
  using Candidates = std::map<std::int64_t, Value>;
  std::optional<Candidates> Look(const std::string& type, const Lost& lost, Client& client,
                                 const Limits& limits) const;

  struct OfType {
    std::set<std::string> claimed;
    std::map<std::string, int> lost;  // by key, not settled yet
    int under_way = 0;
    bool settling = false;
  };
  mutable std::mutex mutex_;
  std::map<std::string, OfType> types_;
};

class Creations::UnderWay {
 public:
  UnderWay(Creations& creations, std::string type)
      : creations_(creations), type_(std::move(type)) {}
  ~UnderWay();
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;

 private:
  Creations& creations_;
  const std::string type_;
};

}  // namespace tkn::linode
