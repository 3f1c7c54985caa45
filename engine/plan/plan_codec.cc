#include "engine/plan/plan_codec.h"

#include <optional>

#include "engine/value/json.h"
#include "engine/value/msgpack.h"

namespace tkn::plan {

void PlanWriter::Number(std::uint64_t number) {
  while (number >= 0x80) {
    bytes_ += static_cast<char>(number | 0x80);
    number >>= 7;
  }
  bytes_ += static_cast<char>(number);
}

void PlanWriter::Signed(std::int64_t number) {
  Number((static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63));
}

void PlanWriter::Text(std::string_view text) {
  Number(text.size());
  bytes_ += text;
}

void PlanWriter::Key(const InstanceKey& key) {
  Number(key.IsNone() ? 0 : key.IsIndex() ? 1 : 2);
  if (key.IsIndex()) Signed(key.index());
  if (key.IsString()) Text(key.string());
}

void PlanWriter::Module(const ModuleAddress& module) {
  Each(module.steps(), [&](const ModuleStep& step) {
    Text(step.name);
    Key(step.key);
  });
}

void PlanWriter::ModuleNames(const ModulePath& path) {
  Each(path, [&](const std::string& name) { Text(name); });
}

void PlanWriter::Resource(const ResourceName& resource) {
  Number(static_cast<std::uint64_t>(resource.mode));
  Text(resource.type);
  Text(resource.name);
}

void PlanWriter::Write(const Address& address) {
  Module(address.module);
  Resource(address.resource);
  Key(address.key);
}

void PlanWriter::Write(const ProviderConfigAddress& provider) {
  ModuleNames(provider.module);
  Text(provider.provider.hostname);
  Text(provider.provider.name_space);
  Text(provider.provider.type);
  Text(provider.alias);
}

void PlanWriter::Write(const ConfigResource& resource) {
  ModuleNames(resource.module);
  Resource(resource.resource);
}

void PlanWriter::Write(const Path& path) {
  Each(path, [&](const PathStep& step) {
    Bool(step.kind == PathStep::Kind::kIndex);
    if (step.kind == PathStep::Kind::kAttribute) {
      Text(step.name);
    } else {
      Write(step.key);
    }
  });
}

void PlanWriter::Write(const tkn::Value& value) {
  std::vector<PathMarks> marks;
  const tkn::Value plain = value.UnmarkDeep(marks);
  const std::string type = plain.type().ToJson();
  const auto [entry, is_new] = types_.try_emplace(type, types_.size());
  Number(entry->second);
  if (is_new) Text(type);
  Text(ToMsgpack(plain, plain.type()));
  Each(marks, [&](const PathMarks& mark) {
    Write(mark.path);
    Each(mark.marks.marks(), [&](const Mark& one) {
      Number(static_cast<std::uint64_t>(one.kind));
      Text(one.origin);
    });
  });
}

std::uint64_t PlanReader::Number() {
  std::uint64_t number = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) throw BadPlan("it ends too early");
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    number |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return number;
  }
  throw BadPlan("a number is too long");
}

std::int64_t PlanReader::Signed() {
  const std::uint64_t number = Number();
  return static_cast<std::int64_t>(number >> 1) ^ -static_cast<std::int64_t>(number & 1);
}

bool PlanReader::Bool() {
  const std::uint64_t number = Number();
  if (number > 1) throw BadPlan("a yes or no is neither");
  return number == 1;
}

std::uint64_t PlanReader::Count() {
  const std::uint64_t count = Number();
  if (count > rest_.size()) throw BadPlan("a list is longer than the file");
  return count;
}

std::string_view PlanReader::Text() {
  const std::uint64_t size = Number();
  if (size > rest_.size()) throw BadPlan("it ends within a text");
  const std::string_view text = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return text;
}

InstanceKey PlanReader::Key() {
  switch (Number()) {
    case 0:
      return {};
    case 1:
      return InstanceKey(Signed());
    case 2:
      return InstanceKey(String());
    default:
      throw BadPlan("an instance key is of no known kind");
  }
}

ModuleAddress PlanReader::Module() {
  std::vector<ModuleStep> steps;
  Each([&] {
    std::string name = String();
    steps.push_back({std::move(name), Key()});
  });
  return ModuleAddress(std::move(steps));
}

ModulePath PlanReader::ModuleNames() {
  ModulePath path;
  Each([&] { path.push_back(String()); });
  return path;
}

ResourceName PlanReader::Resource() {
  ResourceName resource;
  resource.mode = OneOf(ResourceMode::kEphemeral);
  resource.type = String();
  resource.name = String();
  return resource;
}

Address PlanReader::Address() {
  tkn::Address address;
  address.module = Module();
  address.resource = Resource();
  address.key = Key();
  return address;
}

ProviderConfigAddress PlanReader::Provider() {
  ProviderConfigAddress provider;
  provider.module = ModuleNames();
  provider.provider.hostname = String();
  provider.provider.name_space = String();
  provider.provider.type = String();
  provider.alias = String();
  return provider;
}

ConfigResource PlanReader::ConfigResource() {
  tkn::ConfigResource resource;
  resource.module = ModuleNames();
  resource.resource = Resource();
  return resource;
}

Path PlanReader::Path() {
  tkn::Path path;
  Each([&] {
    if (Bool()) {
      path.push_back(PathStep::Index(Value()));
    } else {
      path.push_back(PathStep::Attribute(String()));
    }
  });
  return path;
}

Value PlanReader::Value() {
  const std::uint64_t index = Number();
  std::string error;
  if (index == types_.size()) {
    const std::optional<Type> type = TypeFromJson(Text(), &error);
    if (!type) throw BadPlan("a type cannot be read: " + error);
    types_.push_back(*type);
  }
  if (index >= types_.size()) throw BadPlan("a value has a type that is not there");
  const std::optional<tkn::Value> value = FromMsgpack(Text(), types_[index], &error);
  if (!value) throw BadPlan("a value cannot be read: " + error);
  std::vector<PathMarks> marks;
  Each([&] {
    tkn::Path path = Path();
    std::vector<Mark> list;
    Each([&] {
      const MarkKind kind = OneOf(MarkKind::kDeferred);
      list.push_back({kind, String()});
    });
    marks.push_back({std::move(path), MarkSet::Of(std::move(list))});
  });
  return marks.empty() ? *value : value->MarkPaths(marks);
}

}  // namespace tkn::plan
