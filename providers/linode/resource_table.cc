#include "providers/linode/resource_table.h"

#include "providers/linode/catalogue.h"
#include "providers/linode/domain.h"
#include "providers/linode/instance.h"
#include "providers/linode/sshkey.h"
#include "providers/linode/stackscript.h"
#include "providers/linode/token.h"

namespace tkn::linode {

std::vector<std::unique_ptr<ResourceType>> MakeResourceTypes() {
  std::vector<std::unique_ptr<ResourceType>> types;
  types.push_back(MakeDomainType());
  types.push_back(MakeDomainRecordType());
  types.push_back(MakeInstanceType());
  types.push_back(MakeSshKeyType());
  types.push_back(MakeStackScriptType());
  types.push_back(MakeTokenType());
  return types;
}

std::vector<std::unique_ptr<DataSource>> MakeDataSources() {
  std::vector<std::unique_ptr<DataSource>> sources;
  sources.push_back(MakeAccountData());
  sources.push_back(MakeDomainData());
  sources.push_back(MakeImageData());
  sources.push_back(MakeImagesData());
  sources.push_back(MakeInstanceTypeData());
  sources.push_back(MakeInstanceTypesData());
  sources.push_back(MakeProfileData());
  sources.push_back(MakeRegionData());
  sources.push_back(MakeRegionsData());
  sources.push_back(MakeSshKeyData());
  sources.push_back(MakeStackScriptData());
  sources.push_back(MakeTokensData());
  return sources;
}

std::vector<std::unique_ptr<EphemeralType>> MakeEphemeralTypes() {
  std::vector<std::unique_ptr<EphemeralType>> types;
  types.push_back(MakeEphemeralToken());
  return types;
}

}  // namespace tkn::linode
