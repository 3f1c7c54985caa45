#pragma once

#include <string_view>

namespace tkn::linode {

// Whether two texts of OAuth scopes grant the same: "*" equals only itself; otherwise the texts,
// split on single spaces, are compared as multisets. No trimming, no folding: a double space makes
// a difference, as in the real provider.
bool SameScopes(std::string_view a, std::string_view b);

}  // namespace tkn::linode
