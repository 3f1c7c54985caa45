#include "providers/linode/crud.h"

#include <utility>

#include "providers/linode/answer.h"
#include "providers/linode/instant.h"
#include "providers/linode/record.h"

namespace tkn::linode {
namespace {

std::string WithId(const std::string& text, const std::string& id) {
  const std::size_t at = text.find('%');
  return at == std::string::npos ? text : text.substr(0, at) + id + text.substr(at + 1);
}

Schema SchemaOf(const CrudDefinition& definition) {
  Schema schema;
  schema.block.attributes.push_back({.name = "id", .type = Type::String(), .computed = true});
  for (const CrudField& field : definition.fields)
    schema.block.attributes.push_back(field.attribute);
  schema.block.Finish();
  return schema;
}

class CrudType final : public ResourceType {
 public:
  explicit CrudType(CrudDefinition definition)
      : ResourceType(definition.type, SchemaOf(definition)), definition_(std::move(definition)) {}

  void Validate(const Value& config, Diagnostics& diags) const override {
    if (definition_.validate != nullptr) definition_.validate(config, diags);
  }

  PlanResponse Plan(const PlanRequest& request, Diagnostics& /*diags*/) const override {
    PlanResponse response;
    response.planned.private_bytes = request.prior.private_bytes;
    Record planned(type(), request.proposed_new);
    if (request.prior.value.IsNull()) {
      response.planned.value = SetUnknowns(schema().block, request.proposed_new);
      return response;
    }
    const Record prior(type(), request.prior.value);
    for (const CrudField& field : definition_.fields) {
      const std::string& name = field.attribute.name;
      if (field.when == When::kForcesNew && !planned[name].RawEquals(prior[name])) {
        response.requires_replace.push_back({PathStep::Attribute(name)});
      }
    }
    response.planned.value = planned.ToValue();
    return response;
  }

  Object Read(const Object& current, Context& context) const override {
    const std::string id = IdOf(current.value);
    const auto number = NumericId(id, context.diags);
    if (!number) return current;
    const Answer answer = context.client.Get(definition_.collection / *number, context.limits);
    if (answer.error && answer.error->IsNotFound()) {
      AddWarning(context.diags, definition_.texts.gone, WithId(definition_.texts.gone_detail, id));
      return Gone(*this, current);
    }
    if (answer.error) {
      AddError(context.diags, definition_.texts.read, answer.error->text);
      return current;
    }
    Record record(type(), current.value);
    for (const CrudField& field : definition_.fields) {
      if (field.when == When::kWriteOnce) continue;
      Take(field, answer.body, record);
    }
    return {record.ToValue(), current.private_bytes};
  }

  ApplyResponse Create(const ApplyRequest& request, Context& context) const override {
    ApplyResponse response{{Value::Null(type()), request.planned.private_bytes}};
    Record made(type(), request.planned.value);
    const std::int64_t started = context.client.clock().UnixSeconds();
    auto under_way = context.creations.Begin(name(), context.client, context.limits);
    if (!under_way) {
      AddError(context.diags, definition_.texts.create,
               "The run was interrupted before the request was sent.");
      return response;
    }
    Answer answer =
        context.client.Post(definition_.collection, BodyOf(made, false), context.limits);
    if (answer.ok() && !IntOf(answer.body, "id")) {
      answer.error = ApiError{.kind = ApiError::Kind::kLost,
                              .status = 0,
                              .text = "[002] the answer of the API lacks the id",
                              .uncertain = true};
    }
    Value object = answer.body;
    if (answer.error && answer.error->uncertain &&
        answer.error->kind != ApiError::Kind::kCancelled) {
      under_way.reset();
      const auto settled = Settle(request.planned.value, started, context);
      using Outcome = Creations::Settled::Outcome;
      if (settled.outcome != Outcome::kFound) {
        response.undecided = settled.outcome != Outcome::kNone;
        AddError(context.diags, definition_.texts.create,
                 answer.error->text + "\n\nThe answer was lost. " + Explain(settled));
        return response;
      }
      object = settled.object;
    } else if (answer.error) {
      response.undecided = answer.error->uncertain;
      AddError(context.diags, definition_.texts.create, answer.error->text);
      return response;
    }
    const std::string id = std::to_string(*IntOf(object, "id"));
    context.creations.Claim(name(), id);
    const bool lost = answer.error.has_value();
    response.object.value = Completed(made, object, id);
    if (lost && HasSecret()) {
      AddError(context.diags, definition_.texts.create,
               answer.error->text + "\n\nThe object was made and has the ID " + id +
                   ", but its secret was in the answer that was lost. It is "
                   "marked as tainted: the next apply replaces it.");
      return response;
    }
    if (request.progress) request.progress(response.object);
    return response;
  }

  ApplyResponse Update(const ApplyRequest& request, Context& context) const override {
    ApplyResponse response{request.prior};
    const std::string id = IdOf(request.prior.value);
    const auto number = NumericId(id, context.diags);
    if (!number) return response;
    Record updated(type(), request.planned.value);
    const Answer answer =
        context.client.Put(definition_.collection / *number, BodyOf(updated, true), context.limits);
    if (answer.error) {
      AddError(context.diags, WithId(definition_.texts.update, id), answer.error->text);
      return response;
    }
    response.object.value = Completed(updated, answer.body, id);
    return response;
  }

