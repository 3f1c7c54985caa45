#include "engine/render/value_masks.h"

#include "engine/value/json.h"

namespace tkn::render {
namespace {

bool IsKeyed(Type type) { return type.IsObject() || type.IsMap(); }

// The mask of a known collection, from the masks of its parts.
template <typename Mask>
std::string Collect(const Value& value, const Mask& mask) {
  std::string out;
  const bool keyed = IsKeyed(value.type());
  for (std::size_t i = 0; i < value.Length(); ++i) {
    const std::string part = mask(value.elements()[i]);
    if (keyed && part == "false") continue;
    if (!out.empty()) out += ',';
    if (keyed) out += JsonQuote(value.KeyAt(i)) + ":";
    out += part;
  }
  return keyed ? "{" + out + "}" : "[" + out + "]";
}

}  // namespace

Value KnownPart(const Value& marked) {
  const Value value = marked.Unmark().first;
  if (!value.IsKnown()) return Value();
  const Type type = value.type();
  if (value.IsNull() || type.IsPrimitive() || type.IsDynamic()) return value;
  if (value.IsWhollyKnown()) return value.UnmarkDeep();
  if (IsKeyed(type)) {
    std::vector<Value::Entry> entries;
    for (std::size_t i = 0; i < value.Length(); ++i) {
      const Value& element = value.elements()[i];
      if (element.IsKnown()) entries.emplace_back(std::string(value.KeyAt(i)), KnownPart(element));
    }
    return Value::Object(std::move(entries));
  }
  std::vector<Value> elements;
  for (const Value& element : value.elements()) elements.push_back(KnownPart(element));
  return Value::Tuple(std::move(elements));
}

std::string UnknownMask(const Value& marked) {
  const Value value = marked.Unmark().first;
  if (!value.IsKnown()) return "true";
  const Type type = value.type();
  if (value.IsNull() || type.IsPrimitive() || type.IsDynamic()) return "false";
  return Collect(value, UnknownMask);
}

std::string SensitiveMask(const Value& value) {
  if (value.HasMark(MarkKind::kSensitive)) return "true";
  const Value bare = value.Unmark().first;
  const Type type = bare.type();
  if (bare.IsNull() || type.IsPrimitive() || type.IsDynamic()) return "false";
  if (!bare.IsKnown()) return IsKeyed(type) ? "{}" : "[]";
  return Collect(bare, SensitiveMask);
}

}  // namespace tkn::render
