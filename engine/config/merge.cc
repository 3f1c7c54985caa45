#include "engine/config/merge.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "parser/content.h"

namespace tkn::config {

using parser::As;
using parser::Expression;
using parser::ExpressionKind;

namespace {

// Members of an object in JSON syntax, or of all objects in an array.
void CollectItems(const Expression* json, std::vector<parser::ObjectItem>& items) {
  if (json == nullptr) return;
  if (json->kind == ExpressionKind::kObject) {
    const auto more = As<parser::ObjectExpression>(*json).items;
    items.insert(items.end(), more.begin(), more.end());
  } else if (json->kind == ExpressionKind::kTuple) {
    for (const Expression* element : As<parser::TupleExpression>(*json).elements)
      CollectItems(element, items);
  }
}

std::string_view KeyOf(const parser::ObjectItem& item) {
  return parser::JsonText(*item.key).value_or("");
}

bool Has(const std::vector<parser::ObjectItem>& items, std::string_view name) {
  return std::ranges::any_of(items, [&](const auto& item) { return KeyOf(item) == name; });
}

bool HasAttribute(const parser::Body& body, std::string_view name) {
  return std::ranges::any_of(body.attributes, [&](const auto& a) { return a.name == name; });
}

bool HasBlock(const parser::Body& body, std::string_view type) {
  return std::ranges::any_of(body.blocks, [&](const auto& b) { return b.type == type; });
}

}  // namespace

const parser::Body* MergeBodies(const parser::Body& base, const parser::Body& over,
                                parser::Arena& arena) {
  std::vector<parser::ObjectItem> over_items;
  CollectItems(over.json, over_items);
  std::vector<parser::Attribute> attributes;
  for (const parser::Attribute& a : base.attributes) {
    if (!HasAttribute(over, a.name) && !Has(over_items, a.name)) attributes.push_back(a);
  }
  attributes.insert(attributes.end(), over.attributes.begin(), over.attributes.end());

  std::vector<parser::Block> blocks;
  for (const parser::Block& block : base.blocks) {
    if (!HasBlock(over, block.type) && !Has(over_items, block.type)) blocks.push_back(block);
  }
  for (parser::Block block : over.blocks) {
    if (block.type == "lifecycle") {
      for (const parser::Block& earlier : base.blocks) {
        if (earlier.type == "lifecycle")
          block.body = MergeBodies(*earlier.body, *block.body, arena);
      }
    }
    blocks.push_back(block);
  }

  auto* merged = arena.New<parser::Body>(base);
  merged->attributes = arena.Copy(std::span<const parser::Attribute>(attributes));
  merged->blocks = arena.Copy(std::span<const parser::Block>(blocks));
  merged->json_arena = &arena;
  if (base.json == nullptr && over.json == nullptr) return merged;

  std::vector<parser::ObjectItem> items;
  std::vector<parser::ObjectItem> base_items;
  CollectItems(base.json, base_items);
  for (const parser::ObjectItem& item : base_items) {
    const std::string_view name = KeyOf(item);
    if (!HasAttribute(over, name) && !HasBlock(over, name) && !Has(over_items, name))
      items.push_back(item);
  }
  for (parser::ObjectItem item : over_items) {
    if (KeyOf(item) == "lifecycle") {
      // Members of both: those of the override first, so that they are found first.
      std::vector<parser::ObjectItem> inner;
      CollectItems(item.value, inner);
      for (const parser::ObjectItem& earlier : base_items) {
        if (KeyOf(earlier) != "lifecycle") continue;
        std::vector<parser::ObjectItem> before;
        CollectItems(earlier.value, before);
        for (const parser::ObjectItem& member : before) {
          if (!Has(inner, KeyOf(member))) inner.push_back(member);
        }
      }
      auto* object = arena.New<parser::ObjectExpression>(item.value->range);
      object->open_range = item.value->range;
      object->items = arena.Copy(std::span<const parser::ObjectItem>(inner));
      item.value = object;
    }
    items.push_back(item);
  }
  const Expression& whole = base.json != nullptr ? *base.json : *over.json;
  auto* object = arena.New<parser::ObjectExpression>(whole.range);
  object->open_range = whole.range;
  object->items = arena.Copy(std::span<const parser::ObjectItem>(items));
  merged->json = object;
  return merged;
}

}  // namespace tkn::config
