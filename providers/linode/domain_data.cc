#include "providers/linode/answer.h"
#include "providers/linode/domain.h"
#include "providers/linode/record.h"

namespace tkn::linode {
namespace {

Schema DomainDataSchema() {
  const auto computed = [](const char* name, Type type, const char* description) {
    return AttributeSchema{
        .name = name, .type = type, .computed = true, .description = description};
  };
  const Type texts = Type::Set(Type::String());
  Schema schema;
  schema.block.attributes = {
      {.name = "id",
       .type = Type::String(),
       .optional = true,
       .computed = true,
       .description = "The domain's id; or else its name is given."},
      {.name = "domain",
       .type = Type::String(),
       .optional = true,
       .computed = true,
       .description = "The name of the zone; or else its id is given."},
      computed("type", Type::String(), "master or slave."),
      computed("soa_email", Type::String(), "Who answers for the zone."),
      computed("description", Type::String(), "For people."),
      computed("group", Type::String(), "A group to show it in."),
      computed("status", Type::String(), "active, disabled or has_errors."),
      computed("master_ips", texts, "Of a slave: where its zone comes from."),
      computed("axfr_ips", texts, "Who may transfer the zone."),
      computed("ttl_sec", Type::Number(), "How long answers may be kept."),
      computed("retry_sec", Type::Number(), "How long to wait after a failed refresh."),
      computed("expire_sec", Type::Number(), "How long a zone is served without a refresh."),
      computed("refresh_sec", Type::Number(), "How often the zone is refreshed."),
      computed("tags", texts, "For people."),
  };
  schema.block.Finish();
  return schema;
}

constexpr char kNotFound[] = "Error finding the specified Linode Domain";

class DomainData final : public DataSource {
 public:
  DomainData() : DataSource("linode_domain", DomainDataSchema()) {}

  void Validate(const Value& config, Diagnostics& diags) const override {
    const Value id = config.Attribute("id");
    const Value domain = config.Attribute("domain");
    if (!id.IsKnown() || !domain.IsKnown() || id.IsNull() != domain.IsNull()) return;
    AddError(diags, "Invalid Attribute Combination",
             std::string("Exactly one of \"id\" and \"domain\" says which domain is meant; here ") +
                 (id.IsNull() ? "none is given." : "both are."));
  }

  Value Read(const Value& config, Context& context) const override {
    Record record(type(), config);
    const std::optional<Value> found = record.IsGiven("id")
                                           ? ById(record.Text("id"), context)
                                           : ByName(record.Text("domain"), context);
    if (!found) return Value::Null(type());
    for (const AttributeSchema& attribute : schema().block.attributes) {
      record.Set(attribute.name, Shape(Field(*found, attribute.name), attribute.type));
    }
    record.SetText("id", std::to_string(IntOf(*found, "id").value_or(0)));
    return record.ToValue();
  }

 private:
  static std::optional<Value> ById(const std::string& id, Context& context) {
    const auto number = NumericId(id, context.diags);
    if (!number) return std::nullopt;
    Answer answer = context.client.Get(ApiPath{"domains"} / *number, context.limits);
    if (answer.ok()) return std::move(answer.body);
    AddError(context.diags, kNotFound, answer.error->text);
    return std::nullopt;
  }

  static std::optional<Value> ByName(const std::string& name, Context& context) {
    const ListAnswer list = context.client.List(
        {"domains"}, Value::Object({{"domain", Value::String(name)}}), context.limits);
    if (!list.ok()) {
      AddError(context.diags, kNotFound, list.error->text);
      return std::nullopt;
    }
    for (const Value& domain : list.items) {
      if (TextOf(domain, "domain") == name) return domain;
    }
    AddError(context.diags, kNotFound, "The account has no domain \"" + name + "\".");
    return std::nullopt;
  }
};

}  // namespace

std::unique_ptr<DataSource> MakeDomainData() { return std::make_unique<DomainData>(); }

}  // namespace tkn::linode
