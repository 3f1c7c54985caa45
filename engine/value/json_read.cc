#include <algorithm>
#include <vector>

#include "engine/value/json.h"
#include "engine/value/json_scanner.h"
#include "engine/value/text.h"

// Reading JSON: one pass over the text, guided by the type wanted. Numbers keep every digit.
namespace tkn {

namespace {

class Reader : private JsonScanner {
 public:
  using JsonScanner::JsonScanner;
  using JsonScanner::TakeError;

  void set_number(JsonNumber number) { number_ = number; }

  std::optional<Value> Whole(Type type, bool implied) {
    auto value = implied ? Implied(0) : Typed(type, 0);
    if (value && !AtEnd()) return std::nullopt;
    return value;
  }

  std::optional<Type> WholeType() {
    auto type = ReadType(0);
    if (type && !AtEnd()) return std::nullopt;
    return type;
  }

 private:
  std::optional<Value> Implied(int depth) {
    if (!Deeper(depth)) return std::nullopt;
    switch (Peek()) {
      case '{': {
        ++at_;
        std::vector<Value::Entry> entries;
        const bool read = Members([&](std::string_view key) {
          auto value = Implied(depth + 1);
          if (!value) return false;
          entries.emplace_back(std::string(key), std::move(*value));
          return true;
        });
        if (!read) return std::nullopt;
        return Value::Object(std::move(entries));
      }
      case '[': {
        ++at_;
        std::vector<Value> elements;
        const bool read = Items(']', "a closing bracket", [&] {
          auto value = Implied(depth + 1);
          if (!value) return false;
          elements.push_back(std::move(*value));
          return true;
        });
        if (!read) return std::nullopt;
        return Value::Tuple(std::move(elements));
      }
      default:
        return Scalar();
    }
  }

  std::optional<Value> Scalar() {
    switch (Peek()) {
      case '"': {
        std::string unescaped;
        const auto text = Text(unescaped);
        if (!text) return std::nullopt;
        return Value::String(*text);
      }
      case 't':
        if (TakeWord("true")) return Value::Bool(true);
        break;
      case 'f':
        if (TakeWord("false")) return Value::Bool(false);
        break;
      case 'n':
        if (TakeWord("null")) return Value();
        break;
      default:
        return NumberValue();
    }
    return FailHere("a value");
  }

  std::optional<Value> NumberValue() {
    if (number_ == nullptr) return Number();
    const auto numeral = Numeral();
    if (!numeral) return std::nullopt;
    return number_(*numeral);
  }

  // A primitive of the type wanted; numbers and bools may be told as text, and text as numbers or
  // bools, as in states.
  std::optional<Value> Primitive(Type type) {
    auto value = Scalar();
    if (!value || value->type() == type) return value;
    if (value->type() == Type::String() && type == Type::Number()) {
      auto number = tkn::Number::Parse(value->AsString());
      if (number) return Value::Number(std::move(*number));
    } else if (value->type() == Type::String() && type == Type::Bool()) {
      if (value->AsString() == "true" || value->AsString() == "1") return Value::Bool(true);
      if (value->AsString() == "false" || value->AsString() == "0") return Value::Bool(false);
    } else if (type == Type::String() && value->type() == Type::Number()) {
      return Value::String(value->AsNumber().ToString());
    } else if (type == Type::String() && value->type() == Type::Bool()) {
      return Value::String(value->AsBool() ? "true" : "false");
    }
    return Fail(type.FriendlyName() + " is required");
  }

