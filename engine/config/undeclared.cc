#include <vector>

#include "engine/config/module_index.h"
#include "parser/suggest.h"

namespace tkn::config {

using lang::ReferenceKind;

namespace {

template <typename List>
std::string Hint(std::string_view given, const List& list) {
  std::vector<std::string> names;
  names.reserve(list.size());
  for (const auto& item : list) names.emplace_back(item.name);
  return DidYouMean(given, names);
}

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

Diagnostic UndeclaredResource(const Module& module, const lang::Reference& reference) {
  const bool data = reference.mode == ResourceMode::kData;
  const std::string kind = data                                         ? "A data resource "
                           : reference.mode == ResourceMode::kEphemeral ? "An ephemeral resource "
                                                                        : "A managed resource ";
  std::string detail =
      kind + Quoted(reference.type) + " " + Quoted(reference.name) + " is not in this module.";
  const ResourceMode other = data ? ResourceMode::kManaged : ResourceMode::kData;
  if (module.FindResource(other, reference.type, reference.name) != kNone) {
    detail += data ? " Did you mean the managed resource " : " Did you mean the data source ";
    detail +=
        ResourceName{other, std::string(reference.type), std::string(reference.name)}.ToString() +
        "?";
  } else {
    std::vector<std::string> names, addresses;
    for (const Resource& resource : module.resources) {
      if (resource.name.mode != reference.mode) continue;
      if (resource.name.type == reference.type) names.emplace_back(resource.name.name);
      if (resource.name.name == reference.name) addresses.push_back(resource.name.ToString());
    }
    const std::string hint = DidYouMean(reference.name, names);
    const ResourceName given{reference.mode, std::string(reference.type),
                             std::string(reference.name)};
    detail += hint.empty() ? DidYouMean(given.ToString(), addresses) : hint;
  }
  return {.summary = "Reference to undeclared resource",
          .detail = std::move(detail),
          .subject = reference.range};
}

}  // namespace

Diagnostic Undeclared(const Module& module, const lang::Reference& reference) {
  const std::string_view name = reference.name;
  switch (reference.kind) {
    case ReferenceKind::kVariable:
      return {.summary = "Reference to undeclared input variable",
              .detail = "An input variable " + Quoted(name) + " is not in this module." +
                        Hint(name, module.variables) + " It is declared by: variable " +
                        Quoted(name) + " {}",
              .subject = reference.range};
    case ReferenceKind::kLocal:
      return {.summary = "Reference to undeclared local value",
              .detail = "A local value " + Quoted(name) + " is not in this module." +
                        Hint(name, module.locals),
              .subject = reference.range};
    case ReferenceKind::kModule:
      return {.summary = "Reference to undeclared module",
              .detail = "No module call " + Quoted(name) + " is in this module." +
                        Hint(name, module.module_calls),
              .subject = reference.range};
    case ReferenceKind::kResource:
      return UndeclaredResource(module, reference);
    case ReferenceKind::kCount:
      return {.summary = "Invalid \"count\" attribute",
              .detail = "The \"count\" object has count.index and nothing else.",
              .subject = reference.range};
    case ReferenceKind::kEach:
      return {.summary = "Invalid \"each\" attribute",
              .detail = "The \"each\" object has each.key and each.value, and nothing else.",
              .subject = reference.range};
    case ReferenceKind::kPath:
      return {.summary = "Invalid \"path\" attribute",
              .detail =
                  "The \"path\" object has path.module, path.root and path.cwd, and nothing else.",
              .subject = reference.range};
    case ReferenceKind::kTerraform:
      return {.summary = "Invalid \"terraform\" attribute",
              .detail =
                  name == "env"
                      ? "terraform.env is now called terraform.workspace."
                      : "The \"terraform\" object has terraform.workspace and terraform.applying.",
              .subject = reference.range};
    default:
      return {.summary = "Invalid reference",
              .detail = "Nothing named " + Quoted(name) + " can be referred to here.",
              .subject = reference.range};
  }
}

}  // namespace tkn::config
