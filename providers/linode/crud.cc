#include "providers/linode/crud.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "providers/linode/answer.h"
#include "providers/linode/crud_plan.h"
#include "providers/linode/instant.h"
#include "providers/linode/lookup.h"
#include "providers/linode/path_template.h"
#include "providers/linode/record.h"

namespace tkn::linode {
namespace {

class CrudType final : public ResourceType {
 public:
  explicit CrudType(CrudDefinition definition)
      : ResourceType(definition.type, SchemaOf(definition)), definition_(std::move(definition)) {}

  void Validate(const Value& config, Diagnostics& diags) const override {
    ValidateFields(definition_, config, diags);
    if (definition_.validate != nullptr) definition_.validate(config, diags);
  }

  PlanResponse Plan(const PlanRequest& request, Diagnostics& /*diags*/) const override {
    return PlanFields(definition_, schema(), request);
  }

  Object Read(const Object& current, Context& context) const override {
    const std::string id = IdOf(current.value);
    const auto number = NumericId(id, context.diags);
    if (!number) return current;
    Record record(type(), current.value);
    const Answer answer = context.client.Get(PathOf(record) / *number, context.limits);
    if (answer.error && answer.error->IsNotFound()) {
      if (!definition_.texts.gone.empty()) {
        AddWarning(context.diags, definition_.texts.gone,
                   WithId(definition_.texts.gone_detail, id));
      }
      return Gone(*this, current);
    }
    if (answer.error) {
      Fail(context, definition_.texts.read, id, answer.error->text);
      return current;
    }
    for (const CrudField& field : definition_.fields) {
      if (field.when != When::kWriteOnce && field.when != When::kOwner) {
        Take(field, answer.body, record);
      }
    }
    if (!Adjust(current.value, answer.body, record, context)) return current;
    return {record.ToValue(), current.private_bytes};
  }

  Object Import(const std::string& id, Diagnostics& diags) const override {
    const std::vector<std::string> owners = NamesIn(definition_.path);
    if (owners.empty()) return ResourceType::Import(id, diags);
    std::vector<std::string> parts{""};
    for (const char c : id) {
      if (c == ',') {
        parts.emplace_back();
      } else {
        parts.back() += c;
      }
    }
    Object object{Value::Null(type()), ""};
    if (parts.size() != owners.size() + 1) {
      AddError(diags, "invalid number of arguments: " + std::to_string(parts.size()),
               "The id to import consists of " + std::to_string(owners.size() + 1) +
                   " numbers with commas between them: those of " + Join(owners) +
                   " and of the object itself.");
      return object;
    }
    Record record(type(), EmptyValue(schema().block));
    for (std::size_t i = 0; i < parts.size(); ++i) {
      std::int64_t number = 0;
      const char* end = parts[i].data() + parts[i].size();
      const auto read = std::from_chars(parts[i].data(), end, number);
      if (read.ec != std::errc() || read.ptr != end) {
        AddError(diags, "failed to parse argument: " + parts[i],
                 "Each part of the id must be a whole number, as in 1234567,7654321.");
        return object;
      }
      if (i < owners.size()) {
        record.Set(owners[i], Value::Number(number));
      } else {
        record.SetText("id", parts[i]);
      }
    }
    return {record.ToValue(), ""};
  }

  ApplyResponse Create(const ApplyRequest& request, Context& context) const override {
    ApplyResponse response{{Value::Null(type()), request.planned.private_bytes}};
    Record made(type(), request.planned.value);
    const std::int64_t started = context.client.clock().UnixSeconds();
    auto under_way = context.creations.Begin(name(), context.client, context.limits);
    if (!under_way) {
      Fail(context, definition_.texts.create, "",
           "The run was interrupted before the request was sent.");
      return response;
    }
    Answer answer = context.client.Post(
        PathOf(made), BodyOf(definition_, made, Value::Null(type())), context.limits);
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
        Fail(context, definition_.texts.create, "",
             answer.error->text + "\n\nThe answer was lost. " + Explain(settled));
        return response;
      }
      object = settled.object;
    } else if (answer.error) {
      response.undecided = answer.error->uncertain;
      Fail(context, definition_.texts.create, "", answer.error->text);
      return response;
    }
    const std::string id = std::to_string(*IntOf(object, "id"));
    context.creations.Claim(name(), id);
    const bool lost = answer.error.has_value();
    response.object.value = Completed(made, object, id);
    if (lost && HasSecret()) {
      Fail(context, definition_.texts.create, "",
           answer.error->text + "\n\nThe object was made and has the ID " + id +
               ", but its secret was in the answer that was lost. It is "
               "marked as tainted: the next apply replaces it.");
      return response;
    }
    if (request.progress) request.progress(response.object);
    return Finished(std::move(response), Value::Null(type()), object, context);
  }

