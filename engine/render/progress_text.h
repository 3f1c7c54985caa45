#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "engine/plan/hooks.h"
#include "engine/render/style.h"

namespace tkn::render {

// Progress as lines for people: "linode_token.a: Creating...". `sink` gets whole lines, from any
// thread.
std::unique_ptr<plan::Hooks> ProgressText(TextStyle style,
                                          std::function<void(std::string_view)> sink);

}  // namespace tkn::render
