#pragma once

#include <memory>

#include "providers/linode/resource.h"

namespace tkn::linode {

// Data sources that are one GET each.
std::unique_ptr<DataSource> MakeProfileData();
std::unique_ptr<DataSource> MakeAccountData();
std::unique_ptr<DataSource> MakeRegionData();
std::unique_ptr<DataSource> MakeInstanceTypeData();
std::unique_ptr<DataSource> MakeImageData();
// And those that list what there is of one kind.
std::unique_ptr<DataSource> MakeRegionsData();
std::unique_ptr<DataSource> MakeInstanceTypesData();
std::unique_ptr<DataSource> MakeImagesData();

// The attributes of one region, type or image, `id` computed: also the elements of the lists.
std::vector<AttributeSchema> RegionAttributes();
std::vector<AttributeSchema> InstanceTypeAttributes();
std::vector<AttributeSchema> ImageAttributes();

}  // namespace tkn::linode
