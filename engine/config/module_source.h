#pragma once

#include <string>
#include <string_view>

namespace tkn::config {

enum class SourceKind : std::uint8_t {
  kLocal,     // ./x, ../x: relative to the calling module
  kAbsolute,  // /x
  kRegistry,  // namespace/name/system, with a host in front or not
  kRemote,    // git, http, buckets...
  kInvalid,
};

// What the source of a module call is. Nothing here fetches modules: only those on this machine can
// be used, or those that .terraform/modules/modules.json lists.
SourceKind KindOfSource(std::string_view source);

}  // namespace tkn::config
