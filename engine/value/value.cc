#include "engine/value/value.h"

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <stdexcept>

#include "engine/value/node.h"
#include "engine/value/node_pool.h"
#include "engine/value/text.h"

namespace tkn {

namespace {

using Node = Value::Node;

constexpr std::uint8_t kForeverUnknown = Node::kForever | Node::kUnknownInside;

constinit const Node kNullDynamic{
    .type = &kDynamicType, .kind = NodeKind::kNull, .flags = Node::kForever};
constinit const Node kUnknownDynamic{
    .type = &kDynamicType, .kind = NodeKind::kUnknown, .flags = kForeverUnknown};
constinit const Node kTrue{
    .size = 1, .type = &kBoolType, .kind = NodeKind::kBool, .flags = Node::kForever};
constinit const Node kFalse{
    .size = 0, .type = &kBoolType, .kind = NodeKind::kBool, .flags = Node::kForever};
constinit const Node kEmptyText{
    .type = &kStringType, .kind = NodeKind::kString, .flags = Node::kForever};
constinit const Node kNoElements{
    .type = &kEmptyTupleType, .kind = NodeKind::kElements, .flags = Node::kForever};
constinit const Node kNoAttributes{
    .type = &kEmptyObjectType, .kind = NodeKind::kElements, .flags = Node::kForever};

void Retain(const Node* node) {
  if (!node->Has(Node::kForever)) node->references.fetch_add(1, std::memory_order_relaxed);
}

void Free(Node* node) {
  const std::uint8_t size_class = node->size_class;
  node->~Node();
  node_pool::Free(node, size_class);
}

// Frees what holds other values. Children whose last holder goes wait in a list, threaded through
// the hash and size fields' neighbour `type`, so that the depth of a value costs no stack.
thread_local Node* waiting = nullptr;
thread_local bool freeing = false;

void DestroyContent(Node* node) {
  switch (node->kind) {
    case NodeKind::kElements:
    case NodeKind::kMap:
      std::destroy_n(node->values(), node->size);
      break;
    case NodeKind::kMarked:
      static_cast<MarkedContent*>(node->content())->~MarkedContent();
      break;
    default:
      break;
  }
}

void Destroy(const Node* dead) {
  auto* node = const_cast<Node*>(dead);
  switch (node->kind) {
    case NodeKind::kNumber:
      static_cast<Number*>(node->content())->~Number();
      return Free(node);
    case NodeKind::kRefinedUnknown:
      static_cast<Refinement*>(node->content())->~Refinement();
      return Free(node);
    case NodeKind::kElements:
    case NodeKind::kMap:
    case NodeKind::kMarked:
      break;
    default:
      return Free(node);
  }
  node->type = reinterpret_cast<const Type::Node*>(waiting);  // the type is of no use any more
  waiting = node;
  if (freeing) return;
  freeing = true;
  while (waiting != nullptr) {
    Node* next = waiting;
    waiting = reinterpret_cast<Node*>(const_cast<Type::Node*>(next->type));
    DestroyContent(next);
    Free(next);
  }
  freeing = false;
}

void Release(const Node* node) {
  if (node->Has(Node::kForever)) return;
  // The only holder need not count down: nobody is there who could add one.
  if (node->references.load(std::memory_order_acquire) == 1 ||
      node->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    Destroy(node);
  }
}

const Node* Keep(std::atomic<const Node*>& slot, NodeKind kind, const Type::Node* type) {
  auto* made = new Node;
  made->kind = kind;
  made->type = type;
  made->flags = kind == NodeKind::kNull ? Node::kForever : kForeverUnknown;
  const Node* expected = nullptr;
  if (slot.compare_exchange_strong(expected, made, std::memory_order_acq_rel)) return made;
  delete made;
  return expected;
}

std::uint32_t Size32(std::size_t size) {
  if (size > std::numeric_limits<std::uint32_t>::max()) {
    throw std::length_error("a value of more than 4 GiB");
  }
  return static_cast<std::uint32_t>(size);
}

std::string NormalKey(std::string key) { return IsAscii(key) ? std::move(key) : NormalizeNfc(key); }

// Sorts by key; of equal keys the last stays.
void SortEntries(std::vector<Value::Entry>& entries) {
  for (Value::Entry& entry : entries) entry.first = NormalKey(std::move(entry.first));
  const auto increasing = [](const Value::Entry& a, const Value::Entry& b) {
    return a.first < b.first;
  };
  if (std::ranges::adjacent_find(entries, [&](const auto& a, const auto& b) {
        return !increasing(a, b);
      }) == entries.end()) {
    return;
  }
  std::ranges::stable_sort(entries, increasing);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i + 1 < entries.size() && entries[i].first == entries[i + 1].first) continue;
    if (kept != i) entries[kept] = std::move(entries[i]);
    ++kept;
  }
  entries.resize(kept);
}

}  // namespace

