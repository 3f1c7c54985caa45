#include "engine/lang/reference.h"

#include <fmt/format.h>

#include "engine/value/number.h"

namespace tkn::lang {

namespace {

using parser::Step;
using parser::Traversal;

constexpr std::string_view kInvalid = "Invalid reference";

void Add(Diagnostics& diags, std::string_view summary, std::string detail,
         const SourceRange& subject) {
  Diagnostic diagnostic;
  diagnostic.summary = summary;
  diagnostic.detail = std::move(detail);
  diagnostic.subject = subject;
  diags.Add(std::move(diagnostic));
}

SourceRange RangeOf(const Traversal& traversal, std::size_t steps) {
  return steps == 0 ? traversal.root_range
                    : Join(traversal.root_range, traversal.steps[steps - 1].range);
}

// What Terraform says first about a name that is missing altogether; then comes what is wrong with
// the reference.
std::string_view MissingName(ReferenceKind kind) {
  switch (kind) {
    case ReferenceKind::kVariable:
      return "Reference to undeclared input variable";
    case ReferenceKind::kLocal:
      return "Reference to undeclared local value";
    case ReferenceKind::kCount:
      return "Invalid \"count\" attribute";
    case ReferenceKind::kEach:
      return "Invalid \"each\" attribute";
    case ReferenceKind::kPath:
      return "Invalid \"path\" attribute";
    case ReferenceKind::kTerraform:
      return "Invalid \"terraform\" attribute";
    default:
      return {};
  }
}

std::optional<Reference> ParseNamed(ReferenceKind kind, const Traversal& traversal,
                                    Diagnostics& diags) {
  if (traversal.steps.empty() || traversal.steps[0].kind != Step::Kind::kAttribute) {
    const std::string_view first = MissingName(kind);
    if (!first.empty()) {
      Add(diags, first,
          fmt::format("After \"{0}\" there must be a period and a name, as in {0}.NAME.",
                      traversal.root),
          {});  // Terraform shows no place for a name that is not there
    }
    if (traversal.steps.empty()) {
      Add(diags, kInvalid,
          fmt::format("\"{0}\" by itself has no value. Refer to what is in it, as in {0}.NAME.",
                      traversal.root),
          traversal.root_range);
    } else {
      Add(diags, kInvalid,
          fmt::format("What is in \"{0}\" can't be selected with an index. Write {0}.NAME.",
                      traversal.root),
          traversal.steps[0].range);
    }
    return std::nullopt;
  }
  Reference reference;
  reference.kind = kind;
  reference.name = traversal.steps[0].text;
  reference.steps_used = 1;
  reference.range = RangeOf(traversal, 1);
  return reference;
}

// A literal index as an instance key; sets `failed` for one that can't be.
std::optional<InstanceKey> ParseKey(const Step& step, std::string_view what, Diagnostics& diags,
                                    bool& failed) {
  if (step.kind == Step::Kind::kIndexString) return InstanceKey(std::string(step.text));
  const auto number = Number::Parse(step.text);
  const auto index = number ? number->ToInt64() : std::nullopt;
  if (!index) {
    Add(diags, "Invalid index key",
        fmt::format("Instances of a {} are numbered with whole numbers, and {} is none.", what,
                    step.text),
        step.range);
    failed = true;
    return std::nullopt;
  }
  return InstanceKey(*index);
}

struct ResourceWords {
  ResourceMode mode;
  std::string_view kind;  // "a data source"
};

ResourceWords WordsOf(ResourceMode mode) {
  switch (mode) {
    case ResourceMode::kData:
      return {mode, "a data source"};
    case ResourceMode::kEphemeral:
      return {mode, "an ephemeral resource type"};
    case ResourceMode::kManaged:
      break;
  }
  return {mode, "a resource type"};
}

// `type` is the text of the type's name, `at` the step that holds the resource's name.
std::optional<Reference> ParseResource(ResourceMode mode, std::string_view type, std::size_t at,
                                       const Traversal& traversal, Diagnostics& diags) {
  const bool is_missing = traversal.steps.size() <= at;
  if (is_missing || traversal.steps[at].kind != Step::Kind::kAttribute) {
    Add(diags, kInvalid,
        fmt::format(
            "\"{0}\" is taken for {1} here, and behind that there must be a period and the name of "
            "a resource, as in {0}.NAME. Texts are written in quotes.",
            type, WordsOf(mode).kind),
        is_missing ? RangeOf(traversal, traversal.steps.size()) : traversal.steps[at].range);
    return std::nullopt;
  }
  Reference reference;
  reference.kind = ReferenceKind::kResource;
  reference.mode = mode;
  reference.type = type;
  reference.name = traversal.steps[at].text;
  reference.steps_used = at + 1;
  if (traversal.steps.size() > at + 1 && traversal.steps[at + 1].kind != Step::Kind::kAttribute) {
    bool failed = false;
    reference.key = ParseKey(traversal.steps[at + 1], "resource", diags, failed);
    if (failed) return std::nullopt;
    reference.steps_used = at + 2;
  }
  reference.range = RangeOf(traversal, reference.steps_used);
  return reference;
}

// data.TYPE.NAME, ephemeral.TYPE.NAME, resource.TYPE.NAME.
std::optional<Reference> ParsePrefixed(ResourceMode mode, const Traversal& traversal,
                                       Diagnostics& diags) {
  const bool is_short = traversal.steps.size() < 2;
  if (is_short || traversal.steps[0].kind != Step::Kind::kAttribute) {
    Add(diags, kInvalid,
        fmt::format(
            "After \"{0}\" there must be two names, a type and the name of a resource, as in "
            "{0}.TYPE.NAME.",
            traversal.root),
        is_short ? traversal.range : traversal.steps[0].range);
    return std::nullopt;
  }
  return ParseResource(mode, traversal.steps[0].text, 1, traversal, diags);
}

std::optional<Reference> ParseModule(const Traversal& traversal, Diagnostics& diags) {
  auto reference = ParseNamed(ReferenceKind::kModule, traversal, diags);
  if (!reference) return std::nullopt;
  std::size_t at = 1;
  if (traversal.steps.size() > at && traversal.steps[at].kind != Step::Kind::kAttribute) {
    bool failed = false;
    reference->key = ParseKey(traversal.steps[at], "module", diags, failed);
    if (failed) return std::nullopt;
    ++at;
    if (traversal.steps.size() > at && traversal.steps[at].kind != Step::Kind::kAttribute) {
      Add(diags, "Invalid reference",
          "What stands behind a module's instance is one of its outputs, with a dot.",
          traversal.steps[at].range);
      return std::nullopt;
    }
  }
  if (traversal.steps.size() > at && traversal.steps[at].kind == Step::Kind::kAttribute) {
    reference->output = traversal.steps[at].text;
    ++at;
  }
  reference->steps_used = at;
  reference->range = RangeOf(traversal, at);
  return reference;
}

}  // namespace

std::optional<Reference> ParseReference(const Traversal& traversal, Diagnostics& diags) {
  const std::string_view root = traversal.root;
  if (root == "var") return ParseNamed(ReferenceKind::kVariable, traversal, diags);
  if (root == "local") return ParseNamed(ReferenceKind::kLocal, traversal, diags);
  if (root == "each") return ParseNamed(ReferenceKind::kEach, traversal, diags);
  if (root == "count") return ParseNamed(ReferenceKind::kCount, traversal, diags);
  if (root == "path") return ParseNamed(ReferenceKind::kPath, traversal, diags);
  if (root == "terraform") return ParseNamed(ReferenceKind::kTerraform, traversal, diags);
  if (root == "module") return ParseModule(traversal, diags);
  if (root == "data") return ParsePrefixed(ResourceMode::kData, traversal, diags);
  if (root == "resource") return ParsePrefixed(ResourceMode::kManaged, traversal, diags);
  if (root == "ephemeral") return ParsePrefixed(ResourceMode::kEphemeral, traversal, diags);
  if (root == "self") {
    Reference reference;
    reference.kind = ReferenceKind::kSelf;
    reference.range = traversal.root_range;
    return reference;
  }
  if (root == "template" || root == "lazy" || root == "arg") {
    Add(diags, "Reserved symbol name",
        fmt::format("The name \"{0}\" is kept for a later version of the language. For a resource "
                    "of a type "
                    "with this name write resource.{0}.NAME.",
                    root),
        traversal.root_range);
    return std::nullopt;
  }
  return ParseResource(ResourceMode::kManaged, root, 0, traversal, diags);
}

}  // namespace tkn::lang
