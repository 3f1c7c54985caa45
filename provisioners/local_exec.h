#pragma once

#include <memory>

#include "provisioners/provisioner.h"

namespace tkn::provisioners {

std::unique_ptr<const Provisioner> MakeLocalExec();

}  // namespace tkn::provisioners
