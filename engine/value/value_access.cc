#include <algorithm>
#include <stdexcept>

#include "engine/value/node.h"
#include "engine/value/path.h"
#include "engine/value/value.h"

// Reading values, and their marks.
namespace tkn {

namespace {

using Node = Value::Node;

const char* Describe(const Node& node) {
  switch (node.kind) {
    case NodeKind::kNull:
      return "null";
    case NodeKind::kUnknown:
    case NodeKind::kRefinedUnknown:
      return "unknown";
    case NodeKind::kMarked:
      return "marked";
    default:
      return "known";
  }
}

[[noreturn]] void Refuse(const char* what, const Node& node) {
  throw std::logic_error(std::string(what) + " of a " + Describe(node) + " " +
                         TypeTable::Make(node.type).FriendlyName());
}

const Node& WithElements(const Node* node, const char* what) {
  if (node->kind != NodeKind::kElements && node->kind != NodeKind::kMap) Refuse(what, *node);
  return *node;
}

}  // namespace

Type Value::type() const { return TypeTable::Make(node_->type); }

bool Value::IsNull() const { return ValueFactory::Bare(*this)->kind == NodeKind::kNull; }

bool Value::IsKnown() const {
  const NodeKind kind = ValueFactory::Bare(*this)->kind;
  return kind != NodeKind::kUnknown && kind != NodeKind::kRefinedUnknown;
}

bool Value::IsWhollyKnown() const { return !node_->Has(Node::kUnknownInside); }

const Refinement* Value::refinement() const {
  const Node* node = ValueFactory::Bare(*this);
  return node->kind == NodeKind::kRefinedUnknown ? &node->refinement() : nullptr;
}

bool Value::IsDefinitelyNotNull() const {
  const Node* node = ValueFactory::Bare(*this);
  switch (node->kind) {
    case NodeKind::kNull:
    case NodeKind::kUnknown:
      return false;
    case NodeKind::kRefinedUnknown:
      return node->refinement().not_null;
    default:
      return true;
  }
}

bool Value::IsMarked() const { return node_->kind == NodeKind::kMarked; }
bool Value::ContainsMarked() const { return node_->Has(Node::kMarkedInside); }
bool Value::HasMark(MarkKind kind) const { return IsMarked() && node_->marked().marks.Has(kind); }

bool Value::ContainsMark(MarkKind kind) const {
  if (!ContainsMarked()) return false;
  if (HasMark(kind)) return true;
  const Node* node = ValueFactory::Bare(*this);
  if (node->kind != NodeKind::kElements && node->kind != NodeKind::kMap) return false;
  return std::any_of(node->values(), node->values() + node->size,
                     [&](const Value& value) { return value.ContainsMark(kind); });
}

MarkSet Value::marks() const { return IsMarked() ? node_->marked().marks : MarkSet(); }

MarkSet Value::AllMarks() const {
  MarkSet all = marks();
  if (!ContainsMarked()) return all;
  const Node* node = ValueFactory::Bare(*this);
  if (node->kind == NodeKind::kElements || node->kind == NodeKind::kMap) {
    for (std::uint32_t i = 0; i < node->size; ++i) {
      const Value& value = node->values()[i];
      if (value.ContainsMarked()) all = all.Union(value.AllMarks());
    }
  }
  return all;
}

Value Value::WithMarks(const MarkSet& marks) const {
  if (marks.empty()) return *this;
  const Node* bare = ValueFactory::Bare(*this);
  MarkSet all = marks;
  if (IsMarked()) {
    all = node_->marked().marks.Union(marks);
    if (all == node_->marked().marks) return *this;
  }
  Node* node = ValueFactory::Allocate(NodeKind::kMarked, node_->type, sizeof(MarkedContent));
  node->flags =
      static_cast<std::uint8_t>(Node::kMarkedInside | (bare->flags & Node::kUnknownInside));
  new (node->content()) MarkedContent{std::move(all), IsMarked() ? node_->marked().value : *this};
  return Value(node);
}

Value Value::WithoutMark(MarkKind kind) const {
  if (!HasMark(kind)) return *this;
  const auto [value, marks] = Unmark();
  return value.WithMarks(marks.Without(kind));
}

std::pair<Value, MarkSet> Value::Unmark() const {
  if (!IsMarked()) return {*this, {}};
  return {node_->marked().value, node_->marked().marks};
}

std::string_view Value::AsString() const {
  if (node_->kind != NodeKind::kString) Refuse("text", *node_);
  return node_->text();
}

const tkn::Number& Value::AsNumber() const {
  if (node_->kind != NodeKind::kNumber) Refuse("number", *node_);
  return node_->number();
}

bool Value::AsBool() const {
  if (node_->kind != NodeKind::kBool) Refuse("truth", *node_);
  return node_->size != 0;
}

std::size_t Value::Length() const { return WithElements(node_, "length").size; }

std::span<const Value> Value::elements() const {
  const Node& node = WithElements(node_, "elements");
  return {node.values(), node.size};
}

std::string_view Value::KeyAt(std::size_t i) const {
  const Node& node = WithElements(node_, "keys");
  if (i >= node.size) throw std::logic_error("key past the end");
  if (node.kind == NodeKind::kMap) return node.key(i);
  if (node.type->kind != TypeKind::kObject) Refuse("keys", node);
  return node.type->attributes[i].name;
}

std::vector<std::string_view> Value::keys() const {
  std::vector<std::string_view> keys(Length());
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = KeyAt(i);
  return keys;
}

const Value* Value::Find(std::string_view key) const {
  const Node& node = WithElements(node_, "element");
  if (node.kind == NodeKind::kElements) {
    const std::size_t index = type().AttributeIndex(key);
    return index == Type::npos ? nullptr : node.values() + index;
  }
  std::size_t low = 0;
  std::size_t high = node.size;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const int order = node.key(middle).compare(key);
    if (order == 0) return node.values() + middle;
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return nullptr;
}

Value Value::Attribute(std::string_view name) const {
  const Type type = this->type();
  if (type.IsDynamic()) return Dynamic().WithMarks(marks());
  const std::size_t index = type.AttributeIndex(name);
  if (index == Type::npos) throw std::logic_error("no attribute named " + std::string(name));
  const Node* node = ValueFactory::Bare(*this);
  if (node->kind == NodeKind::kElements) return node->values()[index].WithMarks(marks());
  const Type attribute = type.attributes()[index].type;
  return (IsNull() ? Null(attribute) : Unknown(attribute)).WithMarks(marks());
}

}  // namespace tkn