  std::optional<Value> Typed(Type type, int depth) {
    if (!Deeper(depth)) return std::nullopt;
    if (Peek() == 'n') {
      if (!TakeWord("null")) return FailHere("a value");
      return Value::Null(type);
    }
    if (type.IsDynamic()) return Wrapped(depth);
    if (type.IsPrimitive()) return Primitive(type);
    if (type.IsObject()) return Object(type, depth);
    if (type.IsMap()) {
      if (!Expect('{', "an object")) return std::nullopt;
      std::vector<Value::Entry> entries;
      const bool read = Members([&](std::string_view key) {
        auto value = Typed(type.element(), depth + 1);
        if (!value) return false;
        entries.emplace_back(std::string(key), std::move(*value));
        return true;
      });
      if (!read || !HaveOneType(type.element(), entries,
                                [](const Value::Entry& entry) { return entry.second.type(); })) {
        return std::nullopt;
      }
      return Value::Map(type.element(), std::move(entries));
    }
    return Array(type, depth);
  }

  template <typename Items, typename TypeOf>
  bool HaveOneType(Type element, const Items& items, const TypeOf& type_of) {
    if (!element.HasDynamic()) return true;
    std::optional<Type> first;
    for (const auto& item : items) {
      const Type type = type_of(item);
      if (type.IsDynamic()) continue;
      if (!first) first = type;
      if (type != *first) {
        Fail("all elements must have the same type");
        return false;
      }
    }
    return true;
  }

  std::optional<Value> Array(Type type, int depth) {
    if (!Expect('[', "an array")) return std::nullopt;
    std::vector<Value> elements;
    const auto tuple = type.IsTuple() ? type.tuple_elements() : std::span<const Type>();
    const bool read = Items(']', "a closing bracket", [&] {
      if (type.IsTuple() && elements.size() >= tuple.size()) {
        Fail("a tuple of " + std::to_string(tuple.size()) + " elements has more of them");
        return false;
      }
      auto value = Typed(type.IsTuple() ? tuple[elements.size()] : type.element(), depth + 1);
      if (!value) return false;
      elements.push_back(std::move(*value));
      return true;
    });
    if (!read) return std::nullopt;
    if (type.IsTuple()) {
      if (elements.size() != tuple.size()) {
        return Fail("a tuple of " + std::to_string(tuple.size()) + " elements has fewer of them");
      }
      return Value::Tuple(std::move(elements));
    }
    if (!HaveOneType(type.element(), elements, [](const Value& value) { return value.type(); })) {
      return std::nullopt;
    }
    return type.IsList() ? Value::List(type.element(), std::move(elements))
                         : Value::Set(type.element(), std::move(elements));
  }

  std::optional<Value> Object(Type type, int depth) {
    if (!Expect('{', "an object")) return std::nullopt;
    const auto attributes = type.attributes();
    std::vector<Value> values;
    values.reserve(attributes.size());
    for (const ObjectAttribute& attribute : attributes) {
      values.push_back(Value::Null(attribute.type));
    }
    const bool read = Members([&](std::string_view key) {
      const std::size_t index = type.AttributeIndex(key);
      if (index == Type::npos) return Skip(depth + 1);
      auto value = Typed(attributes[index].type, depth + 1);
      if (!value) return false;
      values[index] = std::move(*value);
      return true;
    });
    if (!read) return std::nullopt;
    return Value::ObjectOf(type, std::move(values));
  }

  // {"value":...,"type":...}, in either order.
  std::optional<Value> Wrapped(int depth) {
    if (!Expect('{', "an object with a value and its type")) return std::nullopt;
    std::size_t value_at = std::string_view::npos;
    std::optional<Type> type;
    const bool read = Members([&](std::string_view key) {
      if (key == "type") {
        type = ReadType(depth + 1);
        return type.has_value();
      }
      if (key == "value") {
        SkipSpace();
        value_at = at_;
      }
      return Skip(depth + 1);
    });
    if (!read) return std::nullopt;
    if (!type || value_at == std::string_view::npos) {
      return Fail("a value of any type must be an object with \"value\" and \"type\"");
    }
    const std::size_t end = at_;
    at_ = value_at;
    auto value = Typed(*type, depth + 1);
    at_ = end;
    return value;
  }

  bool Skip(int depth) {
    if (!Deeper(depth)) return false;
    if (Take('{')) return Members([&](std::string_view) { return Skip(depth + 1); });
    if (Take('[')) {
      return Items(']', "a closing bracket", [&] { return Skip(depth + 1); });
    }
    std::string unescaped;
    return Peek() == '"' ? Text(unescaped).has_value() : Scalar().has_value();
  }

