#pragma once

#include "tests/simulator/crud.h"

namespace tkn::simulator {

// Each adds the routes of one resource; a new resource is one file, one line here and one in
// AddResources.
void AddProfile(Router& router);  // profile and account
void AddTokens(Router& router);
void AddSshKeys(Router& router);
void AddCatalogues(Router& router);  // regions, types, images, kernels
void AddEvents(Router& router);
void AddInstances(Router& router);
void AddInstanceActions(Router& router);
void AddInstanceDisks(Router& router);
void AddInstanceConfigs(Router& router);
void AddInstanceIps(Router& router);  // and sharing
void AddReservedIps(Router& router);
void AddDomains(Router& router);  // and their records
void AddStackScripts(Router& router);
void AddFirewalls(Router& router);
void AddObjectStorageKeys(Router& router);

inline void AddResources(Router& router) {
  AddProfile(router);
  AddTokens(router);
  AddSshKeys(router);
  AddCatalogues(router);
  AddEvents(router);
  AddInstances(router);
  AddInstanceActions(router);
  AddInstanceDisks(router);
  AddInstanceConfigs(router);
  AddInstanceIps(router);
  AddReservedIps(router);
  AddDomains(router);
  AddStackScripts(router);
  AddFirewalls(router);
  AddObjectStorageKeys(router);
}

}  // namespace tkn::simulator
