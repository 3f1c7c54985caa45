#include "engine/value/json.h"
#include "engine/value/text.h"
#include "engine/value/type.h"

namespace tkn {

namespace {

void Append(const Type& type, bool constraint, std::string& out) {
  switch (type.kind()) {
    case TypeKind::kDynamic:
      out += constraint ? "any type" : "dynamic";
      return;
    case TypeKind::kString:
      out += "string";
      return;
    case TypeKind::kNumber:
      out += "number";
      return;
    case TypeKind::kBool:
      out += "bool";
      return;
    case TypeKind::kList:
      out += "list of ";
      break;
    case TypeKind::kSet:
      out += "set of ";
      break;
    case TypeKind::kMap:
      out += "map of ";
      break;
    case TypeKind::kTuple:
      out += "tuple";
      return;
    case TypeKind::kObject:
      out += "object";
      return;
  }
  if (constraint && type.element().IsDynamic()) {
    out += "any single type";
  } else {
    Append(type.element(), constraint, out);
  }
}

bool IsIdentifier(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9') || name[0] == '-') return false;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                        static_cast<unsigned char>(c) >= 0x80;
    if (!letter && !(c >= '0' && c <= '9') && c != '-') return false;
  }
  return true;
}

void AppendConstraint(const Type& type, std::string& out) {
  switch (type.kind()) {
    case TypeKind::kDynamic:
      out += "any";
      return;
    case TypeKind::kString:
    case TypeKind::kNumber:
    case TypeKind::kBool:
      Append(type, false, out);
      return;
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap:
      out += type.IsList() ? "list(" : type.IsSet() ? "set(" : "map(";
      AppendConstraint(type.element(), out);
      out += ")";
      return;
    case TypeKind::kTuple: {
      out += "tuple([";
      std::string_view separator;
      for (const Type element : type.tuple_elements()) {
        out += separator;
        separator = ", ";
        AppendConstraint(element, out);
      }
      out += "])";
      return;
    }
    case TypeKind::kObject: {
      if (type.attributes().empty()) {
        out += "object({})";
        return;
      }
      out += "object({ ";
      std::string_view separator;
      for (const ObjectAttribute& attribute : type.attributes()) {
        out += separator;
        separator = ", ";
        out += IsIdentifier(attribute.name) ? attribute.name : JsonQuote(attribute.name);
        out += attribute.optional ? " = optional(" : " = ";
        AppendConstraint(attribute.type, out);
        if (attribute.optional) out += ")";
      }
      out += " })";
      return;
    }
  }
}

void AppendJson(const Type& type, std::string& out) {
  switch (type.kind()) {
    case TypeKind::kDynamic:
      out += "\"dynamic\"";
      return;
    case TypeKind::kString:
      out += "\"string\"";
      return;
    case TypeKind::kNumber:
      out += "\"number\"";
      return;
    case TypeKind::kBool:
      out += "\"bool\"";
      return;
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap:
      out += type.IsList() ? "[\"list\"," : type.IsSet() ? "[\"set\"," : "[\"map\",";
      AppendJson(type.element(), out);
      out += "]";
      return;
    case TypeKind::kTuple: {
      out += "[\"tuple\",[";
      std::string_view separator;
      for (const Type element : type.tuple_elements()) {
        out += separator;
        separator = ",";
        AppendJson(element, out);
      }
      out += "]]";
      return;
    }
    case TypeKind::kObject: {
      out += "[\"object\",{";
      std::string_view separator;
      std::string optional;
      for (const ObjectAttribute& attribute : type.attributes()) {
        out += separator;
        separator = ",";
        const std::string name = JsonQuote(attribute.name);
        out += name;
        out += ":";
        AppendJson(attribute.type, out);
        if (attribute.optional) {
          optional += optional.empty() ? "" : ",";
          optional += name;
        }
      }
      out += "}";
      if (!optional.empty()) out += ",[" + optional + "]";
      out += "]";
      return;
    }
  }
}

}  // namespace

std::string Type::FriendlyName() const {
  std::string out;
  Append(*this, false, out);
  return out;
}

std::string Type::FriendlyNameForConstraint() const {
  std::string out;
  Append(*this, true, out);
  return out;
}

std::string Type::ConstraintString() const {
  std::string out;
  AppendConstraint(*this, out);
  return out;
}

std::string Type::ToJson() const {
  std::string out;
  AppendJson(*this, out);
  return out;
}

}  // namespace tkn
