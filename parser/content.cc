#include "parser/content.h"

#include <algorithm>

#include "parser/arena.h"
#include "parser/embedded.h"
#include "parser/json/content.h"
#include "parser/suggest.h"

namespace tkn::parser {
namespace {

const BodySchema::AttributeSpec* FindAttribute(const BodySchema& schema, std::string_view name) {
  const auto found =
      std::ranges::find_if(schema.attributes, [&](const auto& spec) { return spec.name == name; });
  return found == schema.attributes.end() ? nullptr : &*found;
}

const BodySchema::BlockSpec* FindBlock(const BodySchema& schema, std::string_view type) {
  const auto found =
      std::ranges::find_if(schema.blocks, [&](const auto& spec) { return spec.type == type; });
  return found == schema.blocks.end() ? nullptr : &*found;
}

std::string JoinNames(const std::vector<std::string>& names) {
  std::string joined;
  for (const std::string& name : names) {
    if (!joined.empty()) joined += ", ";
    joined += name;
  }
  return joined;
}

std::string Quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

// Whether the block has as many labels as the schema names.
bool CheckLabels(const Block& block, const BodySchema::BlockSpec& spec, Diagnostics& diags) {
  const std::size_t wanted = spec.label_names.size();
  const SourceRange context = Join(block.type_range, block.open_range);
  const std::string type(block.type);
  if (block.labels.size() > wanted) {
    diags.Add({.summary = "Extraneous label for " + type,
               .detail = wanted == 0 ? "A " + type + " block has no labels. Remove this one."
                                     : "A " + type + " block has " + std::to_string(wanted) +
                                           " label(s): " + JoinNames(spec.label_names) +
                                           ". This one is too many.",
               .subject = block.labels[wanted].range,
               .context = context});
    return false;
  }
  if (block.labels.size() < wanted) {
    diags.Add({.summary = "Missing " + spec.label_names[block.labels.size()] + " for " + type,
               .detail = "All " + type + " blocks need " + std::to_string(wanted) +
                         " label(s) before the brace: " + JoinNames(spec.label_names) + ".",
               .subject = block.open_range,
               .context = context});
    return false;
  }
  return true;
}

void ReportMissing(std::string_view name, SourceRange where, Diagnostics& diags) {
  diags.Add({.summary = "Missing required argument",
             .detail = "The argument " + Quoted(name) + " must be set here.",
             .subject = where});
}

// Arguments of the schema that are not set yet: what a wrong name may have been meant for.
std::vector<std::string> UnsetNames(const BodySchema& schema, const BodyContent& content) {
  std::vector<std::string> names;
  for (const auto& spec : schema.attributes) {
    if (content.Find(spec.name) == nullptr) names.push_back(spec.name);
  }
  return names;
}

void ReportUnsupported(const Attribute& attribute, const BodySchema& schema,
                       const BodyContent& content, Diagnostics& diags) {
  std::string detail = "An argument " + Quoted(attribute.name) + " has no place here.";
  if (const auto names = UnsetNames(schema, content); !Suggest(attribute.name, names).empty()) {
    detail += DidYouMean(attribute.name, names);
  } else if (FindBlock(schema, attribute.name) != nullptr) {
    detail += " Did you mean a block? It is written without the equals sign: \"" +
              std::string(attribute.name) + " { ... }\".";
  }
  diags.Add({.summary = "Unsupported argument",
             .detail = std::move(detail),
             .subject = attribute.name_range});
}

void ReportUnsupported(const Block& block, const BodySchema& schema, Diagnostics& diags) {
  std::string detail = "Blocks of type " + Quoted(block.type) + " have no place here.";
  std::vector<std::string> types;
  for (const auto& spec : schema.blocks) types.push_back(spec.type);
  if (!Suggest(block.type, types).empty()) {
    detail += DidYouMean(block.type, types);
  } else if (FindAttribute(schema, block.type) != nullptr) {
    detail += " Did you mean the argument of this name? It is set with an equals sign: \"" +
              std::string(block.type) + " = ...\".";
  }
  diags.Add({.summary = "Unsupported block type",
             .detail = std::move(detail),
             .subject = block.type_range});
}

// What of a native body is in the schema.
BodyContent Select(const Body& body, const BodySchema& schema, Diagnostics& diags) {
  BodyContent content;
  content.end_range = body.end_range;
  for (const auto& spec : schema.attributes) {
    const auto found = std::ranges::find(body.attributes, spec.name, &Attribute::name);
    if (found != body.attributes.end()) {
      content.attributes.push_back(&*found);
    } else if (spec.required) {
      ReportMissing(spec.name, body.end_range, diags);
    }
  }
  for (const Block& block : body.blocks) {
    const auto* spec = FindBlock(schema, block.type);
    if (spec != nullptr && CheckLabels(block, *spec, diags)) content.blocks.push_back(&block);
  }
  return content;
}

}  // namespace

const Attribute* BodyContent::Find(std::string_view name) const {
  const auto found = std::ranges::find_if(
      attributes, [&](const Attribute* attribute) { return attribute->name == name; });
  return found == attributes.end() ? nullptr : *found;
}

std::optional<std::string_view> JsonText(const Expression& expression) {
  switch (expression.kind) {
    case ExpressionKind::kLiteral: {
      const auto& literal = As<Literal>(expression);
      if (!literal.json) return std::nullopt;
      return literal.text;
    }
    case ExpressionKind::kTemplate: {
      const std::string_view text = As<Template>(expression).json_text;
      if (text.empty()) return std::nullopt;
      return text;
    }
    case ExpressionKind::kTemplateWrap: {
      const std::string_view text = As<TemplateWrap>(expression).json_text;
      if (text.empty()) return std::nullopt;
      return text;
    }
    default:
      return std::nullopt;
  }
}

const Expression& SyntaxOf(const Expression& expression, Arena& arena, Diagnostics& diags) {
  const auto text = JsonText(expression);
  if (!text) return expression;
  const std::lock_guard lock(arena.mutex());
  return *ParseJsonExpression(*text, expression.range, arena, diags);
}

const Expression& SyntaxOf(const Expression& expression, Arena& arena) {
  Diagnostics unsaid;
  const Expression& syntax = SyntaxOf(expression, arena, unsaid);
  if (!unsaid.HasErrors()) return syntax;
  const std::lock_guard lock(arena.mutex());
  return *arena.New<InvalidExpression>(expression.range);
}

BodyContent Content(const Body& body, const BodySchema& schema, Diagnostics& diags) {
  if (body.json != nullptr) return json::Content(body, schema, diags);
  BodyContent content = Select(body, schema, diags);
  for (const Attribute& attribute : body.attributes) {
    if (FindAttribute(schema, attribute.name) == nullptr) {
      ReportUnsupported(attribute, schema, content, diags);
    }
  }
  for (const Block& block : body.blocks) {
    if (FindBlock(schema, block.type) == nullptr) ReportUnsupported(block, schema, diags);
  }
  return content;
}

BodyContent PartialContent(const Body& body, const BodySchema& schema, Body* rest,
                           Diagnostics& diags) {
  if (body.json != nullptr) return json::PartialContent(body, schema, rest, diags);
  BodyContent content = Select(body, schema, diags);
  if (rest == nullptr) return content;
  std::vector<Attribute> attributes;
  for (const Attribute& attribute : body.attributes) {
    if (FindAttribute(schema, attribute.name) == nullptr) attributes.push_back(attribute);
  }
  std::vector<Block> blocks;
  for (const Block& block : body.blocks) {
    if (FindBlock(schema, block.type) == nullptr) blocks.push_back(block);
  }
  *rest = body;
  const std::lock_guard lock(body.json_arena->mutex());
  rest->attributes = body.json_arena->Copy(std::span<const Attribute>(attributes));
  rest->blocks = body.json_arena->Copy(std::span<const Block>(blocks));
  return content;
}

std::vector<const Attribute*> JustAttributes(const Body& body, Diagnostics& diags) {
  if (body.json != nullptr) return json::JustAttributes(body, diags);
  if (!body.blocks.empty()) {
    const Block& block = body.blocks.front();
    diags.Add({.summary = "Unexpected " + Quoted(block.type) + " block",
               .detail = "Only arguments can be set here, there are no blocks.",
               .subject = block.type_range});
  }
  std::vector<const Attribute*> attributes;
  attributes.reserve(body.attributes.size());
  for (const Attribute& attribute : body.attributes) attributes.push_back(&attribute);
  return attributes;
}

}  // namespace tkn::parser
