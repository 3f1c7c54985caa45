#pragma once

#include "tests/simulator/crud.h"

namespace tkn::simulator {

// What a Linode gets from its image and type; shared by creation, rebuild and resize.

// The entry of a catalogue that `field` of a request names. Throws ApiError 400 "<field> is not
// valid".
const Json& CatalogueEntry(Call& call, const std::string& name, const std::string& field,
                           const std::string& id);

// Throws ApiError 400 unless the request holds one of the ways to log in that a deployment needs.
void RequireLogin(const Json& body);
void CheckPassword(const std::string& password);

// The disks and the configuration that an image brings: "<label> Disk", "512 MB Swap Image", "My
// <label> Disk Profile".
void DeployImage(World& world, Object& instance, const Json& image, int64_t swap_size);
void RemoveDisksAndConfigs(World& world, int64_t instance);
int64_t DiskSpaceUsed(World& world, int64_t instance);

Object& AddDisk(World& world, const Object& instance, const std::string& label,
                const std::string& filesystem, int64_t size);
Json EmptyDevices();
Json SpecsOf(const Json& type);

}  // namespace tkn::simulator
