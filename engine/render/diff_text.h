#pragma once

#include <string>

#include "engine/render/diff.h"
#include "engine/render/style.h"

namespace tkn::render {

// How a difference is written for people, in the layout of Terraform's plans.
struct DiffTextOptions {
  const TextStyle& style;
  bool hide_symbols = false;  // states: no + - ~, nothing is left out
  bool show_unchanged = false;
  bool hide_null_suffix = false;  // no "-> null"
  bool parent_forces_replacement = false;
};

// The value as it stands behind "name = " or a block's header; its first line is not indented, the
// others are, `indent` levels of four.
std::string DiffText(const Diff& diff, int indent, const DiffTextOptions& options);

// "  + " and the like; four blanks for what stays as it is.
std::string ActionSymbol(plan::Action action, const DiffTextOptions& options);

// Lines that stand above an attribute whose sensitivity changes; "" mostly.
std::string DiffWarning(const Diff& diff, int indent, const DiffTextOptions& options);

// A name as it must be written in the language: quoted where it is no identifier.
std::string AttributeName(const std::string& name);

// `name` in a column as wide as the longest name is in bytes. It is filled by code points, so that
// columns with names beyond ASCII are wider than they need be: that is Terraform's layout.
std::string PaddedName(const std::string& name, std::size_t width);

}  // namespace tkn::render
