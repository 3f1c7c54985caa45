#pragma once

#include <vector>

#include "engine/plan/evaluation.h"
#include "engine/plan/plan.h"

namespace tkn::plan {

// What of which resources the changes of a plan were worked out from, directly or through locals,
// variables and outputs: so that drift is shown where it explains something. Sorted, each once.
std::vector<Plan::RelevantAttribute> RelevantAttributes(const config::ModuleTree& tree,
                                                        const Evaluation& evaluation,
                                                        const Plan& plan);

}  // namespace tkn::plan
