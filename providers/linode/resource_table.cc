#include "providers/linode/resource_table.h"

#include "providers/linode/catalogue.h"
#include "providers/linode/instance.h"
#include "providers/linode/sshkey.h"
#include "providers/linode/token.h"

namespace tkn::linode {

std::vector<std::unique_ptr<ResourceType>> MakeResourceTypes() {
  std::vector<std::unique_ptr<ResourceType>> types;
  types.push_back(MakeInstanceType());
  types.push_back(MakeSshKeyType());
  types.push_back(MakeTokenType());
  return types;
}

std::vector<std::unique_ptr<DataSource>> MakeDataSources() {
  std::vector<std::unique_ptr<DataSource>> sources;
  sources.push_back(MakeAccountData());
  sources.push_back(MakeImageData());
  sources.push_back(MakeInstanceTypeData());
  sources.push_back(MakeProfileData());
  sources.push_back(MakeRegionData());
  return sources;
}

}  // namespace tkn::linode