  std::optional<Type> ReadType(int depth) {
    if (!Deeper(depth)) return std::nullopt;
    if (Peek() == '"') {
      std::string unescaped;
      const auto name = Text(unescaped);
      if (!name) return std::nullopt;
      if (name == "string") return Type::String();
      if (name == "number") return Type::Number();
      if (name == "bool") return Type::Bool();
      if (name == "dynamic") return Type::Dynamic();
      return Fail(Quote(*name) + " is not the name of a type");
    }
    if (!Expect('[', "a type")) return std::nullopt;
    std::string unescaped;
    const auto name = Text(unescaped);
    if (!name || !Expect(',', "a comma")) return std::nullopt;
    std::optional<Type> type;
    if (name == "list" || name == "set" || name == "map") {
      const auto element = ReadType(depth + 1);
      if (!element) return std::nullopt;
      type = name == "list"  ? Type::List(*element)
             : name == "set" ? Type::Set(*element)
                             : Type::Map(*element);
    } else if (name == "tuple") {
      type = ReadTupleType(depth);
    } else if (name == "object") {
      type = ReadObjectType(depth);
    } else {
      return Fail(Quote(*name) + " is not the name of a kind of type");
    }
    if (!type || !Expect(']', "a closing bracket")) return std::nullopt;
    return type;
  }

  std::optional<Type> ReadTupleType(int depth) {
    std::vector<Type> elements;
    const bool read = Expect('[', "the types of elements") && Items(']', "a closing bracket", [&] {
                        const auto element = ReadType(depth + 1);
                        if (element) elements.push_back(*element);
                        return element.has_value();
                      });
    if (!read) return std::nullopt;
    return Type::Tuple(std::move(elements));
  }

  std::optional<Type> ReadObjectType(int depth) {
    std::vector<ObjectAttribute> attributes;
    const auto find = [&](const std::string& name) {
      return std::ranges::find(attributes, name, &ObjectAttribute::name);
    };
    const bool read = Expect('{', "the types of attributes") && Members([&](std::string_view name) {
                        const auto type = ReadType(depth + 1);
                        if (!type) return false;
                        attributes.push_back({NormalizeNfc(name), *type});
                        return true;
                      });
    if (!read) return std::nullopt;
    if (Take(',')) {
      const bool optional =
          Expect('[', "the names of optional attributes") && Items(']', "a closing bracket", [&] {
            std::string unescaped;
            const auto name = Text(unescaped);
            if (!name) return false;
            const auto found = find(NormalizeNfc(*name));
            if (found != attributes.end()) found->optional = true;
            return true;
          });
      if (!optional) return std::nullopt;
    }
    std::ranges::sort(attributes, {}, &ObjectAttribute::name);
    if (std::ranges::adjacent_find(attributes, {}, &ObjectAttribute::name) != attributes.end()) {
      return Fail("an object type has two attributes of one name");
    }
    return Type::Object(std::move(attributes));
  }

  JsonNumber number_ = nullptr;
};

template <typename Result>
std::optional<Result> Finish(Reader& reader, std::optional<Result> result, std::string* error) {
  if (!result && error != nullptr) *error = reader.TakeError();
  return result;
}

}  // namespace

std::optional<Value> FromJson(std::string_view json, Type type, std::string* error) {
  Reader reader(json);
  return Finish(reader, reader.Whole(type, false), error);
}

std::optional<Value> FromJsonImplied(std::string_view json, std::string* error, JsonNumber number) {
  Reader reader(json);
  reader.set_number(number);
  return Finish(reader, reader.Whole(Type(), true), error);
}

std::optional<Type> TypeFromJson(std::string_view json, std::string* error) {
  Reader reader(json);
  return Finish(reader, reader.WholeType(), error);
}

}  // namespace tkn
