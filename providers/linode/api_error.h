#pragma once

#include <string>

#include "engine/value/value.h"
#include "providers/linode/transport.h"

namespace tkn::linode {

// Why a call of the API did not succeed.
struct ApiError {
  enum class Kind {
    kStatus,     // the API answered with an error: `status`
    kNotSent,    // nothing reached the API
    kLost,       // sent, but no answer that can be used
    kCancelled,  // told to stop
    kOffline,    // -offline: nothing may be asked
    kNoToken,    // the call needs a token and none is configured
  };
  Kind kind = Kind::kStatus;
  int status = 0;
  // As it stands behind a diagnostic's summary: "[404] Not found", "[400] [label] too long; ...",
  // "[002] ...".
  std::string text;
  // A request that is not idempotent may have had its effect in spite of the error.
  bool uncertain = false;

  bool IsNotFound() const { return kind == Kind::kStatus && status == 404; }
};

// "[CCC] " and the errors of `body`, or what else is known. `body` null: it wasn't JSON.
std::string ErrorText(const HttpResponse& response, const Value& body);
// The errors alone, joined by "; "; empty if there are none.
std::string JoinedReasons(const Value& body);

}  // namespace tkn::linode
