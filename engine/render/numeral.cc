#include "engine/render/numeral.h"

namespace tkn::render {
namespace {

// The one attribute of such a value's object. Should a configuration have an object of that kind,
// it is shown as its text.
constexpr char kName[] = "\x01 a number in a JSON text";

}  // namespace

Value Numeral(std::string_view written) {
  return Value::Object({{kName, Value::String(std::string(written))}});
}

std::optional<std::string_view> AsNumeral(const Value& value) {
  if (value.IsNull() || !value.IsKnown() || !value.type().IsObject() || value.Length() != 1)
    return std::nullopt;
  const Value* written = value.Find(kName);
  if (written == nullptr || written->ContainsMarked() || !written->IsKnown() || written->IsNull() ||
      written->type() != Type::String()) {
    return std::nullopt;
  }
  return written->AsString();
}

}  // namespace tkn::render
