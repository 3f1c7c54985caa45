#include "parser/json/content.h"

#include <algorithm>
#include <unordered_map>

#include "parser/arena.h"
#include "parser/suggest.h"

namespace tkn::parser::json {
namespace {

constexpr const char* kWrongType = "Incorrect JSON value type";

// The place of a value in an error: objects and arrays are shown by their opening bracket.
SourceRange StartRange(const Expression& value) {
  switch (value.kind) {
    case ExpressionKind::kObject:
      return As<ObjectExpression>(value).open_range;
    case ExpressionKind::kTuple:
      return As<TupleExpression>(value).open_range;
    default:
      return value.range;
  }
}

SourceRange CloseRange(const Expression& value) {
  return {value.range.file, value.range.end == 0 ? 0 : value.range.end - 1, value.range.end};
}

bool IsNull(const Expression& value) {
  return value.kind == ExpressionKind::kLiteral && As<Literal>(value).literal == LiteralKind::kNull;
}

std::string Quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

struct Member {
  std::string_view name;
  SourceRange name_range;
  const Expression* value;
};

void AppendMembers(const Expression& object, std::vector<Member>& members) {
  for (const ObjectItem& item : As<ObjectExpression>(object).items) {
    if (const auto name = JsonText(*item.key)) {
      members.push_back({*name, item.key->range, item.value});
    }
  }
}

// The members of an object, or of all objects in an array. `label` is what their names give, if
// that.
std::vector<Member> CollectMembers(const Expression& value, const std::string* label,
                                   Diagnostics& diags) {
  std::vector<Member> members;
  const auto report = [&](const Expression& wrong) {
    const std::string purpose = label == nullptr
                                    ? "It holds the arguments and blocks that belong here."
                                    : "Its names give the " + *label + " labels of the block.";
    diags.Add({.summary = kWrongType,
               .detail = "Expected an object here, or an array of objects. " + purpose,
               .subject = StartRange(wrong)});
  };
  if (value.kind == ExpressionKind::kObject) {
    AppendMembers(value, members);
  } else if (value.kind == ExpressionKind::kTuple) {
    for (const Expression* element : As<TupleExpression>(value).elements) {
      if (element->kind == ExpressionKind::kObject) {
        AppendMembers(*element, members);
      } else {
        report(*element);
      }
    }
  } else if (!IsNull(value)) {
    report(value);
  }
  return members;
}

Attribute* MakeAttribute(const Member& member, Arena& arena) {
  auto* attribute = arena.New<Attribute>();
  attribute->name = member.name;
  attribute->name_range = member.name_range;
  attribute->equals_range = {member.name_range.file, member.name_range.end, member.name_range.end};
  attribute->range = Join(member.name_range, member.value->range);
  attribute->expression = member.value;
  return attribute;
}

// Takes the value of one member apart into the blocks of a type.
class BlockUnpacker {
 public:
  BlockUnpacker(const BodySchema::BlockSpec& spec, const Member& member, Arena& arena,
                std::vector<const Block*>& blocks, Diagnostics& diags)
      : spec_(spec), type_(member), arena_(arena), blocks_(blocks), diags_(diags) {}

  void Unpack(const Expression& value) {
    if (labels_.size() < spec_.label_names.size()) return UnpackLabels(value);
    if (IsNull(value)) return;
    if (value.kind == ExpressionKind::kObject) return Add(value, StartRange(value));
    if (value.kind == ExpressionKind::kTuple) {
      for (const Expression* element : As<TupleExpression>(value).elements) {
        Add(*element,
            StartRange(value));  // one of a wrong type is told when its content is asked for
      }
      return;
    }
    diags_.Add({.summary = kWrongType,
                .detail = "Expected an object here, which is the content of a " +
                          Quoted(spec_.type) + " block, or an array of such objects.",
                .subject = StartRange(value)});
  }

 private:
  void UnpackLabels(const Expression& value) {
    const std::string& label = spec_.label_names[labels_.size()];
    const std::vector<Member> members = CollectMembers(value, &label, diags_);
    if (members.empty()) {
      diags_.Add({.summary = "Missing block label",
                  .detail = "Expected an object here with at least one member, whose name is the " +
                            label + " of the " + spec_.type + " block.",
                  .subject = StartRange(value)});
      return;
    }
    for (const Member& member : members) {
      labels_.push_back({.text = member.name, .range = member.name_range});
      Unpack(*member.value);
      labels_.pop_back();
    }
  }

  void Add(const Expression& value, SourceRange header) {
    auto* block = arena_.New<Block>();
    block->type = type_.name;
    block->type_range = type_.name_range;
    block->labels = arena_.Copy(std::span<const Label>(labels_));
    block->open_range = StartRange(value);
    block->close_range = CloseRange(value);
    block->header_range = header;
    block->body = MakeBody(&value, arena_);
    blocks_.push_back(block);
  }

  const BodySchema::BlockSpec& spec_;
  const Member& type_;
  Arena& arena_;
  std::vector<const Block*>& blocks_;
  Diagnostics& diags_;
  std::vector<Label> labels_;
};

// What a schema knows, by name.
struct SchemaIndex {
  explicit SchemaIndex(const BodySchema& schema) {
    for (const auto& spec : schema.attributes) attributes.emplace(spec.name, &spec);
    for (const auto& spec : schema.blocks) blocks.emplace(spec.type, &spec);
  }
  bool Knows(std::string_view name) const {
    return attributes.contains(name) || blocks.contains(name);
  }