Node* ValueFactory::Allocate(NodeKind kind, const Type::Node* type, std::size_t bytes) {
  const node_pool::Block block = node_pool::Allocate(sizeof(Node) + bytes);
  auto* node = new (block.at) Node;
  node->size_class = block.size_class;
  node->kind = kind;
  node->type = type;
  return node;
}

Value ValueFactory::Elements(const Type::Node* type, std::span<Value> values) {
  Node* node = Allocate(NodeKind::kElements, type, values.size() * sizeof(Value));
  node->size = Size32(values.size());
  std::uint8_t flags = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    flags |= values[i].node_->flags;
    new (node->values() + i) Value(std::move(values[i]));
  }
  node->flags = flags & (Node::kMarkedInside | Node::kUnknownInside);
  return Take(node);
}

Value ValueFactory::Map(const Type::Node* type, std::span<Value::Entry> entries) {
  std::size_t text = 0;
  for (const Value::Entry& entry : entries) text += entry.first.size();
  const std::size_t ends = (entries.size() + 1) * sizeof(std::uint32_t);
  Node* node = Allocate(NodeKind::kMap, type, entries.size() * sizeof(Value) + ends + text);
  node->size = Size32(entries.size());
  auto* end = const_cast<std::uint32_t*>(node->key_ends());
  char* bytes = reinterpret_cast<char*>(end + entries.size() + 1);
  std::uint8_t flags = 0;
  std::size_t used = 0;
  *end = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto& [key, value] = entries[i];
    flags |= value.node_->flags;
    new (node->values() + i) Value(std::move(value));
    std::memcpy(bytes + used, key.data(), key.size());
    used += key.size();
    end[i + 1] = Size32(used);
  }
  node->flags = flags & (Node::kMarkedInside | Node::kUnknownInside);
  return Take(node);
}

Value::Value() : node_(&kNullDynamic) {}
Value::Value(const Value& other) : node_(other.node_) { Retain(node_); }
Value::Value(Value&& other) noexcept : node_(std::exchange(other.node_, &kNullDynamic)) {}

Value& Value::operator=(const Value& other) {
  Retain(other.node_);
  Release(std::exchange(node_, other.node_));
  return *this;
}

Value& Value::operator=(Value&& other) noexcept {
  std::swap(node_, other.node_);
  return *this;
}

Value::~Value() { Release(node_); }

Value Value::Null(Type type) {
  if (type.IsDynamic()) return Value(&kNullDynamic);
  const Type::Node* node = TypeTable::Get(type.WithoutOptional());
  const Node* found = node->null_value.load(std::memory_order_acquire);
  return Value(found != nullptr ? found : Keep(node->null_value, NodeKind::kNull, node));
}

Value Value::Unknown(Type type) {
  if (type.IsDynamic()) return Value(&kUnknownDynamic);
  const Type::Node* node = TypeTable::Get(type.WithoutOptional());
  const Node* found = node->unknown_value.load(std::memory_order_acquire);
  return Value(found != nullptr ? found : Keep(node->unknown_value, NodeKind::kUnknown, node));
}

Value Value::Unknown(Type type, Refinement refinement) {
  if (refinement.IsEmpty() || type.IsDynamic()) return Unknown(type);
  if (refinement.minimum && refinement.maximum) {
    if (*refinement.minimum > *refinement.maximum) {
      throw std::logic_error("a number with no possible value");
    }
    if (refinement.not_null && refinement.minimum_inclusive && refinement.maximum_inclusive &&
        *refinement.minimum == *refinement.maximum) {
      return Number(*refinement.minimum);
    }
  }
  if (refinement.min_length && *refinement.min_length <= 0) refinement.min_length.reset();
  if (refinement.max_length && *refinement.max_length < refinement.min_length.value_or(0)) {
    throw std::logic_error("a collection with no possible length");
  }
  if (refinement.not_null && type.IsCollection() && refinement.max_length &&
      *refinement.max_length == refinement.min_length.value_or(0)) {
    const std::int64_t length = *refinement.max_length;
    const Type element = type.element();
    constexpr std::int64_t kMostElements = 100'000;  // a longer list stays a refined unknown
    if (length == 0) {
      if (type.IsMap()) return Map(element, {});
      return type.IsSet() ? Set(element, {}) : List(element, {});
    }
    if (type.IsSet() && length == 1) return Set(element, {Unknown(element)});
    if (type.IsList() && length <= kMostElements) {
      return List(element, std::vector<Value>(static_cast<std::size_t>(length), Unknown(element)));
    }
  }
  if (refinement.IsEmpty()) return Unknown(type);
  Node* node = ValueFactory::Allocate(NodeKind::kRefinedUnknown,
                                      TypeTable::Get(type.WithoutOptional()), sizeof(Refinement));
  new (node->content()) Refinement(std::move(refinement));
  node->flags = Node::kUnknownInside;
  return Value(node);
}

