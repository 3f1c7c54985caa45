#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>
#include <unordered_set>

#include "engine/value/json.h"
#include "engine/value/msgpack.h"
#include "engine/value/msgpack_codes.h"
#include "engine/value/node.h"
#include "engine/value/text.h"

namespace tkn {

namespace {

using namespace msgpack;

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::optional<Value> Read(Type type, int depth) {
    if (depth > kMaxDepth) return Fail("the data is nested too deep");
    const auto code = Peek();
    if (!code) return Fail("the data ends early");
    if (IsExtension(*code)) return Unknown(type);
    if (*code == 0xC0) {
      ++at_;
      return Value::Null(type);
    }
    switch (type.kind()) {
      case TypeKind::kDynamic:
        return Dynamic(depth);
      case TypeKind::kString: {
        const auto text = Text();
        if (!text) return Fail("string is required");
        return Value::String(*text);
      }
      case TypeKind::kBool:
        if (*code != 0xC2 && *code != 0xC3) return Fail("bool is required");
        ++at_;
        return Value::Bool(*code == 0xC3);
      case TypeKind::kNumber: {
        auto number = ReadNumber();
        if (!number) return Fail("number is required");
        return Value::Number(std::move(*number));
      }
      case TypeKind::kMap:
        return Map(type, depth);
      case TypeKind::kObject:
        return Object(type, depth);
      default:
        return Array(type, depth);
    }
  }

  bool AtEnd() const { return at_ == bytes_.size(); }
  std::nullopt_t Fail(std::string message) {
    if (error_.empty()) error_ = std::move(message);
    return std::nullopt;
  }
  const std::string& error() const { return error_; }

 private:
  std::optional<std::uint8_t> Peek() const {
    if (at_ >= bytes_.size()) return std::nullopt;
    return static_cast<std::uint8_t>(bytes_[at_]);
  }

  static bool IsExtension(std::uint8_t code) {
    return (code >= 0xC7 && code <= 0xC9) || (code >= 0xD4 && code <= 0xD8);
  }

  std::optional<std::uint64_t> BigEndian(std::size_t bytes) {
    if (bytes_.size() - at_ < bytes) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
      value = value << 8 | static_cast<std::uint8_t>(bytes_[at_++]);
    }
    return value;
  }

  std::optional<std::string_view> Raw(std::size_t size) {
    if (bytes_.size() - at_ < size) return std::nullopt;
    const auto raw = bytes_.substr(at_, size);
    at_ += size;
    return raw;
  }

  // str or bin.
  std::optional<std::string_view> Text() {
    const auto code = Peek();
    if (!code) return std::nullopt;
    std::optional<std::uint64_t> size;
    if (*code >= 0xA0 && *code <= 0xBF) {
      ++at_;
      size = *code & 0x1F;
    } else if ((*code >= 0xD9 && *code <= 0xDB) || (*code >= 0xC4 && *code <= 0xC6)) {
      ++at_;
      size = BigEndian(std::size_t{1} << (*code >= 0xD9 ? *code - 0xD9 : *code - 0xC4));
    }
    if (!size) return std::nullopt;
    return Raw(static_cast<std::size_t>(*size));
  }

  std::optional<std::size_t> Size(std::uint8_t fixed, std::uint8_t code16) {
    const auto code = Peek();
    if (!code) return std::nullopt;
    std::optional<std::uint64_t> size;
    if ((*code & 0xF0) == fixed) {
      ++at_;
      size = *code & 0x0F;
    } else if (*code == code16 || *code == code16 + 1) {
      ++at_;
      size = BigEndian(*code == code16 ? 2 : 4);
    }
    // Each element takes a byte at least, so that a false count costs no memory.
    if (!size || *size > bytes_.size() - at_) return std::nullopt;
    return static_cast<std::size_t>(*size);
  }

  std::optional<std::size_t> ArraySize() { return Size(0x90, 0xDC); }
  std::optional<std::size_t> MapSize() { return Size(0x80, 0xDE); }

  std::optional<std::int64_t> Integer() {
    const auto number = ReadNumber();
    return number ? number->ToInt64() : std::nullopt;
  }

