#include <algorithm>

#include "engine/value/convert.h"

namespace tkn {

namespace {

const TypeDefaults* ChildNamed(const TypeDefaults& defaults, std::string_view name) {
  const auto found = std::ranges::find(defaults.children, name, &TypeDefaults::Child::name);
  return found == defaults.children.end() ? nullptr : &found->defaults;
}

Value ApplyTo(const TypeDefaults& defaults, const Value& value);

// The attributes of an object or elements of a map meant for an object type.
Value ApplyToAttributes(const TypeDefaults& defaults, const Value& value) {
  std::vector<Value::Entry> entries;
  const auto elements = value.elements();
  for (std::size_t i = 0; i < elements.size(); ++i) {
    entries.emplace_back(std::string(value.KeyAt(i)), elements[i]);
  }
  const auto find = [&](const std::string& name) {
    return std::ranges::find(entries, name, &Value::Entry::first);
  };
  for (const auto& [name, fallback] : defaults.values) {
    const auto entry = find(name);
    if (entry == entries.end()) {
      entries.emplace_back(name, fallback);
    } else if (entry->second.IsNull()) {
      entry->second = fallback.WithMarks(entry->second.marks());
    }
  }
  for (const auto& [name, child] : defaults.children) {
    const auto entry = find(name);
    if (entry != entries.end()) entry->second = ApplyTo(child, entry->second);
  }
  // A map whose elements now differ in type can only become an object, which is what is wanted of
  // it.
  return Value::Object(std::move(entries));
}

Value ApplyToElements(const TypeDefaults& defaults, const Value& value) {
  const TypeDefaults* element = ChildNamed(defaults, "");
  const auto elements = value.elements();
  std::vector<Value> values;
  values.reserve(elements.size());
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const TypeDefaults* child = element;
    if (defaults.type.IsTuple()) child = ChildNamed(defaults, std::to_string(i));
    values.push_back(child == nullptr ? elements[i] : ApplyTo(*child, elements[i]));
  }
  const bool one_type = std::ranges::all_of(
      values, [&](const Value& item) { return item.type() == values[0].type(); });
  const Type type = value.type();
  if (type.IsMap() || type.IsObject()) {
    std::vector<Value::Entry> entries;
    for (std::size_t i = 0; i < values.size(); ++i) {
      entries.emplace_back(std::string(value.KeyAt(i)), std::move(values[i]));
    }
    if (type.IsMap() && one_type && !entries.empty()) {
      const Type of = entries[0].second.type();  // before the entries are moved away
      return Value::Map(of, std::move(entries));
    }
    return type.IsMap() && entries.empty() ? value : Value::Object(std::move(entries));
  }
  if (values.empty()) return value;
  const Type of = values[0].type();  // before the values are moved away
  if (one_type && type.IsList()) return Value::List(of, std::move(values));
  if (one_type && type.IsSet()) return Value::Set(of, std::move(values));
  return Value::Tuple(std::move(values));
}

Value ApplyTo(const TypeDefaults& defaults, const Value& value) {
  if (defaults.empty() || value.IsNull() || !value.IsKnown()) return value;
  const auto [bare, marks] = value.Unmark();
  const Type type = bare.type();
  if (type.IsPrimitive()) return value;
  const Type want = defaults.type;
  if (want.IsObject()) {
    if (!type.IsObject() && !type.IsMap()) return value;
    return ApplyToAttributes(defaults, bare).WithMarks(marks);
  }
  const bool keyed = type.IsObject() || type.IsMap();
  if (want.IsMap() ? keyed : !keyed) return ApplyToElements(defaults, bare).WithMarks(marks);
  return value;
}

}  // namespace

Value TypeDefaults::Apply(const Value& value) const { return ApplyTo(*this, value); }

}  // namespace tkn
