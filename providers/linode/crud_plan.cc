#include "providers/linode/crud_plan.h"

#include <algorithm>

#include "providers/linode/instance_schema.h"

namespace tkn::linode {
namespace {

std::string Listed(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "\"" : " \"") + text + "\"";
  return "[" + list + "]";
}

void AddProblem(const CrudDefinition& definition, const CrudField& field, const char* summary,
                const std::string& legacy, const std::string& framework, Diagnostics& diags) {
  const std::string path = "." + field.attribute.name;
  if (definition.legacy) {
    AddError(diags, legacy, "", path);
  } else {
    AddError(diags, summary, framework, path);
  }
}

void CheckBounds(const CrudDefinition& definition, const CrudField& field, const Value& value,
                 Diagnostics& diags) {
  const auto& [least, most] = *field.bounds;
  const std::string& name = field.attribute.name;
  const std::string from = std::to_string(least);
  const std::string to = std::to_string(most);
  if (value.type() == Type::Number()) {
    const tkn::Number& number = value.AsNumber();
    if (!(number < tkn::Number(least)) && !(tkn::Number(most) < number)) return;
    AddProblem(definition, field, "Invalid Attribute Value",
               "expected " + name + " to be in the range (" + from + " - " + to + "), got " +
                   number.ToString(),
               "Attribute " + name + " value must be between " + from + " and " + to +
                   ", got: " + number.ToString(),
               diags);
    return;
  }
  const std::size_t size = value.AsString().size();
  if (size >= static_cast<std::size_t>(least) && size <= static_cast<std::size_t>(most)) return;
  AddProblem(definition, field, "Invalid Attribute Value Length",
             "expected length of " + name + " to be in the range (" + from + " - " + to +
                 "), got " + std::string(value.AsString()),
             "Attribute " + name + " string length must be between " + from + " and " + to +
                 ", got: " + std::to_string(size),
             diags);
}

bool Same(const CrudField& field, const Value& state, const Value& other) {
  if (state.RawEquals(other)) return true;
  return field.same != nullptr && IsGiven(state) && IsGiven(other) && field.same(state, other);
}

Value Zero(Type type) {
  if (type == Type::String()) return Value::String("");
  if (type == Type::Number()) return Value::Number(0);
  if (type == Type::Bool()) return Value::Bool(false);
  return Value::EmptyTuple();
}

}  // namespace

std::string WithId(const std::string& text, const std::string& id) {
  const std::size_t at = text.find('%');
  return at == std::string::npos ? text : text.substr(0, at) + id + text.substr(at + 1);
}

const std::string& FieldOf(const CrudField& field) {
  return field.field.empty() ? field.attribute.name : field.field;
}

Schema SchemaOf(const CrudDefinition& definition) {
  Schema schema;
  schema.version = definition.version;
  schema.block.attributes.push_back({.name = "id", .type = Type::String(), .computed = true});
  for (const CrudField& field : definition.fields) {
    schema.block.attributes.push_back(field.attribute);
    if (field.fallback) schema.block.attributes.back().computed = true;
  }
  schema.block.Finish();
  return schema;
}

void ValidateFields(const CrudDefinition& definition, const Value& config, Diagnostics& diags) {
  for (const CrudField& field : definition.fields) {
    const Value value = config.Attribute(field.attribute.name);
    if (!IsGiven(value)) continue;
    if (field.bounds) CheckBounds(definition, field, value, diags);
    if (field.one_of.empty() || std::find(field.one_of.begin(), field.one_of.end(),
                                          value.AsString()) != field.one_of.end()) {
      continue;
    }
    const std::string text(value.AsString());
    const std::string& name = field.attribute.name;
    AddProblem(definition, field, "Invalid Attribute Value Match",
               "expected " + name + " to be one of " + Listed(field.one_of) + ", got " + text,
               "Attribute " + name + " value must be one of: " + Listed(field.one_of) +
                   ", got: \"" + text + "\"",
               diags);
  }
}

PlanResponse PlanFields(const CrudDefinition& definition, const Schema& schema,
                        const PlanRequest& request) {
  PlanResponse response;
  response.legacy_type_system = definition.legacy;
  response.planned.private_bytes = request.prior.private_bytes;
  const bool is_new = request.prior.value.IsNull();
  const Type type = schema.block.ImpliedType();
  Record planned(type,
                 is_new ? SetUnknowns(schema.block, request.proposed_new) : request.proposed_new);
  for (const CrudField& field : definition.fields) {
    const std::string& name = field.attribute.name;
    if (field.fallback && request.config.Attribute(name).IsNull())
      planned.Set(name, *field.fallback);
  }
  if (!is_new) {
    const Record prior(type, request.prior.value);
    bool changed = false;
    for (const CrudField& field : definition.fields) {
      const std::string& name = field.attribute.name;
      const bool unset = definition.legacy && planned[name].IsNull() && IsEmptyValue(prior[name]);
      if (unset || Same(field, prior[name], planned[name])) {
        // The framework's types take the new spelling; the older ones keep what they have.
        if (definition.legacy) planned.Set(name, prior[name]);
        changed = changed || !planned[name].RawEquals(prior[name]);
        continue;
      }
      changed = true;
      const bool replaces =
          field.when == When::kForcesNew || field.when == When::kOwner ||
          (field.replaces != nullptr && field.replaces(prior[name], planned[name]));
      if (replaces) response.requires_replace.push_back({PathStep::Attribute(name)});
    }
    for (const CrudField& field : definition.fields) {
      if (changed && field.when == When::kAnsweredAnew) planned.SetUnknown(field.attribute.name);
    }
  }
  response.planned.value = planned.ToValue();
  return response;
}

Value BodyOf(const CrudDefinition& definition, const Record& record, const Value& prior) {
  const bool update = !prior.IsNull();
  std::vector<Value::Entry> entries;
  for (const CrudField& field : definition.fields) {
    const std::string& name = field.attribute.name;
    const bool sent = field.when == When::kInPlace || (field.when == When::kForcesNew && !update);
    if (!sent) continue;
    const Type type = field.attribute.type;
    const bool collection = type.IsSet() || type.IsList();
    const bool had = update && !IsEmptyValue(prior.Attribute(name));
    if (collection && definition.legacy &&
        (update ? SameSetting(prior.Attribute(name), record[name]) : !record.IsGiven(name))) {
      entries.emplace_back(FieldOf(field), Value());  // leave it
    } else if (record.IsGiven(name)) {
      entries.emplace_back(FieldOf(field), record[name]);
    } else if (had) {
      entries.emplace_back(FieldOf(field), Zero(type));
    }
  }
  return Value::Object(std::move(entries));
}

}  // namespace tkn::linode
