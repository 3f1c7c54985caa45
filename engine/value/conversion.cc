#include "engine/value/conversion.h"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <unordered_set>

#include "engine/value/convert.h"
#include "engine/value/per_thread.h"

namespace tkn {

namespace {

using Types = std::vector<Type>;

struct Question {
  Type from;
  Type to;
  bool unsafe;
  bool operator==(const Question&) const = default;
};

struct HashQuestion {
  std::size_t operator()(const Question& question) const {
    return question.from.Hash() * 31 + question.to.Hash() * 2 + (question.unsafe ? 1 : 0);
  }
};

Types PartsOf(Type structural) {
  Types parts;
  std::unordered_set<std::size_t> seen;
  const auto add = [&](Type part) {
    if (!parts.empty() && parts.back() == part) return;
    if (seen.insert(part.Hash()).second) parts.push_back(part);
  };
  if (structural.IsTuple()) {
    for (const Type part : structural.tuple_elements()) add(part);
  } else {
    for (const ObjectAttribute& attribute : structural.attributes()) add(attribute.type);
  }
  return parts;
}

// Tuple or object to a collection of `element`.
bool PartsConvert(Type structural, Type element, bool unsafe) {
  const Types parts = PartsOf(structural);
  if (parts.empty()) return true;
  if (element.IsDynamic()) {
    const auto common = UnifyTypes(parts, unsafe);
    if (!common) return false;
    element = *common;
    if (element.IsDynamic() && structural.IsTuple()) {
      return std::ranges::all_of(parts, &Type::IsDynamic);
    }
  }
  return std::ranges::all_of(
      parts, [&](Type part) { return part == element || IsConvertible(part, element, unsafe); });
}

bool ObjectConverts(Type from, Type to, bool unsafe) {
  return std::ranges::all_of(to.attributes(), [&](const ObjectAttribute& want) {
    const ObjectAttribute* have = from.FindAttribute(want.name);
    if (have == nullptr) return want.optional;
    return have->type == want.type || IsConvertible(have->type, want.type, unsafe);
  });
}

bool MapConvertsToObject(Type from, Type to) {
  const Type element = from.element();
  return std::ranges::all_of(to.attributes(), [&](const ObjectAttribute& want) {
    // A value for an optional attribute may be missing, so that only the value itself can tell.
    return want.optional || want.type == element || IsConvertible(element, want.type, true);
  });
}

bool Answer(const Question& question) {
  const auto [from, to, unsafe] = question;
  if (to.IsDynamic()) return true;
  if (from.IsDynamic()) return unsafe;
  if (from.IsPrimitive() && to.IsPrimitive()) {
    if (from == to) return false;
    if (to == Type::String()) return true;
    return unsafe && from == Type::String();
  }
  switch (to.kind()) {
    case TypeKind::kObject:
      if (from.IsObject()) return ObjectConverts(from, to, unsafe);
      return from.IsMap() && unsafe && MapConvertsToObject(from, to);
    case TypeKind::kTuple: {
      if (!from.IsTuple()) return false;
      const auto have = from.tuple_elements();
      const auto want = to.tuple_elements();
      return std::ranges::equal(have, want, [unsafe = unsafe](Type a, Type b) {
        return a == b || IsConvertible(a, b, unsafe);
      });
    }
    case TypeKind::kList:
      if (from.IsTuple()) return PartsConvert(from, to.element(), unsafe);
      return (from.IsList() || from.IsSet()) &&
             (from.element() == to.element() ||
              IsConvertible(from.element(), to.element(), unsafe));
    case TypeKind::kSet:
      if (from.IsTuple()) return PartsConvert(from, to.element(), unsafe);
      // Lists lose their order and repetitions.
      if (from.IsList() && !unsafe) return false;
      return (from.IsList() || from.IsSet()) &&
             (from.element() == to.element() ||
              IsConvertible(from.element(), to.element(), unsafe));
    case TypeKind::kMap:
      if (from.IsObject()) return PartsConvert(from, to.element(), unsafe);
      return from.IsMap() && (from.element() == to.element() ||
                              IsConvertible(from.element(), to.element(), unsafe));
    default:
      return false;
  }
}

// Types live for ever, so an answer once found holds; few are asked for.
struct Answers {
  std::unordered_map<Question, bool, HashQuestion> known;
};

}  // namespace

bool IsConvertible(Type from, Type to, bool unsafe) {
  const Question question{from, to, unsafe};
  if (to.IsDynamic() || (from.IsPrimitive() && to.IsPrimitive())) return Answer(question);
  Answers* const answers = PerThread<Answers>();
  if (answers == nullptr) return Answer(question);
  auto& known = answers->known;
  if (const auto found = known.find(question); found != known.end()) return found->second;
  const bool answer = Answer(question);
  constexpr std::size_t kMost = 10'000;
  if (known.size() >= kMost) known.clear();
  known.emplace(question, answer);
  return answer;
}

namespace {

// Which of two types is more general, for choosing among those given: below 0 the first, above the
// second, 0 when that cannot be told.
int CompareGenerality(Type a, Type b);

int CompareAll(std::span<const std::pair<Type, Type>> pairs) {
  bool first = false;
  bool second = false;
  for (const auto& [a, b] : pairs) {
    const int order = CompareGenerality(a, b);
    first |= order < 0;
    second |= order > 0;
  }
  if (first == second) return 0;
  return first ? -1 : 1;
}

int CompareGenerality(Type a, Type b) {
  if (a.IsDynamic() || b.IsDynamic()) {
    return a == b ? 0 : a.IsDynamic() ? 1 : -1;
  }
  if (a.IsPrimitive() && b.IsPrimitive()) {
    if (a == b) return 0;
    return a == Type::String() ? -1 : b == Type::String() ? 1 : 0;
  }
  if (a.IsCollection() && a.kind() == b.kind()) return CompareGenerality(a.element(), b.element());
  // More general first: set, list, tuple; map, object. But a set is never preferred to a list.
  const auto more_general = [](Type x, Type y) {
    return (x.IsList() && (y.IsTuple() || y.IsSet())) || (x.IsTuple() && y.IsSet()) ||
           (x.IsMap() && y.IsObject());
  };
  if (more_general(a, b)) return -1;
  if (more_general(b, a)) return 1;
  std::vector<std::pair<Type, Type>> pairs;
  if (a.IsObject() && b.IsObject()) {
    const auto x = a.attributes();
    const auto y = b.attributes();
    if (!std::ranges::equal(x, y, {}, &ObjectAttribute::name, &ObjectAttribute::name)) return 0;
    for (std::size_t i = 0; i < x.size(); ++i) pairs.emplace_back(x[i].type, y[i].type);
  } else if (a.IsTuple() && b.IsTuple()) {
    const auto x = a.tuple_elements();
    const auto y = b.tuple_elements();
    if (x.size() != y.size()) return 0;
    for (std::size_t i = 0; i < x.size(); ++i) pairs.emplace_back(x[i], y[i]);
  }
  return CompareAll(pairs);
}

// Most general first, else in the order given.
Types ByGenerality(const Types& types) {
  const std::size_t count = types.size();
  std::vector<std::vector<std::size_t>> below(count);
  std::vector<std::size_t> above(count, 0);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i + 1; j < count; ++j) {
      const int order = CompareGenerality(types[i], types[j]);
      if (order == 0) continue;
      below[order < 0 ? i : j].push_back(order < 0 ? j : i);
      ++above[order < 0 ? j : i];
    }
  }
  std::vector<std::size_t> queue;
  for (std::size_t i = 0; i < count; ++i) {
    if (above[i] == 0) queue.push_back(i);
  }
  Types sorted;
  for (std::size_t next = 0; next < queue.size(); ++next) {
    sorted.push_back(types[queue[next]]);
    for (const std::size_t i : below[queue[next]]) {
      if (--above[i] == 0) queue.push_back(i);
    }
  }
  return sorted;
}

