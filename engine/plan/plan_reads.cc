#include "engine/plan/planner.h"

// What a provider is told before it is asked: how much of each type will be read through it.
namespace tkn::plan {

void Planner::CountReads() {
  // Objects of one provider and type mostly lie together.
  const PriorObject* last = nullptr;
  std::size_t* count = nullptr;
  for (const PriorObject& object : run_.prior.objects()) {
    const ResourceName& name = object.address->resource;
    if (name.mode != ResourceMode::kManaged || !IsTargeted(*object.address)) continue;
    if (last == nullptr || name.type != last->address->resource.type ||
        object.stored->provider != last->stored->provider) {
      count = &reads_[object.stored->provider][name.type];
      last = &object;
    }
    ++*count;
  }
}

void Planner::Anticipate(std::uint32_t provider) {
  providers::Provider* const configured = run_.providers.Get(provider);
  if (configured == nullptr || options_.offline) return;
  const auto reads = reads_.find(inputs_.config.providers()[provider].address);
  const bool is_read = options_.refresh && reads != reads_.end();
  if (is_read || options_.at_once) configured->Prepare();
  if (!is_read) return;
  for (const auto& [type, count] : reads->second) configured->Anticipate(type, count);
}

}  // namespace tkn::plan
