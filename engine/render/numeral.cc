#include "engine/render/numeral.h"

namespace tkn::render {
namespace {

// The one attribute of such a value's object: a name that no configuration has.
constexpr char kName[] = "\x01numeral";

}  // namespace

Value Numeral(std::string_view written) {
  return Value::Object({{kName, Value::String(std::string(written))}});
}

std::optional<std::string_view> AsNumeral(const Value& value) {
  if (value.IsNull() || !value.IsKnown() || !value.type().IsObject() || value.Length() != 1)
    return std::nullopt;
  const Value* written = value.Find(kName);
  if (written == nullptr) return std::nullopt;
  return written->AsString();
}

}  // namespace tkn::render
