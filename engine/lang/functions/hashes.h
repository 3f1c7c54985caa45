#pragma once

#include <string>
#include <string_view>

namespace tkn::lang {

// The digest's bytes; `algorithm` as OpenSSL calls it.
std::string Digest(const char* algorithm, std::string_view bytes);
std::string ToHex(std::string_view bytes);

}  // namespace tkn::lang
