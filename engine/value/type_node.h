#pragma once

#include <atomic>

#include "engine/value/value.h"

// What a Type points to. Nodes are made once and live as long as the process.
namespace tkn {

struct Type::Node {
  TypeKind kind = TypeKind::kDynamic;
  bool has_dynamic = false;
  bool has_optional = false;
  std::uint32_t depth = 1;
  std::size_t hash = 0;
  const Node* element = nullptr;
  std::span<const Type> elements{};
  std::span<const ObjectAttribute> attributes{};

  // Filled when first asked for; every thread would make the same.
  mutable std::atomic<const Node*> list_of{nullptr};
  mutable std::atomic<const Node*> set_of{nullptr};
  mutable std::atomic<const Node*> map_of{nullptr};
  mutable std::atomic<const Node*> without_optional{nullptr};
  mutable std::atomic<const Value::Node*> null_value{nullptr};
  mutable std::atomic<const Value::Node*> unknown_value{nullptr};
};

struct TypeTable {
  static Type Make(const Type::Node* node) { return Type(node); }
  static const Type::Node* Get(Type type) { return type.node_; }
  // The object type with these attributes, none optional; names sorted, without duplicates. Faster
  // than Type::Object, since nothing is copied when the type is known already.
  static Type ObjectOfEntries(std::span<const Value::Entry> entries);
  // The same, with the names of an object type and one value for each of its attributes.
  static Type ObjectOfValues(Type names, std::span<const Value> values);
  static Type TupleOfValues(std::span<const Value> values);
};

extern constinit const Type::Node kDynamicType;
extern constinit const Type::Node kStringType;
extern constinit const Type::Node kNumberType;
extern constinit const Type::Node kBoolType;
extern constinit const Type::Node kEmptyObjectType;
extern constinit const Type::Node kEmptyTupleType;

}  // namespace tkn
