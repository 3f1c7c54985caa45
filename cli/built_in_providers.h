#pragma once

#include "providers/provider.h"

namespace tkn::cli {

// The providers that this program is built with.
void AddBuiltInProviders(providers::Registry& registry);

}  // namespace tkn::cli