bool AllConvert(const Types& types, Type to, bool unsafe) {
  return std::ranges::all_of(
      types, [&](Type type) { return type == to || IsConvertible(type, to, unsafe); });
}

using Maker = Type (*)(Type);

// All to a list, or map, of what unites all their parts.
std::optional<Type> UniteAllParts(const Types& types, Maker make, bool unsafe) {
  Types parts;
  for (const Type type : types) {
    const Types more = PartsOf(type);
    parts.insert(parts.end(), more.begin(), more.end());
  }
  const auto element = UnifyTypes(parts, unsafe);
  if (!element) return std::nullopt;
  const Type result = make(*element);
  if (!AllConvert(types, result, unsafe)) return std::nullopt;
  return result;
}

std::optional<Type> UniteCollections(const Types& types, Maker make, bool unsafe) {
  Types elements;
  for (const Type type : types) elements.push_back(type.element());
  const auto element = UnifyTypes(elements, unsafe);
  if (!element) return std::nullopt;
  const Type result = make(*element);
  if (!AllConvert(types, result, unsafe)) return std::nullopt;
  return result;
}

std::optional<Type> UniteObjects(const Types& types, bool unsafe) {
  const auto first = types[0].attributes();
  const bool same_names = std::ranges::all_of(types, [&](Type type) {
    return std::ranges::equal(first, type.attributes(), {}, &ObjectAttribute::name,
                              &ObjectAttribute::name);
  });
  if (!same_names) return UniteAllParts(types, &Type::Map, unsafe);
  std::vector<ObjectAttribute> attributes;
  for (std::size_t i = 0; i < first.size(); ++i) {
    Types across;
    for (const Type type : types) across.push_back(type.attributes()[i].type);
    const auto common = UnifyTypes(across, unsafe);
    if (!common) return std::nullopt;
    attributes.push_back({first[i].name, *common});
  }
  const Type result = Type::Object(std::move(attributes));
  if (!AllConvert(types, result, unsafe)) return UniteAllParts(types, &Type::Map, unsafe);
  return result;
}

