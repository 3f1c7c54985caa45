#include "providers/linode/lookup.h"

#include <utility>

#include "providers/linode/answer.h"
#include "providers/linode/crud_plan.h"
#include "providers/linode/instant.h"
#include "providers/linode/path_template.h"
#include "providers/linode/record.h"

namespace tkn::linode {
namespace {

class Lookup final : public DataSource {
 public:
  explicit Lookup(LookupDefinition definition)
      : DataSource(definition.type, MakeSchema(definition)), definition_(std::move(definition)) {}

  Value Read(const Value& config, Context& context) const override {
    Record record(type(), config);
    const std::vector<std::string> names = NamesIn(definition_.path);
    const std::string first = names.empty() ? "" : record.Text(names.front());
    const Answer answer = context.client.Get(FillPath(definition_.path, record), context.limits);
    if (answer.error) {
      AddError(context.diags, WithId(definition_.error_summary, first), answer.error->text);
      return Value::Null(type());
    }
    for (const AttributeSchema& attribute : schema().block.attributes) {
      if (attribute.required) continue;
      record.Set(attribute.name, Shape(Field(answer.body, attribute.name), attribute.type));
    }
    if (definition_.finish != nullptr) definition_.finish(answer.body, record);
    return record.ToValue();
  }

 private:
  static Schema MakeSchema(const LookupDefinition& definition) {
    Schema schema;
    schema.block.attributes = definition.attributes;
    schema.block.Finish();
    return schema;
  }

  const LookupDefinition definition_;
};

}  // namespace

std::unique_ptr<DataSource> MakeLookup(LookupDefinition definition) {
  return std::make_unique<Lookup>(std::move(definition));
}

Value ApiTime(const Value& text) {
  if (!IsGiven(text) || text.type() != Type::String() || text.AsString().empty()) {
    return Value::Null(Type::String());
  }
  const auto instant = Instant::ParseApi(text.AsString());
  return instant ? Value::String(instant->ToRfc3339()) : text;
}

}  // namespace tkn::linode
