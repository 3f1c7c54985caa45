#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/config.h"

namespace tkn::cli {

// The names that an expression of the root module may use, as far as they are typed: for
// completion.
class ConsoleNames {
 public:
  // The attributes of an expression's value by their names, none when it has no such. Where it has
  // secrets, names only: the values are not asked for.
  using Attributes = std::function<std::vector<std::string>(const std::string& expression)>;

  ConsoleNames(const config::Module& root, Attributes attributes);

  struct Completion {
    std::size_t typed = 0;  // bytes of the word that stand there already
    std::vector<std::string>
        words{};  // whole words, sorted: up to their next dot, functions with "("
  };
  // For the word at the end of `text`.
  Completion Complete(std::string_view text) const;

 private:
  std::vector<std::string> names_;  // sorted: "var.region", "linode_token.ci", "upper("
  Attributes attributes_;
};

}  // namespace tkn::cli
