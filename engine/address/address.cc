#include "engine/address/address.h"

#include <algorithm>
#include <functional>

#include "engine/value/text.h"

namespace tkn {

namespace {

std::size_t Mix(std::size_t hash, std::size_t more) {
  return (hash ^ (more + 0x9e3779b97f4a7c15ULL + (hash << 6) + (hash >> 2))) *
         0xff51afd7ed558ccdULL;
}

std::size_t HashText(const std::string& text) { return std::hash<std::string>{}(text); }

std::string Join(const ModuleAddress& module, std::string rest) {
  if (module.IsRoot()) return rest;
  return module.ToString() + "." + rest;
}

}  // namespace

std::string InstanceKey::ToString() const {
  if (IsIndex()) return "[" + std::to_string(index()) + "]";
  if (IsString()) return "[" + QuoteLiteral(string()) + "]";
  return "";
}

Value InstanceKey::ToValue() const {
  if (IsIndex()) return Value::Number(index());
  if (IsString()) return Value::String(string());
  return Value();
}

std::size_t InstanceKey::Hash() const {
  if (IsIndex()) return Mix(1, static_cast<std::size_t>(index()));
  return IsString() ? Mix(2, HashText(string())) : 0;
}

ModuleAddress ModuleAddress::Child(std::string name, InstanceKey key) const {
  std::vector<ModuleStep> steps;
  steps.reserve(steps_.size() + 1);
  steps = steps_;
  steps.push_back({std::move(name), std::move(key)});
  return ModuleAddress(std::move(steps));
}

ModuleAddress ModuleAddress::Parent() const {
  return ModuleAddress(std::vector<ModuleStep>(steps_.begin(), steps_.end() - 1));
}

ModulePath ModuleAddress::Path() const {
  ModulePath path;
  path.reserve(steps_.size());
  for (const ModuleStep& step : steps_) path.push_back(step.name);
  return path;
}

bool ModuleAddress::Contains(const ModuleAddress& other) const {
  return steps_.size() <= other.steps_.size() &&
         std::equal(steps_.begin(), steps_.end(), other.steps_.begin());
}

std::string ModuleAddress::ToString() const {
  std::string out;
  for (const ModuleStep& step : steps_) {
    if (!out.empty()) out += '.';
    out += "module.";
    out += step.name;
    out += step.key.ToString();
  }
  return out;
}

std::size_t ModuleAddress::Hash() const {
  std::size_t hash = steps_.size();
  for (const ModuleStep& step : steps_) {
    hash = Mix(Mix(hash, HashText(step.name)), step.key.Hash());
  }
  return hash;
}

std::strong_ordering ModuleAddress::CompareSteps(const ModuleAddress& other) const {
  if (const auto order = steps_.size() <=> other.steps_.size(); order != 0) return order;
  return steps_ <=> other.steps_;
}

std::string ResourceName::ToString() const {
  const std::string_view prefix = mode == ResourceMode::kData        ? "data."
                                  : mode == ResourceMode::kEphemeral ? "ephemeral."
                                                                     : "";
  std::string out;
  out.reserve(prefix.size() + type.size() + name.size() + 8);  // room for a key, too
  out += prefix;
  out += type;
  out += '.';
  out += name;
  return out;
}

std::size_t ResourceName::Hash() const {
  return Mix(Mix(static_cast<std::size_t>(mode), HashText(type)), HashText(name));
}

std::strong_ordering ResourceName::operator<=>(const ResourceName& other) const {
  const auto rank = [](ResourceMode mode) {
    return mode == ResourceMode::kData ? 0 : mode == ResourceMode::kManaged ? 1 : 2;
  };
  if (mode != other.mode) return rank(mode) <=> rank(other.mode);
  if (type != other.type) return type <=> other.type;
  return name <=> other.name;
}

std::string ConfigResource::ToString() const {
  std::string out;
  for (const std::string& name : module) out += "module." + name + ".";
  return out + resource.ToString();
}

std::string ResourceAddress::ToString() const { return Join(module, resource.ToString()); }
std::size_t ConfigResource::Hash() const {
  std::size_t hash = resource.Hash();
  for (const std::string& name : module) hash = Mix(hash, HashText(name));
  return hash;
}

std::size_t ResourceAddress::Hash() const { return Mix(module.Hash(), resource.Hash()); }

std::string Address::ToString() const {
  std::string instance = resource.ToString();
  if (!key.IsNone()) instance += key.ToString();
  return Join(module, std::move(instance));
}

std::size_t Address::Hash() const { return Mix(Mix(module.Hash(), resource.Hash()), key.Hash()); }

std::string TargetAddress::ToString() const {
  if (!resource) return module.ToString();
  return Join(module, resource->ToString() + (key ? key->ToString() : ""));
}

namespace {

// A last step without a key means every instance of the module; further in front it means the one
// instance of a module without count and for_each.
bool StepsContain(const std::vector<ModuleStep>& target, const ModuleAddress& address) {
  const auto& steps = address.steps();
  if (target.size() > steps.size()) return false;
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (target[i].name != steps[i].name) return false;
    const bool any = i + 1 == target.size() && target[i].key.IsNone();
    if (!any && target[i].key != steps[i].key) return false;
  }
  return true;
}

}  // namespace

bool TargetAddress::Contains(const Address& address) const {
  if (!resource) return StepsContain(module.steps(), address.module);
  return address.module == module && address.resource == *resource && (!key || *key == address.key);
}

bool TargetAddress::Contains(const ModuleAddress& module_address) const {
  return !resource && StepsContain(module.steps(), module_address);
}

}  // namespace tkn
