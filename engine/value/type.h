#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tkn {

enum class TypeKind : std::uint8_t {
  kDynamic,
  kString,
  kNumber,
  kBool,
  kList,
  kSet,
  kMap,
  kTuple,
  kObject,
};

struct ObjectAttribute;

// cty's types. Interned for the life of the process: a Type is one pointer, equality compares
// pointers, copying is free. Any thread may make one.
class Type {
 public:
  struct Node;

  Type();  // Dynamic
  static Type Dynamic();
  static Type String();
  static Type Number();
  static Type Bool();
  static Type List(Type element);
  static Type Set(Type element);
  static Type Map(Type element);
  static Type Tuple(std::vector<Type> elements);
  // Attributes in any order; duplicates are a bug.
  static Type Object(std::vector<ObjectAttribute> attributes);
  static Type EmptyObject();
  static Type EmptyTuple();

  TypeKind kind() const;
  bool IsDynamic() const { return kind() == TypeKind::kDynamic; }
  bool IsPrimitive() const;
  bool IsCollection() const;  // list, set, map
  bool IsList() const { return kind() == TypeKind::kList; }
  bool IsSet() const { return kind() == TypeKind::kSet; }
  bool IsMap() const { return kind() == TypeKind::kMap; }
  bool IsTuple() const { return kind() == TypeKind::kTuple; }
  bool IsObject() const { return kind() == TypeKind::kObject; }
  // Dynamic anywhere inside.
  bool HasDynamic() const;
  // Levels of nesting: 1 for a primitive. What recurses over types or values may limit itself by
  // it.
  std::uint32_t Depth() const;
  // Optional attributes anywhere inside.
  bool HasOptional() const;
  // The same type with no attribute optional.
  Type WithoutOptional() const;

  Type element() const;                                 // of a collection
  std::span<const Type> tuple_elements() const;         // of a tuple
  std::span<const ObjectAttribute> attributes() const;  // of an object, sorted by name
  const ObjectAttribute* FindAttribute(std::string_view name) const;  // binary search
  // Position in attributes(), or npos.
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  std::size_t AttributeIndex(std::string_view name) const;

  // "list of string", "object", "set of number": as in error messages.
  std::string FriendlyName() const;
  // As in "... required": like FriendlyName(), dynamic being "any type" or "list of any single
  // type".
  std::string FriendlyNameForConstraint() const;
  // As written in a configuration: `list(string)`, `object({ a = number, b = optional(string) })`.
  std::string ConstraintString() const;
  // Terraform's JSON form: "string", ["list","string"], ["object",{"a":"number"}].
  std::string ToJson() const;

  bool operator==(const Type& other) const { return node_ == other.node_; }
  std::size_t Hash() const { return reinterpret_cast<std::uintptr_t>(node_) >> 4; }

 private:
  friend struct TypeTable;
  explicit Type(const Node* node) : node_(node) {}
  friend struct ValueFactory;
  const Node* node_;
};

struct ObjectAttribute {
  std::string name;
  Type type;
  bool optional = false;
  bool operator==(const ObjectAttribute&) const = default;
};

}  // namespace tkn
