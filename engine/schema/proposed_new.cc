#include <algorithm>
#include <optional>

#include "engine/schema/schema.h"

// What a provider is asked to plan: what is configured, completed with what the object already has.
namespace tkn {
namespace {

bool IsContent(const Value& v) { return v.IsKnown() && !v.IsNull(); }

// The part of an object, or a null of its type where there is no object.
Value Part(const Value& object, const std::string& name, Type type) {
  if (!IsContent(object)) return Value::Null(type);
  const Value* part = object.Find(name);
  return part == nullptr ? Value::Null(type) : *part;
}

Value ProposeBody(const BlockSchema& schema, const Value& prior, const Value& config);
Value ProposeObject(const NestedAttributes& schema, const Value& prior, const Value& config);

// Whether `config` may have led to the object `prior`: all that is configured is as it was, and
// what is not, the provider may have chosen.
bool MayComeFrom(const std::vector<AttributeSchema>& attributes, const Value& prior,
                 const Value& config) {
  if (!IsContent(prior) || !IsContent(config)) return prior.RawEquals(config);
  for (const AttributeSchema& a : attributes) {
    const Value was = Part(prior, a.name, a.type);
    const Value wanted = Part(config, a.name, a.type);
    if (was.RawEquals(wanted)) continue;
    if (a.computed && wanted.IsNull()) continue;
    if (a.nested != nullptr && a.nested->nesting == Nesting::kSingle && IsContent(was) &&
        IsContent(wanted) && MayComeFrom(a.nested->attributes, was, wanted)) {
      continue;
    }
    return false;
  }
  return true;
}

bool MayComeFrom(const BlockSchema& schema, const Value& prior, const Value& config) {
  if (!MayComeFrom(schema.attributes, prior, config)) return false;
  if (!IsContent(prior) || !IsContent(config)) return true;
  for (const NestedBlock& b : schema.blocks) {
    const Value* was = prior.Find(b.name);
    const Value* wanted = config.Find(b.name);
    if (was == nullptr || wanted == nullptr || was->RawEquals(*wanted)) continue;
    if (!IsContent(*was) || !IsContent(*wanted)) return false;
    if (b.nesting == Nesting::kSingle || b.nesting == Nesting::kGroup) {
      if (!MayComeFrom(b.block, *was, *wanted)) return false;
      continue;
    }
    const auto before = was->elements();
    const auto after = wanted->elements();
    if (before.size() != after.size()) return false;
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (!MayComeFrom(b.block, before[i], after[i])) return false;
    }
  }
  return true;
}

// Elements of a configured collection, each completed from the prior element that corresponds: by
// position, by key, and in sets by what is configured in it.
template <typename Propose, typename Fits>
Value ProposeElements(const Value& prior, const Value& config, Propose propose, Fits fits) {
  if (!IsContent(config) || config.Length() == 0) return config;
  const Type type = config.type();
  const auto wanted = config.elements();
  const bool have = IsContent(prior);
  const Value absent = Value::Null(Type::Dynamic());
  std::vector<Value> result;
  result.reserve(wanted.size());

  if (type.IsSet()) {
    std::vector<bool> used(have ? prior.Length() : 0, false);
    for (const Value& element : wanted) {
      const Value* match = nullptr;
      for (std::size_t i = 0; have && i < used.size(); ++i) {
        if (used[i] || !fits(prior.elements()[i], element)) continue;
        used[i] = true;
        match = &prior.elements()[i];
        break;
      }
      result.push_back(propose(match != nullptr ? *match : absent, element));
    }
    return Value::Set(type.element(), std::move(result));
  }
  if (type.IsMap() || type.IsObject()) {
    std::vector<Value::Entry> entries;
    entries.reserve(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const std::string key(config.KeyAt(i));
      const Value* was = have ? prior.Find(key) : nullptr;
      entries.emplace_back(key, propose(was != nullptr ? *was : absent, wanted[i]));
    }
    return type.IsMap() ? Value::Map(type.element(), std::move(entries))
                        : Value::Object(std::move(entries));
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const bool was = have && i < prior.Length();
    result.push_back(propose(was ? prior.elements()[i] : absent, wanted[i]));
  }
  return type.IsTuple() ? Value::Tuple(std::move(result))
                        : Value::List(type.element(), std::move(result));
}

// A structured attribute that holds anything the provider could not have chosen by itself came from
// a configuration: leaving it out now means to remove it.
bool CameFromConfiguration(const NestedAttributes& schema, const Value& value) {
  if (!IsContent(value)) return false;
  const auto one = [&](const Value& object) {
    if (!IsContent(object)) return false;
    return std::ranges::any_of(schema.attributes, [&](const AttributeSchema& a) {
      const Value part = Part(object, a.name, a.type);
      if (!a.computed && !part.IsNull()) return true;
      return a.nested != nullptr && CameFromConfiguration(*a.nested, part);
    });
  };
  if (schema.nesting == Nesting::kSingle || schema.nesting == Nesting::kGroup) return one(value);
  return std::ranges::any_of(value.elements(), one);
}

Value ProposeNested(const NestedAttributes& schema, const Value& prior, const Value& config) {
  if (!IsContent(config)) return config;
  if (schema.nesting == Nesting::kSingle || schema.nesting == Nesting::kGroup) {
    return ProposeObject(schema, prior, config);
  }
  return ProposeElements(
      prior, config, [&](const Value& p, const Value& c) { return ProposeObject(schema, p, c); },
      [&](const Value& p, const Value& c) { return MayComeFrom(schema.attributes, p, c); });
}

Value ProposeAttribute(const AttributeSchema& a, const Value& prior, const Value& config) {
  if (a.write_only) return Value::Null(a.type);  // neither plans nor states hold it
  if (a.computed && config.IsNull()) {
    const bool removed =
        a.optional && a.nested != nullptr && CameFromConfiguration(*a.nested, prior);
    return removed ? config : prior;
  }
  return a.nested != nullptr ? ProposeNested(*a.nested, prior, config) : config;
}

Value ProposeObject(const NestedAttributes& schema, const Value& prior, const Value& config) {
  if (!IsContent(config)) return config;
  std::vector<Value::Entry> members;
  for (const AttributeSchema& a : schema.attributes) {
    members.emplace_back(
        a.name, ProposeAttribute(a, Part(prior, a.name, a.type), Part(config, a.name, a.type)));
  }
  return Value::Object(std::move(members));
}

Value ProposeBody(const BlockSchema& schema, const Value& prior, const Value& config) {
  if (!IsContent(config)) return config;
  std::vector<Value> parts;
  parts.reserve(schema.attributes.size() + schema.blocks.size());
  for (const AttributeSchema& a : schema.attributes) {
    parts.push_back(ProposeAttribute(a, Part(prior, a.name, a.type), Part(config, a.name, a.type)));
  }
  for (const NestedBlock& b : schema.blocks) {
    const Type type = schema.ImpliedType().FindAttribute(b.name)->type;
    const Value was = Part(prior, b.name, type);
    const Value wanted = Part(config, b.name, type);
    if (b.nesting == Nesting::kSingle || b.nesting == Nesting::kGroup) {
      parts.push_back(ProposeBody(b.block, was, wanted));
    } else {
      parts.push_back(ProposeElements(
          was, wanted, [&](const Value& p, const Value& c) { return ProposeBody(b.block, p, c); },
          [&](const Value& p, const Value& c) { return MayComeFrom(b.block, p, c); }));
    }
  }
  return schema.Assemble(std::move(parts));
}

// --- unknowns for what is computed

template <typename F>
Value MapElements(const Value& value, F f) {
  if (!IsContent(value)) return value;
  return ProposeElements(
      Value::Null(Type::Dynamic()), value, [&](const Value&, const Value& v) { return f(v); },
      [](const Value&, const Value&) { return false; });
}

Value UnknownsInObject(const NestedAttributes& schema, const Value& object);

Value UnknownIfComputed(const AttributeSchema& a, const Value& value) {
  if (a.computed && !a.write_only && value.IsNull()) return Value::Unknown(a.type);
  if (a.nested == nullptr || !IsContent(value)) return value;
  if (a.nested->nesting == Nesting::kSingle || a.nested->nesting == Nesting::kGroup) {
    return UnknownsInObject(*a.nested, value);
  }
  return MapElements(value, [&](const Value& v) { return UnknownsInObject(*a.nested, v); });
}

Value UnknownsInObject(const NestedAttributes& schema, const Value& object) {
  if (!IsContent(object)) return object;
  std::vector<Value::Entry> members;
  for (const AttributeSchema& a : schema.attributes) {
    members.emplace_back(a.name, UnknownIfComputed(a, Part(object, a.name, a.type)));
  }
  return Value::Object(std::move(members));
}

}  // namespace

Value ProposedNew(const BlockSchema& schema, const Value& prior, const Value& config) {
  if (config.IsNull() && prior.IsNull()) return prior;
  const Value proposed = ProposeBody(schema, prior, config);
  return prior.IsNull() ? SetUnknowns(schema, proposed) : proposed;
}

Value SetUnknowns(const BlockSchema& schema, const Value& value) {
  if (!IsContent(value)) return value;
  std::vector<Value> parts;
  parts.reserve(schema.attributes.size() + schema.blocks.size());
  for (const AttributeSchema& a : schema.attributes) {
    parts.push_back(UnknownIfComputed(a, Part(value, a.name, a.type)));
  }
  for (const NestedBlock& b : schema.blocks) {
    const Value inner = Part(value, b.name, schema.ImpliedType().FindAttribute(b.name)->type);
    if (b.nesting == Nesting::kSingle || b.nesting == Nesting::kGroup) {
      parts.push_back(SetUnknowns(b.block, inner));
    } else {
      parts.push_back(MapElements(inner, [&](const Value& v) { return SetUnknowns(b.block, v); }));
    }
  }
  return schema.Assemble(std::move(parts));
}

}  // namespace tkn
