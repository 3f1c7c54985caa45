#include "providers/linode/stackscript.h"

#include "providers/linode/answer.h"
#include "providers/linode/crud.h"
#include "providers/linode/lookup.h"

namespace tkn::linode {
namespace {

Type FieldsType() {
  return Type::List(Type::Object({{"label", Type::String()},
                                  {"name", Type::String()},
                                  {"example", Type::String()},
                                  {"one_of", Type::String()},
                                  {"many_of", Type::String()},
                                  {"default", Type::String()}}));
}

// What the script asks its user for. Two of the names are written otherwise in JSON.
Value UserDefinedFields(const Value& answer) {
  const Type type = FieldsType();
  std::vector<Value> fields;
  for (const Value& item : ItemsOf(answer, "user_defined_fields")) {
    Record field(type.element(), Shape(item, type.element()));
    field.SetText("one_of", TextOf(item, "oneOf"));
    field.SetText("many_of", TextOf(item, "manyOf"));
    for (const char* name : {"example", "default"}) {
      if (!field.IsGiven(name)) field.SetText(name, "");
    }
    fields.push_back(field.ToValue());
  }
  return Value::List(type.element(), std::move(fields));
}

void TakeFields(const Value& /*before*/, const Value& answer, Record& record,
                Context& /*context*/) {
  record.Set("user_defined_fields", UserDefinedFields(answer));
}

// Once public, a script can't be made private again.
bool IsWithdrawn(const Value& prior, const Value& planned) {
  return IsGiven(prior) && prior.AsBool() && planned.IsKnown() &&
         (planned.IsNull() || !planned.AsBool());
}

CrudField Answered(const char* name, Type type, When when = When::kAnswered) {
  return {.attribute = {.name = name, .type = type, .computed = true}, .when = when};
}

CrudField Given(const char* name, Type type, const char* description) {
  return {.attribute = {.name = name, .type = type, .required = true, .description = description},
          .when = When::kInPlace};
}

CrudField Defaulted(const char* name, Value fallback, const char* description) {
  return {.attribute = {.name = name,
                        .type = fallback.type(),
                        .optional = true,
                        .description = description},
          .when = When::kInPlace,
          .fallback = fallback};
}

CrudField Time(const char* name, When when) {
  CrudField field = Answered(name, Type::String(), when);
  field.is_time = true;
  return field;
}

void FinishData(const Value& answer, Record& record) {
  record.Set("user_defined_fields", UserDefinedFields(answer));
  for (const char* name : {"created", "updated"}) record.Set(name, ApiTime(record[name]));
}

}  // namespace

std::unique_ptr<ResourceType> MakeStackScriptType() {
  CrudField label = Given("label", Type::String(), "Its name.");
  label.bounds = {3, 128};
  CrudField is_public =
      Defaulted("is_public", Value::Bool(false), "Everybody may use it, for good.");
  is_public.replaces = &IsWithdrawn;
  return MakeCrud({
      .type = "linode_stackscript",
      .path = "linode/stackscripts",
      .fields = {std::move(label), Given("script", Type::String(), "The script, with its #! line."),
                 Given("description", Type::String(), "What it does."),
                 Given("images", Type::Set(Type::String()), "What it may be used with."),
                 Defaulted("rev_note", Value::String(""), "What this version changes."),
                 std::move(is_public), Time("created", When::kAnswered),
                 Time("updated", When::kAnsweredAnew), Answered("username", Type::String()),
                 Answered("user_gravatar_id", Type::String()),
                 Answered("deployments_total", Type::Number(), When::kAnsweredAnew),
                 Answered("deployments_active", Type::Number(), When::kAnsweredAnew),
                 Answered("user_defined_fields", FieldsType(), When::kAnsweredAnew)},
      .texts = {.create = "StackScript creation error",
                .read = "Unable to refresh the Linode StackScript",
                .update = "Failed to update the StackScript with id %",
                .remove = "Failed to delete the StackScript with id %",
                .gone = "StackScript no longer exists.",
                .gone_detail =
                    "Removing StackScript with ID % from state because it no longer exists"},
      .version = 1,
      .adjust = &TakeFields,
      .recognised_by = {"label", "script"},
  });
}

std::unique_ptr<DataSource> MakeStackScriptData() {
  const auto computed = [](const char* name, Type type) {
    return AttributeSchema{.name = name, .type = type, .computed = true};
  };
  return MakeLookup({.type = "linode_stackscript",
                     .path = "linode/stackscripts/{id}",
                     .attributes = {{.name = "id", .type = Type::String(), .required = true},
                                    computed("label", Type::String()),
                                    computed("script", Type::String()),
                                    computed("description", Type::String()),
                                    computed("images", Type::Set(Type::String())),
                                    computed("rev_note", Type::String()),
                                    computed("is_public", Type::Bool()),
                                    computed("created", Type::String()),
                                    computed("updated", Type::String()),
                                    computed("username", Type::String()),
                                    computed("user_gravatar_id", Type::String()),
                                    computed("deployments_total", Type::Number()),
                                    computed("deployments_active", Type::Number()),
                                    computed("user_defined_fields", FieldsType())},
                     .error_summary = "Unable to find the Linode StackScript",
                     .finish = &FinishData});
}

}  // namespace tkn::linode
