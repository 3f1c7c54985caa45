#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tkn::linode {

// Whether two texts of OAuth scopes grant the same: "*" equals only itself; otherwise the texts,
// split on single spaces, are compared as multisets. No trimming, no folding: a double space makes
// a difference, as in the real provider.
bool SameScopes(std::string_view a, std::string_view b);

// The words of a scope text: between spaces and, as old tokens have them, commas.
std::vector<std::string> ScopeWords(std::string_view text);
// What seems to be mistyped, one sentence for each word, with a suggestion where there is one. The
// API may learn new scopes, so these are for warnings.
std::vector<std::string> ScopeProblems(std::string_view text);
// The words of `wanted` that `held` does not grant: `x:read_write` includes `x:read_only`, `*` all.
std::vector<std::string> ScopesBeyond(std::string_view wanted, std::string_view held);

}  // namespace tkn::linode
