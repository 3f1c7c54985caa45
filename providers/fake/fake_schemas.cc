#include "providers/fake/fake_schemas.h"

#include <utility>

namespace tkn::providers::fake {
namespace {

std::shared_ptr<const NestedAttributes> Nested(Nesting nesting,
                                               std::vector<AttributeSchema> attributes) {
  return std::make_shared<const NestedAttributes>(NestedAttributes{nesting, std::move(attributes)});
}

BlockSchema Block(std::vector<AttributeSchema> attributes, std::vector<NestedBlock> blocks = {}) {
  BlockSchema block;
  block.attributes = std::move(attributes);
  block.blocks = std::move(blocks);
  return block;
}

Schema Finished(BlockSchema block) {
  Schema schema;
  schema.block = std::move(block);
  schema.block.Finish();
  return schema;
}

}  // namespace

Schema ThingSchema() {
  const std::vector<AttributeSchema> rule = {
      {.name = "port", .type = Type::Number(), .required = true},
      {.name = "note", .type = Type::String(), .optional = true},
      {.name = "assigned", .type = Type::String(), .optional = true, .computed = true},
  };
  std::vector<AttributeSchema> attributes = {
      {.name = "id", .type = Type::String(), .computed = true},
      {.name = "name", .type = Type::String(), .required = true},
      {.name = "note", .type = Type::String(), .optional = true},
      {.name = "enabled", .type = Type::Bool(), .optional = true},
      {.name = "size", .type = Type::Number(), .optional = true, .computed = true},
      {.name = "zone", .type = Type::String(), .optional = true},
      {.name = "password", .type = Type::String(), .optional = true, .sensitive = true},
      {.name = "token", .type = Type::String(), .computed = true, .sensitive = true},
      {.name = "revision", .type = Type::Number(), .computed = true},
      {.name = "old_name", .type = Type::String(), .optional = true, .deprecated = true},
      {.name = "tags", .type = Type::Map(Type::String()), .optional = true},
      {.name = "numbers", .type = Type::List(Type::Number()), .optional = true},
      {.name = "labels", .type = Type::Set(Type::String()), .optional = true, .computed = true},
      {.name = "anything", .type = Type::Dynamic(), .optional = true},
      {.name = "settings", .optional = true, .nested = Nested(Nesting::kSingle, rule)},
      {.name = "rules", .optional = true, .nested = Nested(Nesting::kList, rule)},
      {.name = "rule_set", .optional = true, .nested = Nested(Nesting::kSet, rule)},
      {.name = "rule_map", .optional = true, .nested = Nested(Nesting::kMap, rule)},
  };
  const auto inner = [] {
    return Block({{.name = "path", .type = Type::String(), .required = true},
                  {.name = "mode", .type = Type::String(), .optional = true, .computed = true}});
  };
  std::vector<NestedBlock> blocks;
  blocks.push_back({.name = "network",
                    .nesting = Nesting::kSingle,
                    .block = Block({{.name = "address", .type = Type::String(), .optional = true},
                                    {.name = "mac", .type = Type::String(), .computed = true}})});
  blocks.push_back({.name = "limits",
                    .nesting = Nesting::kGroup,
                    .block = Block({{.name = "cpu", .type = Type::Number(), .optional = true}})});
  blocks.push_back({.name = "disk",
                    .nesting = Nesting::kList,
                    .block = Block({{.name = "label", .type = Type::String(), .required = true},
                                    {.name = "size", .type = Type::Number(), .optional = true}},
                                   {{.name = "file", .nesting = Nesting::kList, .block = inner()}}),
                    .max_items = 3});
  blocks.push_back({.name = "allow",
                    .nesting = Nesting::kSet,
                    .block = Block({{.name = "port", .type = Type::Number(), .required = true},
                                    {.name = "from", .type = Type::String(), .optional = true}})});
  blocks.push_back({.name = "port", .nesting = Nesting::kMap, .block = inner()});
  return Finished(Block(std::move(attributes), std::move(blocks)));
}

Schema NodeSchema() {
  return Finished(Block({{.name = "id", .type = Type::String(), .computed = true},
                         {.name = "name", .type = Type::String(), .required = true},
                         {.name = "links", .type = Type::List(Type::String()), .optional = true},
                         {.name = "value", .type = Type::Dynamic(), .optional = true},
                         {.name = "output", .type = Type::Dynamic(), .computed = true}}));
}

Schema LookupSchema() {
  return Finished(Block({{.name = "name", .type = Type::String(), .required = true},
                         {.name = "found", .type = Type::String(), .computed = true}}));
}

Schema SecretSchema() {
  return Finished(
      Block({{.name = "name", .type = Type::String(), .required = true},
             {.name = "secret", .type = Type::String(), .computed = true, .sensitive = true}}));
}

Schema ProviderSchema() {
  return Finished(
      Block({{.name = "token", .type = Type::String(), .optional = true, .sensitive = true},
             {.name = "region", .type = Type::String(), .optional = true}}));
}

Schemas DefaultSchemas() {
  Schemas schemas;
  schemas.provider = ProviderSchema();
  schemas.resources.emplace("fake_thing", ThingSchema());
  schemas.resources.emplace("fake_node", NodeSchema());
  schemas.data_sources.emplace("fake_lookup", LookupSchema());
  schemas.ephemerals.emplace("fake_secret", SecretSchema());
  return schemas;
}

}  // namespace tkn::providers::fake
