#include "engine/value/inspect.h"

#include <ostream>

#include "engine/value/node.h"
#include "engine/value/text.h"

namespace tkn {

namespace {

std::string_view Name(MarkKind kind) {
  switch (kind) {
    case MarkKind::kSensitive:
      return "sensitive";
    case MarkKind::kEphemeral:
      return "ephemeral";
    case MarkKind::kTypeType:
      return "type";
    case MarkKind::kOrigin:
      return "origin";
    case MarkKind::kDeferred:
      return "deferred";
  }
  return "";
}

std::string DescribeRefinement(const Refinement& refinement) {
  std::string out;
  if (refinement.not_null) out += ", not null";
  if (!refinement.prefix.empty()) out += ", prefix " + Quote(refinement.prefix);
  if (refinement.minimum) {
    out += (refinement.minimum_inclusive ? ", >= " : ", > ") + refinement.minimum->ToString();
  }
  if (refinement.maximum) {
    out += (refinement.maximum_inclusive ? ", <= " : ", < ") + refinement.maximum->ToString();
  }
  if (refinement.min_length) out += ", length >= " + std::to_string(*refinement.min_length);
  if (refinement.max_length) out += ", length <= " + std::to_string(*refinement.max_length);
  return out;
}

std::string_view Opening(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kList:
      return "list(";
    case TypeKind::kSet:
      return "set(";
    case TypeKind::kMap:
      return "map(";
    default:
      return "";
  }
}

std::string DescribeElements(const Value& value) {
  const Type type = value.type();
  const bool keyed = type.IsMap() || type.IsObject();
  std::string out(Opening(type));
  // An empty collection's elements don't tell their type.
  if (type.IsCollection() && value.Length() == 0) out += type.element().ConstraintString() + " ";
  out += keyed ? "{" : "[";
  for (std::size_t i = 0; i < value.Length(); ++i) {
    if (i > 0) out += ", ";
    if (keyed) out += Quote(value.KeyAt(i)) + " = ";
    out += Inspect(value.elements()[i]);
  }
  out += keyed ? "}" : "]";
  return type.IsCollection() ? out + ")" : out;
}

}  // namespace

std::string Inspect(const Value& value) {
  if (value.IsMarked()) {
    std::string out;
    const auto [bare, marks] = value.Unmark();
    for (const Mark& mark : marks.marks()) {
      out += out.empty() ? "" : "+";
      out += Name(mark.kind);
      if (!mark.origin.empty()) out += ":" + mark.origin;
    }
    return out + "(" + Inspect(bare) + ")";
  }
  const std::string type = value.type().IsDynamic() ? "" : value.type().ConstraintString();
  if (!value.IsKnown()) {
    const Refinement* refinement = value.refinement();
    return "unknown(" + type + (refinement == nullptr ? "" : DescribeRefinement(*refinement)) + ")";
  }
  if (value.IsNull()) return "null(" + type + ")";
  switch (value.type().kind()) {
    case TypeKind::kString:
      return Quote(value.AsString());
    case TypeKind::kNumber:
      return value.AsNumber().ToString();
    case TypeKind::kBool:
      return value.AsBool() ? "true" : "false";
    default:
      return DescribeElements(value);
  }
}

std::ostream& operator<<(std::ostream& out, const Value& value) { return out << Inspect(value); }

std::ostream& operator<<(std::ostream& out, const Type& type) {
  return out << type.ConstraintString();
}

std::ostream& operator<<(std::ostream& out, const Number& number) {
  return out << number.ToString();
}

}  // namespace tkn
