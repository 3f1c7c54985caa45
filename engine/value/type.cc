#include "engine/value/type.h"

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <unordered_map>

#include "engine/value/type_node.h"

namespace tkn {

namespace {

using Node = Type::Node;

constexpr std::size_t kFewAttributes = 12;

constexpr std::size_t Mix(std::size_t hash, std::size_t more) {
  hash ^= more + 0x9e3779b97f4a7c15ULL + (hash << 6) + (hash >> 2);
  return hash * 0xff51afd7ed558ccdULL;
}

// Tuple and object types by hash. Sharded, and read-mostly: a program makes few types and asks for
// them often.
class Table {
 public:
  template <typename Equals, typename Make>
  const Node* FindOrAdd(std::size_t hash, const Equals& equals, const Make& make) {
    thread_local std::array<const Node*, 256> recent{};
    const Node*& slot = recent[(hash >> 8) % recent.size()];
    if (slot != nullptr && slot->hash == hash && equals(*slot)) return slot;
    Shard& shard = shards_[hash % shards_.size()];
    {
      std::shared_lock lock(shard.mutex);
      if (const Node* found = Find(shard, hash, equals)) return slot = found;
    }
    std::unique_lock lock(shard.mutex);
    if (const Node* found = Find(shard, hash, equals)) return slot = found;
    const Node* added = make();
    shard.nodes.emplace(hash, added);
    return slot = added;
  }

 private:
  struct Shard {
    std::shared_mutex mutex;
    std::unordered_multimap<std::size_t, const Node*> nodes;
  };

  template <typename Equals>
  static const Node* Find(const Shard& shard, std::size_t hash, const Equals& equals) {
    const auto [begin, end] = shard.nodes.equal_range(hash);
    for (auto it = begin; it != end; ++it) {
      if (equals(*it->second)) return it->second;
    }
    return nullptr;
  }

