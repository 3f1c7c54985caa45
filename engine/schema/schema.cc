#include "engine/schema/schema.h"

#include <algorithm>
#include <stdexcept>

#include "parser/content.h"

namespace tkn {
namespace {

Type Collect(Nesting nesting, Type element) {
  // A collection wants one type for all elements; where that is not known, the value's own type
  // decides.
  const bool dynamic = element.HasDynamic();
  switch (nesting) {
    case Nesting::kSingle:
    case Nesting::kGroup:
      return element;
    case Nesting::kList:
      return dynamic ? Type::Dynamic() : Type::List(element);
    case Nesting::kSet:
      return Type::Set(element);
    case Nesting::kMap:
      return dynamic ? Type::Dynamic() : Type::Map(element);
  }
  throw std::logic_error("schema: unknown nesting");
}

void FinishAttribute(AttributeSchema& attribute) {
  if (attribute.nested == nullptr) {
    attribute.config_type = attribute.type;
    attribute.type = attribute.type.WithoutOptional();
    return;
  }
  auto nested = std::make_shared<NestedAttributes>(*attribute.nested);
  for (AttributeSchema& inner : nested->attributes) FinishAttribute(inner);
  std::ranges::sort(nested->attributes, {}, &AttributeSchema::name);
  attribute.type = Collect(nested->nesting, nested->ElementType(false));
  attribute.config_type = Collect(nested->nesting, nested->ElementType(true));
  attribute.nested = std::move(nested);
}

template <typename List>
auto FindByName(const List& list, std::string_view name) -> decltype(list.data()) {
  const auto found = std::lower_bound(list.begin(), list.end(), name,
                                      [](const auto& a, std::string_view b) { return a.name < b; });
  return found != list.end() && found->name == name ? &*found : nullptr;
}

class SensitiveCollector {
 public:
  std::vector<PathMarks> found;

  void Body(const Value& value, const BlockSchema& schema) {
    if (!schema.ContainsSensitive() || value.IsNull() || !value.IsKnown()) return;
    Attributes(value, schema.attributes);
    for (const NestedBlock& block : schema.blocks) {
      if (!block.block.ContainsSensitive()) continue;
      const Value* inner = value.Find(block.name);
      if (inner == nullptr) continue;
      path_.push_back(PathStep::Attribute(block.name));
      Elements(*inner, block.nesting, [&](const Value& v) { Body(v, block.block); });
      path_.pop_back();
    }
  }

 private:
  void Attributes(const Value& value, const std::vector<AttributeSchema>& attributes) {
    for (const AttributeSchema& attribute : attributes) {
      const bool inside = attribute.nested != nullptr && attribute.nested->ContainsSensitive();
      if (!attribute.sensitive && !inside) continue;
      const Value* inner = value.Find(attribute.name);
      if (inner == nullptr) continue;
      path_.push_back(PathStep::Attribute(attribute.name));
      if (attribute.sensitive) {
        found.push_back({path_, MarkSet::Of(MarkKind::kSensitive)});
      } else {
        Elements(*inner, attribute.nested->nesting, [&](const Value& v) {
          if (!v.IsNull() && v.IsKnown())
            Attributes(v.Unmark().first, attribute.nested->attributes);
        });
      }
      path_.pop_back();
    }
  }

  template <typename F>
  void Elements(const Value& marked, Nesting nesting, F each) {
    if (marked.IsNull() || !marked.IsKnown()) return;
    const Value value = marked.Unmark().first;
    if (nesting == Nesting::kSingle || nesting == Nesting::kGroup) return each(value);
    const bool keyed = value.type().IsMap() || value.type().IsObject();
    const auto elements = value.elements();
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if (keyed) {
        path_.push_back(PathStep::Index(std::string(value.KeyAt(i))));
      } else if (value.type().IsSet()) {
        path_.push_back(PathStep::Index(elements[i]));
      } else {
        path_.push_back(PathStep::Index(static_cast<std::int64_t>(i)));
      }
      each(elements[i]);
      path_.pop_back();
    }
  }

  Path path_;
};

}  // namespace

const AttributeSchema* NestedAttributes::Find(std::string_view name) const {
  return FindByName(attributes, name);
}