  std::optional<Number> ReadNumber() {
    const auto code = Peek();
    if (!code) return std::nullopt;
    if (*code < 0x80 || *code >= 0xE0) {
      ++at_;
      return Number(std::int64_t{static_cast<std::int8_t>(*code)});
    }
    if (*code >= 0xCC && *code <= 0xCF) {
      ++at_;
      const auto value = BigEndian(std::size_t{1} << (*code - 0xCC));
      if (!value) return std::nullopt;
      if (*value <= INT64_MAX) return Number(static_cast<std::int64_t>(*value));
      return Number::ParseInteger(std::to_string(*value), 10);
    }
    if (*code >= 0xD0 && *code <= 0xD3) {
      ++at_;
      const int bytes = 1 << (*code - 0xD0);
      const auto value = BigEndian(static_cast<std::size_t>(bytes));
      if (!value) return std::nullopt;
      const int shift = 64 - bytes * 8;
      return Number(static_cast<std::int64_t>(*value << shift) >> shift);
    }
    if (*code == 0xCA || *code == 0xCB) {
      ++at_;
      const auto bits = BigEndian(*code == 0xCA ? 4 : 8);
      if (!bits) return std::nullopt;
      const double value = *code == 0xCA
                               ? double{std::bit_cast<float>(static_cast<std::uint32_t>(*bits))}
                               : std::bit_cast<double>(*bits);
      if (value != value) return std::nullopt;
      return Number::FromDouble(value);
    }
    const auto text = Text();
    return text ? Number::Parse(*text) : std::nullopt;
  }

  std::optional<Value> Dynamic(int depth) {
    const auto size = ArraySize();
    if (!size || *size != 2) return Fail("a value of any type must be an array of its type and it");
    const auto json = Text();
    if (!json) return Fail("a type is required");
    std::string error;
    const auto type = TypeFromJson(*json, &error);
    if (!type) return Fail(std::move(error));
    return Read(*type, depth + 1);
  }

  // Elements of an open type must agree, or no collection holds them.
  std::optional<std::vector<Value>> Elements(std::size_t size, Type element, int depth,
                                             std::vector<std::string>* keys) {
    std::vector<Value> values;
    values.reserve(size);
    std::optional<Type> first;
    for (std::size_t i = 0; i < size; ++i) {
      if (keys != nullptr) {
        const auto key = Text();
        if (!key) return Fail("non-string key in map");
        keys->emplace_back(*key);
      }
      auto value = Read(element, depth + 1);
      if (!value) return std::nullopt;
      const Type type = value->type();
      if (element.HasDynamic() && !type.IsDynamic()) {
        if (!first) first = type;
        if (*first != type) return Fail("all elements must have the same type");
      }
      values.push_back(std::move(*value));
    }
    return values;
  }

  std::optional<Value> Array(Type type, int depth) {
    const auto size = ArraySize();
    if (!size) return Fail("a " + std::string(KindName(type)) + " is required");
    if (type.IsTuple()) {
      const auto types = type.tuple_elements();
      if (*size != types.size()) {
        return Fail("a tuple of length " + std::to_string(types.size()) + " is required");
      }
      std::vector<Value> values;
      for (const Type element : types) {
        auto value = Read(element, depth + 1);
        if (!value) return std::nullopt;
        values.push_back(std::move(*value));
      }
      return Value::Tuple(std::move(values));
    }
    auto values = Elements(*size, type.element(), depth, nullptr);
    if (!values) return std::nullopt;
    return type.IsList() ? Value::List(type.element(), std::move(*values))
                         : Value::Set(type.element(), std::move(*values));
  }

  static std::string_view KindName(Type type) {
    return type.IsTuple() ? "tuple" : type.IsList() ? "list" : "set";
  }

  std::optional<Value> Map(Type type, int depth) {
    const auto size = MapSize();
    if (!size) return Fail("a map is required");
    std::vector<std::string> keys;
    auto values = Elements(*size, type.element(), depth, &keys);
    if (!values) return std::nullopt;
    std::vector<Value::Entry> entries;
    entries.reserve(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      entries.emplace_back(std::move(keys[i]), std::move((*values)[i]));
    }
    return Value::Map(type.element(), std::move(entries));
  }

