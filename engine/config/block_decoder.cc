#include "engine/config/block_decoder.h"

#include "engine/lang/evaluate.h"
#include "parser/parse.h"

// What several kinds of blocks have in common.
namespace tkn::config {

bool BlockDecoder::CheckName(std::string_view name, SourceRange range, std::string_view summary) {
  if (parser::IsIdentifier(name)) return true;
  Error(std::string(summary), std::string(kBadIdentifierDetail), range);
  return false;
}

std::string BlockDecoder::Place(SourceRange range) const { return PlaceOf(sources_, range); }

std::string PlaceOf(const SourceMap& sources, SourceRange range) {
  const SourceFile* file = sources.Find(range.file);
  if (file == nullptr) return "an earlier place";
  const SourcePosition position = file->PositionOf(range.begin);
  return file->name() + ":" + std::to_string(position.line) + "," + std::to_string(position.column);
}

std::vector<parser::Traversal> BlockDecoder::ReadDependsOn(const parser::Attribute& attribute,
                                                           const RawBlock& raw) {
  StaticContext context = Context(*raw.body, raw.json);
  std::vector<parser::Traversal> result;
  const auto list = ListOf(*attribute.expression, context);
  if (!list) return result;
  for (const parser::Expression* element : *list) {
    if (auto traversal = TraversalOf(*element, context)) result.push_back(*traversal);
  }
  return result;
}

std::optional<ProviderReference> BlockDecoder::ReadProviderReference(
    const parser::Expression& expression, std::string_view argument, const RawBlock& raw) {
  StaticContext context = Context(*raw.body, raw.json);
  Diagnostics own;
  StaticContext quiet{context.sources, context.arena, context.json, own};
  const auto traversal = TraversalOf(expression, quiet);
  if (!traversal) {
    Error(
        "Invalid provider configuration reference",
        "The " + std::string(argument) +
            " argument names a provider and, if need be, an alias after a dot, such as linode.eu.",
        context.json ? expression.range : StartOf(expression));
    return std::nullopt;
  }
  diags_.Append(std::move(own));
  if (const std::string problem = ProviderNameProblem(traversal->root); !problem.empty()) {
    Error("Invalid provider local name",
          "\"" + std::string(traversal->root) +
              "\" can't be the local name of a provider: " + problem,
          traversal->root_range);
    return std::nullopt;
  }
  ProviderReference reference{.local_name = traversal->root,
                              .range = expression.range,
                              .name_range = traversal->root_range};
  if (traversal->steps.empty()) return reference;
  const parser::Step& step = traversal->steps[0];
  if (traversal->steps.size() > 1) {
    Error(
        "Invalid provider configuration reference",
        "The " + std::string(argument) +
            " argument names a provider and, if need be, an alias after a dot, such as linode.eu.",
        traversal->range);
    return std::nullopt;
  }
  if (step.kind != parser::Step::Kind::kAttribute) {
    Error("Invalid provider configuration reference",
          "After the name of the provider there can be a dot and the alias of one of its "
          "configurations, nothing else.",
          step.range);
    return std::nullopt;
  }
  reference.alias = step.text;
  reference.alias_range = step.range;
  return reference;
}

void BlockDecoder::CheckRepetition(const parser::Attribute* count,
                                   const parser::Attribute* for_each) {
  if (count == nullptr || for_each == nullptr) return;
  Error(
      "Invalid combination of \"count\" and \"for_each\"",
      "The \"count\" and \"for_each\" arguments both say how many instances there are, so only one "
      "of them can be used.",
      for_each->name_range);
}

std::optional<Condition> BlockDecoder::ReadCondition(const parser::Block& block) {
  static const parser::BodySchema schema{{{"condition", true}, {"error_message", true}}, {}};
  const parser::BodyContent content = parser::Content(*block.body, schema, diags_);
  const auto* condition = content.Find("condition");
  const auto* message = content.Find("error_message");
  if (condition != nullptr) {
    bool refers = false;
    lang::ForEachTraversal(*condition->expression,
                           [&](const parser::Traversal&) { refers = true; });
    if (!refers) {
      Error("Invalid " + std::string(block.type) + " expression",
            "The condition expression refers to nothing, so its result is always the same. Compare "
            "with a "
            "value from elsewhere in "
            "the configuration.",
            condition->expression->range);
    }
  }
  if (condition == nullptr) return std::nullopt;
  return Condition{condition->expression, message == nullptr ? nullptr : message->expression,
                   block.header_range};
}

void BlockDecoder::CheckConditionSelf(const Condition& condition, const ResourceName& resource,
                                      std::string_view kind) {
  for (const parser::Expression* expression : {condition.condition, condition.error_message}) {
    if (expression == nullptr) continue;
    lang::ForEachTraversal(*expression, [&](const parser::Traversal& traversal) {
      Diagnostics ignored;
      const auto reference = lang::ParseReference(traversal, ignored);
      if (!reference || reference->kind != lang::ReferenceKind::kResource ||
          reference->mode != resource.mode || reference->type != resource.type ||
          reference->name != resource.name) {
        return;
      }
      Error("Invalid reference in " + std::string(kind),
            "A condition of " + resource.ToString() + " can't refer to " + resource.ToString() +
                " by its name." + (kind == "postcondition" ? " Use \"self\"." : ""),
            expression->range);
    });
  }
}

parser::Body WithEscaped(const parser::Body& rest, const parser::Body& escaped) {
  parser::Body merged = rest;
  std::vector<parser::Attribute> attributes(rest.attributes.begin(), rest.attributes.end());
  attributes.insert(attributes.end(), escaped.attributes.begin(), escaped.attributes.end());
  std::vector<parser::Block> blocks(rest.blocks.begin(), rest.blocks.end());
  blocks.insert(blocks.end(), escaped.blocks.begin(), escaped.blocks.end());
  const std::lock_guard lock(rest.json_arena->mutex());
  merged.attributes = rest.json_arena->Copy(std::span<const parser::Attribute>(attributes));
  merged.blocks = rest.json_arena->Copy(std::span<const parser::Block>(blocks));
  if (merged.json == nullptr) merged.json = escaped.json;
  return merged;
}

}  // namespace tkn::config
