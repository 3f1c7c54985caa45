#pragma once

#include "engine/config/config.h"
#include "engine/value/value.h"

namespace tkn::plan {

// The configured value with what `ignore_changes` names taken from `prior` instead. Both unmarked;
// a null prior object leaves everything as configured.
Value WithIgnoredChanges(const config::Lifecycle& lifecycle, const Value& prior,
                         const Value& config);

// Whether what is at `path` is taken from the prior object instead of the configuration, if there
// is one.
bool IsIgnored(const config::Lifecycle& lifecycle, const Path& path);

// The path that a traversal in a lifecycle block means; its root is an attribute.
Path PathOf(const parser::Traversal& traversal);

}  // namespace tkn::plan
