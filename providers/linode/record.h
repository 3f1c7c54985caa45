#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/value/value.h"

namespace tkn::linode {

// An object of a schema's type while it is put together. Names that the type does not have are a
// bug.
class Record {
 public:
  // As `from` has it; all null when that is null.
  Record(Type type, const Value& from);

  const Value& operator[](std::string_view name) const { return values_[IndexOf(name)]; }
  void Set(std::string_view name, Value value) { values_[IndexOf(name)] = std::move(value); }
  void SetText(std::string_view name, std::string_view text) { Set(name, Value::String(text)); }
  void SetUnknown(std::string_view name);
  void SetNull(std::string_view name);
  // Only where the value is not known yet.
  void Fill(std::string_view name, const Value& value);
  // Whatever is unknown, at any depth, becomes null: for objects that are stored before they are
  // finished.
  void ForgetUnknown();

  Type TypeOf(std::string_view name) const;
  bool IsGiven(std::string_view name) const;      // known and not null
  std::string Text(std::string_view name) const;  // "" when not given
  Value ToValue() const { return Value::ObjectOf(type_, values_); }

 private:
  std::size_t IndexOf(std::string_view name) const;
  Type type_;
  std::vector<Value> values_;
};

bool IsGiven(const Value& value);

}  // namespace tkn::linode
