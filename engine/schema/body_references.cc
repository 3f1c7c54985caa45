#include <algorithm>
#include <vector>

#include "engine/lang/evaluate.h"
#include "engine/schema/decode.h"
#include "engine/schema/dynamic_block.h"

namespace tkn {
namespace {

using Visit = std::function<void(const parser::Traversal&)>;

// Goes through a body without knowing, or with, its schema. Names that dynamic blocks bind are kept
// out.
class Walker {
 public:
  explicit Walker(const Visit& visit) : visit_(visit) {}

  void Body(const parser::Body& body, const BlockSchema* schema) {
    if (body.json == nullptr) {
      // What the schema has not got is refused as such, whatever it says.
      for (const parser::Attribute& attribute : body.attributes) {
        if (schema == nullptr || schema->FindAttribute(attribute.name) != nullptr)
          Expression(*attribute.expression);
      }
      for (const parser::Block& block : body.blocks) Block(block, schema);
    } else if (schema != nullptr) {
      Diagnostics ignored;  // decoding reports them
      const auto content = parser::PartialContent(body, schema->body_schema(), nullptr, ignored);
      for (const parser::Attribute* attribute : content.attributes)
        Expression(*attribute->expression);
      for (const parser::Block* block : content.blocks) Block(*block, schema);
    } else {
      Json(*body.json);
    }
  }

 private:
  void Block(const parser::Block& block, const BlockSchema* schema) {
    if (block.type != "dynamic" || block.labels.empty()) {
      const NestedBlock* inner = schema == nullptr ? nullptr : schema->FindBlock(block.type);
      if (schema != nullptr && inner == nullptr) return;
      return Body(*block.body, inner == nullptr ? nullptr : &inner->block);
    }
    const NestedBlock* inner =
        schema == nullptr ? nullptr : schema->FindBlock(block.labels[0].text);
    if (schema != nullptr && inner == nullptr) return;
    static const parser::BodySchema kDynamic{{{"for_each", false}, {"labels", false}},
                                             {{"content", {}}}};
    Diagnostics ignored;
    const auto spec = parser::PartialContent(*block.body, kDynamic, nullptr, ignored);
    if (const auto* each = spec.Find("for_each")) Expression(*each->expression);
    bound_.push_back(IteratorName(block));
    if (const auto* labels = spec.Find("labels")) Expression(*labels->expression);
    for (const parser::Block* content : spec.blocks)
      Body(*content->body, inner == nullptr ? nullptr : &inner->block);
    bound_.pop_back();
  }

  void Expression(const parser::Expression& expression) {
    lang::ForEachTraversal(expression, [this](const parser::Traversal& traversal) {
      if (std::ranges::find(bound_, traversal.root) == bound_.end()) visit_(traversal);
    });
  }

  // The value of a member in JSON syntax, of which nobody knows yet whether it is an argument or
  // blocks.
  void Json(const parser::Expression& expression) {
    if (expression.kind == parser::ExpressionKind::kTuple) {
      for (const auto* element : parser::As<parser::TupleExpression>(expression).elements)
        Json(*element);
    } else if (expression.kind == parser::ExpressionKind::kObject) {
      for (const auto& item : parser::As<parser::ObjectExpression>(expression).items) {
        if (KeyText(*item.key) == "dynamic") {
          JsonDynamic(*item.value);
        } else {
          Json(*item.value);
        }
      }
    } else {
      Expression(expression);
    }
  }

  void JsonDynamic(const parser::Expression& expression) {
    if (expression.kind == parser::ExpressionKind::kTuple) {
      for (const auto* element : parser::As<parser::TupleExpression>(expression).elements)
        JsonDynamic(*element);
      return;
    }
    if (expression.kind != parser::ExpressionKind::kObject) return Expression(expression);
    for (const auto& type : parser::As<parser::ObjectExpression>(expression).items) {
      JsonDynamicOf(KeyText(*type.key), *type.value);
    }
  }

  void JsonDynamicOf(std::string_view type, const parser::Expression& expression) {
    if (expression.kind == parser::ExpressionKind::kTuple) {
      for (const auto* element : parser::As<parser::TupleExpression>(expression).elements) {
        JsonDynamicOf(type, *element);
      }
      return;
    }
    if (expression.kind != parser::ExpressionKind::kObject) return Expression(expression);
    const auto items = parser::As<parser::ObjectExpression>(expression).items;
    std::string_view iterator = type;
    for (const auto& item : items) {
      if (KeyText(*item.key) == "iterator") iterator = KeyText(*item.value);
    }
    for (const auto& item : items) {
      const std::string_view key = KeyText(*item.key);
      if (key == "iterator") continue;
      if (key == "for_each") {
        Json(*item.value);
        continue;
      }
      bound_.push_back(iterator);
      Json(*item.value);
      bound_.pop_back();
    }
  }

