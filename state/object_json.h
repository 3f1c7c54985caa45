#pragma once

#include <optional>
#include <string>
#include <string_view>
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
std::string DependenciesToJson(const std::vector<ConfigResource>& dependencies);
std::optional<std::vector<ConfigResource>> DependenciesFromJson(std::string_view json);
std::optional<ConfigResource> ConfigResourceFromText(std::string_view text);

}  // namespace tkn::state