  std::array<Shard, 16> shards_;
};

Table& Types() {
  static Table* const table = new Table;  // never destroyed: values may outlive static objects
  return *table;
}

template <typename T>
std::span<const T> Keep(std::vector<T> items) {
  T* const kept = new T[items.size()];
  std::ranges::move(items, kept);
  return {kept, items.size()};
}

const Node* Publish(std::atomic<const Node*>& slot, std::unique_ptr<Node> made) {
  const Node* expected = nullptr;
  if (slot.compare_exchange_strong(expected, made.get(), std::memory_order_acq_rel)) {
    return made.release();
  }
  return expected;
}

const Node* CollectionOf(const Node* element, TypeKind kind, std::atomic<const Node*>& slot) {
  if (const Node* found = slot.load(std::memory_order_acquire)) return found;
  auto made = std::make_unique<Node>();
  made->kind = kind;
  made->element = element;
  made->has_dynamic = element->has_dynamic;
  made->has_optional = element->has_optional;
  made->depth = element->depth + 1;
  return Publish(slot, std::move(made));
}

const Node* AddTuple(std::size_t hash, std::vector<Type> elements) {
  auto* node = new Node;
  node->kind = TypeKind::kTuple;
  node->hash = hash;
  node->elements = Keep(std::move(elements));
  for (const Type element : node->elements) {
    node->has_dynamic |= element.HasDynamic();
    node->has_optional |= element.HasOptional();
    node->depth = std::max(node->depth, element.Depth() + 1);
  }
  return node;
}

const Node* AddObject(std::size_t hash, std::vector<ObjectAttribute> attributes) {
  auto* node = new Node;
  node->kind = TypeKind::kObject;
  node->hash = hash;
  node->attributes = Keep(std::move(attributes));
  for (const ObjectAttribute& attribute : node->attributes) {
    node->has_dynamic |= attribute.type.HasDynamic();
    node->has_optional |= attribute.optional || attribute.type.HasOptional();
    node->depth = std::max(node->depth, attribute.type.Depth() + 1);
  }
  return node;
}

}  // namespace

constinit const Node kDynamicType{.kind = TypeKind::kDynamic, .has_dynamic = true};
constinit const Node kStringType{.kind = TypeKind::kString};
constinit const Node kNumberType{.kind = TypeKind::kNumber};
constinit const Node kBoolType{.kind = TypeKind::kBool};
constinit const Node kEmptyObjectType{.kind = TypeKind::kObject};
constinit const Node kEmptyTupleType{.kind = TypeKind::kTuple};

Type::Type() : node_(&kDynamicType) {}
Type Type::Dynamic() { return Type(&kDynamicType); }
Type Type::String() { return Type(&kStringType); }
Type Type::Number() { return Type(&kNumberType); }
Type Type::Bool() { return Type(&kBoolType); }
Type Type::EmptyObject() { return Type(&kEmptyObjectType); }
Type Type::EmptyTuple() { return Type(&kEmptyTupleType); }

Type Type::List(Type element) {
  return Type(CollectionOf(element.node_, TypeKind::kList, element.node_->list_of));
}

Type Type::Set(Type element) {
  return Type(CollectionOf(element.node_, TypeKind::kSet, element.node_->set_of));
}

Type Type::Map(Type element) {
  return Type(CollectionOf(element.node_, TypeKind::kMap, element.node_->map_of));
}

Type Type::Tuple(std::vector<Type> elements) {
  if (elements.empty()) return EmptyTuple();
  std::size_t hash = elements.size();
  for (const Type element : elements) hash = Mix(hash, element.Hash());
  return Type(Types().FindOrAdd(
      hash,
      [&](const Node& node) {
        return node.kind == TypeKind::kTuple && std::ranges::equal(node.elements, elements);
      },
      [&] { return AddTuple(hash, std::move(elements)); }));
}

Type TypeTable::TupleOfValues(std::span<const Value> values) {
  if (values.empty()) return Type::EmptyTuple();
  std::vector<Type> elements;
  elements.reserve(values.size());
  for (const Value& value : values) elements.push_back(value.type());
  return Type::Tuple(std::move(elements));
}

namespace {

std::size_t HashAttribute(std::size_t hash, std::string_view name, Type type, bool optional) {
  hash = Mix(hash, std::hash<std::string_view>{}(name));
  return Mix(hash, type.Hash() * 2 + (optional ? 1 : 0));
}

}  // namespace

Type Type::Object(std::vector<ObjectAttribute> attributes) {
  if (attributes.empty()) return EmptyObject();
  const auto by_name = [](const ObjectAttribute& a, const ObjectAttribute& b) {
    return a.name < b.name;
  };
  if (!std::ranges::is_sorted(attributes, by_name)) std::ranges::sort(attributes, by_name);
  std::size_t hash = ~attributes.size();
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    if (i > 0 && attributes[i].name == attributes[i - 1].name) {
      throw std::logic_error("object type with two attributes named " + attributes[i].name);
    }
    hash = HashAttribute(hash, attributes[i].name, attributes[i].type, attributes[i].optional);
  }
  return Type(Types().FindOrAdd(
      hash,
      [&](const Node& node) {
        return node.kind == TypeKind::kObject && std::ranges::equal(node.attributes, attributes);
      },
      [&] { return AddObject(hash, std::move(attributes)); }));
}

Type TypeTable::ObjectOfEntries(std::span<const Value::Entry> entries) {
  if (entries.empty()) return Type::EmptyObject();
  std::size_t hash = ~entries.size();
  for (const auto& [name, value] : entries) hash = HashAttribute(hash, name, value.type(), false);
  return Type(Types().FindOrAdd(
      hash,
      [&](const Node& node) {
        return node.kind == TypeKind::kObject &&
               std::ranges::equal(node.attributes, entries,
                                  [](const ObjectAttribute& a, const Value::Entry& entry) {
                                    return !a.optional && a.type == entry.second.type() &&
                                           a.name == entry.first;
                                  });
      },
      [&] {
        std::vector<ObjectAttribute> attributes;
        attributes.reserve(entries.size());
        for (const auto& [name, value] : entries) attributes.push_back({name, value.type()});
        return AddObject(hash, std::move(attributes));
      }));
}