  static std::string_view KeyText(const parser::Expression& expression) {
    if (expression.kind == parser::ExpressionKind::kLiteral)
      return parser::As<parser::Literal>(expression).text;
    return lang::AsKeyword(expression);
  }

  const Visit& visit_;
  std::vector<std::string_view> bound_;
};

bool KeyIs(const parser::Expression& key, const PathStep& step) {
  if (key.kind != parser::ExpressionKind::kLiteral) return false;
  const std::string_view text = parser::As<parser::Literal>(key).text;
  if (step.kind == PathStep::Kind::kAttribute) return text == step.name;
  return step.key.type() == Type::String() && step.key.IsKnown() && !step.key.IsNull() &&
         step.key.AsString() == text;
}

SourceRange RangeInExpression(const parser::Expression& expression, const Path& path,
                              std::size_t at) {
  if (at == path.size()) return expression.range;
  if (expression.kind == parser::ExpressionKind::kParentheses) {
    return RangeInExpression(*parser::As<parser::Parentheses>(expression).inner, path, at);
  }
  if (expression.kind == parser::ExpressionKind::kObject) {
    for (const auto& item : parser::As<parser::ObjectExpression>(expression).items) {
      if (KeyIs(*item.key, path[at])) return RangeInExpression(*item.value, path, at + 1);
    }
  } else if (expression.kind == parser::ExpressionKind::kTuple &&
             path[at].kind == PathStep::Kind::kIndex && path[at].key.type() == Type::Number()) {
    const auto elements = parser::As<parser::TupleExpression>(expression).elements;
    const auto index = path[at].key.AsNumber().ToInt64();
    if (index && *index >= 0 && static_cast<std::size_t>(*index) < elements.size()) {
      return RangeInExpression(*elements[static_cast<std::size_t>(*index)], path, at + 1);
    }
  }
  return expression.range;
}

SourceRange RangeInBody(const parser::Body& body, const Path& path, std::size_t at,
                        SourceRange fallback) {
  if (at == path.size() || path[at].kind != PathStep::Kind::kAttribute) return fallback;
  if (body.json != nullptr) return RangeInExpression(*body.json, path, at);
  for (const parser::Attribute& attribute : body.attributes) {
    if (attribute.name == path[at].name)
      return RangeInExpression(*attribute.expression, path, at + 1);
  }
  std::vector<const parser::Block*> blocks;
  for (const parser::Block& block : body.blocks) {
    if (block.type == path[at].name) blocks.push_back(&block);
    // What a dynamic block makes can't be counted here: the block itself is the place.
    if (block.type == "dynamic" && !block.labels.empty() && block.labels[0].text == path[at].name) {
      return block.header_range;
    }
  }
  if (blocks.empty()) return fallback;
  const parser::Block* chosen = blocks.front();
  std::size_t next = at + 1;
  if (next < path.size() && path[next].kind == PathStep::Kind::kIndex) {
    const Value& key = path[next].key;
    if (key.type() == Type::Number() && key.IsKnown() && !key.IsNull()) {
      const auto index = key.AsNumber().ToInt64();
      if (index && *index >= 0 && static_cast<std::size_t>(*index) < blocks.size()) {
        chosen = blocks[static_cast<std::size_t>(*index)];
      }
    } else if (key.type() == Type::String() && key.IsKnown() && !key.IsNull()) {
      for (const parser::Block* block : blocks) {
        if (!block->labels.empty() && block->labels[0].text == key.AsString()) chosen = block;
      }
    } else {
      return chosen->header_range;  // an element of a set: which block made it is not known
    }
    ++next;
  }
  return RangeInBody(*chosen->body, path, next, chosen->header_range);
}

}  // namespace

Path PathFromText(std::string_view text) {
  Path path;
  while (!text.empty()) {
    if (text.front() == '.') {
      text.remove_prefix(1);
      const std::size_t end = std::min(text.find_first_of(".["), text.size());
      path.push_back(PathStep::Attribute(std::string(text.substr(0, end))));
      text.remove_prefix(end);
      continue;
    }
    const std::size_t end = text.find(']');
    if (text.front() != '[' || end == std::string_view::npos) break;
    const std::string_view key = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    if (key.size() >= 2 && key.front() == '"') {
      path.push_back(PathStep::Index(std::string(key.substr(1, key.size() - 2))));
      continue;
    }
    const auto number = Number::Parse(key);
    const auto index = number ? number->ToInt64() : std::nullopt;
    if (!index) break;
    path.push_back(PathStep::Index(*index));
  }
  return path;
}

void ForEachReference(const parser::Body& body, const BlockSchema& schema, const Visit& f) {
  Walker(f).Body(body, &schema);
}

void ForEachReference(const parser::Body& body, const Visit& f) { Walker(f).Body(body, nullptr); }

SourceRange RangeOf(const parser::Body& body, const Path& path) {
  return RangeInBody(body, path, 0, body.end_range);
}

}  // namespace tkn
