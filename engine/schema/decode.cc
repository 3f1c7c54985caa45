#include "engine/schema/decode.h"

#include <algorithm>
#include <map>

#include "engine/lang/evaluate.h"
#include "engine/schema/dynamic_block.h"
#include "engine/value/convert.h"
#include "engine/value/json.h"

namespace tkn {
namespace {

class Decoder {
 public:
  explicit Decoder(Diagnostics& diags) : diags_(diags) {}

  Value Body(const parser::Body& body, const BlockSchema& schema, const lang::Scope& scope,
             const MarkSet& marks) {
    const parser::BodyContent content = parser::Content(body, schema.body_schema(), diags_);
    const auto blocks = Blocks(content, schema, scope);
    std::vector<Value> members;
    const auto wanted = schema.ImpliedType().attributes();
    members.reserve(wanted.size());
    // Attributes and blocks are each sorted by name, and so is the type: one pass over the three.
    std::size_t next_attribute = 0, next_block = 0;
    for (const ObjectAttribute& member : wanted) {
      Value value;
      if (next_attribute < schema.attributes.size() &&
          schema.attributes[next_attribute].name == member.name) {
        value =
            Attribute(content.Find(member.name), schema.attributes[next_attribute++], scope, marks);
      } else {
        const NestedBlock& block = schema.blocks[next_block];
        value = Block(content, blocks[next_block++], block, scope, marks);
      }
      members.push_back(std::move(value));
    }
    return Value::ObjectOf(schema.ImpliedType(), std::move(members));
  }

 private:
  using BlockList = std::vector<ExpandedBlock>;

  Value Attribute(const parser::Attribute* attribute, const AttributeSchema& schema,
                  const lang::Scope& scope, const MarkSet& marks) {
    if (attribute == nullptr) return Value::Null(schema.type);
    Diagnostics own;
    Value value = lang::Evaluate(*attribute->expression, scope, own);
    const bool failed = own.HasErrors();
    diags_.Append(std::move(own));
    if (failed) return Value::Unknown(schema.type).WithMarks(marks);
    if (!marks.empty()) value = value.WithMarks(marks);
    if (HasInfinity(value)) {
      diags_.Add(lang::InfiniteValue(*attribute->expression));
      return Value::Unknown(schema.type).WithMarks(marks);
    }
    if (schema.type.IsDynamic()) return value;
    if (value.type() == schema.type) return value;
    if (schema.accept_single && value.type().IsPrimitive()) value = Single(value, schema.type);

    ConversionError error;
    if (auto converted = Convert(value, schema.config_type, &error)) return *std::move(converted);
    Diagnostic diagnostic{.summary = "Incorrect attribute value type",
                          .detail = "Inappropriate value for attribute \"" + schema.name +
                                    "\": " + error.ToString() + ".",
                          .subject = attribute->expression->range,
                          .expression = attribute->expression->range};
    lang::ShowValues(*attribute->expression, scope, diagnostic);
    diags_.Add(std::move(diagnostic));
    return Value::Unknown(schema.type).WithMarks(value.marks());
  }

  // `inline = "reboot"` for a list: a list of that one.
  static Value Single(const Value& value, Type type) {
    if (!type.IsCollection() || value.IsNull()) return value;
    const auto [plain, marks] = value.Unmark();
    return Value::Tuple({plain}).WithMarks(marks);
  }

  // By index into schema.blocks, static and dynamic ones in source order.
  std::vector<BlockList> Blocks(const parser::BodyContent& content, const BlockSchema& schema,
                                const lang::Scope& scope) {
    std::vector<BlockList> result(schema.blocks.size());
    for (const parser::Block* block : content.blocks) {
      if (block->type != "dynamic") {
        const NestedBlock* found = schema.FindBlock(block->type);
        if (found == nullptr) continue;  // Content() reported it
        result[Index(schema, found)].push_back(
            {.body = block->body,
             .key = block->labels.empty() ? std::string() : std::string(block->labels[0].text),
             .range = block->header_range});
        continue;
      }
      const parser::Label& type = block->labels[0];
      const NestedBlock* found = schema.FindBlock(type.text);
      if (found == nullptr) {
        diags_.Add(
            {.summary = "Unsupported block type",
             .detail = "Blocks of type \"" + std::string(type.text) + "\" are not expected here.",
             .subject = type.range});
        continue;
      }
      auto expanded = ExpandDynamic(*block, found->nesting == Nesting::kMap, scope, diags_);
      std::ranges::move(expanded, std::back_inserter(result[Index(schema, found)]));
    }
    return result;
  }

  static std::size_t Index(const BlockSchema& schema, const NestedBlock* block) {
    return static_cast<std::size_t>(block - schema.blocks.data());
  }

