#include "engine/render/diff.h"

#include <algorithm>
#include <map>

#include "engine/render/common_subsequence.h"
#include "engine/render/diff_pair.h"
#include "engine/render/numeral.h"
#include "engine/render/value_masks.h"
#include "engine/value/json.h"

namespace tkn::render {
namespace {

using plan::Action;

Value Known(const Value& value) { return value.UnmarkDeep(); }

bool IsEmptyText(const Value& marked) {
  const Value value = marked.Unmark().first;
  return value.IsKnown() && !value.IsNull() && value.type() == Type::String() &&
         value.AsString().empty();
}

// The value of an attribute or of an output.
Diff DiffOwn(const Pair& pair, Type type, const NestedAttributes* nested,
             const ReplacePaths& replace);
// What such a value is made of. There, an empty text of a given type counts as null: older
// providers cannot tell them apart, and Terraform's plans show it so.
Diff DiffTyped(const Pair& pair, Type type, const NestedAttributes* nested,
               const ReplacePaths& replace);
Diff DiffDynamic(const Pair& pair);

template <typename Inner>
std::optional<Diff> DiffSensitive(const Pair& pair, const ReplacePaths& replace,
                                  const Inner& inner) {
  const bool before = pair.before.HasMark(MarkKind::kSensitive);
  const bool after = pair.after.HasMark(MarkKind::kSensitive);
  if (!before && !after) return std::nullopt;
  Pair bare = pair;
  bare.before = Known(pair.before);
  bare.after = Known(pair.after);
  Diff diff;
  diff.kind = DiffKind::kSensitive;
  diff.children.push_back(inner(bare));
  diff.action = diff.only().action;
  const bool nothing = !pair.HasBefore() && !pair.HasAfter();
  if (diff.action == Action::kNoOp && before != after && !nothing) diff.action = Action::kUpdate;
  diff.before_sensitive = before;
  diff.after_sensitive = after;
  diff.replace = replace.Match();
  return diff;
}

template <typename Inner>
std::optional<Diff> DiffUnknown(const Pair& pair, const ReplacePaths& replace, const Inner& inner) {
  if (pair.after.IsKnown()) return std::nullopt;
  Diff diff;
  diff.kind = DiffKind::kUnknown;
  diff.replace = replace.Match();
  if (pair.before.IsNull()) {
    diff.action = Action::kCreate;
    return diff;
  }
  diff.action = Action::kUpdate;
  diff.children.push_back(inner(pair.AsDelete()));
  return diff;
}

Diff DiffPrimitive(const Pair& pair, const ReplacePaths& replace) {
  Diff diff;
  diff.kind = DiffKind::kPrimitive;
  diff.action = ActionOf(pair);
  diff.before = Known(pair.before);
  diff.after = Known(pair.after);
  diff.replace = replace.Match();
  return diff;
}

// Lists: place by place, or by their longest common subsequence. `is_object` elements that were
// neither kept nor added alone are compared with each other.
template <typename Child, typename IsObject>
void DiffSequence(const Pair& pair, const Child& child, const IsObject& is_object, Diff& diff) {
  const auto before = ElementsOf(pair.before.Unmark().first);
  const auto after = ElementsOf(pair.after.Unmark().first);
  // Elements are the same when their JSON in the plan is: there, what is unknown is null, a tuple
  // is a list, and nothing is sensitive.
  const auto written = [](std::span<const Value> elements) {
    std::vector<std::string> json;
    for (const Value& element : elements) json.push_back(ToJson(KnownPart(element)));
    return json;
  };
  const std::vector<std::string> old_json = written(before);
  const std::vector<std::string> new_json = written(after);
  const auto emit = [&](std::size_t i, std::size_t j) {
    diff.children.push_back(child(ElementPair(before, after, i, j), i < before.size() ? i : j));
    Fold(diff.action, diff.children.back().action);
  };
  const auto both_objects = [&](std::size_t i, std::size_t j) {
    return is_object(before[i]) && is_object(after[j]);
  };
  AlignSequences(old_json, new_json, both_objects, emit);
}

template <typename Child>
void DiffSet(const Pair& pair, const Child& child, Diff& diff) {
  const auto before = ElementsOf(pair.before.Unmark().first);
  const auto after = ElementsOf(pair.after.Unmark().first);
  // Both are sorted the same way, but unknown elements equal nothing: match by hash, then by value.
  std::multimap<std::size_t, std::size_t> open;
  for (std::size_t j = 0; j < after.size(); ++j) {
    if (after[j].IsWhollyKnown()) open.emplace(after[j].Hash(), j);
  }
  std::vector<bool> kept(after.size());
  const auto add = [&](std::size_t i, std::size_t j) {
    diff.children.push_back(child(ElementPair(before, after, i, j)));
    Fold(diff.action, diff.children.back().action);
  };
  for (std::size_t i = 0; i < before.size(); ++i) {
    auto [begin, end] = open.equal_range(before[i].Hash());
    const auto found = std::find_if(begin, end, [&](const auto& entry) {
      return after[entry.second].EqualsIgnoringMarks(before[i]);
    });
    if (found == end) {
      add(i, after.size());
      continue;
    }
    kept[found->second] = true;
    add(i, found->second);
    open.erase(found);
  }
  for (std::size_t j = 0; j < after.size(); ++j) {
    if (!kept[j]) add(before.size(), j);
  }
}

// Attributes of objects and blocks: null is the same as not there, and what is null on both sides
// is not counted.
template <typename Child>
void DiffAttribute(const Pair& pair, const std::string& name, const Child& child, Diff& diff) {
  Pair part = KeyPair(pair, name);
  part.before_set = part.after_set = false;
  Diff attribute = child(part);
  if (attribute.action == Action::kNoOp && part.before.IsNull() && part.after.IsNull()) return;
  attribute.key = name;
  Fold(diff.action, attribute.action);
  diff.children.push_back(std::move(attribute));
}

Diff DiffCollection(const Pair& pair, Type type, const ReplacePaths& replace) {
  Diff diff;
  diff.action = StartAction(pair);
  diff.replace = replace.Match();
  switch (type.kind()) {
    case TypeKind::kList: {
      diff.kind = DiffKind::kList;
      diff.shows_neighbours = true;
      const Type element = type.element();
      DiffSequence(
          pair,
          [&](const Pair& child, std::size_t i) {
            return DiffTyped(child, element, nullptr, replace.Index(i));
          },
          [&](const Value&) { return element.IsObject(); }, diff);
      break;
    }
    case TypeKind::kTuple: {
      diff.kind = DiffKind::kList;
      diff.shows_neighbours = true;
      const auto before = ElementsOf(pair.before.Unmark().first);
      const auto after = ElementsOf(pair.after.Unmark().first);
      for (std::size_t i = 0; i < type.tuple_elements().size(); ++i) {
        diff.children.push_back(DiffTyped(ElementPair(before, after, i, i),
                                          type.tuple_elements()[i], nullptr, replace.Index(i)));
        Fold(diff.action, diff.children.back().action);
      }
      break;
    }
    case TypeKind::kSet:
      diff.kind = DiffKind::kSet;
      DiffSet(
          pair,
          [&](const Pair& child) {
            return DiffTyped(child, type.element(), nullptr, replace.AnyElement());
          },
          diff);
      break;
    case TypeKind::kMap:
      diff.kind = DiffKind::kMap;
      for (const std::string& key : KeysOf(pair)) {
        diff.children.push_back(
            DiffTyped(KeyPair(pair, key), type.element(), nullptr, replace.Attribute(key)));
        diff.children.back().key = key;
        Fold(diff.action, diff.children.back().action);
      }
      break;
    default:
      diff.kind = DiffKind::kObject;
      for (const ObjectAttribute& attribute : type.attributes()) {
        DiffAttribute(
            pair, attribute.name,
            [&](const Pair& child) {
              return DiffTyped(child, attribute.type, nullptr, replace.Attribute(attribute.name));
            },
            diff);
      }
  }
  return diff;
}

Diff DiffNestedObject(const Pair& pair, const NestedAttributes& nested,
                      const ReplacePaths& replace) {
  Diff diff;
  diff.kind = DiffKind::kObject;
  diff.children_show_null = true;
  diff.action = StartAction(pair);
  diff.replace = replace.Match();
  for (const AttributeSchema& attribute : nested.attributes) {
    DiffAttribute(
        pair, attribute.name,
        [&](const Pair& child) {
          return DiffOwn(child, attribute.type, attribute.nested.get(),
                         replace.Attribute(attribute.name));
        },
        diff);
  }
  return diff;
}

Diff DiffNested(const Pair& pair, const NestedAttributes& nested, const ReplacePaths& replace) {
  Diff diff;
  diff.action = StartAction(pair);
  diff.replace = replace.Match();
  const auto object = [&](const Pair& child, const ReplacePaths& below) {
    NestedAttributes one = nested;
    one.nesting = Nesting::kSingle;
    return DiffTyped(child, Type::EmptyObject(), &one, below);
  };
  switch (nested.nesting) {
    case Nesting::kSingle:
    case Nesting::kGroup:
      return DiffNestedObject(pair, nested, replace);
    case Nesting::kList:
      diff.kind = DiffKind::kList;
      DiffSequence(
          pair, [&](const Pair& child, std::size_t i) { return object(child, replace.Index(i)); },
          [](const Value&) { return true; }, diff);
      break;
    case Nesting::kSet:
      diff.kind = DiffKind::kSet;
      DiffSet(
          pair, [&](const Pair& child) { return object(child, replace.AnyElement()); }, diff);
      break;
    case Nesting::kMap:
      diff.kind = DiffKind::kMap;
      for (const std::string& key : KeysOf(pair)) {
        diff.children.push_back(object(KeyPair(pair, key), replace.Attribute(key)));
        diff.children.back().key = key;
        Fold(diff.action, diff.children.back().action);
      }
      break;
  }
  return diff;
}

Diff DiffTyped(const Pair& pair, Type type, const NestedAttributes* nested,
               const ReplacePaths& replace) {
  Pair part = pair;
  for (Value* side : {&part.before, &part.after}) {
    if (IsEmptyText(*side)) *side = Value::Null(Type::String()).WithMarks(side->Unmark().second);
  }
  return DiffOwn(part, type, nested, replace);
}

Diff DiffOwn(const Pair& pair, Type type, const NestedAttributes* nested,
             const ReplacePaths& replace) {
  const auto again = [&](const Pair& inner) { return DiffTyped(inner, type, nested, replace); };
  if (auto diff = DiffSensitive(pair, replace, again)) return *diff;
  if (auto diff = DiffUnknown(pair, replace, again)) return *diff;
  if (nested) return DiffNested(pair, *nested, replace);
  if (type.IsDynamic()) return DiffDynamic(pair);
  return type.IsPrimitive() ? DiffPrimitive(pair, replace) : DiffCollection(pair, type, replace);
}

// --- values whose type may change: compared as JSON would show them

enum class Shape { kNull, kBool, kNumber, kString, kArray, kObject };

Shape ShapeOf(const Value& value) {
  if (value.IsNull() || !value.IsKnown()) return Shape::kNull;
  if (AsNumeral(value)) return Shape::kNumber;
  switch (value.type().kind()) {
    case TypeKind::kBool:
      return Shape::kBool;
    case TypeKind::kNumber:
      return Shape::kNumber;
    case TypeKind::kString:
      return Shape::kString;
    case TypeKind::kMap:
    case TypeKind::kObject:
      return Shape::kObject;
    case TypeKind::kDynamic:
      return Shape::kNull;
    default:
      return Shape::kArray;
  }
}

Diff DiffShaped(const Pair& pair, Shape shape) {
  Diff diff;
  if (shape == Shape::kObject) {
    diff.kind = DiffKind::kObject;
    diff.action = StartAction(pair);
    for (const std::string& key : KeysOf(pair)) {
      diff.children.push_back(DiffDynamic(KeyPair(pair, key)));
      diff.children.back().key = key;
      Fold(diff.action, diff.children.back().action);
    }
    return diff;
  }
  if (shape == Shape::kArray) {
    diff.kind = DiffKind::kList;
    diff.shows_neighbours = true;
    diff.action = StartAction(pair);
    DiffSequence(
        pair, [](const Pair& child, std::size_t) { return DiffDynamic(child); },
        [](const Value& element) { return ShapeOf(element) == Shape::kObject; }, diff);
    return diff;
  }
  return DiffPrimitive(pair, {});
}

Diff DiffDynamic(const Pair& pair) {
  if (auto diff = DiffSensitive(pair, {}, DiffDynamic)) return *diff;
  if (auto diff = DiffUnknown(pair, {}, DiffDynamic)) return *diff;
  const Shape before = ShapeOf(pair.before);
  const Shape after = ShapeOf(pair.after);
  if (before == after || !pair.HasBefore() || !pair.HasAfter()) {
    return DiffShaped(pair, before == Shape::kNull ? after : before);
  }
  Diff diff;
  diff.kind = DiffKind::kTypeChange;
  diff.action = Action::kUpdate;
  diff.children.push_back(DiffShaped(pair.AsDelete(), before));
  diff.children.push_back(DiffShaped(pair.AsCreate(), after));
  return diff;
}

// --- blocks

Diff DiffBlock(const Pair& pair, const BlockSchema& schema, const ReplacePaths& replace);

BlockGroup DiffBlocks(const Pair& pair, const NestedBlock& nested, const ReplacePaths& replace,
                      Action& action) {
  BlockGroup group;
  group.name = nested.name;
  group.nesting = nested.nesting;
  group.replace = replace.Match();
  group.before_sensitive = pair.before.HasMark(MarkKind::kSensitive);
  group.after_sensitive = pair.after.HasMark(MarkKind::kSensitive);
  Pair bare = pair;
  bare.before = pair.before.Unmark().first;
  bare.after = pair.after.Unmark().first;
  const auto block = [&](const Pair& child, const ReplacePaths& below) {
    return DiffBlock(child, nested.block, below);
  };
  Diff collected;  // only its children and action are used
  switch (nested.nesting) {
    case Nesting::kSingle:
    case Nesting::kGroup:
      if (!bare.before.IsNull() || !bare.after.IsNull()) {
        bare.before_set = bare.after_set = false;
        collected.children.push_back(block(bare, replace));
        Fold(collected.action, collected.children.back().action);
      }
      break;
    case Nesting::kList:
      DiffSequence(
          bare, [&](const Pair& child, std::size_t i) { return block(child, replace.Index(i)); },
          [](const Value&) { return true; }, collected);
      break;
    case Nesting::kSet:
      DiffSet(
          bare, [&](const Pair& child) { return block(child, replace.AnyElement()); }, collected);
      break;
    case Nesting::kMap:
      for (const std::string& key : KeysOf(bare)) {
        collected.children.push_back(block(KeyPair(bare, key), replace.Attribute(key)));
        collected.children.back().key = key;
        Fold(collected.action, collected.children.back().action);
      }
      break;
  }
  if (group.before_sensitive != group.after_sensitive && !collected.children.empty())
    Fold(action, Action::kUpdate);
  Fold(action, collected.action);
  group.blocks = std::move(collected.children);
  return group;
}

Diff DiffBlock(const Pair& pair, const BlockSchema& schema, const ReplacePaths& replace) {
  const auto again = [&](const Pair& inner) { return DiffBlock(inner, schema, replace); };
  if (auto diff = DiffSensitive(pair, replace, again)) return *diff;
  if (auto diff = DiffUnknown(pair, replace, again)) return *diff;
  Diff diff;
  diff.kind = DiffKind::kBlock;
  diff.children_show_null = true;
  diff.action = StartAction(pair);
  diff.replace = replace.Match();
  for (const AttributeSchema& attribute : schema.attributes) {
    if (attribute.write_only) continue;
    DiffAttribute(
        pair, attribute.name,
        [&](const Pair& child) {
          return DiffOwn(child, attribute.type, attribute.nested.get(),
                         replace.Attribute(attribute.name));
        },
        diff);
  }
  for (const NestedBlock& nested : schema.blocks) {
    BlockGroup group =
        DiffBlocks(KeyPair(pair, nested.name), nested, replace.Attribute(nested.name), diff.action);
    if (!group.blocks.empty()) diff.groups.push_back(std::move(group));
  }
  return diff;
}

}  // namespace

Diff DiffObject(const Value& before, const Value& after, const BlockSchema& schema,
                const std::vector<Path>& replace_paths) {
  return DiffBlock({before, after}, schema, ReplacePaths(replace_paths));
}

Diff DiffValue(const Value& before, const Value& after) {
  return DiffOwn({before, after}, Type::Dynamic(), nullptr, {});
}

Diff UnchangedValue(const Value& value) {
  return DiffTyped({value, value}, value.type(), nullptr, {});
}

bool IsJsonText(const Value& text) {
  if (text.IsNull() || !text.IsKnown() || text.type() != Type::String()) return false;
  const std::string_view json = text.AsString();
  if (!json.starts_with('{') && !json.starts_with('[')) return false;
  std::string error;
  return FromJsonImplied(json, &error, Numeral).has_value();
}

Diff DiffJsonTexts(const Value& before, const Value& after) {
  const auto decode = [](const Value& text) {
    std::string error;
    return text.IsNull() ? Value()
                         : FromJsonImplied(text.AsString(), &error, Numeral).value_or(Value());
  };
  return DiffDynamic({decode(before), decode(after), !before.IsNull(), !after.IsNull()});
}

}  // namespace tkn::render
