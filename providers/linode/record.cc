#include "providers/linode/record.h"

#include <stdexcept>
#include <utility>

#include "engine/value/path.h"

namespace tkn::linode {

bool IsGiven(const Value& value) { return value.IsKnown() && !value.IsNull(); }

Record::Record(Type type, const Value& from) : type_(type) {
  for (const ObjectAttribute& attribute : type_.attributes()) {
    values_.push_back(from.IsNull() ? Value::Null(attribute.type) : from.Attribute(attribute.name));
  }
}

std::size_t Record::IndexOf(std::string_view name) const {
  const std::size_t index = type_.AttributeIndex(name);
  if (index == Type::npos) throw std::logic_error("no such attribute: " + std::string(name));
  return index;
}

Type Record::TypeOf(std::string_view name) const { return type_.attributes()[IndexOf(name)].type; }

void Record::SetUnknown(std::string_view name) { Set(name, Value::Unknown(TypeOf(name))); }
void Record::SetNull(std::string_view name) { Set(name, Value::Null(TypeOf(name))); }

void Record::Fill(std::string_view name, const Value& value) {
  if (!(*this)[name].IsKnown()) Set(name, value);
}

void Record::ForgetUnknown() {
  for (Value& value : values_) {
    if (value.IsWhollyKnown()) continue;
    value = value.Transform([](const Path&, const Value& part) {
      return part.IsKnown() ? part : Value::Null(part.type());
    });
  }
}

bool Record::IsGiven(std::string_view name) const { return linode::IsGiven((*this)[name]); }

std::string Record::Text(std::string_view name) const {
  return IsGiven(name) ? std::string((*this)[name].AsString()) : "";
}

}  // namespace tkn::linode