  std::unordered_map<std::string_view, const BodySchema::AttributeSpec*> attributes;
  std::unordered_map<std::string_view, const BodySchema::BlockSpec*> blocks;
};

BodyContent Select(const Body& body, const BodySchema& schema, const SchemaIndex& index,
                   Diagnostics& diags) {
  BodyContent content;
  content.end_range = body.end_range;
  const std::vector<Member> members = CollectMembers(*body.json, nullptr, diags);
  {
    const std::lock_guard lock(body.json_arena->mutex());
    for (const Member& member : members) {
      if (index.attributes.contains(member.name)) {
        if (content.Find(member.name) != nullptr) {
          diags.Add({.summary = "Duplicate argument",
                     .detail = "The argument " + Quoted(member.name) +
                               " is set already, further up in this object.",
                     .subject = member.name_range,
                     .context = Join(member.name_range, member.value->range)});
        } else {
          content.attributes.push_back(MakeAttribute(member, *body.json_arena));
        }
      } else if (const auto found = index.blocks.find(member.name); found != index.blocks.end()) {
        BlockUnpacker(*found->second, member, *body.json_arena, content.blocks, diags)
            .Unpack(*member.value);
      }
    }
  }
  for (const auto& spec : schema.attributes) {
    if (spec.required && content.Find(spec.name) == nullptr) {
      diags.Add({.summary = "Missing required argument",
                 .detail = "The argument " + Quoted(spec.name) + " must be set here.",
                 .subject = body.end_range});
    }
  }
  return content;
}

// The value without the members that the schema knows.
const Expression* WithoutKnown(const Expression& value, const SchemaIndex& index, Arena& arena) {
  if (value.kind == ExpressionKind::kObject) {
    const auto& object = As<ObjectExpression>(value);
    std::vector<ObjectItem> items;
    for (const ObjectItem& item : object.items) {
      const auto name = JsonText(*item.key);
      if (!name || !index.Knows(*name)) items.push_back(item);
    }
    auto* node = arena.New<ObjectExpression>(value.range);
    node->open_range = object.open_range;
    node->items = arena.Copy(std::span<const ObjectItem>(items));
    return node;
  }
  if (value.kind != ExpressionKind::kTuple) return &value;
  std::vector<const Expression*> elements;
  for (const Expression* element : As<TupleExpression>(value).elements) {
    elements.push_back(
        element->kind == ExpressionKind::kObject ? WithoutKnown(*element, index, arena) : element);
  }
  auto* node = arena.New<TupleExpression>(value.range);
  node->open_range = As<TupleExpression>(value).open_range;
  node->elements = arena.Copy(std::span<const Expression* const>(elements));
  return node;
}

}  // namespace

Body* MakeBody(const Expression* value, Arena& arena) {
  auto* body = arena.New<Body>();
  body->range = value->range;
  body->end_range =
      value->kind == ExpressionKind::kObject ? CloseRange(*value) : StartRange(*value);
  body->json = value;
  body->json_arena = &arena;
  return body;
}

BodyContent Content(const Body& body, const BodySchema& schema, Diagnostics& diags) {
  const SchemaIndex index(schema);
  BodyContent content = Select(body, schema, index, diags);
  std::vector<std::string> names;
  for (const auto& spec : schema.attributes) {
    if (content.Find(spec.name) == nullptr) names.push_back(spec.name);
  }
  for (const auto& spec : schema.blocks) names.push_back(spec.type);
  for (const Member& member : CollectMembers(*body.json, nullptr, diags)) {
    if (member.name == "//" || index.Knows(member.name)) continue;
    diags.Add({.summary = "Extraneous JSON object property",
               .detail = "No argument and no block type is called " + Quoted(member.name) +
                         " here." + DidYouMean(member.name, names),
               .subject = member.name_range,
               .context = Join(member.name_range, member.value->range)});
  }
  return content;
}

BodyContent PartialContent(const Body& body, const BodySchema& schema, Body* rest,
                           Diagnostics& diags) {
  const SchemaIndex index(schema);
  BodyContent content = Select(body, schema, index, diags);
  if (rest != nullptr) {
    const std::lock_guard lock(body.json_arena->mutex());
    *rest = body;
    rest->json = WithoutKnown(*body.json, index, *body.json_arena);
  }
  return content;
}

std::vector<const Attribute*> JustAttributes(const Body& body, Diagnostics& diags) {
  std::vector<const Attribute*> attributes;
  if (body.json->kind != ExpressionKind::kObject) {
    diags.Add({.summary = kWrongType,
               .detail = "Expected an object here, whose members are the arguments to set.",
               .subject = StartRange(*body.json)});
    return attributes;
  }
  std::vector<Member> members;
  AppendMembers(*body.json, members);
  std::unordered_map<std::string_view, const Attribute*> seen;
  const std::lock_guard lock(body.json_arena->mutex());
  for (const Member& member : members) {
    if (member.name == "//") continue;
    if (seen.contains(member.name)) {
      diags.Add({.summary = "Duplicate attribute definition",
                 .detail = "The argument " + Quoted(member.name) +
                           " is set already, further up in this object.",
                 .subject = member.name_range});
      continue;
    }
    attributes.push_back(MakeAttribute(member, *body.json_arena));
    seen.emplace(member.name, attributes.back());
  }
  return attributes;
}

}  // namespace tkn::parser::json
