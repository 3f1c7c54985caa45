#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "providers/linode/client.h"

namespace tkn::linode {

// What all providers of a run know about tokens and their user: which warnings were given (a plan
// is computed more than once on its way to the API), and what the token in use may do. Any thread
// may call.
class TokenNotes {
 public:
  // True the first time.
  bool IsNew(const std::string& warning);
  // The scopes of the token in use; "" where that can't be told at once. At most one request in a
  // run, and none when an answer has told before or `may_ask` is false.
  std::string CallerScopes(Client& client, const Limits& limits, bool may_ask);

 private:
  std::mutex mutex_;
  std::set<std::string> given_;
  std::map<std::string, std::string> scopes_;  // by URL and token
};

}  // namespace tkn::linode
