#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/address/address.h"

namespace tkn::config {

// Why a word can't be (part of) a provider's name; "" if it can. Names are lower case letters,
// digits and dashes.
std::string ProviderNameProblem(std::string_view name);

// "linode/linode", "linode", "registry.example/linode/linode". nullopt: not of this form, or
// `problem` says what is wrong with its type.
std::optional<ProviderSource> ReadProviderSource(std::string_view text, std::string* problem);

}  // namespace tkn::config
