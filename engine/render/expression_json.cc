#include "engine/render/expression_json.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "engine/lang/evaluate.h"
#include "engine/lang/reference.h"
#include "parser/content.h"

namespace tkn::render {
namespace {

std::string StepText(const parser::Step& step) {
  switch (step.kind) {
    case parser::Step::Kind::kAttribute:
      return "." + std::string(step.text);
    case parser::Step::Kind::kIndexNumber:
      return "[" + std::string(step.text) + "]";
    case parser::Step::Kind::kIndexString:
      return "[" + JsonQuote(step.text) + "]";
  }
  return {};
}

std::string Prefix(const parser::Traversal& traversal, std::size_t steps) {
  std::string text(traversal.root);
  for (std::size_t i = 0; i < steps; ++i) text += StepText(traversal.steps[i]);
  return text;
}

// What the reference itself takes up, less a module's output or an instance's key: these are named
// apart.
std::size_t BaseSteps(const lang::Reference& reference) {
  switch (reference.kind) {
    case lang::ReferenceKind::kResource:
      return reference.mode == ResourceMode::kManaged ? 1 : 2;
    case lang::ReferenceKind::kSelf:
      return 0;
    default:
      return 1;
  }
}

// The traversal as far as it goes, then shorter and shorter down to the thing referred to.
void AppendReferences(const parser::Traversal& traversal, std::vector<std::string>& out) {
  Diagnostics ignored;
  const auto reference = lang::ParseReference(traversal, ignored);
  if (!reference) return;
  const std::size_t base = BaseSteps(*reference);
  for (std::size_t steps = traversal.steps.size(); steps > reference->steps_used; --steps)
    out.push_back(Prefix(traversal, steps));
  std::size_t subject = reference->steps_used;
  out.push_back(Prefix(traversal, subject));
  if (reference->kind == lang::ReferenceKind::kModule) {
    if (!reference->output.empty()) out.push_back(Prefix(traversal, --subject));
    return;
  }
  if (subject > base) out.push_back(Prefix(traversal, base));
}

// What an expression of JSON syntax is where nothing can be evaluated: its texts as they are
// written, templates and all. nullopt for one of native syntax, unless it is a literal like those
// of JSON.
std::optional<Value> JsonConstant(const parser::Expression& expression) {
  if (const auto text = parser::JsonText(expression)) return Value::String(*text);
  switch (expression.kind) {
    case parser::ExpressionKind::kLiteral: {
      const auto& literal = parser::As<parser::Literal>(expression);
      Diagnostics ignored;
      if (literal.literal == parser::LiteralKind::kString) return std::nullopt;
      return lang::Evaluate(expression, lang::EmptyScope(), ignored);
    }
    case parser::ExpressionKind::kTuple: {
      std::vector<Value> elements;
      for (const parser::Expression* element :
           parser::As<parser::TupleExpression>(expression).elements) {
        auto value = JsonConstant(*element);
        if (!value) return std::nullopt;
        elements.push_back(std::move(*value));
      }
      return Value::Tuple(std::move(elements));
    }
    case parser::ExpressionKind::kObject: {
      std::vector<Value::Entry> entries;
      for (const auto& item : parser::As<parser::ObjectExpression>(expression).items) {
        const auto key = parser::JsonText(*item.key);
        auto value = key ? JsonConstant(*item.value) : std::nullopt;
        if (!value) return std::nullopt;
        entries.emplace_back(std::string(*key), std::move(*value));
      }
      return Value::Object(std::move(entries));
    }
    default:
      return std::nullopt;
  }
}

void WriteBlocks(const std::vector<const parser::Block*>& blocks, const NestedBlock& nested,
                 JsonWriter& out) {
  out.Key(nested.name);
  const bool single = nested.nesting == Nesting::kSingle || nested.nesting == Nesting::kGroup;
  if (nested.nesting == Nesting::kMap) {
    out.BeginObject();
    for (const parser::Block* block : blocks) {
      out.Key(block->labels.empty() ? "" : block->labels[0].text);
      WriteBody(*block->body, nested.block, out);
    }
    out.EndObject();
    return;
  }
  if (!single) out.BeginArray();
  for (const parser::Block* block : blocks) {
    WriteBody(*block->body, nested.block, out);
    if (single) break;
  }
  if (!single) out.EndArray();
}

}  // namespace

void WriteExpression(const parser::Expression& expression, JsonWriter& out) {
  std::vector<std::string> references;
  lang::ForEachTraversal(expression, [&](const parser::Traversal& traversal) {
    AppendReferences(traversal, references);
  });
  out.BeginObject();
  if (!references.empty()) {
    out.Key("references").BeginArray();
    for (const std::string& reference : references) out.Text(reference);
    out.EndArray();
  }
  if (const auto constant = JsonConstant(expression)) {
    out.Key("constant_value").Raw(ToJson(*constant));
  } else if (references.empty()) {
    bool calls = false;
    lang::ForEachCall(expression, [&](const parser::CallExpression&) { calls = true; });
    Diagnostics ignored;
    const Value value =
        calls ? Value::Dynamic() : lang::Evaluate(expression, lang::EmptyScope(), ignored);
    if (value.IsWhollyKnown() && !ignored.HasErrors())
      out.Key("constant_value").Raw(ToJson(value.UnmarkDeep()));
  }
  out.EndObject();
}

void WriteBody(const parser::Body& body, const BlockSchema& schema, JsonWriter& out) {
  parser::BodySchema wanted;
  for (const AttributeSchema& attribute : schema.attributes)
    wanted.attributes.push_back({attribute.name, false});
  for (const NestedBlock& block : schema.blocks) {
    wanted.blocks.push_back({block.name, block.nesting == Nesting::kMap
                                             ? std::vector<std::string>{"key"}
                                             : std::vector<std::string>{}});
  }
  Diagnostics ignored;
  const parser::BodyContent content = parser::PartialContent(body, wanted, nullptr, ignored);
  out.BeginObject();
  for (const AttributeSchema& attribute : schema.attributes) {
    const parser::Attribute* found = content.Find(attribute.name);
    if (!found) continue;
    out.Key(attribute.name);
    WriteExpression(*found->expression, out);
  }
  for (const NestedBlock& nested : schema.blocks) {
    std::vector<const parser::Block*> blocks;
    std::ranges::copy_if(content.blocks, std::back_inserter(blocks),
                         [&](const parser::Block* block) { return block->type == nested.name; });
    if (!blocks.empty()) WriteBlocks(blocks, nested, out);
  }
  out.EndObject();
}

}  // namespace tkn::render