std::optional<Type> UniteTuples(const Types& types, bool unsafe) {
  const std::size_t length = types[0].tuple_elements().size();
  const bool same_length =
      std::ranges::all_of(types, [&](Type type) { return type.tuple_elements().size() == length; });
  if (!same_length) return UniteAllParts(types, &Type::List, unsafe);
  Types elements;
  for (std::size_t i = 0; i < length; ++i) {
    Types across;
    for (const Type type : types) across.push_back(type.tuple_elements()[i]);
    const auto common = UnifyTypes(across, unsafe);
    if (!common) return std::nullopt;
    elements.push_back(*common);
  }
  const Type result = Type::Tuple(std::move(elements));
  if (!AllConvert(types, result, unsafe)) return UniteAllParts(types, &Type::List, unsafe);
  return result;
}

// Tuples beside lists, and objects beside maps, are taken for lists and maps first.
std::optional<Type> UniteLoose(const Types& types, TypeKind loose, Maker make, bool unsafe) {
  Types of_kind;
  for (const Type type : types) {
    if (type.kind() == loose) of_kind.push_back(type);
  }
  const auto collection = UniteAllParts(of_kind, make, unsafe);
  if (!collection) return std::nullopt;
  Types replaced = types;
  for (Type& type : replaced) {
    if (type.kind() == loose) type = *collection;
  }
  const auto result = UnifyTypes(replaced, unsafe);
  if (!result || result->kind() != make(Type::String()).kind()) return std::nullopt;
  return result;
}

}  // namespace

