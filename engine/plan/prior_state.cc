#include "engine/plan/prior_state.h"

#include <algorithm>

namespace tkn::plan {
namespace {

// Order of objects against the resource they belong to.
std::strong_ordering CompareResource(const Address& address, const ResourceAddress& resource) {
  if (const auto order = address.module <=> resource.module; order != 0) return order;
  return address.resource <=> resource.resource;
}

bool ObjectLess(const PriorObject& a, const PriorObject& b) {
  if (const auto order = *a.address <=> *b.address; order != 0) return order < 0;
  return a.deposed_key() < b.deposed_key();
}

}  // namespace

PriorState::PriorState(std::shared_ptr<const state::Snapshot> snapshot)
    : snapshot_(std::move(snapshot)) {
  objects_.resize(snapshot_->objects.size());
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    objects_[i].stored = &snapshot_->objects[i];
    objects_[i].address = &snapshot_->objects[i].address;
  }
  if (!std::is_sorted(objects_.begin(), objects_.end(), ObjectLess)) {
    std::sort(objects_.begin(), objects_.end(), ObjectLess);
  }
  Index();
}

PriorObject* PriorState::Find(const Address& address, std::string_view deposed_key) {
  return by_address_.Find(address.Hash(), [&](const PriorObject& object) {
    return object.deposed_key() == deposed_key && *object.address == address;
  });
}

void PriorState::Index() {
  by_address_ = {};
  by_address_.Reserve(objects_.size());
  for (PriorObject& object : objects_) by_address_.Add(object.address->Hash(), &object);
}

std::span<PriorObject> PriorState::Range(const ResourceAddress& resource) {
  const auto first = std::lower_bound(objects_.begin(), objects_.end(), resource,
                                      [](const PriorObject& object, const ResourceAddress& wanted) {
                                        return CompareResource(*object.address, wanted) < 0;
                                      });
  auto last = first;
  while (last != objects_.end() && CompareResource(*last->address, resource) == 0) ++last;
  return {first, last};
}

void PriorState::Add(state::StoredObject object) {
  const std::lock_guard lock(mutex_);
  added_.push_back(std::move(object));
}

void PriorState::Move(const std::vector<const Address*>& moved) {
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    if (moved[i] == nullptr) continue;
    objects_[i].previous = objects_[i].address;
    objects_[i].address = moved[i];
  }
  std::sort(objects_.begin(), objects_.end(), ObjectLess);
  Index();
}

std::shared_ptr<const state::Snapshot> PriorState::Build() const {
  const bool same =
      added_.empty() && std::all_of(objects_.begin(), objects_.end(), [](const PriorObject& o) {
        return !o.gone && o.updated == nullptr && o.previous == nullptr;
      });
  if (same) return snapshot_;
  auto built = std::make_shared<state::Snapshot>();
  built->lineage = snapshot_->lineage;
  built->serial = snapshot_->serial;
  built->terraform_version = snapshot_->terraform_version;
  built->outputs = snapshot_->outputs;
  built->checks = snapshot_->checks;
  built->objects.reserve(objects_.size() + added_.size());
  for (const PriorObject& object : objects_) {
    if (object.gone) continue;
    built->objects.push_back(object.now());
    built->objects.back().address = *object.address;
  }
  for (const state::StoredObject& object : added_) built->objects.push_back(object);
  built->Sort();
  return built;
}

}  // namespace tkn::plan