Value Value::String(std::string_view text) {
  if (text.empty()) return Value(&kEmptyText);
  std::string normal;
  if (!IsAscii(text)) {
    normal = NormalizeNfc(text);
    text = normal;
  }
  Node* node = ValueFactory::Allocate(NodeKind::kString, &kStringType, text.size());
  node->size = Size32(text.size());
  std::memcpy(node->content(), text.data(), text.size());
  return Value(node);
}

Value Value::Number(tkn::Number number) {
  Node* node = ValueFactory::Allocate(NodeKind::kNumber, &kNumberType, sizeof(tkn::Number));
  new (node->content()) tkn::Number(std::move(number));
  return Value(node);
}

Value Value::Number(std::int64_t number) {
  // Small counts and indices are everywhere.
  constexpr std::int64_t kCommon = 256;
  struct alignas(Node) Slot {
    std::byte bytes[sizeof(Node) + sizeof(tkn::Number)];
  };
  static const auto* const common = [] {
    auto* slots = new std::array<Slot, kCommon>;
    for (std::size_t i = 0; i < slots->size(); ++i) {
      auto* node = new (&(*slots)[i]) Node;
      node->kind = NodeKind::kNumber;
      node->type = &kNumberType;
      node->flags = Node::kForever;
      new (node->content()) tkn::Number(static_cast<std::int64_t>(i));
    }
    return slots;
  }();
  if (number >= 0 && number < kCommon) {
    const Slot& slot = (*common)[static_cast<std::size_t>(number)];
    return Value(std::launder(reinterpret_cast<const Node*>(&slot)));
  }
  return Number(tkn::Number(number));
}

Value Value::Bool(bool value) { return Value(value ? &kTrue : &kFalse); }
Value Value::EmptyTuple() { return Value(&kNoElements); }
Value Value::EmptyObject() { return Value(&kNoAttributes); }

namespace {

// What `value` is as an element of a collection of `element`; wrong types are a bug.
void FitElement(Type element, Value& value) {
  const Type type = value.type();
  if (type == element) return;
  if (type.IsDynamic()) {
    auto [bare, marks] = value.Unmark();
    value = (bare.IsKnown() ? Value::Null(element) : Value::Unknown(element)).WithMarks(marks);
    return;
  }
  throw std::logic_error("a " + type.FriendlyName() + " in a collection of " +
                         element.FriendlyName());
}

template <typename Items, typename Get>
Type FitElements(Type element, Items& items, const Get& get) {
  element = element.WithoutOptional();
  if (element.HasDynamic()) {
    for (auto& item : items) {
      const Type type = get(item).type();
      if (type.IsDynamic()) continue;
      element = type;
      break;
    }
  }
  for (auto& item : items) FitElement(element, get(item));
  return element;
}

Value& Itself(Value& value) { return value; }

}  // namespace

Value Value::List(Type element, std::vector<Value> elements) {
  element = FitElements(element, elements, Itself);
  return ValueFactory::Elements(TypeTable::Get(Type::List(element)), elements);
}

Value Value::Tuple(std::vector<Value> elements) {
  if (elements.empty()) return EmptyTuple();
  const Type type = TypeTable::TupleOfValues(elements);
  return ValueFactory::Elements(TypeTable::Get(type), elements);
}

Value Value::Map(Type element, std::vector<Entry> entries) {
  element = FitElements(element, entries, [](Entry& entry) -> Value& { return entry.second; });
  SortEntries(entries);
  return ValueFactory::Map(TypeTable::Get(Type::Map(element)), entries);
}

Value Value::Object(std::vector<Entry> attributes) {
  if (attributes.empty()) return EmptyObject();
  SortEntries(attributes);
  const Type type = TypeTable::ObjectOfEntries(attributes);
  Node* node = ValueFactory::Allocate(NodeKind::kElements, TypeTable::Get(type),
                                      attributes.size() * sizeof(Value));
  node->size = Size32(attributes.size());
  std::uint8_t flags = 0;
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    flags |= attributes[i].second.node_->flags;
    new (node->values() + i) Value(std::move(attributes[i].second));
  }
  node->flags = flags & (Node::kMarkedInside | Node::kUnknownInside);
  return Value(node);
}

Value Value::ObjectOf(Type type, std::vector<Value> values) {
  const auto attributes = type.attributes();
  if (attributes.size() != values.size()) {
    throw std::logic_error("object with a wrong number of attributes");
  }
  bool exact = !type.HasOptional() && !type.HasDynamic();
  for (std::size_t i = 0; exact && i < values.size(); ++i) {
    exact = values[i].type() == attributes[i].type;
  }
  // The type of an object says what its attributes are, so it is another one where they differ.
  if (!exact) type = TypeTable::ObjectOfValues(type, values);
  return ValueFactory::Elements(TypeTable::Get(type), values);
}

}  // namespace tkn
