#include <algorithm>
#include <stdexcept>

#include "engine/value/node.h"
#include "engine/value/path.h"
#include "engine/value/value.h"

// Values made from values: deep removal and setting of marks, and replacement of parts.
namespace tkn {

namespace {

using Node = Value::Node;

PathStep StepTo(const Node& node, std::uint32_t i) {
  switch (node.type->kind) {
    case TypeKind::kObject:
      return PathStep::Attribute(node.type->attributes[i].name);
    case TypeKind::kMap:
      return PathStep::Index(std::string(node.key(i)));
    case TypeKind::kSet:
      return PathStep::Index(node.values()[i]);
    default:
      return PathStep::Index(std::int64_t{i});
  }
}

// The same collection or structure with other elements, whose types may differ.
Value Rebuild(const Node& node, std::vector<Value> values) {
  const Type type = TypeTable::Make(node.type);
  const bool same_types =
      std::ranges::equal(values, std::span(node.values(), node.size),
                         [](const Value& a, const Value& b) { return a.type() == b.type(); });
  switch (type.kind()) {
    case TypeKind::kList:
      return Value::List(same_types ? type.element() : Type::Dynamic(), std::move(values));
    case TypeKind::kSet:
      return Value::Set(same_types ? type.element() : Type::Dynamic(), std::move(values));
    case TypeKind::kTuple:
      if (same_types) return ValueFactory::Elements(node.type, values);
      return Value::Tuple(std::move(values));
    case TypeKind::kObject:
      return Value::ObjectOf(type, std::move(values));
    default: {
      std::vector<Value::Entry> entries;
      entries.reserve(values.size());
      for (std::uint32_t i = 0; i < node.size; ++i) {
        entries.emplace_back(std::string(node.key(i)), std::move(values[i]));
      }
      return Value::Map(same_types ? type.element() : Type::Dynamic(), std::move(entries));
    }
  }
}

bool HasElements(const Node& node) {
  return node.kind == NodeKind::kElements || node.kind == NodeKind::kMap;
}

Value RemoveMarks(const Value& value, std::vector<PathMarks>* found, Path& path) {
  if (!value.ContainsMarked()) return value;
  if (found != nullptr && value.IsMarked()) found->push_back({path, value.marks()});
  const Node& node = *ValueFactory::Bare(value);
  if (!node.Has(Node::kMarkedInside)) return value.Unmark().first;
  std::vector<Value> values;
  values.reserve(node.size);
  for (std::uint32_t i = 0; i < node.size; ++i) {
    const Value& element = node.values()[i];
    if (found == nullptr || !element.ContainsMarked()) {
      values.push_back(RemoveMarks(element, nullptr, path));
      continue;
    }
    path.push_back(StepTo(node, i));
    values.push_back(RemoveMarks(element, found, path));
    path.pop_back();
  }
  if (node.kind == NodeKind::kElements) return ValueFactory::Elements(node.type, values);
  return Rebuild(node, std::move(values));
}

// The paths that begin with the same steps lead to the same part, so a value is rebuilt once for
// all of them.
Value SetMarks(const Value& value, std::span<const PathMarks* const> marks, std::size_t depth) {
  MarkSet here;
  std::vector<const PathMarks*> below;
  for (const PathMarks* mark : marks) {
    if (mark->path.size() == depth) {
      here = here.Union(mark->marks);
    } else {
      below.push_back(mark);
    }
  }
  const Node& node = *ValueFactory::Bare(value);
  if (below.empty() || !HasElements(node)) return value.WithMarks(here);
  // Elements of a set cannot be marked: the set is.
  if (node.type->kind == TypeKind::kSet) {
    for (const PathMarks* mark : below) here = here.Union(mark->marks);
    return value.WithMarks(here);
  }
  const Value bare = value.Unmark().first;
  std::vector<Value> values(node.values(), node.values() + node.size);
  bool changed = false;
  const auto by_step = [&](const PathMarks* a, const PathMarks* b) {
    return PathLess({a->path[depth]}, {b->path[depth]});
  };
  std::ranges::stable_sort(below, by_step);
  for (std::size_t begin = 0; begin < below.size();) {
    std::size_t end = begin + 1;
    while (end < below.size() && !by_step(below[begin], below[end])) ++end;
    const PathStep& step = below[begin]->path[depth];
    const std::span group(below.data() + begin, end - begin);
    begin = end;
    const Value* element = FindElement(bare, step);
    if (element == nullptr) continue;
    const auto index = static_cast<std::size_t>(element - node.values());
    values[index] = SetMarks(values[index], group, depth + 1);
    changed = true;
  }
  if (!changed) return value.WithMarks(here);
  return Rebuild(node, std::move(values)).WithMarks(value.marks()).WithMarks(here);
}

using Replace = std::function<Value(const Path&, const Value&)>;

Value TransformAt(const Value& value, const Replace& replace, Path& path) {
  const Node& node = *ValueFactory::Bare(value);
  if (!HasElements(node) || node.size == 0) return replace(path, value);
  std::vector<Value> values;
  values.reserve(node.size);
  bool changed = false;
  for (std::uint32_t i = 0; i < node.size; ++i) {
    path.push_back(StepTo(node, i));
    values.push_back(TransformAt(node.values()[i], replace, path));
    path.pop_back();
    changed |= values.back().node() != node.values()[i].node();
  }
  if (!changed) return replace(path, value);
  return replace(path, Rebuild(node, std::move(values)).WithMarks(value.marks()));
}

}  // namespace

Value Value::UnmarkDeep() const {
  Path path;
  return RemoveMarks(*this, nullptr, path);
}

Value Value::UnmarkDeep(std::vector<PathMarks>& marks) const {
  Path path;
  return RemoveMarks(*this, &marks, path);
}

Value Value::MarkPaths(std::span<const PathMarks> marks) const {
  if (marks.empty()) return *this;
  std::vector<const PathMarks*> all;
  all.reserve(marks.size());
  for (const PathMarks& mark : marks) all.push_back(&mark);
  return SetMarks(*this, all, 0);
}

Value Value::Transform(
    const std::function<Value(const std::vector<PathStep>&, const Value&)>& f) const {
  Path path;
  return TransformAt(*this, f, path);
}

}  // namespace tkn
