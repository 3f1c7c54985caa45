#include "engine/value/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "engine/value/node.h"

namespace tkn {

namespace {

// Bytes that Go's encoder writes as they are.
bool IsPlain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
}

void AppendQuoted(std::string_view text, std::string& out) {
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (IsPlain(c)) continue;
    // U+2028 and U+2029 end lines in JavaScript.
    const bool separator = c == '\xE2' && text.substr(i, 2) == "\xE2\x80" && i + 2 < text.size() &&
                           (text[i + 2] == '\xA8' || text[i + 2] == '\xA9');
    if (static_cast<unsigned char>(c) >= 0x80 && !separator) continue;
    out += text.substr(plain, i - plain);
    plain = i + 1;
    switch (c) {
      case '"':
      case '\\':
        out += '\\';
        out += c;
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (separator) {
          out += text[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
          i += 2;
          plain = i + 1;
        } else {
          constexpr char kHex[] = "0123456789abcdef";
          out += "\\u00";
          out += kHex[static_cast<unsigned char>(c) >> 4];
          out += kHex[static_cast<unsigned char>(c) & 0xF];
        }
    }
  }
  out += text.substr(plain);
  out += '"';
}

void Append(const Value& value, Type type, std::string& out) {
  const Value::Node& node = *value.node();
  if (node.kind == NodeKind::kMarked) throw std::logic_error("a marked value as JSON");
  if (!value.IsKnown()) throw std::logic_error("an unknown value as JSON");
  if (type.IsDynamic() && !value.type().IsDynamic()) {
    out += "{\"value\":";
    Append(value, value.type(), out);
    out += ",\"type\":" + value.type().ToJson() + "}";
    return;
  }
  switch (node.kind) {
    case NodeKind::kBool:
      out += node.size != 0 ? "true" : "false";
      return;
    case NodeKind::kNumber:
      if (node.number().IsInfinite()) throw std::logic_error("infinity as JSON");
      out += node.number().ToString();
      return;
    case NodeKind::kString:
      return AppendQuoted(node.text(), out);
    case NodeKind::kElements:
    case NodeKind::kMap:
      break;
    default:
      out += "null";
      return;
  }
  const bool keyed = node.type->kind == TypeKind::kMap || node.type->kind == TypeKind::kObject;
  out += keyed ? '{' : '[';
  for (std::uint32_t i = 0; i < node.size; ++i) {
    if (i > 0) out += ',';
    Type part;
    if (type.IsObject()) {
      part = type.attributes()[i].type;
    } else {
      part = type.IsTuple() ? type.tuple_elements()[i] : type.element();
    }
    if (keyed) {
      AppendQuoted(node.kind == NodeKind::kMap ? node.key(i)
                                               : std::string_view(node.type->attributes[i].name),
                   out);
      out += ':';
    }
    Append(node.values()[i], part, out);
  }
  out += keyed ? '}' : ']';
}

// Whether parts of a value of `have` lie where `want` says: the same kinds all the way, names
// included.
bool HasShape(Type have, Type want) {
  if (want.IsDynamic() || have == want) return true;
  if (have.kind() != want.kind()) return false;
  if (want.IsCollection()) return HasShape(have.element(), want.element());
  if (want.IsTuple())
    return std::ranges::equal(have.tuple_elements(), want.tuple_elements(), HasShape);
  if (!want.IsObject()) return false;
  return std::ranges::equal(have.attributes(), want.attributes(),
                            [](const ObjectAttribute& a, const ObjectAttribute& b) {
                              return a.name == b.name && HasShape(a.type, b.type);
                            });
}

}  // namespace

std::string JsonQuote(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  AppendQuoted(text, out);
  return out;
}

bool HasInfinity(const Value& value) {
  const Value bare = value.Unmark().first;
  if (!bare.IsKnown() || bare.IsNull() || bare.type().IsDynamic()) return false;
  if (bare.type() == Type::Number()) return bare.AsNumber().IsInfinite();
  return !bare.type().IsPrimitive() && std::ranges::any_of(bare.elements(), HasInfinity);
}

std::string ToJson(const Value& value) {
  std::string out;
  Append(value, value.type(), out);
  return out;
}

std::string ToJson(const Value& value, Type type) {
  const bool whole = !value.ContainsMarked() && value.IsKnown() && !value.IsNull();
  if (whole && !HasShape(value.type(), type)) {
    throw std::logic_error("a " + value.type().FriendlyName() + " as JSON of " +
                           type.FriendlyName());
  }
  std::string out;
  Append(value, type, out);
  return out;
}

nlohmann::json ToNlohmann(const Value& value) {
  if (value.IsMarked()) throw std::logic_error("a marked value as JSON");
  if (!value.IsKnown()) throw std::logic_error("an unknown value as JSON");
  if (value.IsNull()) return nullptr;
  switch (value.type().kind()) {
    case TypeKind::kString:
      return std::string(value.AsString());
    case TypeKind::kBool:
      return value.AsBool();
    case TypeKind::kNumber: {
      const Number& number = value.AsNumber();
      if (const auto whole = number.ToInt64()) return *whole;
      const double approximate = number.ToDouble();
      if (!number.IsInfinite() && number == Number::FromDouble(approximate)) return approximate;
      return number.ToString();
    }
    case TypeKind::kMap:
    case TypeKind::kObject: {
      auto object = nlohmann::json::object();
      for (std::size_t i = 0; i < value.Length(); ++i) {
        object[std::string(value.KeyAt(i))] = ToNlohmann(value.elements()[i]);
      }
      return object;
    }
    default: {
      auto array = nlohmann::json::array();
      for (const Value& element : value.elements()) array.push_back(ToNlohmann(element));
      return array;
    }
  }
}

}  // namespace tkn