  std::optional<Value> Object(Type type, int depth) {
    const auto attributes = type.attributes();
    const auto size = MapSize();
    if (!size) return Fail("an object is required");
    if (*size != attributes.size()) {
      return Fail("an object with " + std::to_string(attributes.size()) +
                  " attributes is required (" + std::to_string(*size) + " given)");
    }
    std::vector<std::optional<Value>> read(attributes.size());
    for (std::size_t i = 0; i < attributes.size(); ++i) {
      const auto name = Text();
      if (!name) return Fail("all keys must be strings");
      const std::size_t index = type.AttributeIndex(*name);
      if (index == Type::npos || read[index]) return Fail("unsupported attribute");
      read[index] = Read(attributes[index].type, depth + 1);
      if (!read[index]) return std::nullopt;
    }
    std::vector<Value> values;
    for (auto& value : read) values.push_back(std::move(*value));
    return Value::ObjectOf(type, std::move(values));
  }

  std::optional<Value> Unknown(Type type) {
    const std::uint8_t code = *Peek();
    ++at_;
    std::optional<std::uint64_t> size = std::uint64_t{1} << (code >= 0xD4 ? code - 0xD4 : 0);
    if (code <= 0xC9) size = BigEndian(std::size_t{1} << (code - 0xC7));
    const auto kind = BigEndian(1);
    if (!size || !kind) return Fail("the data ends early");
    if (*size <= 1) {
      if (!Raw(static_cast<std::size_t>(*size))) return Fail("the data ends early");
      return Value::Unknown(type);
    }
    if (*kind != kRefinedExtension) return Fail("unsupported extension");
    if (*size > kMaxRefinement) return Fail("oversize unknown value refinement");
    const auto body = Raw(static_cast<std::size_t>(*size));
    if (!body) return Fail("the data ends early");
    if (type.IsDynamic()) return Value::Dynamic();
    Reader reader(*body);
    auto value = reader.Refined(type);
    if (!value) return Fail("what is known of an unknown value cannot be read");
    return value;
  }

  std::optional<Value> Refined(Type type) {
    const auto entries = MapSize();
    if (!entries) return std::nullopt;
    Refinement refinement;
    for (std::size_t i = 0; i < *entries; ++i) {
      const auto key = Integer();
      if (!key) return std::nullopt;
      switch (*key) {
        case kNullness: {
          const auto is_null = Read(Type::Bool(), 0);
          if (!is_null || !is_null->IsKnown() || is_null->IsNull()) return std::nullopt;
          if (is_null->AsBool()) return Value::Null(type);
          refinement.not_null = true;
          break;
        }
        case kPrefix: {
          const auto prefix = Text();
          if (!prefix || type != Type::String()) return std::nullopt;
          refinement.prefix = NormalizeNfc(*prefix);
          break;
        }
        case kMinimum:
        case kMaximum: {
          if (type != Type::Number() || ArraySize() != 2) return std::nullopt;
          auto bound = ReadNumber();
          const auto inclusive = Read(Type::Bool(), 0);
          if (!bound || !inclusive || !inclusive->IsKnown() || inclusive->IsNull()) {
            return std::nullopt;
          }
          (*key == kMinimum ? refinement.minimum : refinement.maximum) = std::move(bound);
          (*key == kMinimum ? refinement.minimum_inclusive : refinement.maximum_inclusive) =
              inclusive->AsBool();
          break;
        }
        case kMinLength:
        case kMaxLength: {
          const auto length = Integer();
          if (!length || *length < 0 || !type.IsCollection()) return std::nullopt;
          (*key == kMinLength ? refinement.min_length : refinement.max_length) = *length;
          break;
        }
        default:
          return std::nullopt;
      }
    }
    const bool numbers_cross =
        refinement.minimum && refinement.maximum && *refinement.minimum > *refinement.maximum;
    const bool lengths_cross =
        refinement.max_length && *refinement.max_length < refinement.min_length.value_or(0);
    if (numbers_cross || lengths_cross) return std::nullopt;
    return Value::Unknown(type, std::move(refinement));
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::string error_;
};

}  // namespace

std::optional<Value> FromMsgpack(std::string_view bytes, Type type, std::string* error) {
  Reader reader(bytes);
  auto value = reader.Read(type, 0);
  if (value && !reader.AtEnd()) {
    reader.Fail("there is something after the value");
    value.reset();
  }
  if (!value && error != nullptr) *error = reader.error();
  return value;
}

}  // namespace tkn
