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

class Writer {
 public:
  void Write(const Value& value, Type type) {
    if (value.IsMarked()) throw std::logic_error("a marked value as MessagePack");
    if (type.IsDynamic() && !value.type().IsDynamic()) {
      ArraySize(2);
      Bytes(value.type().ToJson());
      Write(value, value.type());
      return;
    }
    if (!value.IsKnown()) return Unknown(value);
    if (value.IsNull()) return Byte(0xC0);
    switch (value.type().kind()) {
      case TypeKind::kString:
        return Text(value.AsString());
      case TypeKind::kNumber:
        return WriteNumber(value.AsNumber());
      case TypeKind::kBool:
        return Byte(value.AsBool() ? 0xC3 : 0xC2);
      case TypeKind::kMap:
      case TypeKind::kObject:
        MapSize(value.Length());
        break;
      default:
        ArraySize(value.Length());
    }
    if (value.type().kind() != type.kind()) {
      throw std::logic_error("a " + value.type().FriendlyName() + " as MessagePack of " +
                             type.FriendlyName());
    }
    const auto elements = value.elements();
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if (type.IsMap() || type.IsObject()) Text(value.KeyAt(i));
      Write(elements[i], type.IsObject()  ? type.attributes()[i].type
                         : type.IsTuple() ? type.tuple_elements()[i]
                                          : type.element());
    }
  }

  std::string Take() { return std::move(out_); }

 private:
  void Byte(unsigned value) { out_ += static_cast<char>(value); }

  void BigEndian(std::uint64_t value, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
      Byte(static_cast<unsigned>(value >> shift) & 0xFF);
    }
  }

  // A length: in the first byte when below `small`, else after one of the codes for 8, 16 and 32
  // bits (0: there is none).
  void Size(std::size_t size, unsigned fixed, std::size_t small, unsigned code8, unsigned code16) {
    if (size < small) {
      Byte(fixed | static_cast<unsigned>(size));
    } else if (size <= 0xFF && code8 != 0) {
      Byte(code8);
      BigEndian(size, 1);
    } else if (size <= 0xFFFF) {
      Byte(code16);
      BigEndian(size, 2);
    } else {
      Byte(code16 + 1);
      BigEndian(size, 4);
    }
  }

  void ArraySize(std::size_t size) { Size(size, 0x90, 16, 0, 0xDC); }
  void MapSize(std::size_t size) { Size(size, 0x80, 16, 0, 0xDE); }

  void Text(std::string_view text) {
    Size(text.size(), 0xA0, 32, 0xD9, 0xDA);
    out_ += text;
  }

  void Bytes(std::string_view bytes) {
    Size(bytes.size(), 0, 0, 0xC4, 0xC5);
    out_ += bytes;
  }

  void Integer(std::int64_t value) {
    if (value >= 0) {
      const auto magnitude = static_cast<std::uint64_t>(value);
      if (magnitude < 128) return Byte(static_cast<unsigned>(magnitude));
      const int power = magnitude <= 0xFF         ? 0
                        : magnitude <= 0xFFFF     ? 1
                        : magnitude <= 0xFFFFFFFF ? 2
                                                  : 3;
      Byte(0xCC + static_cast<unsigned>(power));
      return BigEndian(magnitude, 1 << power);
    }
    if (value >= -32) return Byte(static_cast<unsigned>(value) & 0xFF);
    const int power = value >= INT8_MIN ? 0 : value >= INT16_MIN ? 1 : value >= INT32_MIN ? 2 : 3;
    Byte(0xD0 + static_cast<unsigned>(power));
    BigEndian(static_cast<std::uint64_t>(value), 1 << power);
  }

  void WriteNumber(const Number& number) {
    if (const auto whole = number.ToInt64()) return Integer(*whole);
    if (number.IsInfinite() || (!number.IsInteger() && number.IsExactDouble())) {
      Byte(0xCB);
      return BigEndian(std::bit_cast<std::uint64_t>(number.ToDouble()), 8);
    }
    Text(number.ToString());
  }

  void Bound(RefinementKey key, const Number& number, bool inclusive) {
    Byte(key);
    ArraySize(2);
    WriteNumber(number);
    Byte(inclusive ? 0xC3 : 0xC2);
  }

  void Unknown(const Value& value) {
    const Refinement* refinement = value.refinement();
    Writer body;
    std::size_t entries = 0;
    const auto entry = [&](bool present) {
      entries += present ? 1 : 0;
      return present;
    };
    if (refinement != nullptr) {
      if (entry(refinement->not_null)) {
        body.Byte(kNullness);
        body.Byte(0xC2);
      }
      if (entry(refinement->minimum.has_value())) {
        body.Bound(kMinimum, *refinement->minimum, refinement->minimum_inclusive);
      }
      if (entry(refinement->maximum.has_value())) {
        body.Bound(kMaximum, *refinement->maximum, refinement->maximum_inclusive);
      }
      std::string prefix = refinement->prefix;
      if (prefix.size() > kMaxPrefix) prefix = SafePrefix(prefix.substr(0, kMaxPrefix - 1));
      if (entry(!prefix.empty())) {
        body.Byte(kPrefix);
        body.Text(prefix);
      }
      if (entry(refinement->min_length.has_value())) {
        body.Byte(kMinLength);
        body.Integer(*refinement->min_length);
      }
      if (entry(refinement->max_length.has_value())) {
        body.Byte(kMaxLength);
        body.Integer(*refinement->max_length);
      }
    }
    Writer head;
    head.MapSize(entries);
    const std::string content = head.Take() + body.Take();
    if (entries == 0 || content.size() > kMaxRefinement) {
      Byte(0xD4);
      Byte(kUnknownExtension);
      Byte(0);
      return;
    }
    const std::size_t size = content.size();
    if (std::has_single_bit(size) && size <= 16) {
      Byte(0xD4 + static_cast<unsigned>(std::countr_zero(size)));
    } else {
      Size(size, 0, 0, 0xC7, 0xC8);
    }
    Byte(kRefinedExtension);
    out_ += content;
  }

  std::string out_;
};

}  // namespace

std::string ToMsgpack(const Value& value, Type type) {
  Writer writer;
  writer.Write(value, type);
  return writer.Take();
}

}  // namespace tkn