Type NestedAttributes::ElementType(bool for_config) const {
  std::vector<ObjectAttribute> members;
  members.reserve(attributes.size());
  for (const AttributeSchema& a : attributes) {
    members.push_back({a.name, for_config ? a.config_type : a.type, for_config && !a.required});
  }
  return Type::Object(std::move(members));
}

bool NestedAttributes::ContainsSensitive() const {
  return std::ranges::any_of(attributes, [](const AttributeSchema& a) {
    return a.sensitive || (a.nested != nullptr && a.nested->ContainsSensitive());
  });
}

void BlockSchema::Finish() {
  for (AttributeSchema& attribute : attributes) FinishAttribute(attribute);
  std::ranges::sort(attributes, {}, &AttributeSchema::name);
  std::ranges::sort(blocks, {}, &NestedBlock::name);

  contains_sensitive_ = false;
  std::vector<ObjectAttribute> members;
  members.reserve(attributes.size() + blocks.size());
  for (const AttributeSchema& a : attributes) {
    members.push_back({a.name, a.type, false});
    contains_sensitive_ = contains_sensitive_ || a.sensitive ||
                          (a.nested != nullptr && a.nested->ContainsSensitive());
  }
  for (NestedBlock& b : blocks) {
    b.block.Finish();
    members.push_back({b.name, Collect(b.nesting, b.block.ImpliedType()), false});
    contains_sensitive_ = contains_sensitive_ || b.block.ContainsSensitive();
  }
  implied_ = Type::Object(std::move(members));
  places_.clear();
  if (!blocks.empty()) {
    for (const AttributeSchema& a : attributes) places_.push_back(implied_.AttributeIndex(a.name));
    for (const NestedBlock& b : blocks) places_.push_back(implied_.AttributeIndex(b.name));
  }

  auto content = std::make_shared<parser::BodySchema>();
  for (const AttributeSchema& a : attributes) content->attributes.push_back({a.name, a.required});
  for (const NestedBlock& b : blocks) {
    parser::BodySchema::BlockSpec spec{b.name, {}};
    if (b.nesting == Nesting::kMap) spec.label_names.emplace_back("key");
    content->blocks.push_back(std::move(spec));
  }
  content->blocks.push_back({"dynamic", {"type"}});
  body_schema_ = std::move(content);
}

Value BlockSchema::Assemble(std::vector<Value> parts) const {
  if (places_.empty()) return Value::ObjectOf(implied_, std::move(parts));
  std::vector<Value> members(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) members[places_.at(i)] = std::move(parts[i]);
  return Value::ObjectOf(implied_, std::move(members));
}

const AttributeSchema* BlockSchema::FindAttribute(std::string_view name) const {
  return FindByName(attributes, name);
}

const NestedBlock* BlockSchema::FindBlock(std::string_view name) const {
  return FindByName(blocks, name);
}

std::vector<PathMarks> SensitivePaths(const Value& value, const BlockSchema& schema) {
  SensitiveCollector collector;
  collector.Body(value.Unmark().first, schema);
  return std::move(collector.found);
}

Value EmptyValue(const BlockSchema& schema) {
  std::vector<Value> parts;
  parts.reserve(schema.attributes.size() + schema.blocks.size());
  for (const AttributeSchema& a : schema.attributes) parts.push_back(Value::Null(a.type));
  for (const NestedBlock& b : schema.blocks) {
    const Type element = b.block.ImpliedType();
    const bool dynamic = element.HasDynamic();
    switch (b.nesting) {
      case Nesting::kSingle:
        parts.push_back(Value::Null(element));
        break;
      case Nesting::kGroup:
        parts.push_back(EmptyValue(b.block));
        break;
      case Nesting::kList:
        parts.push_back(dynamic ? Value::EmptyTuple() : Value::List(element, {}));
        break;
      case Nesting::kSet:
        parts.push_back(Value::Set(element, {}));
        break;
      case Nesting::kMap:
        parts.push_back(dynamic ? Value::EmptyObject() : Value::Map(element, {}));
        break;
    }
  }
  return schema.Assemble(std::move(parts));
}

}  // namespace tkn
