#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>

#include "engine/value/value.h"
#include "providers/linode/client.h"

namespace tkn::linode {

// The account's tokens, listed once for a run that reads several of them. Any thread may call.
class TokenListing {
 public:
  // So many more tokens are going to be read.
  void Expect(std::size_t count);
  // Something was changed: what was listed is of no use any more.
  void Forget();
  // The token as a listing shows it. nullopt: ask for it alone, since few are going to be read, the
  // account has far more, the listing failed, or doesn't have it (it is gone, or a moment old).
  std::optional<Value> Find(std::int64_t id, Client& client, const Limits& limits);

 private:
  enum class Stage { kNone, kUnderWay, kDone };
  std::mutex mutex_;
  std::condition_variable changed_;
  Stage stage_ = Stage::kNone;
  std::size_t expected_ = 0;
  std::map<std::int64_t, Value> tokens_;
};

}  // namespace tkn::linode