  ApplyResponse Update(const ApplyRequest& request, Context& context) const override {
    ApplyResponse response{request.prior};
    const std::string id = IdOf(request.prior.value);
    const auto number = NumericId(id, context.diags);
    if (!number) return response;
    Record updated(type(), request.planned.value);
    const Answer answer =
        context.client.Put(PathOf(updated) / *number,
                           BodyOf(definition_, updated, request.prior.value), context.limits);
    if (answer.error) {
      Fail(context, definition_.texts.update, id, answer.error->text);
      return response;
    }
    response.object = {Completed(updated, answer.body, id), request.planned.private_bytes};
    return Finished(std::move(response), request.prior.value, answer.body, context);
  }

  ApplyResponse Delete(const ApplyRequest& request, Context& context) const override {
    ApplyResponse response{request.prior};
    const std::string id = IdOf(request.prior.value);
    const auto number = NumericId(id, context.diags);
    if (!number) return response;
    const Record record(type(), request.prior.value);
    const Answer answer = context.client.Delete(PathOf(record) / *number, context.limits);
    const bool gone = answer.error && answer.error->IsNotFound() &&
                      (!definition_.legacy || answer.perhaps_done_before);
    if (answer.error && !gone) {
      Fail(context, definition_.texts.remove, id, answer.error->text);
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
  ApiPath PathOf(const Record& record) const { return FillPath(definition_.path, record); }

  void Fail(Context& context, const std::string& summary, const std::string& id,
            std::string text) const {
    if (definition_.legacy) {
      AddError(context.diags, WithId(summary, id) + ": " + text, "");
    } else {
      AddError(context.diags, WithId(summary, id), std::move(text));
    }
  }

  static std::string Join(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
    return list;
  }

  // False after an error.
  bool Adjust(const Value& before, const Value& answer, Record& record, Context& context) const {
    if (definition_.adjust == nullptr) return true;
    Diagnostics ours;
    Context inner{context.client,
                  context.settings,
                  context.creations,
                  context.notes,
                  context.tokens,
                  context.limits,
                  ours};
    definition_.adjust(before, answer, record, inner);
    const bool failed = ours.HasErrors();
    context.diags.Append(std::move(ours));
    return !failed;
  }

  // What a create or an update ends with: the older types read again.
  ApplyResponse Finished(ApplyResponse response, const Value& prior, const Value& answer,
                         Context& context) const {
    response.legacy_type_system = definition_.legacy;
    if (!definition_.legacy) {
      Record record(type(), response.object.value);
      if (Adjust(prior, answer, record, context)) response.object.value = record.ToValue();
      return response;
    }
    const Object read = Read(response.object, context);
    if (!read.value.IsNull()) response.object = read;
    return response;
  }

  // What the API says, in the state's spelling where both mean the same.
  void Take(const CrudField& field, const Value& answer, Record& record) const {
    const std::string& name = field.attribute.name;
    Value value = Field(answer, FieldOf(field));
    value = field.is_time ? ApiTime(value) : Shape(value, record.TypeOf(name));
    if (record[name].IsNull() && IsGiven(value)) {
      const bool empty_text = value.type() == Type::String() && value.AsString().empty();
      const bool empty_collection = value.type().IsCollection() && value.Length() == 0;
      if ((empty_text && !definition_.legacy) || empty_collection) return;
    }
    if (field.same != nullptr && !definition_.legacy && IsGiven(record[name]) && IsGiven(value) &&
        field.same(record[name], value)) {
      return;
    }
    record.Set(name, value);
  }

  bool HasSecret() const {
    for (const CrudField& field : definition_.fields) {
      if (field.when == When::kWriteOnce) return true;
    }
    return false;
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
      const ListAnswer answer = context.client.List(PathOf(wanted), Value(), context.limits);
      if (!answer.ok()) return std::nullopt;
      const auto window = CreationWindow::Around(started, context.client.clock().UnixSeconds(),
                                                 answer.server_unix_seconds);
      std::vector<Value> fitting;
      for (const Value& item : answer.items) {
        const auto created = Instant::ParseApi(TextOf(item, "created"));
        bool fits = created && window.Holds(created->seconds);
        for (const CrudField& field : definition_.fields) {
          const std::string& name = field.attribute.name;
          const auto& by = definition_.recognised_by;
          if (std::find(by.begin(), by.end(), name) == by.end() || !wanted.IsGiven(name)) continue;
          fits = fits && TextOf(item, FieldOf(field)) == wanted.Text(name);
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

}  // namespace

std::unique_ptr<ResourceType> MakeCrud(CrudDefinition definition) {
  return std::make_unique<CrudType>(std::move(definition));
}

}  // namespace tkn::linode
