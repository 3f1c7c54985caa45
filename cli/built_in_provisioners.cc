#include "cli/built_in_provisioners.h"

#include "provisioners/file.h"
#include "provisioners/local_exec.h"
#include "provisioners/remote_exec.h"

namespace tkn::cli {

void AddBuiltInProvisioners(provisioners::Registry& registry) {
  registry.Add("file", provisioners::MakeFile());
  registry.Add("local-exec", provisioners::MakeLocalExec());
  registry.Add("remote-exec", provisioners::MakeRemoteExec());
}

}  // namespace tkn::cli
