#pragma once

#include <atomic>
#include <cstring>

#include "engine/value/type_node.h"
#include "engine/value/value.h"

// How a Value lies in memory: one allocation, a header with the count of references and then the
// content.
//   string             the bytes
//   number             a Number
//   bool               nothing: `size` is 0 or 1
//   list, set, tuple   `size` Values
//   object             `size` Values, in the order of the type's attributes
//   map                `size` Values by key; `size`+1 ends of keys (uint32_t, the first 0); the
//   bytes of the keys unknown            a Refinement if there is one marked             a MarkSet
//   and a Value that is not marked itself
namespace tkn {

enum class NodeKind : std::uint8_t {
  kNull,
  kUnknown,
  kRefinedUnknown,
  kBool,
  kNumber,
  kString,
  kElements,
  kMap,
  kMarked,
};

struct MarkedContent {
  MarkSet marks;
  Value value;
};

struct Value::Node {
  static constexpr std::uint8_t kForever = 1;  // not counted, never freed
  static constexpr std::uint8_t kMarkedInside = 2;
  static constexpr std::uint8_t kUnknownInside = 4;

  mutable std::atomic<std::uint32_t> references{1};
  std::uint32_t size = 0;
  const Type::Node* type = nullptr;
  NodeKind kind = NodeKind::kNull;
  std::uint8_t flags = 0;
  std::uint8_t size_class = 0;                 // of its memory, see node_pool.h
  mutable std::atomic<std::uint32_t> hash{0};  // 0: not worked out yet

  const void* content() const { return this + 1; }
  void* content() { return this + 1; }
  bool Has(std::uint8_t flag) const { return (flags & flag) != 0; }

  std::string_view text() const { return {static_cast<const char*>(content()), size}; }
  const tkn::Number& number() const { return *static_cast<const tkn::Number*>(content()); }
  const Value* values() const { return static_cast<const Value*>(content()); }
  Value* values() { return static_cast<Value*>(content()); }
  const std::uint32_t* key_ends() const {
    return reinterpret_cast<const std::uint32_t*>(values() + size);
  }
  std::string_view key(std::size_t i) const {
    const std::uint32_t* ends = key_ends();
    return {reinterpret_cast<const char*>(ends + size + 1) + ends[i], ends[i + 1] - ends[i]};
  }
  const MarkedContent& marked() const { return *static_cast<const MarkedContent*>(content()); }
  const Refinement& refinement() const { return *static_cast<const Refinement*>(content()); }
};

static_assert(sizeof(Value) == sizeof(void*));

struct ValueFactory {
  static Value Take(const Value::Node* node) { return Value(node); }
  // What is below the marks of the top.
  static const Value::Node* Bare(const Value& value) {
    const Value::Node* node = value.node_;
    return node->kind == NodeKind::kMarked ? node->marked().value.node_ : node;
  }
  static Value::Node* Allocate(NodeKind kind, const Type::Node* type, std::size_t bytes);
  // A node for `values`, moved in; flags are worked out.
  static Value Elements(const Type::Node* type, std::span<Value> values);
  // Sorted entries without duplicates.
  static Value Map(const Type::Node* type, std::span<Value::Entry> entries);
};

}  // namespace tkn
