#include "engine/value/convert.h"

#include <algorithm>

#include "engine/value/conversion.h"
#include "engine/value/node.h"
#include "engine/value/range.h"
#include "engine/value/text.h"

namespace tkn {

namespace {

// Where a conversion is, as a list on the stack: paths are built only for errors.
struct Place {
  const Place* parent = nullptr;
  PathStep::Kind kind = PathStep::Kind::kIndex;
  std::string_view name{};
  std::int64_t index = -1;  // -1: by name
};

Path PathTo(const Place* place) {
  Path path;
  for (; place != nullptr; place = place->parent) {
    if (place->kind == PathStep::Kind::kAttribute) {
      path.push_back(PathStep::Attribute(std::string(place->name)));
    } else if (place->index >= 0) {
      path.push_back(PathStep::Index(place->index));
    } else {
      path.push_back(PathStep::Index(std::string(place->name)));
    }
  }
  std::ranges::reverse(path);
  return path;
}

class Converter {
 public:
  explicit Converter(ConversionError* error) : error_(error) {}

  // As the one entry point: also the check whether the types convert at all.
  std::optional<Value> Convert(const Value& value, Type to, const Place* place) {
    const Type from = value.type();
    if (from == to.WithoutOptional()) return value;
    if (!IsConvertible(from, to, true)) return Fail(place, MismatchMessage(from, to));
    return Known(value, to, true, place);
  }

 private:
  std::nullopt_t Fail(const Place* place, std::string message) {
    if (error_ != nullptr) *error_ = {PathTo(place), std::move(message)};
    return std::nullopt;
  }

  // The types convert. `from` equal to `to` is passed through.
  std::optional<Value> Part(const Value& value, Type to, bool unsafe, const Place* place) {
    const Type from = value.type();
    if (from == to) return value;
    if (!IsConvertible(from, to, unsafe)) {
      if (from == to.WithoutOptional()) return value;
      return Fail(place, MismatchMessage(from, to));
    }
    return Known(value, to, unsafe, place);
  }

  std::optional<Value> Known(const Value& value, Type to, bool unsafe, const Place* place) {
    if (value.IsMarked()) {
      const auto [bare, marks] = value.Unmark();
      auto result = Known(bare, to, unsafe, place);
      if (result) *result = result->WithMarks(marks);
      return result;
    }
    if (to.IsDynamic()) return value;
    const Type from = value.type();
    if (!value.IsKnown()) return UnknownOf(value, FillDynamic(from, to.WithoutOptional()));
    if (value.IsNull()) return Value::Null(FillDynamic(from, to.WithoutOptional()));
    if (from.IsDynamic()) return Convert(value, to, place);
    switch (to.kind()) {
      case TypeKind::kString:
        return Value::String(from == Type::Number()
                                 ? value.AsNumber().ToString()
                                 : std::string(value.AsBool() ? "true" : "false"));
      case TypeKind::kNumber: {
        auto number = Number::Parse(value.AsString());
        if (!number) return Fail(place, "a number is required");
        return Value::Number(std::move(*number));
      }
      case TypeKind::kBool:
        return ToBool(value.AsString(), place);
      case TypeKind::kObject:
        return from.IsMap() ? MapToObject(value, to, place) : ToObject(value, to, unsafe, place);
      case TypeKind::kTuple:
        return ToTuple(value, to, unsafe, place);
      default:
        return ToCollection(value, to, unsafe, place);
    }
  }

  // What is known of the source that still holds of the result.
  static Value UnknownOf(const Value& value, Type to) {
    Refinement refinement;
    refinement.not_null = value.IsDefinitelyNotNull();
    const Type from = value.type();
    const LengthRange length =
        from.IsDynamic() || from.IsPrimitive() ? LengthRange{} : LengthRangeOf(value);
    if (to.IsSet()) {
      if (length.minimum > 0) refinement.min_length = 1;
      refinement.max_length = length.maximum;
    } else if (to.IsCollection()) {
      refinement.min_length = length.minimum;
      refinement.max_length = length.maximum;
    }
    return Value::Unknown(to, std::move(refinement));
  }

  std::optional<Value> ToBool(std::string_view text, const Place* place) {
    if (text == "true" || text == "1") return Value::Bool(true);
    if (text == "false" || text == "0") return Value::Bool(false);
    const std::string lower = ToLower(text);
    if (lower == "true" || lower == "false") {
      return Fail(place,
                  "a bool is required; to convert from string, use lowercase " + Quote(lower));
    }
    return Fail(place, "a bool is required");
  }

  std::optional<Value> ToObject(const Value& value, Type to, bool unsafe, const Place* place) {
    std::vector<Value> values;
    values.reserve(to.attributes().size());
    for (const ObjectAttribute& attribute : to.attributes()) {
      const Value* have = value.Find(attribute.name);
      if (have == nullptr) {
        values.push_back(Value::Null(attribute.type));
        continue;
      }
      const Place here{place, PathStep::Kind::kAttribute, attribute.name};
      auto converted = Part(*have, attribute.type, unsafe, &here);
      if (!converted) return std::nullopt;
      values.push_back(std::move(*converted));
    }
    return Value::ObjectOf(to, std::move(values));
  }

