#include "engine/config/target_traversal.h"

#include <algorithm>
#include <array>

#include "engine/lang/evaluate.h"
#include "parser/content.h"

namespace tkn::config {

using parser::As;
using parser::Expression;
using parser::ExpressionKind;
using parser::Step;

namespace {

constexpr std::array<std::string_view, 11> kReservedRoots = {
    "var",  "local",    "path", "terraform", "each",     "count",
    "self", "template", "lazy", "arg",       "ephemeral"};

// Names and indexes in a row, whether they came from a traversal or from indexes with expressions.
struct Part {
  std::string_view name{};          // of a name
  const Step* index = nullptr;      // constant
  const Expression* any = nullptr;  // any expression
  SourceRange range{};
  bool IsName() const { return index == nullptr && any == nullptr; }
};

class Reader {
 public:
  Reader(std::vector<Part> parts, SourceRange whole, Diagnostics& diags)
      : parts_(std::move(parts)), whole_(whole), diags_(diags) {}

  struct Result {
    struct Module {
      std::string name;
      std::optional<Part> key{};
    };
    std::vector<Module> modules{};
    std::optional<ResourceName> resource{};
    std::optional<Part> key{};
    std::optional<Part> attribute{};  // follows the resource, and should not
  };

  std::optional<Result> Read(bool removed = false) {
    removed_ = removed;
    Result result;
    while (!Done() && Current().IsName() && Current().name == "module") {
      const SourceRange at = Current().range;
      ++at_;
      if (Done() || !Current().IsName()) {
        return Fail("The word \"module\" is followed by a dot and the name of a module call.",
                    Done() ? at : Current().range);
      }
      result.modules.push_back({std::string(Current().name)});
      ++at_;
      if (!Done() && !Current().IsName()) result.modules.back().key = parts_[at_++];
    }
    if (Done()) return result;
    return ReadResource(std::move(result));
  }

 private:
  std::optional<Result> ReadResource(Result result) {
    ResourceName name;
    const SourceRange first = Current().range;
    if (!Current().IsName())
      return Fail("An index can only follow the name of a module or a resource.", first);
    bool prefixed = false;
    if (Current().name == "data" || Current().name == "resource" || Current().name == "ephemeral") {
      name.mode = Current().name == "data"        ? ResourceMode::kData
                  : Current().name == "ephemeral" ? ResourceMode::kEphemeral
                                                  : ResourceMode::kManaged;
      prefixed = true;
      ++at_;
    }
    if (Done() || !Current().IsName())
      return Fail("The address of a resource has a type and a name.", first);
    if (!prefixed && std::ranges::find(kReservedRoots, Current().name) != kReservedRoots.end()) {
      return Fail("\"" + std::string(Current().name) +
                      "\" begins a reference to something else than a resource. For a resource "
                      "type of this name, "
                      "write \"resource.\" in front.",
                  whole_);
    }
    name.type = Current().name;
    ++at_;
    if (Done() || !Current().IsName()) {
      return Fail("The address of a resource has a type and a name, such as linode_token.ci.",
                  first);
    }
    name.name = Current().name;
    ++at_;
    result.resource = std::move(name);
    if (Done()) return result;
    if (Current().IsName()) {
      result.attribute = parts_[at_];
      if (removed_) return result;
      return Fail("After the name of a resource only an index in brackets can follow.",
                  Current().range);
    }
    result.key = parts_[at_++];
    if (!Done()) return Fail("The address ends with the index; this is too much.", Current().range);
    return result;
  }

  bool Done() const { return at_ >= parts_.size(); }
  const Part& Current() const { return parts_[at_]; }
  std::nullopt_t Fail(std::string detail, SourceRange range) {
    diags_.Add({.summary = "Invalid address", .detail = std::move(detail), .subject = range});
    return std::nullopt;
  }

