#include <algorithm>

#include "engine/value/conversion.h"
#include "engine/value/convert.h"
#include "engine/value/text.h"

// Why one type does not convert to another, in Terraform's words.
namespace tkn {

namespace {

std::string Required(Type want) { return want.FriendlyNameForConstraint() + " required"; }

std::string MissingAttributes(const std::vector<std::string>& names) {
  if (names.size() == 1) return "attribute " + Quote(names[0]) + " is required";
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) list += names.size() == 2 ? " and " : i + 1 == names.size() ? ", and " : ", ";
    list += Quote(names[i]);
  }
  return "attributes " + list + " are required";
}

std::string OfObjects(Type got, Type want) {
  std::vector<std::string> missing;
  for (const ObjectAttribute& attribute : want.attributes()) {
    if (!attribute.optional && got.FindAttribute(attribute.name) == nullptr) {
      missing.push_back(attribute.name);
    }
  }
  if (!missing.empty()) return MissingAttributes(missing);
  // What never converts is worse than what may fail by its value.
  for (const bool unsafe : {true, false}) {
    for (const ObjectAttribute& attribute : want.attributes()) {
      const ObjectAttribute* have = got.FindAttribute(attribute.name);
      if (have == nullptr || have->type == attribute.type) continue;
      if (IsConvertible(have->type, attribute.type, unsafe)) continue;
      return "attribute " + Quote(attribute.name) + ": " +
             MismatchMessage(have->type, attribute.type);
    }
  }
  return "incorrect object attributes";
}

std::string OfStructure(Type got, Type want) {
  const Type element = want.element();
  const auto fits = [&](Type part) {
    return part == element || IsConvertible(part, element, true);
  };
  if ((want.IsList() || want.IsSet()) && got.IsTuple()) {
    const auto parts = got.tuple_elements();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (!fits(parts[i])) {
        return "element " + std::to_string(i) + ": " + MismatchMessage(parts[i], element);
      }
    }
    return "all elements must be " + element.FriendlyNameForConstraint();
  }
  if (want.IsMap() && got.IsObject()) {
    for (const ObjectAttribute& attribute : got.attributes()) {
      if (!fits(attribute.type)) {
        return "element " + Quote(attribute.name) + ": " + MismatchMessage(attribute.type, element);
      }
    }
    return "all elements must be " + element.FriendlyNameForConstraint();
  }
  return Required(want);
}

std::string OfCollections(Type got, Type want) {
  const bool kinds_fit = want.IsMap() == got.IsMap();
  if (!kinds_fit) return Required(want);
  const char* noun = want.IsList() ? "list" : want.IsSet() ? "set" : "map";
  return std::string("incorrect ") + noun +
         " element type: " + MismatchMessage(got.element(), want.element());
}

}  // namespace

std::string MismatchMessage(Type got, Type want) {
  if (got.IsObject() && want.IsObject()) return OfObjects(got, want);
  if (want.IsCollection() && want.element().IsDynamic()) {
    if (got.IsTuple() && want.IsList()) return "all list elements must have the same type";
    if (got.IsTuple() && want.IsSet()) return "all set elements must have the same type";
    if (got.IsObject() && want.IsMap()) return "all map elements must have the same type";
  }
  if (want.IsCollection() && (got.IsTuple() || got.IsObject())) return OfStructure(got, want);
  if (want.IsCollection() && got.IsCollection()) return OfCollections(got, want);
  return Required(want);
}

}  // namespace tkn