  std::optional<Value> MapToObject(const Value& value, Type to, const Place* place) {
    std::vector<Value> values;
    values.reserve(to.attributes().size());
    const Type element = value.type().element();
    for (const ObjectAttribute& attribute : to.attributes()) {
      const Value* have = value.Find(attribute.name);
      if (have == nullptr) {
        if (!attribute.optional) {
          return Fail(place, "map has no element for required attribute " + Quote(attribute.name));
        }
        values.push_back(Value::Null(attribute.type));
        continue;
      }
      if (element != attribute.type && !IsConvertible(element, attribute.type, true)) {
        return Fail(place, "map element type is incompatible with attribute " +
                               Quote(attribute.name) + ": " +
                               MismatchMessage(element, attribute.type));
      }
      const Place here{place, PathStep::Kind::kIndex, attribute.name};
      auto converted = Part(*have, attribute.type, true, &here);
      if (!converted) return std::nullopt;
      values.push_back(std::move(*converted));
    }
    return Value::ObjectOf(to, std::move(values));
  }

  std::optional<Value> ToTuple(const Value& value, Type to, bool unsafe, const Place* place) {
    std::vector<Value> values;
    const auto types = to.tuple_elements();
    values.reserve(types.size());
    for (std::size_t i = 0; i < types.size(); ++i) {
      const Place here{.parent = place, .index = static_cast<std::int64_t>(i)};
      auto converted = Part(value.elements()[i], types[i], unsafe, &here);
      if (!converted) return std::nullopt;
      values.push_back(std::move(*converted));
    }
    return Value::Tuple(std::move(values));
  }

  std::optional<Value> ToCollection(const Value& value, Type to, bool unsafe, const Place* place) {
    const Type from = value.type();
    Type element = to.element();
    const bool structural = from.IsTuple() || from.IsObject();
    // How many elements a set with unknowns has is not known, so neither is the list.
    if (from.IsSet() && to.IsList() && value.Length() > 1 && !value.IsWhollyKnown()) {
      return Value::Unknown(Type::List(from.element()));
    }
    const auto items = value.elements();
    if (items.empty()) {
      if (element.IsDynamic() && !structural) element = from.element();
      return Collect(to.kind(), element, value, {});
    }
    if (element.IsDynamic() && structural) element = UnifyParts(from, unsafe).value_or(element);
    std::vector<Value> values;
    values.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      Place here{.parent = place};
      if (to.IsMap()) {
        here.name = value.KeyAt(i);
      } else {
        here.index = static_cast<std::int64_t>(i);
      }
      auto converted = Part(items[i], element, unsafe, &here);
      if (!converted) return std::nullopt;
      values.push_back(std::move(*converted));
    }
    if (element.HasDynamic() && !UniteElements(values, value, to, unsafe, place))
      return std::nullopt;
    element = values[0].type();
    return Collect(to.kind(), element, value, std::move(values));
  }

  // Where the element type left something open, what came out may differ and is brought together.
  // Dynamic elements take the type of the rest.
  bool UniteElements(std::vector<Value>& values, const Value& source, Type to, bool unsafe,
                     const Place* place) {
    const auto types_of = [&] {
      std::vector<Type> types;
      for (const Value& value : values) {
        if (types.empty() || types.back() != value.type()) types.push_back(value.type());
      }
      return types;
    };
    std::vector<Type> types = types_of();
    if (types.size() > 1 && !to.IsSet()) {
      const auto common = UnifyTypes(types, unsafe);
      if (!common) {
        Fail(place, "cannot find a common base type for all elements");
        return false;
      }
      for (Value& value : values) {
        auto converted = Part(value, *common, unsafe, place);
        if (!converted) return false;
        value = std::move(*converted);
      }
      types = types_of();
    }
    std::erase(types, Type::Dynamic());
    if (std::ranges::all_of(types, [&](Type type) { return type == types[0]; })) return true;
    Fail(place, std::string(source.type().IsObject() ? "attribute" : "element") +
                    " types must all match for conversion to " +
                    (to.IsMap()   ? "map"
                     : to.IsSet() ? "set"
                                  : "list"));
    return false;
  }

  static Value Collect(TypeKind kind, Type element, const Value& source,
                       std::vector<Value> values) {
    element = element.WithoutOptional();
    if (kind == TypeKind::kList) return Value::List(element, std::move(values));
    if (kind == TypeKind::kSet) return Value::Set(element, std::move(values));
    std::vector<Value::Entry> entries;
    entries.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      entries.emplace_back(std::string(source.KeyAt(i)), std::move(values[i]));
    }
    return Value::Map(element, std::move(entries));
  }

  ConversionError* error_;
};

}  // namespace

std::string ConversionError::ToString() const {
  return path.empty() ? message : tkn::ToString(path) + ": " + message;
}

std::optional<Value> Convert(const Value& value, Type type, ConversionError* error) {
  return Converter(error).Convert(value, type, nullptr);
}

}  // namespace tkn
