#include "tests/simulator/resources/resources.h"

namespace tkn::simulator {
namespace {

struct Catalogue {
  std::string path;
  std::string name;
  RateLimit limit;
  FieldSet filterable;
  EmptyPage empty = EmptyPage::One;
};

// Public: works without a token.
void AddCatalogue(Router& router, const Catalogue& catalogue) {
  const auto list = [catalogue](Call& call) {
    return Listing(call.request, call.world.Catalogue(catalogue.name), catalogue.filterable,
                   catalogue.empty);
  };
  const auto one = [catalogue](Call& call) {
    const Json* entry = call.world.FindInCatalogue(catalogue.name, call.args.at(0));
    if (entry == nullptr) throw NotFound();
    return *entry;
  };
  router.AddStored({catalogue.path + "/{}", catalogue.name});
  router.Add({"GET", catalogue.path, "*", catalogue.limit, list, /*anonymous=*/true});
  router.Add({"GET", catalogue.path + "/{}", "*", catalogue.limit, one, /*anonymous=*/true});
}

}  // namespace

void AddCatalogues(Router& router) {
  AddCatalogue(router,
               {"/regions", "regions", {}, {"id", "label", "country", "site_type", "status"}});
  AddCatalogue(router, {"/linode/types",
                        "types",
                        {400, 60},
                        {"id", "class", "disk", "gpus", "label", "memory", "network_out",
                         "transfer", "vcpus"}});
  AddCatalogue(router, {"/images",
                        "images",
                        {20, 60},
                        {"id", "label", "created", "deprecated", "is_public", "size", "status",
                         "type", "vendor", "tags"},
                        EmptyPage::Zero});
  AddCatalogue(router,
               {"/linode/kernels",
                "kernels",
                {400, 60},
                {"id", "label", "version", "kvm", "architecture", "pvops", "deprecated", "built"}});
}

}  // namespace tkn::simulator