  Value One(const ExpandedBlock& block, const BlockSchema& schema, const lang::Scope& scope,
            const MarkSet& marks) {
    Value value = Body(*block.body, schema, block.scope != nullptr ? *block.scope : scope,
                       marks.Union(block.marks));
    return value;
  }

  Value Block(const parser::BodyContent& content, const BlockList& blocks,
              const NestedBlock& schema, const lang::Scope& scope, const MarkSet& marks) {
    const Type element = schema.block.ImpliedType();
    if (schema.nesting == Nesting::kSingle || schema.nesting == Nesting::kGroup) {
      return SingleBlock(content, blocks, schema, scope, marks);
    }
    std::vector<Value> values;
    values.reserve(blocks.size());
    MarkSet collection_marks;
    bool unknown = false;
    for (const ExpandedBlock& block : blocks) {
      values.push_back(One(block, schema.block, scope, marks));
      collection_marks = collection_marks.Union(block.marks);
      unknown = unknown || block.unknown;
    }
    const bool dynamic = element.HasDynamic();
    if (unknown) {
      const Type type = schema.nesting == Nesting::kSet    ? Type::Set(element)
                        : dynamic                          ? Type::Dynamic()
                        : schema.nesting == Nesting::kList ? Type::List(element)
                                                           : Type::Map(element);
      return Value::Unknown(type).WithMarks(collection_marks);
    }
    Count(content, blocks, schema);
    Value result;
    if (schema.nesting == Nesting::kMap) {
      result = Keyed(blocks, std::move(values), schema, dynamic);
    } else if (schema.nesting == Nesting::kSet) {
      result = Value::Set(element, std::move(values));
    } else {
      result = dynamic ? Value::Tuple(std::move(values)) : Value::List(element, std::move(values));
    }
    return collection_marks.empty() ? result : result.WithMarks(collection_marks);
  }

  Value SingleBlock(const parser::BodyContent& content, const BlockList& blocks,
                    const NestedBlock& schema, const lang::Scope& scope, const MarkSet& marks) {
    if (blocks.size() > 1) {
      diags_.Add({.summary = "Duplicate " + schema.name + " block",
                  .detail = "There can be only one \"" + schema.name +
                            "\" block here. Remove this one, or put what it says "
                            "into the first.",
                  .subject = blocks[1].range});
    }
    if (!blocks.empty()) return One(blocks.front(), schema.block, scope, marks);
    if (schema.min_items > 0) {
      diags_.Add({.summary = "Missing " + schema.name + " block",
                  .detail = "A \"" + schema.name + "\" block is required here.",
                  .subject = content.end_range});
    }
    if (schema.nesting == Nesting::kGroup) return EmptyValue(schema.block);
    return Value::Null(schema.block.ImpliedType());
  }

  void Count(const parser::BodyContent& content, const BlockList& blocks,
             const NestedBlock& schema) {
    const int count = static_cast<int>(blocks.size());
    if (count < schema.min_items) {
      diags_.Add({.summary = "Insufficient " + schema.name + " blocks",
                  .detail = "At least " + std::to_string(schema.min_items) + " \"" + schema.name +
                            "\" block(s) are required; there are " + std::to_string(count) + ".",
                  .subject = content.end_range});
    } else if (schema.max_items > 0 && count > schema.max_items) {
      diags_.Add({.summary = "Too many " + schema.name + " blocks",
                  .detail = "No more than " + std::to_string(schema.max_items) + " \"" +
                            schema.name + "\" block(s) are allowed; there are " +
                            std::to_string(count) + ".",
                  .subject = blocks[static_cast<std::size_t>(schema.max_items)].range});
    }
  }

  Value Keyed(const BlockList& blocks, std::vector<Value> values, const NestedBlock& schema,
              bool dynamic) {
    std::map<std::string, Value> by_key;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      if (by_key.emplace(blocks[i].key, values[i]).second) continue;
      diags_.Add({.summary = "Duplicate " + schema.name + " block",
                  .detail = "A \"" + schema.name + "\" block with the label \"" + blocks[i].key +
                            "\" was already given. Labels must be different.",
                  .subject = blocks[i].range});
    }
    std::vector<Value::Entry> entries(by_key.begin(), by_key.end());
    return dynamic ? Value::Object(std::move(entries))
                   : Value::Map(schema.block.ImpliedType(), std::move(entries));
  }

  Diagnostics& diags_;
};

}  // namespace

Value DecodeBody(const parser::Body& body, const BlockSchema& schema, const lang::Scope& scope,
                 Diagnostics& diags) {
  return Decoder(diags).Body(body, schema, scope, {});
}

}  // namespace tkn
