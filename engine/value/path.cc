#include "engine/value/path.h"

#include <algorithm>

#include "engine/value/json.h"
#include "engine/value/text.h"

namespace tkn {

namespace {

// Text for text keys, number for number keys; a part of a set is told by itself only.
bool IsTextKey(const PathStep& step) { return step.key.type() == Type::String(); }
bool IsNumberKey(const PathStep& step) { return step.key.type() == Type::Number(); }
bool IsReadable(const Value& key) { return key.IsKnown() && !key.IsNull(); }

std::strong_ordering Compare(const PathStep& a, const PathStep& b) {
  if (a.kind != b.kind) return a.kind <=> b.kind;
  if (a.kind == PathStep::Kind::kAttribute) return a.name <=> b.name;
  const Value x = a.key.UnmarkDeep();
  const Value y = b.key.UnmarkDeep();
  if (x.type() != y.type()) {
    // Numbers before texts before the rest.
    const auto rank = [](const Value& key) {
      return key.type() == Type::Number() ? 0 : key.type() == Type::String() ? 1 : 2;
    };
    if (const auto order = rank(x) <=> rank(y); order != 0) return order;
    return x.type().ToJson() <=> y.type().ToJson();
  }
  if (Value::SetLess(x, y)) return std::strong_ordering::less;
  if (Value::SetLess(y, x)) return std::strong_ordering::greater;
  return std::strong_ordering::equal;
}

}  // namespace

const Value* FindElement(const Value& bare, const PathStep& step) {
  if (!bare.IsKnown() || bare.IsNull()) return nullptr;
  const Type type = bare.type();
  if (step.kind == PathStep::Kind::kAttribute) {
    return type.IsObject() || type.IsMap() ? bare.Find(step.name) : nullptr;
  }
  const Value key = step.key.Unmark().first;
  if (type.IsSet()) {
    for (const Value& element : bare.elements()) {
      if (element.EqualsIgnoringMarks(key)) return &element;
    }
    return nullptr;
  }
  if (!IsReadable(key)) return nullptr;
  if (type.IsMap() || type.IsObject()) {
    return IsTextKey(step) ? bare.Find(key.AsString()) : nullptr;
  }
  if ((!type.IsList() && !type.IsTuple()) || !IsNumberKey(step)) return nullptr;
  const auto index = key.AsNumber().ToInt64();
  if (!index || *index < 0 || static_cast<std::size_t>(*index) >= bare.Length()) return nullptr;
  return &bare.elements()[static_cast<std::size_t>(*index)];
}

PathStep PathStep::Attribute(std::string name) {
  return {Kind::kAttribute, std::move(name), Value()};
}
PathStep PathStep::Index(Value key) { return {Kind::kIndex, "", std::move(key)}; }
PathStep PathStep::Index(std::int64_t index) { return Index(Value::Number(index)); }
PathStep PathStep::Index(std::string key) { return Index(Value::String(key)); }

bool PathStep::operator==(const PathStep& other) const {
  return kind == other.kind && name == other.name && key.EqualsIgnoringMarks(other.key);
}

std::string ToString(const Path& path) {
  std::string out;
  for (const PathStep& step : path) {
    if (step.kind == PathStep::Kind::kAttribute) {
      out += "." + step.name;
      continue;
    }
    const Value key = step.key.Unmark().first;
    if (IsTextKey(step) && IsReadable(key)) {
      out += "[" + Quote(key.AsString()) + "]";
    } else if (IsNumberKey(step) && IsReadable(key)) {
      out += "[" + key.AsNumber().ToString() + "]";
    } else {
      out += "[set element]";
    }
  }
  return out;
}

bool PathLess(const Path& a, const Path& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (const auto order = Compare(a[i], b[i]); order != 0) return order < 0;
  }
  return a.size() < b.size();
}

std::optional<Value> ApplyPath(const Value& value, const Path& path) {
  Value current = value;
  for (const PathStep& step : path) {
    const auto [bare, marks] = current.Unmark();
    if (const Value* element = FindElement(bare, step)) {
      current = element->WithMarks(marks);
      continue;
    }
    // What is not known yet has parts that are not known yet, where its type says so.
    const Type type = bare.type();
    if (bare.IsKnown()) return std::nullopt;
    if (type.IsDynamic()) {
      current = Value::Dynamic().WithMarks(marks);
    } else if (type.IsObject() && step.kind == PathStep::Kind::kAttribute &&
               type.FindAttribute(step.name) != nullptr) {
      current = Value::Unknown(type.FindAttribute(step.name)->type).WithMarks(marks);
    } else if (type.IsCollection() && step.kind == PathStep::Kind::kIndex) {
      current = Value::Unknown(type.element()).WithMarks(marks);
    } else if (type.IsTuple() && step.kind == PathStep::Kind::kIndex && IsNumberKey(step) &&
               IsReadable(step.key)) {
      const auto index = step.key.Unmark().first.AsNumber().ToInt64();
      const auto elements = type.tuple_elements();
      if (!index || *index < 0 || static_cast<std::size_t>(*index) >= elements.size()) {
        return std::nullopt;
      }
      current = Value::Unknown(elements[static_cast<std::size_t>(*index)]).WithMarks(marks);
    } else {
      return std::nullopt;
    }
  }
  return current;
}

std::string PathToPlanJson(const Path& path) {
  std::string out = "[";
  for (const PathStep& step : path) {
    if (out.size() > 1) out += ",";
    out += step.kind == PathStep::Kind::kAttribute ? JsonQuote(step.name)
                                                   : ToJson(step.key.UnmarkDeep());
  }
  return out + "]";
}

}  // namespace tkn
