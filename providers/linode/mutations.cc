#include "providers/linode/mutations.h"

#include <nlohmann/json.hpp>

#include "providers/linode/answer.h"

namespace tkn::linode::testing {
namespace {

// Reads with `body` as the answer to whatever is asked.
void ReadWith(World& world, const Sample& sample, const std::string& body) {
  world.api->otherwise = [&](const HttpRequest&) { return Json(200, body); };
  Diagnostics diags;
  const auto& schemas = world.provider->GetSchemas();
  const Schema& schema =
      sample.data ? schemas.data_sources.at(sample.type) : schemas.resources.at(sample.type);
  const Type type = schema.block.ImpliedType();
  Record current(type, EmptyValue(schema.block));
  // What leads to the object; a label finds one in a list.
  for (const AttributeSchema& attribute : schema.block.attributes) {
    if (attribute.name == "id" || (sample.data && attribute.required)) {
      current.SetText(attribute.name, "7");
    } else if (attribute.name.ends_with("_id") && attribute.required) {
      current.Set(attribute.name, Value::Number(7));
    }
  }
  const Value read =
      sample.data ? world.provider->ReadData(sample.type, current.ToValue(), world.cancel, diags)
                  : world.provider->Read(sample.type, {current.ToValue(), ""}, diags).value;
  INFO(body);
  CHECK(CheckConforms(read, type).empty());
  if (read.IsNull()) CHECK(diags.HasErrors());
}

}  // namespace

void CheckCutAnswers(World& world, const Sample& sample) {
  CAPTURE(sample.type);
  for (std::size_t size = 0; size <= sample.body.size(); ++size) {
    ReadWith(world, sample, sample.body.substr(0, size));
  }
}

void CheckReplacedAnswers(World& world, const Sample& sample) {
  static const std::string deep = std::string(900, '[') + std::string(900, ']');
  static const std::string parts[] = {
      "null", "\"text\"", "1e400",   "123456789012345678901234567890",
      "-1.5", "true",     "[[[1]]]", R"({"x": {"y": []}})",
      deep};
  CAPTURE(sample.type);
  const nlohmann::json json = nlohmann::json::parse(sample.body);
  const nlohmann::json flat = json.flatten();
  CHECK(flat.size() > 2);
  for (const auto& [pointer, value] : flat.items()) {
    for (const std::string& part : parts) {
      // Of what is no JSON for this library only the text can be put in.
      nlohmann::json mutated = json;
      mutated[nlohmann::json::json_pointer(pointer)] = "@@";
      std::string text = mutated.dump();
      text.replace(text.find("\"@@\""), 4, part);
      ReadWith(world, sample, text);
    }
  }
}

}  // namespace tkn::linode::testing
