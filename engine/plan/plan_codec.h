#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "engine/address/address.h"
#include "engine/value/path.h"
#include "engine/value/value.h"

// The bytes that plan files are made of. Internal to this folder.
namespace tkn::plan {

// What a reader throws on bytes that no writer wrote; caught in DecodePlan.
class BadPlan : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Numbers as varints, texts with their length in front, types by their index in a table that grows
// as they first appear.
class PlanWriter {
 public:
  void Number(std::uint64_t number);
  void Signed(std::int64_t number);
  void Bool(bool value) { bytes_ += value ? '\1' : '\0'; }
  void Text(std::string_view text);
  void Key(const InstanceKey& key);
  void Module(const ModuleAddress& module);
  void ModuleNames(const ModulePath& path);
  void Resource(const ResourceName& resource);
  void Write(const Address& address);
  void Write(const ProviderConfigAddress& provider);
  void Write(const ConfigResource& resource);
  void Write(const Path& path);
  void Write(const tkn::Value& value);
  template <typename List, typename F>
  void Each(const List& list, F write) {
    Number(list.size());
    for (const auto& item : list) write(item);
  }
  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
  std::map<std::string, std::size_t> types_;
};

// Reads back. Never reserves more than there are bytes left; throws BadPlan.
class PlanReader {
 public:
  explicit PlanReader(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t Number();
  std::int64_t Signed();
  bool Bool();
  std::string_view Text();
  std::string String() { return std::string(Text()); }
  InstanceKey Key();
  ModuleAddress Module();
  ModulePath ModuleNames();
  ResourceName Resource();
  tkn::Address Address();
  ProviderConfigAddress Provider();
  tkn::ConfigResource ConfigResource();
  tkn::Path Path();
  tkn::Value Value();
  // One of an enumeration whose last is `last`.
  template <typename Enum>
  Enum OneOf(Enum last) {
    const std::uint64_t number = Number();
    if (number > static_cast<std::uint64_t>(last)) throw BadPlan("a number stands for nothing");
    return static_cast<Enum>(number);
  }
  template <typename F>
  void Each(F read) {
    const std::uint64_t count = Count();
    for (std::uint64_t i = 0; i < count; ++i) read();
  }
  bool AtEnd() const { return rest_.empty(); }

 private:
  std::uint64_t Count();
  std::string_view rest_;
  std::vector<Type> types_;
};

}  // namespace tkn::plan