  std::vector<Part> parts_;
  SourceRange whole_;
  Diagnostics& diags_;
  std::size_t at_ = 0;
  bool removed_ = false;
};

void Append(std::span<const Step> steps, std::vector<Part>& parts) {
  for (const Step& step : steps) {
    Part part{.range = step.range};
    if (step.kind == Step::Kind::kAttribute) {
      part.name = step.text;
    } else {
      part.index = &step;
    }
    parts.push_back(part);
  }
}

std::vector<Part> PartsOf(const parser::Traversal& traversal) {
  std::vector<Part> parts{{.name = traversal.root, .range = traversal.root_range}};
  Append(traversal.steps, parts);
  return parts;
}

// False where the expression is no chain of names and indexes.
bool Collect(const Expression& e, std::vector<Part>& parts) {
  switch (e.kind) {
    case ExpressionKind::kTraversal: {
      const auto more = PartsOf(As<parser::TraversalExpression>(e).traversal);
      parts.insert(parts.end(), more.begin(), more.end());
      return true;
    }
    case ExpressionKind::kRelative: {
      const auto& relative = As<parser::RelativeTraversal>(e);
      if (!Collect(*relative.source, parts)) return false;
      Append(relative.steps, parts);
      return true;
    }
    case ExpressionKind::kIndex: {
      const auto& index = As<parser::IndexExpression>(e);
      if (!Collect(*index.collection, parts)) return false;
      parts.push_back({.any = index.key, .range = index.bracket_range});
      return true;
    }
    default:
      return false;
  }
}

std::optional<InstanceKey> KeyOf(const Part& part, Diagnostics& diags) {
  if (part.index == nullptr)
    throw std::logic_error("config: an address with an expression as its index");
  if (part.index->kind == Step::Kind::kIndexString)
    return InstanceKey(std::string(part.index->text));
  const auto number = Number::Parse(part.index->text);
  const auto index = number ? number->ToInt64() : std::nullopt;
  if (index) return InstanceKey(*index);
  diags.Add({.summary = "Invalid address",
             .detail = "The index of an instance is a whole number, or a text in quotes.",
             .subject = part.range});
  return std::nullopt;
}

}  // namespace

std::optional<parser::Traversal> StrictTraversalOf(const Expression& written,
                                                   StaticContext& context) {
  const Expression& expression = parser::SyntaxOf(written, context.arena);
  if (auto traversal = lang::AsTraversal(expression)) return traversal;
  context.diags.Add(
      {.summary = "Invalid expression",
       .detail =
           "Only an address can stand here, without quotes: names with dots between them, and "
           "constant indexes.",
       .subject = expression.range});
  return std::nullopt;
}

std::optional<TargetAddress> TargetOf(const parser::Traversal& traversal, Diagnostics& diags) {
  const auto read = Reader(PartsOf(traversal), traversal.range, diags).Read();
  if (!read) return std::nullopt;
  TargetAddress target;
  std::vector<ModuleStep> steps;
  for (const auto& module : read->modules) {
    ModuleStep step{module.name, {}};
    if (module.key) {
      auto key = KeyOf(*module.key, diags);
      if (!key) return std::nullopt;
      step.key = *std::move(key);
    }
    steps.push_back(std::move(step));
  }
  target.module = ModuleAddress(std::move(steps));
  target.resource = read->resource;
  if (read->key) {
    target.key = KeyOf(*read->key, diags);
    if (!target.key) return std::nullopt;
  }
  return target;
}

std::optional<ConfigResource> ConfigResourceOf(const Expression& expression, Diagnostics& diags) {
  std::vector<Part> parts;
  if (!Collect(expression, parts)) {
    diags.Add({.summary = "Invalid expression",
               .detail = "Only the address of a resource can stand here, without quotes: names "
                         "with dots between them, "
                         "and indexes.",
               .subject = expression.range});
    return std::nullopt;
  }
  const auto read = Reader(std::move(parts), expression.range, diags).Read();
  if (!read) return std::nullopt;
  if (!read->resource) {
    diags.Add({.summary = "Invalid address",
               .detail = "This is the address of a module. After it the type and the name of a "
                         "resource must follow.",
               .subject = expression.range});
    return std::nullopt;
  }
  ConfigResource result{.module = {}, .resource = *read->resource};
  for (const auto& module : read->modules) result.module.push_back(module.name);
  return result;
}

bool RemovedTargetOf(const parser::Traversal& traversal, RemovedBlock& removed,
                     Diagnostics& diags) {
  const auto read = Reader(PartsOf(traversal), traversal.range, diags).Read(true);
  if (!read) return false;
  for (const auto& module : read->modules) {
    if (module.key) {
      diags.Add(
          {.summary = "Module instance keys not allowed",
           .detail =
               "A module is removed as a whole, with all its instances: write it without an index.",
           .subject = module.key->range});
      return false;
    }
    removed.module.push_back(module.name);
  }
  removed.resource = read->resource;
  if (read->key || read->attribute) {
    diags.Add({.summary = "Resource instance keys not allowed",
               .detail = "A resource is removed as a whole, with all its instances: write only its "
                         "type and its name.",
               .subject = (read->key ? read->key : read->attribute)->range});
    return false;
  }
  if (read->resource && read->resource->mode == ResourceMode::kData) {
    diags.Add({.summary = "Data source address not allowed",
               .detail = "A data source is only read: there is nothing to remove but its block.",
               .subject = traversal.range});
    return false;
  }
  return true;
}

}  // namespace tkn::config
