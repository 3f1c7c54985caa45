#pragma once

#include "engine/config/config.h"
#include "engine/plan/schemas.h"
#include "engine/render/json_writer.h"

namespace tkn::render {

// "configuration" in the JSON of a plan: what was written, expressions as constants or as the
// things they refer to.
void WriteConfiguration(const config::ModuleTree& tree, const plan::Schemas& schemas,
                        JsonWriter& out);

}  // namespace tkn::render
