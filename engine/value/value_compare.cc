#include <algorithm>

#include "engine/value/node.h"
#include "engine/value/value.h"

namespace tkn {

namespace {

using Node = Value::Node;

bool Same(const Value& a, const Value& b, bool with_marks) {
  if (a.node() == b.node()) return true;
  if (with_marks) {
    if (a.IsMarked() != b.IsMarked() || (a.IsMarked() && a.marks() != b.marks())) return false;
    if (a.ContainsMarked() != b.ContainsMarked()) return false;
  }
  const Node* x = ValueFactory::Bare(a);
  const Node* y = ValueFactory::Bare(b);
  if (x == y) return true;
  if (x->type != y->type || x->kind != y->kind) return false;
  switch (x->kind) {
    case NodeKind::kNull:
    case NodeKind::kUnknown:
      return true;
    case NodeKind::kRefinedUnknown:
      return x->refinement() == y->refinement();
    case NodeKind::kBool:
      return x->size == y->size;
    case NodeKind::kNumber:
      return x->number() == y->number();
    case NodeKind::kString:
      return x->text() == y->text();
    case NodeKind::kMap:
      if (x->size != y->size) return false;
      for (std::uint32_t i = 0; i < x->size; ++i) {
        if (x->key(i) != y->key(i)) return false;
      }
      [[fallthrough]];
    case NodeKind::kElements:
      return std::equal(
          x->values(), x->values() + x->size, y->values(), y->values() + y->size,
          [&](const Value& left, const Value& right) { return Same(left, right, with_marks); });
    case NodeKind::kMarked:
      break;
  }
  return false;
}

std::uint32_t Mix(std::uint32_t hash, std::size_t more) {
  const std::uint64_t mixed = (std::uint64_t{hash} << 32 | hash) ^ more;
  return static_cast<std::uint32_t>((mixed * 0x9e3779b97f4a7c15ULL) >> 32);
}

std::uint32_t HashOf(const Node& node) {
  auto hash = static_cast<std::uint32_t>(node.kind) * 0x85ebca6bU + 0x27d4eb2fU;
  switch (node.kind) {
    case NodeKind::kNull:
    case NodeKind::kUnknown:
      return Mix(hash, TypeTable::Make(node.type).Hash());
    case NodeKind::kRefinedUnknown:
      return Mix(hash, std::hash<std::string>{}(node.refinement().prefix));
    case NodeKind::kBool:
      return Mix(hash, node.size);
    case NodeKind::kNumber:
      return Mix(hash, node.number().Hash());
    case NodeKind::kString:
      return Mix(hash, std::hash<std::string_view>{}(node.text()));
    case NodeKind::kMap:
      for (std::uint32_t i = 0; i < node.size; ++i) {
        hash = Mix(hash, std::hash<std::string_view>{}(node.key(i)));
      }
      [[fallthrough]];
    case NodeKind::kElements:
      for (std::uint32_t i = 0; i < node.size; ++i) hash = Mix(hash, node.values()[i].Hash());
      return Mix(hash, node.size);
    case NodeKind::kMarked:
      break;
  }
  return hash;
}

}  // namespace

bool Value::RawEquals(const Value& other) const { return Same(*this, other, true); }
bool Value::EqualsIgnoringMarks(const Value& other) const { return Same(*this, other, false); }

std::size_t Value::Hash() const {
  const Node* node = ValueFactory::Bare(*this);
  std::uint32_t hash = node->hash.load(std::memory_order_relaxed);
  if (hash == 0) {
    hash = HashOf(*node) | 1;
    node->hash.store(hash, std::memory_order_relaxed);
  }
  return hash;
}

}  // namespace tkn
