#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/value/value.h"

namespace tkn::lang {

struct FormatProblem {
  std::string message;
  bool too_many_arguments = false;
};

// format()'s text, with the verbs of Terraform, which are Go's with differences in detail. The
// arguments are known and have no marks; messages name their positions only.
std::optional<FormatProblem> Format(std::string_view format, std::span<const Value> arguments,
                                    std::string& out);

}  // namespace tkn::lang
