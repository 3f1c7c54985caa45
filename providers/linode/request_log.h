#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "providers/linode/transport.h"

namespace tkn::linode {

// Where lines for the debug log go; null: nowhere. Called from any thread.
using LogSink = std::function<void(std::string_view line)>;

// A JSON text with the values of secret fields (token, root_pass, password, user_data ...)
// replaced, at any depth. What isn't JSON is described by its length, since nobody knows what is in
// it.
std::string MaskedBody(std::string_view body);

// One line each. Authorization is never shown.
std::string DescribeRequest(const HttpRequest& request);
std::string DescribeResult(const HttpRequest& request, const HttpResult& result,
                           std::chrono::milliseconds took);

}  // namespace tkn::linode
