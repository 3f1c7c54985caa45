#include <algorithm>
#include <numeric>
#include <unordered_set>

#include "engine/value/node.h"
#include "engine/value/operations.h"
#include "engine/value/text.h"
#include "engine/value/value.h"

// Sets: which elements are one, and in what order Terraform goes through them. Text sorts by code
// unit, numbers by size, false before true. Everything else sorts by a text that stands for the
// value, with numbers cut to ten digits; where two such texts are alike (unknowns, long numbers),
// by the order in which elements were added. Null sorts after what is known, unknown last.
namespace tkn {

namespace {

using Node = Value::Node;

void AppendSortText(const Value& value, std::string& out) {
  const Node* node = ValueFactory::Bare(value);
  const auto values = [&](char open, char close) {
    out += open;
    for (std::uint32_t i = 0; i < node->size; ++i) {
      AppendSortText(node->values()[i], out);
      out += ';';
    }
    out += close;
  };
  switch (node->kind) {
    case NodeKind::kUnknown:
    case NodeKind::kRefinedUnknown:
      out += '?';
      return;
    case NodeKind::kNull:
      out += '~';
      return;
    case NodeKind::kNumber:
      out += node->number().ToShortString();
      return;
    case NodeKind::kBool:
      out += node->size != 0 ? 'T' : 'F';
      return;
    case NodeKind::kString:
      out += Quote(node->text());
      return;
    case NodeKind::kMap:
      out += '{';
      for (std::uint32_t i = 0; i < node->size; ++i) {
        out += Quote(node->key(i));
        out += ':';
        AppendSortText(node->values()[i], out);
        out += ';';
      }
      out += '}';
      return;
    case NodeKind::kElements: {
      const TypeKind kind = node->type->kind;
      return kind == TypeKind::kList || kind == TypeKind::kSet ? values('[', ']')
                                                               : values('<', '>');
    }
    case NodeKind::kMarked:
      return;  // Bare() has looked through it
  }
}

// 0 known, 1 null, 2 unknown.
int Rank(const Node& node) {
  switch (node.kind) {
    case NodeKind::kNull:
      return 1;
    case NodeKind::kUnknown:
    case NodeKind::kRefinedUnknown:
      return 2;
    default:
      return 0;
  }
}

// For elements of primitive types.
bool PrimitiveLess(const Value& a, const Value& b) {
  const Node& x = *ValueFactory::Bare(a);
  const Node& y = *ValueFactory::Bare(b);
  if (const int rank = Rank(x); rank != 0 || Rank(y) != 0) return rank < Rank(y);
  switch (x.kind) {
    case NodeKind::kString:
      return x.text() < y.text();
    case NodeKind::kNumber:
      return x.number() < y.number();
    default:
      return x.size < y.size;
  }
}

bool IsOne(const Value& a, const Value& b) {
  return a.IsWhollyKnown() && b.IsWhollyKnown() && a.Hash() == b.Hash() && a.EqualsIgnoringMarks(b);
}

// Sorts and drops what is there twice, the first of equal elements staying.
void SortPrimitives(std::vector<Value>& elements) {
  std::ranges::stable_sort(elements, PrimitiveLess);
  elements.erase(std::unique(elements.begin(), elements.end(), IsOne), elements.end());
}

struct ByContent {
  std::size_t operator()(const Value* value) const { return value->Hash(); }
  bool operator()(const Value* a, const Value* b) const { return a->EqualsIgnoringMarks(*b); }
};

void SortOthers(std::vector<Value>& elements) {
  struct Keyed {
    int rank;
    std::string text;
    Value value;
  };
  std::vector<Keyed> sorted;
  sorted.reserve(elements.size());
  std::unordered_set<const Value*, ByContent, ByContent> seen(elements.size());
  for (const Value& element : elements) {
    if (element.IsWhollyKnown() && !seen.insert(&element).second) continue;
    Keyed keyed{Rank(*ValueFactory::Bare(element)), {}, element};
    AppendSortText(element, keyed.text);
    sorted.push_back(std::move(keyed));
  }
  std::ranges::stable_sort(sorted, [](const Keyed& a, const Keyed& b) {
    return a.rank != b.rank ? a.rank < b.rank : a.text < b.text;
  });
  seen.clear();
  elements.clear();
  for (Keyed& keyed : sorted) elements.push_back(std::move(keyed.value));
}

}  // namespace

Value Value::Set(Type element, std::vector<Value> elements) {
  MarkSet marks;
  for (Value& value : elements) {
    if (!value.ContainsMarked()) continue;
    marks = marks.Union(value.AllMarks());
    value = value.UnmarkDeep();
  }
  // Checks the elements and finds their common type.
  const Value list = List(element, std::move(elements));
  element = list.type().element();
  elements.assign(list.elements().begin(), list.elements().end());
  if (element.IsPrimitive()) {
    SortPrimitives(elements);
  } else {
    SortOthers(elements);
  }
  return ValueFactory::Elements(TypeTable::Get(Type::Set(element)), elements).WithMarks(marks);
}

bool Value::SetLess(const Value& a, const Value& b) {
  if (a.type().IsPrimitive()) return PrimitiveLess(a, b);
  const int rank = Rank(*ValueFactory::Bare(a));
  const int other = Rank(*ValueFactory::Bare(b));
  if (rank != other || rank != 0) return rank < other;
  std::string x;
  std::string y;
  AppendSortText(a, x);
  AppendSortText(b, y);
  return x < y;
}

bool Value::SetContains(const Value& element) const {
  const auto items = elements();
  if (!element.IsWhollyKnown()) return false;
  if (!type().element().IsPrimitive()) {
    return std::ranges::any_of(items, [&](const Value& item) { return IsOne(item, element); });
  }
  if (element.type() != type().element()) return false;
  const auto found = std::lower_bound(items.begin(), items.end(), element, PrimitiveLess);
  return found != items.end() && IsOne(*found, element);
}

}  // namespace tkn