  ApplyResponse Delete(const ApplyRequest& request, Context& context) const override {
    ApplyResponse response{request.prior};
    const std::string id = IdOf(request.prior.value);
    const auto number = NumericId(id, context.diags);
    if (!number) return response;
    const Answer answer = context.client.Delete(definition_.collection / *number, context.limits);
    if (answer.error && !answer.error->IsNotFound()) {
      AddError(context.diags, WithId(definition_.texts.remove, id), answer.error->text);
      return response;
    }
    response.object.value = Value::Null(type());
    return response;
  }

  ResolveResponse ResolveCreate(const ResolveRequest& request, Context& context) const override {
    ResolveResponse response;
    const auto settled = Settle(request.planned, request.started_unix_seconds, context);
    response.explanation = Explain(settled);
    using Outcome = Creations::Settled::Outcome;
    if (settled.outcome == Outcome::kFound) {
      response.outcome = ResolveResponse::Outcome::kFound;
      response.object.value = Completed(Record(type(), request.planned), settled.object,
                                        std::to_string(*IntOf(settled.object, "id")));
    } else if (settled.outcome == Outcome::kNone) {
      response.outcome = ResolveResponse::Outcome::kNeverHappened;
    }
    return response;
  }

 private:
  static std::string FieldOf(const CrudField& field) {
    return field.field.empty() ? field.attribute.name : field.field;
  }

  // What the API says, in the state's spelling where both mean the same.
  static void Take(const CrudField& field, const Value& answer, Record& record) {
    const std::string& name = field.attribute.name;
    Value value = Field(answer, FieldOf(field));
    value = field.is_time ? ApiTime(value) : Shape(value, record.TypeOf(name));
    const bool empty_text =
        IsGiven(value) && value.type() == Type::String() && value.AsString().empty();
    if (empty_text && record[name].IsNull()) return;
    record.Set(name, value);
  }

  bool HasSecret() const {
    for (const CrudField& field : definition_.fields) {
      if (field.when == When::kWriteOnce) return true;
    }
    return false;
  }

  Value BodyOf(const Record& record, bool update) const {
    std::vector<Value::Entry> entries;
    for (const CrudField& field : definition_.fields) {
      const bool sent = field.when == When::kInPlace || (field.when == When::kForcesNew && !update);
      if (sent && record.IsGiven(field.attribute.name)) {
        entries.emplace_back(FieldOf(field), record[field.attribute.name]);
      }
    }
    return Value::Object(std::move(entries));
  }

  // What was planned, and from the answer what was not known.
  Value Completed(Record record, const Value& answer, const std::string& id) const {
    record.SetText("id", id);
    for (const CrudField& field : definition_.fields) {
      if (record[field.attribute.name].IsKnown()) continue;
      record.SetNull(field.attribute.name);
      Take(field, answer, record);
    }
    record.ForgetUnknown();
    return record.ToValue();
  }

  Creations::Settled Settle(const Value& planned, std::int64_t started, Context& context) const {
    const Record wanted(type(), planned);
    std::string key;
    for (const std::string& field : definition_.recognised_by) key += wanted.Text(field) + "\n";
    const auto list = [&]() -> std::optional<std::vector<Value>> {
      const ListAnswer answer =
          context.client.List(definition_.collection, Value(), context.limits);
      if (!answer.ok()) return std::nullopt;
      const auto window = CreationWindow::Around(started, context.client.clock().UnixSeconds(),
                                                 answer.server_unix_seconds);
      std::vector<Value> fitting;
      for (const Value& item : answer.items) {
        const auto created = Instant::ParseApi(TextOf(item, "created"));
        bool fits = created && window.Holds(created->seconds);
        for (const std::string& field : definition_.recognised_by) {
          fits = fits && (!wanted.IsGiven(field) || TextOf(item, field) == wanted.Text(field));
        }
        if (fits) fitting.push_back(item);
      }
      return fitting;
    };
    return context.creations.Settle(name(), {key, started, list}, context.client, context.limits);
  }

  static std::string Explain(const Creations::Settled& settled) {
    using Outcome = Creations::Settled::Outcome;
    switch (settled.outcome) {
      case Outcome::kFound:
        return "The object with the ID " + std::to_string(IntOf(settled.object, "id").value_or(0)) +
               " is the one that was asked for.";
      case Outcome::kNone:
        return "The account's objects were searched: none was made. Apply again.";
      case Outcome::kSeveral: {
        std::string text = "Several new objects could be the one that was asked for:";
        for (const std::string& id : settled.ids) text += " " + id;
        return text + ".";
      }
      case Outcome::kFailed:
        break;
    }
    return "Looking for what was made failed too. The next run looks again.";
  }

  const CrudDefinition definition_;
};

class Lookup final : public DataSource {
 public:
  explicit Lookup(LookupDefinition definition)
      : DataSource(definition.type, MakeSchema(definition)), definition_(std::move(definition)) {}

  Value Read(const Value& config, Context& context) const override {
    Record record(type(), config);
    std::string first;
    const Answer answer = context.client.Get(PathFor(record, first), context.limits);
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

  ApiPath PathFor(const Record& record, std::string& first) const {
    ApiPath path{};
    std::string_view rest = definition_.path;
    while (true) {
      const std::size_t slash = rest.find('/');
      std::string segment(rest.substr(0, slash));
      if (segment.starts_with('{')) {
        segment = record.Text(segment.substr(1, segment.size() - 2));
        if (first.empty()) first = segment;
      }
      path = path.text().empty() ? ApiPath{segment} : path / segment;
      if (slash == std::string_view::npos) return path;
      rest.remove_prefix(slash + 1);
    }
  }

  const LookupDefinition definition_;
};

}  // namespace

std::unique_ptr<ResourceType> MakeCrud(CrudDefinition definition) {
  return std::make_unique<CrudType>(std::move(definition));
}

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
