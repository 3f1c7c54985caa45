#include <algorithm>

#include "engine/config/block_decoder.h"
#include "engine/config/merge.h"
#include "engine/lang/evaluate.h"

namespace tkn::config {
namespace {

const parser::BodySchema& ManagedSchema() {
  static const parser::BodySchema schema{{{"count"}, {"for_each"}, {"provider"}, {"depends_on"}},
                                         {{"lifecycle", {}},
                                          {"connection", {}},
                                          {"provisioner", {"type"}},
                                          {"locals", {}},
                                          {"_", {}}}};
  return schema;
}

// Data sources and ephemeral resources.
const parser::BodySchema& DataSchema() {
  static const parser::BodySchema schema{{{"count"}, {"for_each"}, {"provider"}, {"depends_on"}},
                                         {{"lifecycle", {}}, {"locals", {}}, {"_", {}}}};
  return schema;
}

const parser::BodySchema& LifecycleSchema() {
  static const parser::BodySchema schema{{{"create_before_destroy"},
                                          {"prevent_destroy"},
                                          {"ignore_changes"},
                                          {"replace_triggered_by"}},
                                         {{"precondition", {}}, {"postcondition", {}}}};
  return schema;
}

struct Words {
  std::string_view block;
  std::string_view kind;
  std::string_view bad_type;
  std::string_view bad_name;
};

Words WordsOf(ResourceMode mode) {
  switch (mode) {
    case ResourceMode::kManaged:
      return {"resource", "managed resources", "Invalid resource type name",
              "Invalid resource name"};
    case ResourceMode::kData:
      return {"data", "data resource", "Invalid data source name", "Invalid data resource name"};
    case ResourceMode::kEphemeral:
      return {"ephemeral", "ephemeral resource", "Invalid ephemeral resource type",
              "Invalid ephemeral resource name"};
  }
  return {};
}

}  // namespace

Resource BlockDecoder::ReadResource(const RawBlock& raw, ResourceMode mode, bool in_check) {
  const parser::Block& block = *raw.block;
  Resource resource{
      .name = {mode, std::string(block.labels[0].text), std::string(block.labels[1].text)},
      .range = block.header_range,
      .type_range = block.labels[0].range};
  const Words words = WordsOf(mode);
  const bool managed = mode == ResourceMode::kManaged;
  const parser::BodyContent content = parser::PartialContent(
      *raw.body, managed ? ManagedSchema() : DataSchema(), &resource.body, diags_);
  CheckName(block.labels[0].text, block.labels[0].range, words.bad_type);
  CheckName(block.labels[1].text, block.labels[1].range, words.bad_name);

  const auto* count = content.Find("count");
  const auto* for_each = content.Find("for_each");
  if (count != nullptr) resource.count = count->expression;
  if (for_each != nullptr) resource.for_each = for_each->expression;
  if (in_check) {
    for (const auto* attribute : {count, for_each}) {
      if (attribute == nullptr) continue;
      Error("Invalid \"" + std::string(attribute->name) + "\" attribute",
            "The data source of a check block is read once: it has neither count nor for_each.",
            attribute->name_range);
    }
  } else {
    CheckRepetition(count, for_each);
  }

  // The type's first word names the provider, unless said otherwise.
  const std::string_view type = block.labels[0].text;
  resource.provider.local_name = type.substr(0, type.find('_'));
  if (const auto* a = content.Find("provider")) {
    if (const auto reference = ReadProviderReference(*a->expression, "provider", raw))
      resource.provider = *reference;
  }
  if (const auto* a = content.Find("depends_on")) resource.depends_on = ReadDependsOn(*a, raw);

  const parser::Block* lifecycle = nullptr;
  const parser::Block* connection = nullptr;
  const parser::Block* escape = nullptr;
  for (const parser::Block* inner : content.blocks) {
    const auto second = [&](const parser::Block*& first, const char* summary) {
      if (first == nullptr) {
        first = inner;
        return false;
      }
      Error(summary,
            "This resource has such a block already, at " + Place(first->header_range) + ".",
            inner->header_range);
      return true;
    };
    if (inner->type == "lifecycle") {
      if (in_check) {
        Error("Invalid lifecycle block",
              "The data source of a check block has no lifecycle of its own.", inner->header_range);
      } else if (!second(lifecycle, "Duplicate lifecycle block")) {
        ReadLifecycle(*inner, raw, mode, resource);
      }
    } else if (inner->type == "connection") {
      if (!second(connection, "Duplicate connection block")) resource.connection = inner->body;
    } else if (inner->type == "provisioner") {
      if (auto provisioner = ReadProvisioner(*inner, raw))
        resource.provisioners.push_back(*std::move(provisioner));
    } else if (inner->type == "_") {
      if (escape != nullptr) {
        Error("Duplicate escaping block",
              "The block \"_\" holds arguments that are meant for the provider although they have "
              "the name of a "
              "meta-argument. There can be only one, and the first is at " +
                  Place(escape->header_range) + ".",
              inner->header_range);
        continue;
      }
      escape = inner;
      resource.body = WithEscaped(resource.body, *inner->body);
    } else {
      Error("Reserved block type name in " + std::string(words.block) + " block",
            "The block type \"" + std::string(inner->type) +
                "\" has no meaning yet and is kept for the future.",
            inner->type_range);
    }
  }
  if (resource.connection != nullptr) {
    if (std::ranges::any_of(resource.provisioners, [](const Provisioner& p) {
          return p.when == ProvisionerWhen::kDestroy;
        })) {
      CheckDestroyReferences(*resource.connection);
    }
    for (Provisioner& provisioner : resource.provisioners) {
      provisioner.connection =
          provisioner.connection == nullptr
              ? resource.connection
              : MergeBodies(*resource.connection, *provisioner.connection, *raw.body->json_arena);
    }
  }
  return resource;
}

void BlockDecoder::ReadLifecycle(const parser::Block& block, const RawBlock& raw, ResourceMode mode,
                                 Resource& resource) {
  Lifecycle& lifecycle = resource.lifecycle;
  const parser::BodyContent content = parser::Content(*block.body, LifecycleSchema(), diags_);
  StaticContext context = Context(*block.body, raw.json);
  if (mode == ResourceMode::kManaged) {
    if (const auto* a = content.Find("create_before_destroy")) {
      lifecycle.create_before_destroy = ConstantBool(*a->expression, context).value_or(false);
    }
    if (const auto* a = content.Find("prevent_destroy")) {
      lifecycle.prevent_destroy = ConstantBool(*a->expression, context).value_or(false);
      lifecycle.prevent_destroy_range = a->expression->range;
    }
    if (const auto* a = content.Find("replace_triggered_by"))
      ReadReplaceTriggers(*a, raw, lifecycle);
    if (const auto* a = content.Find("ignore_changes")) ReadIgnoreChanges(*a, raw, lifecycle);
  } else {
    const std::string kind = mode == ResourceMode::kData ? "data" : "ephemeral";
    for (const parser::Attribute* attribute : content.attributes) {
      Error("Invalid " + kind + " resource lifecycle argument",
            "\"" + std::string(attribute->name) +
                "\" is about objects that are created and destroyed: it belongs into " +
                "resource blocks only.",
            attribute->name_range);
    }
  }
  for (const parser::Block* inner : content.blocks) {
    const auto condition = ReadCondition(*inner);
    if (!condition) continue;
    CheckConditionSelf(*condition, resource.name, inner->type);
    if (condition->error_message == nullptr) continue;
    (inner->type == "precondition" ? lifecycle.preconditions : lifecycle.postconditions)
        .push_back(*condition);
  }
}

void BlockDecoder::ReadIgnoreChanges(const parser::Attribute& attribute, const RawBlock& raw,
                                     Lifecycle& lifecycle) {
  StaticContext context = Context(*raw.body, raw.json);
  const parser::Expression& expression = *attribute.expression;
  if (lang::AsKeyword(expression) == "all" || (raw.json && LiteralText(expression) == "all")) {
    lifecycle.ignore_all_changes = true;
    return;
  }
  const auto list = ListOf(expression, context);
  if (!list) return;
  SourceRange wildcard{};
  for (const parser::Expression* element : *list) {
    if (LiteralText(*element) == "*") {
      if (wildcard.IsValid()) {
        Error("Duplicate ignore_changes wildcard", "\"*\" was given already.", element->range);
        continue;
      }
      wildcard = element->range;
      Error("Invalid ignore_changes wildcard",
            "The text with an asterisk is not understood any more. Write ignore_changes = all, "
            "without brackets.",
            expression.range);
      continue;
    }
    if (auto traversal = TraversalOf(*element, context))
      lifecycle.ignore_changes.push_back(*traversal);
  }
  if (wildcard.IsValid() && !lifecycle.ignore_changes.empty()) {
    Error("Invalid ignore_changes ruleset",
          "Either all changes are ignored or those of single arguments, not both.", wildcard);
  }
}

void BlockDecoder::ReadReplaceTriggers(const parser::Attribute& attribute, const RawBlock& raw,
                                       Lifecycle& lifecycle) {
  StaticContext context = Context(*raw.body, raw.json);
  const auto list = ListOf(*attribute.expression, context);
  if (!list) return;
  for (const parser::Expression* element : *list) {
    Diagnostics syntax;
    const parser::Expression* expression = &parser::SyntaxOf(*element, context.arena, syntax);
    const bool broken = syntax.HasErrors();
    diags_.Append(std::move(syntax));
    if (broken) break;
    int resources = 0;
    Diagnostics malformed, own;
    const auto invalid = [&](std::string what, std::string why) {
      own.Add({.summary = "Invalid " + std::move(what) + "replace_triggered_by expression",
               .detail = std::move(why),
               .subject = expression->range});
    };
    lang::ForEachTraversal(*expression, [&](const parser::Traversal& traversal) {
      const auto reference = lang::ParseReference(traversal, malformed);
      if (!reference) return;
      switch (reference->kind) {
        case lang::ReferenceKind::kResource:
          ++resources;
          return;
        case lang::ReferenceKind::kCount:
          if (reference->name != "index")
            invalid("count reference in ", "Only count.index can be used of \"count\" here.");
          return;
        case lang::ReferenceKind::kEach:
          if (reference->name != "key")
            invalid("each reference in ", "Only each.key can be used of \"each\" here.");
          return;
        default:
          return invalid("reference in ",
                         "Only changes of resources can cause a replacement; count.index and "
                         "each.key can be used as their index.");
      }
    });
    const bool unreadable = malformed.HasErrors();
    diags_.Append(std::move(malformed));
    if (unreadable) break;
    if (resources == 0) {
      invalid("", "Missing is a resource whose changes cause the replacement.");
    } else if (resources > 1) {
      invalid("", "Multiple resources are named here. Each has an element of its own.");
    }
    const bool failed = own.HasErrors();
    diags_.Append(std::move(own));
    if (failed) break;  // as Terraform, which says no more of the list
    lifecycle.replace_triggered_by.push_back({expression, kNone});
  }
}

}  // namespace tkn::config
