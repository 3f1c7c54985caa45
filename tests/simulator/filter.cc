#include "tests/simulator/filter.h"

#include <algorithm>

#include "tests/simulator/request.h"

namespace tkn::simulator {
namespace {

const FieldSet& Operators() {
  static const FieldSet operators = {"+gt", "+gte", "+lt", "+lte", "+neq", "+contains"};
  return operators;
}

ApiError Refused(const std::string& reason) { return BadRequest(reason, "X-Filter"); }

bool IsCombination(const std::string& key) { return key == "+and" || key == "+or"; }
bool IsOrder(const std::string& key) { return key == "+order" || key == "+order_by"; }

void Check(const Json& conditions, const FieldSet& fields, bool top) {
  if (!conditions.is_object()) throw Refused("X-Filter must be a JSON object");
  for (const auto& [key, value] : conditions.items()) {
    if (IsCombination(key)) {
      if (!value.is_array()) throw Refused(key + " must be a list of filters");
      for (const Json& part : value) Check(part, fields, false);
    } else if (top && IsOrder(key)) {
      if (!value.is_string()) throw Refused(key + " must be a string");
    } else if (!fields.contains(key)) {
      throw Refused("Cannot filter on " + key);
    } else if (value.is_object()) {
      for (const auto& [name, operand] : value.items()) {
        if (!Operators().contains(name)) throw Refused("Unknown operator " + name);
        if (operand.is_structured()) throw Refused(name + " needs a plain value");
      }
    } else if (value.is_array()) {
      throw Refused("Cannot compare " + key + " with a list");
    }
  }
}

const Json& Field(const Json& object, const std::string& name) {
  static const Json absent;
  const Json* at = &object;
  for (size_t begin = 0; begin <= name.size();) {
    const size_t end = std::min(name.find('.', begin), name.size());
    if (!at->is_object()) return absent;
    const auto found = at->find(name.substr(begin, end - begin));
    if (found == at->end()) return absent;
    at = &found.value();
    begin = end + 1;
  }
  return *at;
}

bool SameKind(const Json& a, const Json& b) {
  return (a.is_number() && b.is_number()) || a.type() == b.type();
}

bool Holds(const Json& field, const std::string& name, const Json& operand) {
  if (field.is_array()) {  // of a list it is enough that one element fits; "+neq": none equals
    const bool negated = name == "+neq";
    for (const Json& element : field) {
      if (Holds(element, negated ? "" : name, operand)) return !negated;
    }
    return negated;
  }
  if (name == "+neq") return !SameKind(field, operand) || field != operand;
  if (!SameKind(field, operand)) return false;
  if (name == "+gt") return field > operand;
  if (name == "+gte") return field >= operand;
  if (name == "+lt") return field < operand;
  if (name == "+lte") return field <= operand;
  if (name == "+contains") {
    return field.is_string() && field.get_ref<const std::string&>().find(
                                    operand.get_ref<const std::string&>()) != std::string::npos;
  }
  return field == operand;
}

bool Fits(const Json& object, const Json& conditions) {
  for (const auto& [key, value] : conditions.items()) {
    if (IsOrder(key)) continue;
    if (key == "+and") {
      for (const Json& part : value) {
        if (!Fits(object, part)) return false;
      }
    } else if (key == "+or") {
      bool any = value.empty();
      for (const Json& part : value) any = any || Fits(object, part);
      if (!any) return false;
    } else if (value.is_object()) {
      for (const auto& [name, operand] : value.items()) {
        if (!Holds(Field(object, key), name, operand)) return false;
      }
    } else if (!Holds(Field(object, key), "", value)) {
      return false;
    }
  }
  return true;
}

}  // namespace

Filter::Filter(const std::string& text, const FieldSet& fields) {
  std::optional<Json> parsed = ParseJson(text);
  if (!parsed) throw Refused("Invalid JSON");
  Check(*parsed, fields, true);
  conditions_ = std::move(*parsed);
  order_by_ = conditions_.value("+order_by", "");
  const std::string order = conditions_.value("+order", "asc");
  if (order != "asc" && order != "desc") throw Refused("+order must be asc or desc");
  descending_ = order == "desc";
  if (!order_by_.empty() && order_by_ != "id" && !fields.contains(order_by_)) {
    throw Refused("Cannot order by " + order_by_);
  }
}

bool Filter::Matches(const Json& object) const { return Fits(object, conditions_); }

bool Filter::Before(const Json& a, const Json& b) const {
  // Times have whole seconds, so that ties are common: the id decides them.
  const bool tie = Field(a, order_by_) == Field(b, order_by_);
  const Json& left = Field(a, tie ? "id" : order_by_);
  const Json& right = Field(b, tie ? "id" : order_by_);
  return descending_ ? right < left : left < right;
}

}  // namespace tkn::simulator
