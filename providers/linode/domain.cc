#include "providers/linode/domain.h"

#include <algorithm>
#include <array>

#include "providers/linode/answer.h"
#include "providers/linode/crud.h"

namespace tkn::linode {
namespace {

CrudField Text(const char* name, When when, const char* description) {
  return {.attribute = {.name = name,
                        .type = Type::String(),
                        .optional = true,
                        .description = description},
          .when = when};
}
CrudField Number(const char* name, When when, const char* description) {
  return {.attribute = {.name = name,
                        .type = Type::Number(),
                        .optional = true,
                        .description = description},
          .when = when};
}
CrudField Texts(const char* name, const char* description) {
  return {.attribute = {.name = name,
                        .type = Type::Set(Type::String()),
                        .optional = true,
                        .description = description},
          .when = When::kInPlace};
}
CrudField Required(CrudField field) {
  field.attribute.optional = false;
  field.attribute.required = true;
  return field;
}
CrudField OrAnswered(CrudField field) {
  field.attribute.computed = true;
  return field;
}
CrudField Bounded(CrudField field, int least, int most) {
  field.bounds = {least, most};
  return field;
}

// The API raises a time to the next of these; 0 is its default.
bool IsRaisedTo(const Value& state, const Value& wanted) {
  static constexpr std::array<int, 14> kSteps = {30,     120,    300,     3600,   7200,
                                                 14400,  28800,  57600,   86400,  172800,
                                                 345600, 604800, 1209600, 2419200};
  const auto number = wanted.AsNumber().ToInt64();
  if (!number || *number == 0) return false;
  const auto step = std::lower_bound(kSteps.begin(), kSteps.end(), *number);
  return step != kSteps.end() && state.RawEquals(Value::Number(*step));
}

CrudField Seconds(const char* name, const char* description) {
  CrudField field = Number(name, When::kInPlace, description);
  field.same = &IsRaisedTo;
  return field;
}

// The API completes a target such as "mail" with the domain's name.
bool IsCompletedTo(const Value& state, const Value& wanted) {
  const std::string_view text = wanted.AsString();
  return !text.empty() && text.find('.') == std::string_view::npos &&
         state.AsString().find(text) != std::string_view::npos;
}

// The API takes the domain off the end of a name: "www.example.org" and "www" are one record.
void KeepLongName(const Value& before, const Value& answer, Record& record, Context& context) {
  if (before.IsNull()) return;
  const Value written = before.Attribute("name");
  if (!IsGiven(written) || written.AsString().empty()) return;
  const Answer domain = context.client.Get(
      ApiPath{"domains"} / record["domain_id"].AsNumber().ToString(), context.limits);
  if (domain.error) {
    AddError(context.diags, "Error finding the specified Linode Domain: " + domain.error->text, "");
    return;
  }
  const std::string zone = TextOf(domain.body, "domain");
  const std::string name = TextOf(answer, "name");
  const std::string whole = name.empty() ? zone : name + "." + zone;
  if (written.AsString() == whole) record.Set("name", written);
}

}  // namespace

std::unique_ptr<ResourceType> MakeDomainType() {
  CrudField type = Required(Text("type", When::kForcesNew, "master or slave."));
  type.one_of = {"master", "slave"};
  return MakeCrud({
      .type = "linode_domain",
      .path = "domains",
      .fields =
          {
              Required(Text("domain", When::kInPlace, "The name of the zone.")),
              std::move(type),
              Text("soa_email", When::kInPlace, "Required of a master."),
              Bounded(Text("description", When::kInPlace, "For people."), 0, 253),
              Bounded(Text("group", When::kInPlace, "A group to show it in; see tags."), 0, 50),
              OrAnswered(Text("status", When::kInPlace, "active or disabled.")),
              Texts("master_ips", "Of a slave: where its zone comes from."),
              Texts("axfr_ips", "Who may transfer the zone."),
              Seconds("ttl_sec", "How long answers may be kept."),
              Seconds("retry_sec", "How long to wait after a failed refresh."),
              Seconds("expire_sec", "How long a zone is served without a refresh."),
              Seconds("refresh_sec", "How often the zone is refreshed."),
              Texts("tags", "For people."),
          },
      .texts = {.create = "Error creating a Linode Domain",
                .read = "Error finding the specified Linode Domain",
                .update = "Error updating Linode Domain %",
                .remove = "Error deleting Linode Domain %"},
      .legacy = true,
      .recognised_by = {"domain"},
  });
}

std::unique_ptr<ResourceType> MakeDomainRecordType() {
  CrudField kind = Required(Text("record_type", When::kForcesNew, "A, AAAA, NS, MX, CNAME, ..."));
  kind.field = "type";
  kind.one_of = {"A", "AAAA", "NS", "MX", "CNAME", "TXT", "SRV", "PTR", "CAA"};
  CrudField target = Required(Text("target", When::kInPlace, "What it leads to."));
  target.same = &IsCompletedTo;
  return MakeCrud({
      .type = "linode_domain_record",
      .path = "domains/{domain_id}/records",
      .fields =
          {
              Required(Number("domain_id", When::kOwner, "The domain that it is in.")),
              std::move(kind),
              std::move(target),
              Bounded(OrAnswered(Text("name", When::kInPlace, "With or without the domain.")), 0,
                      100),
              Bounded(Number("priority", When::kInPlace, "Of MX and SRV."), 0, 255),
              Number("weight", When::kInPlace, "Of SRV."),
              Number("port", When::kInPlace, "Of SRV."),
              Text("service", When::kInPlace, "Of SRV."),
              Text("protocol", When::kInPlace, "Of SRV."),
              Text("tag", When::kInPlace, "Of CAA: issue, issuewild or iodef."),
              Seconds("ttl_sec", "How long answers may be kept."),
          },
      .texts = {.create = "Error creating a Linode DomainRecord",
                .read = "Error finding the specified Linode DomainRecord",
                .update = "Error updating Domain Record",
                .remove = "Error deleting Linode DomainRecord %"},
      .legacy = true,
      .adjust = &KeepLongName,
      .recognised_by = {"record_type", "target"},
  });
}

}  // namespace tkn::linode
