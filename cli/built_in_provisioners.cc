#include "cli/built_in_provisioners.h"

namespace tkn::cli {

void AddBuiltInProvisioners(provisioners::Registry&) {}

}  // namespace tkn::cli
