#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/address/address.h"
#include "engine/value/path.h"

// The small JSON texts that a stored object carries, in tfstate's form, for every store that keeps
// text. Reading gives nullopt for what is not of that form.
namespace tkn::state {

// [[{"type":"get_attr","value":"input"},{"type":"index","value":{"value":1,"type":"number"}}]],
// sorted.
std::string SensitivePathsToJson(std::vector<Path> paths);
std::optional<std::vector<Path>> SensitivePathsFromJson(std::string_view json);

// ["linode_token.a","module.m.linode_token.b"]
std::string DependenciesToJson(const std::vector<ConfigResourceRef>& dependencies);

// Works out each address once, however many objects depend on it.
class DependencyReader {
 public:
  std::optional<std::vector<ConfigResourceRef>> FromJson(std::string_view json);

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::optional<std::vector<ConfigResourceRef>> FromPlain(std::string_view json);
  std::optional<ConfigResourceRef> FromText(std::string_view text);

  std::unordered_map<std::string, ConfigResourceRef, Hash, std::equal_to<>> known_;
};

}  // namespace tkn::state