std::optional<Type> UnifyTypes(std::span<const Type> given, bool unsafe) {
  Types types;
  std::unordered_set<std::size_t> seen;
  for (const Type type : given) {
    if (!types.empty() && types.back() == type) continue;
    if (seen.insert(type.Hash()).second) types.push_back(type);
  }
  if (types.empty()) return std::nullopt;
  if (types.size() == 1) return types[0];

  const auto count = [&](TypeKind kind) {
    return static_cast<std::size_t>(std::ranges::count(types, kind, &Type::kind));
  };
  const std::size_t all = types.size();
  const std::size_t dynamics = count(TypeKind::kDynamic);
  const std::size_t maps = count(TypeKind::kMap);
  const std::size_t lists = count(TypeKind::kList);
  const std::size_t sets = count(TypeKind::kSet);
  const std::size_t objects = count(TypeKind::kObject);
  const std::size_t tuples = count(TypeKind::kTuple);
  // What a dynamic type turns out to be may change which way is taken, so the result stays open.
  const auto unless_open = [&](const auto& unite) -> std::optional<Type> {
    if (dynamics > 0) return Type::Dynamic();
    return unite();
  };
  if (maps > 0 && maps + dynamics == all) {
    return unless_open([&] { return UniteCollections(types, &Type::Map, unsafe); });
  }
  if (lists > 0 && lists + dynamics == all) {
    return unless_open([&] { return UniteCollections(types, &Type::List, unsafe); });
  }
  if (sets > 0 && sets + dynamics == all) {
    return unless_open([&] { return UniteCollections(types, &Type::Set, unsafe); });
  }
  if (objects > 0 && objects + dynamics == all) {
    return unless_open([&] { return UniteObjects(types, unsafe); });
  }
  if (tuples > 0 && tuples + dynamics == all) {
    return unless_open([&] { return UniteTuples(types, unsafe); });
  }
  if (maps > 0 && maps + objects + dynamics == all) {
    if (const auto map = UniteLoose(types, TypeKind::kObject, &Type::Map, unsafe)) return map;
  } else if (lists > 0 && lists + tuples + dynamics == all) {
    if (const auto list = UniteLoose(types, TypeKind::kTuple, &Type::List, unsafe)) return list;
  } else if (objects > 0 && tuples > 0) {
    return std::nullopt;
  }
  for (const Type candidate : ByGenerality(types)) {
    if (AllConvert(types, candidate, unsafe)) return candidate;
  }
  return std::nullopt;
}

std::optional<Type> UnifyParts(Type structural, bool unsafe) {
  return UnifyTypes(PartsOf(structural), unsafe);
}

Type FillDynamic(Type from, Type to) {
  if (from.IsDynamic() || !to.HasDynamic()) return to;
  if (to.IsDynamic()) return from;
  const auto element_of = [](Type type) -> std::optional<Type> {
    if (type.IsCollection()) return type.element();
    if (type.IsTuple() || type.IsObject()) return UnifyParts(type, true);
    return std::nullopt;
  };
  switch (to.kind()) {
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap: {
      const auto element = element_of(from);
      if (!element) return to;
      const Type filled = FillDynamic(*element, to.element());
      return to.IsList() ? Type::List(filled) : to.IsSet() ? Type::Set(filled) : Type::Map(filled);
    }
    case TypeKind::kObject: {
      std::vector<ObjectAttribute> attributes;
      for (const ObjectAttribute& want : to.attributes()) {
        Type type = want.type;
        if (from.IsMap()) {
          type = FillDynamic(from.element(), type);
        } else if (from.IsObject()) {
          const ObjectAttribute* have = from.FindAttribute(want.name);
          if (have != nullptr) type = FillDynamic(have->type, type);
        }
        attributes.push_back({want.name, type});
      }
      return Type::Object(std::move(attributes));
    }
    case TypeKind::kTuple: {
      if (!from.IsTuple() || from.tuple_elements().size() != to.tuple_elements().size()) return to;
      std::vector<Type> elements;
      for (std::size_t i = 0; i < to.tuple_elements().size(); ++i) {
        elements.push_back(FillDynamic(from.tuple_elements()[i], to.tuple_elements()[i]));
      }
      return Type::Tuple(std::move(elements));
    }
    default:
      return to;
  }
}

bool CanConvert(Type from, Type to) {
  return from == to.WithoutOptional() || IsConvertible(from, to, true);
}

std::optional<Type> Unify(std::span<const Type> types) { return UnifyTypes(types, false); }
std::optional<Type> UnifyUnsafe(std::span<const Type> types) { return UnifyTypes(types, true); }

}  // namespace tkn
