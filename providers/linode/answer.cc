#include "providers/linode/answer.h"

#include <utility>

#include "engine/value/convert.h"

namespace tkn::linode {
namespace {

bool IsThere(const Value& value) { return value.IsKnown() && !value.IsNull(); }

bool HasElements(const Value& value) {
  return IsThere(value) && (value.type().IsTuple() || value.type().IsCollection());
}

}  // namespace

Value Field(const Value& object, std::string_view name) {
  if (!IsThere(object) || !(object.type().IsObject() || object.type().IsMap())) return {};
  const Value* found = object.Find(name);
  return found == nullptr ? Value() : *found;
}

std::string TextOf(const Value& object, std::string_view name) {
  const Value field = Field(object, name);
  if (!IsThere(field) || field.type() != Type::String()) return "";
  return std::string(field.AsString());
}

std::optional<std::int64_t> IntOf(const Value& object, std::string_view name) {
  const Value field = Field(object, name);
  if (!IsThere(field) || field.type() != Type::Number()) return std::nullopt;
  return field.AsNumber().ToInt64();
}

bool BoolOf(const Value& object, std::string_view name) {
  const Value field = Field(object, name);
  return IsThere(field) && field.type() == Type::Bool() && field.AsBool();
}

std::vector<Value> ItemsOf(const Value& object, std::string_view name) {
  const Value field = Field(object, name);
  if (!HasElements(field)) return {};
  return {field.elements().begin(), field.elements().end()};
}

std::vector<std::string> TextsOf(const Value& object, std::string_view name) {
  std::vector<std::string> texts;
  for (const Value& item : ItemsOf(object, name)) {
    if (IsThere(item) && item.type() == Type::String()) texts.emplace_back(item.AsString());
  }
  return texts;
}

Value Shape(const Value& json, Type type) {
  if (type.IsDynamic()) return json;
  if (!IsThere(json)) return Value::Null(type);
  switch (type.kind()) {
    case TypeKind::kObject: {
      if (!json.type().IsObject()) return Value::Null(type);
      std::vector<Value> values;
      for (const ObjectAttribute& attribute : type.attributes()) {
        values.push_back(Shape(Field(json, attribute.name), attribute.type));
      }
      return Value::ObjectOf(type, std::move(values));
    }
    case TypeKind::kMap: {
      if (!json.type().IsObject() && !json.type().IsMap()) return Value::Null(type);
      std::vector<Value::Entry> entries;
      for (std::size_t i = 0; i < json.Length(); ++i) {
        entries.emplace_back(json.KeyAt(i), Shape(json.elements()[i], type.element()));
      }
      return Value::Map(type.element(), std::move(entries));
    }
    case TypeKind::kList:
    case TypeKind::kSet: {
      // Schemas say "list of one" where the API has an object.
      if (json.type().IsObject()) return Shape(Value::Tuple({json}), type);
      if (!HasElements(json)) return Value::Null(type);
      std::vector<Value> elements;
      for (const Value& element : json.elements())
        elements.push_back(Shape(element, type.element()));
      return type.IsList() ? Value::List(type.element(), std::move(elements))
                           : Value::Set(type.element(), std::move(elements));
    }
    default: {
      ConversionError unused;
      std::optional<Value> converted = Convert(json, type, &unused);
      return converted ? *converted : Value::Null(type);
    }
  }
}

}  // namespace tkn::linode