Type TypeTable::ObjectOfValues(Type names, std::span<const Value> values) {
  const auto wanted = names.attributes();
  if (wanted.empty()) return Type::EmptyObject();
  // Mostly a schema's type with values of the same types as those before: names need not be looked
  // at then.
  struct Recent {
    const Node* names = nullptr;
    const Node* type = nullptr;
  };
  thread_local constinit std::array<Recent, 64> recents{};
  auto bits = reinterpret_cast<std::uintptr_t>(Get(names));
  for (const Value& value : values) {
    bits = (bits + reinterpret_cast<std::uintptr_t>(Get(value.type()))) * 0x9E3779B97F4A7C15ULL;
  }
  Recent& recent = recents[bits >> 58];
  if (recent.names == Get(names) && std::ranges::equal(recent.type->attributes, values, {},
                                                       &ObjectAttribute::type, &Value::type)) {
    return Type(recent.type);
  }
  std::size_t hash = ~wanted.size();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    hash = HashAttribute(hash, wanted[i].name, values[i].type(), false);
  }
  const Type found(Types().FindOrAdd(
      hash,
      [&](const Node& node) {
        if (node.kind != TypeKind::kObject || node.attributes.size() != wanted.size()) return false;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
          const ObjectAttribute& a = node.attributes[i];
          if (a.optional || a.type != values[i].type() || a.name != wanted[i].name) return false;
        }
        return true;
      },
      [&] {
        std::vector<ObjectAttribute> attributes;
        attributes.reserve(wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i) {
          attributes.push_back({wanted[i].name, values[i].type()});
        }
        return AddObject(hash, std::move(attributes));
      }));
  recent = {Get(names), Get(found)};
  return found;
}

TypeKind Type::kind() const { return node_->kind; }

bool Type::IsPrimitive() const {
  const TypeKind kind = node_->kind;
  return kind == TypeKind::kString || kind == TypeKind::kNumber || kind == TypeKind::kBool;
}

bool Type::IsCollection() const {
  const TypeKind kind = node_->kind;
  return kind == TypeKind::kList || kind == TypeKind::kSet || kind == TypeKind::kMap;
}

bool Type::HasDynamic() const { return node_->has_dynamic; }
bool Type::HasOptional() const { return node_->has_optional; }
std::uint32_t Type::Depth() const { return node_->depth; }

Type Type::WithoutOptional() const {
  if (!node_->has_optional) return *this;
  if (const Node* found = node_->without_optional.load(std::memory_order_acquire)) {
    return Type(found);
  }
  Type result;
  switch (kind()) {
    case TypeKind::kList:
      result = List(element().WithoutOptional());
      break;
    case TypeKind::kSet:
      result = Set(element().WithoutOptional());
      break;
    case TypeKind::kMap:
      result = Map(element().WithoutOptional());
      break;
    case TypeKind::kTuple: {
      std::vector<Type> elements;
      for (const Type element : node_->elements) elements.push_back(element.WithoutOptional());
      result = Tuple(std::move(elements));
      break;
    }
    case TypeKind::kObject: {
      std::vector<ObjectAttribute> attributes;
      for (const ObjectAttribute& attribute : node_->attributes) {
        attributes.push_back({attribute.name, attribute.type.WithoutOptional()});
      }
      result = Object(std::move(attributes));
      break;
    }
    default:
      return *this;
  }
  node_->without_optional.store(result.node_, std::memory_order_release);
  return result;
}

Type Type::element() const {
  if (node_->element == nullptr) throw std::logic_error("element type of a " + FriendlyName());
  return Type(node_->element);
}

std::span<const Type> Type::tuple_elements() const {
  if (!IsTuple()) throw std::logic_error("tuple elements of a " + FriendlyName());
  return node_->elements;
}

std::span<const ObjectAttribute> Type::attributes() const {
  if (!IsObject()) throw std::logic_error("attributes of a " + FriendlyName());
  return node_->attributes;
}

std::size_t Type::AttributeIndex(std::string_view name) const {
  if (node_->kind != TypeKind::kObject) (void)attributes();  // which refuses
  const std::span<const ObjectAttribute> attributes = node_->attributes;
  if (attributes.size() <= kFewAttributes) {  // their sizes and ends tell most of them apart
    for (std::size_t i = 0; i < attributes.size(); ++i) {
      const std::string& other = attributes[i].name;
      if (other.size() != name.size()) continue;
      if (name.empty() || (other.back() == name.back() && other == name)) return i;
    }
    return npos;
  }
  const auto found = std::ranges::lower_bound(
      attributes, name, {}, [](const ObjectAttribute& a) { return std::string_view(a.name); });
  if (found == attributes.end() || found->name != name) return npos;
  return static_cast<std::size_t>(found - attributes.begin());
}

const ObjectAttribute* Type::FindAttribute(std::string_view name) const {
  const std::size_t index = AttributeIndex(name);
  return index == npos ? nullptr : &attributes()[index];
}

}  // namespace tkn
