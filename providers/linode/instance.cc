#include "providers/linode/instance.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "providers/linode/answer.h"
#include "providers/linode/instance_plan.h"
#include "providers/linode/instance_schema.h"
#include "providers/linode/instance_state.h"
#include "providers/linode/instance_update.h"
#include "providers/linode/instance_wait.h"
#include "providers/linode/instant.h"
#include "providers/linode/password.h"
#include "providers/linode/record.h"

namespace tkn::linode {
namespace {

constexpr char kType[] = "linode_instance";
ApiPath InstancesPath() { return {"linode", "instances"}; }

std::chrono::milliseconds TimeoutOf(const Record& record, const char* operation,
                                    std::chrono::minutes otherwise) {
  const Value timeouts = record["timeouts"];
  if (!IsGiven(timeouts)) return otherwise;
  const Value text = timeouts.Attribute(operation);
  if (!IsGiven(text)) return otherwise;
  return ParseDuration(text.AsString()).value_or(otherwise);
}

Context WithTimeout(Context& context, std::chrono::milliseconds time) {
  Context limited = context;
  limited.limits.deadline = context.client.clock().Now() + time;
  return limited;
}

class InstanceType final : public ResourceType {
 public:
  InstanceType() : ResourceType(kType, InstanceSchema()) {}

  void Validate(const Value& config, Diagnostics& diags) const override {
    ValidateInstance(config, diags);
  }
  PlanResponse Plan(const PlanRequest& request, Diagnostics& diags) const override {
    return PlanInstance(*this, request, diags);
  }
  Object Read(const Object& current, Context& context) const override;
  ApplyResponse Create(const ApplyRequest& request, Context& context) const override;
  ApplyResponse Update(const ApplyRequest& request, Context& context) const override;
  ApplyResponse Delete(const ApplyRequest& request, Context& context) const override;
  ResolveResponse ResolveCreate(const ResolveRequest& request, Context& context) const override;

 private:
  static Value CreateBody(const Record& planned, const Value& config);
  static std::optional<std::vector<Value>> FindCreated(const Record& wanted, std::int64_t started,
                                                       Context& context);
  static Creations::Settled Settle(const Record& wanted, std::int64_t started, Context& context);
  // Everything after the POST. False: an error was added.
  static bool Finish(std::int64_t id, const Record& planned, Context& context);
  // The object as it is now; nullopt after an error.
  std::optional<Value> Fetch(std::int64_t id, const Record& planned, Context& context) const;
};

Object InstanceType::Read(const Object& current, Context& context) const {
  const auto id = NumericId(IdOf(current.value), context.diags);
  if (!id) return current;
  ApiError error;
  std::string what;
  const auto snapshot = FetchInstance(*id, context, error, what);
  if (!snapshot) {
    if (what == "instance" && error.IsNotFound()) return Gone(*this, current);
    AddError(context.diags, "failed to get " + what + ": " + error.text, "");
    return current;
  }
  Record record(type(), current.value);
  MergeInstance(*snapshot, record);
  return {record.ToValue(), current.private_bytes};
}

std::optional<Value> InstanceType::Fetch(std::int64_t id, const Record& planned,
                                         Context& context) const {
  ApiError error;
  std::string what;
  const auto snapshot = FetchInstance(id, context, error, what);
  if (!snapshot) {
    AddError(context.diags, "failed to get " + what + ": " + error.text, "");
    return std::nullopt;
  }
  Record fresh = planned;
  MergeInstance(*snapshot, fresh);
  return FillUnknown(planned.ToValue(), fresh.ToValue());
}

Value InstanceType::CreateBody(const Record& planned, const Value& config) {
  std::vector<Value::Entry> body;
  for (const char* name :
       {"region", "type", "label", "image", "authorized_keys", "authorized_users", "swap_size",
        "stackscript_id", "stackscript_data", "backup_id", "group", "firewall_id", "network_helper",
        "interface_generation", "disk_encryption", "maintenance_policy", "ipv4", "tags"}) {
    if (planned.IsGiven(name) && !IsEmptyValue(planned[name]))
      body.emplace_back(name, planned[name]);
  }
  // False means something here.
  for (const char* name : {"booted", "backups_enabled", "private_ip"}) {
    if (planned.IsGiven(name)) body.emplace_back(name, planned[name]);
  }
  const Value password = config.Attribute("root_pass");
  body.emplace_back("root_pass", IsGiven(password) ? password : Value::String(RandomPassword()));
  if (const Value metadata = planned["metadata"]; HasBlock(metadata)) {
    const Value data = metadata.elements()[0].Attribute("user_data");
    if (IsGiven(data)) body.emplace_back("metadata", Value::Object({{"user_data", data}}));
  }
  if (const Value group = planned["placement_group"]; HasBlock(group)) {
    std::vector<Value::Entry> fields = {{"id", group.elements()[0].Attribute("id")}};
    if (const Value strict = group.elements()[0].Attribute("compliant_only"); IsGiven(strict)) {
      fields.emplace_back("compliant_only", strict);
    }
    body.emplace_back("placement_group", Value::Object(std::move(fields)));
  }
  if (HasBlock(planned["interface"])) {
    body.emplace_back("interfaces", InterfacesBody(planned["interface"]));
  }
  return Value::Object(std::move(body));
}

ApplyResponse InstanceType::Create(const ApplyRequest& request, Context& outer) const {
  Record planned(type(), request.planned.value);
  ApplyResponse response{{Value::Null(type()), request.planned.private_bytes}, true};
  Context context = WithTimeout(outer, TimeoutOf(planned, "create", std::chrono::minutes(15)));
  const Value password = request.config.Attribute("root_pass");
  if (IsGiven(password)) planned.SetText("root_pass", PasswordHash(password.AsString()));

  const std::int64_t started = context.client.clock().UnixSeconds();
  auto under_way = context.creations.Begin(kType, context.client, context.limits);
  if (!under_way) {
    AddError(context.diags, "Error creating a Linode Instance: the run was interrupted", "");
    return response;
  }
  Answer answer =
      context.client.Post(InstancesPath(), CreateBody(planned, request.config), context.limits);
  if (answer.ok() && !IntOf(answer.body, "id")) {
    answer.error = ApiError{.kind = ApiError::Kind::kLost,
                            .status = 0,
                            .text = "[002] the answer of the API lacks the id",
                            .uncertain = true};
  }
  Value instance = answer.body;
  bool doubtful = false;
  if (answer.error) {
    under_way.reset();
    const std::string summary = "Error creating a Linode Instance: " + answer.error->text;
    const bool lost = answer.error->uncertain && answer.error->kind != ApiError::Kind::kCancelled;
    const Creations::Settled settled =
        lost ? Settle(planned, started, context) : Creations::Settled{};
    if (settled.outcome != Creations::Settled::Outcome::kFound) {
      response.undecided =
          answer.error->uncertain && settled.outcome != Creations::Settled::Outcome::kNone;
      std::string detail;
      if (response.undecided) {
        detail = "It is not known whether the Linode was made. The next run looks for it.";
        for (const std::string& id : settled.ids)
          detail += "\nIt may be the one with ID " + id + ".";
      } else if (lost) {
        detail = "The answer was lost. The account's Linodes were searched: none was made.";
      }
      AddError(context.diags, summary, std::move(detail));
      return response;
    }
    instance = settled.object;
    // Labels are unique: what has ours is ours. Without one it only looks like it.
    doubtful = !planned.IsGiven("label");
    if (doubtful) {
      AddError(context.diags, summary,
               "The answer was lost. A Linode that fits was made at that time and has the ID " +
                   std::to_string(*IntOf(instance, "id")) +
                   ". It is kept and marked as tainted, since without a \"label\" it can't be told "
                   "for certain that it is the one.");
    } else {
      AddWarning(context.diags, "The answer to creating a Linode was lost",
                 "The Linode was found by its label, which is unique in the account, and is used.");
    }
  }
  const std::int64_t id = *IntOf(instance, "id");
  context.creations.Claim(kType, std::to_string(id));
  under_way.reset();

  Record so_far = planned;
  so_far.SetText("id", std::to_string(id));
  SetEarlyAddresses(instance, so_far);
  so_far.Fill("label", Shape(Field(instance, "label"), Type::String()));
  so_far.Fill("status", Shape(Field(instance, "status"), Type::String()));
  planned.Set("id", so_far["id"]);
  so_far.ForgetUnknown();
  response.object.value = so_far.ToValue();
  if (request.progress) request.progress(response.object);
  if (doubtful || !Finish(id, planned, context)) return response;
  // The waiting may have used up the time; the last look may still be taken.
  Context last = outer;
  if (std::optional<Value> object = Fetch(id, planned, last)) response.object.value = *object;
  return response;
}

bool InstanceType::Finish(std::int64_t id, const Record& planned, Context& context) {
  std::vector<Value::Entry> settings;
  if (planned.IsGiven("watchdog_enabled") && !planned["watchdog_enabled"].AsBool()) {
    settings.emplace_back("watchdog_enabled", Value::Bool(false));
  }
  if (HasBlock(planned["alerts"])) settings.emplace_back("alerts", AlertsBody(planned["alerts"]));
  const std::string name = "Linode Instance " + std::to_string(id);
  if (!settings.empty()) {
    const Answer answer = context.client.Put(InstancesPath() / id,
                                             Value::Object(std::move(settings)), context.limits);
    if (answer.error) {
      AddError(context.diags, "Error updating " + name + ": " + answer.error->text, "");
      return false;
    }
  }
  if (IsGiven(planned["shared_ipv4"]) && planned["shared_ipv4"].Length() > 0) {
    if (std::string why = ShareAddresses(id, planned["shared_ipv4"], context); !why.empty()) {
      AddError(context.diags, "failed to share ipv4 addresses with " + name + ": " + why, "");
      return false;
    }
  }
  if (context.settings.skip_instance_ready_poll) return true;
  const bool stays_off = (planned.IsGiven("booted") && !planned["booted"].AsBool()) ||
                         (!planned.IsGiven("image") && !planned.IsGiven("backup_id"));
  const std::string why = WaitForStatus(id, {stays_off ? "offline" : "running"}, context);
  if (why.empty()) return true;
  AddError(context.diags, why, "");
  return false;
}

ApplyResponse InstanceType::Update(const ApplyRequest& request, Context& outer) const {
  ApplyResponse response{request.prior, true};
  const auto id = NumericId(IdOf(request.prior.value), outer.diags);
  if (!id) return response;
  const Record prior(type(), request.prior.value);
  Record planned(type(), request.planned.value);
  Context context = WithTimeout(outer, TimeoutOf(planned, "update", std::chrono::minutes(60)));

  std::string new_password;
  if (const Value password = request.config.Attribute("root_pass"); IsGiven(password)) {
    planned.SetText("root_pass", PasswordHash(password.AsString()));
    if (!planned["root_pass"].RawEquals(prior["root_pass"])) new_password = password.AsString();
  }
  const bool changed = ChangeInstance(*id, prior, planned, new_password, context);
  Context last = outer;
  if (changed) {
    if (std::optional<Value> object = Fetch(*id, planned, last)) response.object.value = *object;
    return response;
  }
  // Some of it may be done: the state gets what is there, and the next plan shows what is missing.
  Diagnostics ignored;
  Context reading = outer;
  Context quiet{.client = reading.client,
                .settings = reading.settings,
                .creations = reading.creations,
                .notes = reading.notes,
                .tokens = reading.tokens,
                .limits = reading.limits,
                .diags = ignored};
  response.object = Read(request.prior, quiet);
  if (response.object.value.IsNull()) response.object = request.prior;
  return response;
}

ApplyResponse InstanceType::Delete(const ApplyRequest& request, Context& outer) const {
  ApplyResponse response{request.prior};
  const std::string text = IdOf(request.prior.value);
  const auto id = NumericId(text, outer.diags);
  if (!id) return response;
  const Record prior(type(), request.prior.value);
  Context context = WithTimeout(outer, TimeoutOf(prior, "delete", std::chrono::minutes(10)));
  std::optional<EventWatch> watch;
  if (!context.settings.skip_instance_delete_poll) watch.emplace("linode_delete", *id, context);
  if (watch && !watch->problem().empty() && !watch->forbidden()) {
    AddError(context.diags, "Error deleting Linode instance " + text + ": " + watch->problem(), "");
    return response;
  }
  const Answer answer = context.client.Delete(InstancesPath() / *id, context.limits);
  const bool gone_by_us = answer.error && answer.error->IsNotFound() && answer.perhaps_done_before;
  if (answer.error && !gone_by_us) {
    AddError(context.diags, "Error deleting Linode instance " + text + ": " + answer.error->text,
             "");
    return response;
  }
  // From here on it does not exist, whatever the waiting says.
  response.object.value = Value::Null(type());
  if (!watch) return response;
  if (watch->forbidden()) {
    // The token may not see events: the Linode's own 404 does as well.
    while (true) {
      const Answer still = context.client.Get(InstancesPath() / *id, context.limits);
      if (still.error && still.error->IsNotFound()) return response;
      if (still.error || !context.client.Wait(context.settings.event_poll, context.limits)) break;
    }
    AddWarning(context.diags, "Deletion of a Linode could not be watched",
               "Linode " + text + " was deleted, but it could not be seen going: " +
                   watch->problem() + ". Give the token the scope events:read_only.");
    return response;
  }
  if (std::string why = watch->Wait(); !why.empty()) {
    AddError(context.diags, "failed to wait for instance " + text + " to be deleted: " + why, "");
  }
  return response;
}

std::optional<std::vector<Value>> InstanceType::FindCreated(const Record& wanted,
                                                            std::int64_t started,
                                                            Context& context) {
  const bool labelled = wanted.IsGiven("label");
  const Value filter = labelled ? Value::Object({{"label", wanted["label"]}})
                                : Value::Object({{"region", wanted["region"]}});
  const ListAnswer list = context.client.List(InstancesPath(), filter, context.limits);
  if (!list.ok()) return std::nullopt;
  const auto window = CreationWindow::Around(started, context.client.clock().UnixSeconds(),
                                             list.server_unix_seconds);
  std::vector<Value> fitting;
  for (const Value& item : list.items) {
    bool fits = true;
    for (const char* name : {"label", "region", "type", "image"}) {
      if (wanted.IsGiven(name)) fits = fits && TextOf(item, name) == wanted.Text(name);
    }
    const auto created = Instant::ParseApi(TextOf(item, "created"));
    if (fits && created && window.Holds(created->seconds)) fitting.push_back(item);
  }
  return fitting;
}

Creations::Settled InstanceType::Settle(const Record& wanted, std::int64_t started,
                                        Context& context) {
  const std::string key = wanted.Text("label") + "\n" + wanted.Text("region") + "\n" +
                          wanted.Text("type") + "\n" + wanted.Text("image");
  return context.creations.Settle(
      kType, {key, started, [&] { return FindCreated(wanted, started, context); }}, context.client,
      context.limits);
}

ResolveResponse InstanceType::ResolveCreate(const ResolveRequest& request, Context& context) const {
  ResolveResponse response;
  const Record wanted(type(), request.planned);
  const std::string name = wanted.IsGiven("label") ? "labelled \"" + wanted.Text("label") + "\""
                                                   : "of this region and type";
  const Creations::Settled settled = Settle(wanted, request.started_unix_seconds, context);
  using Outcome = Creations::Settled::Outcome;
  switch (settled.outcome) {
    case Outcome::kFound: {
      response.outcome = ResolveResponse::Outcome::kFound;
      Record record = wanted;
      record.SetText("id", std::to_string(*IntOf(settled.object, "id")));
      SetEarlyAddresses(settled.object, record);
      record.Fill("label", Shape(Field(settled.object, "label"), Type::String()));
      record.Fill("status", Shape(Field(settled.object, "status"), Type::String()));
      record.ForgetUnknown();
      response.object.value = record.ToValue();
      response.explanation =
          "The Linode " + record.Text("id") + ", " + name + ", was made by the run that broke off.";
      break;
    }
    case Outcome::kNone:
      response.outcome = ResolveResponse::Outcome::kNeverHappened;
      response.explanation =
          "The account has no Linode " + name + " that was made then and is not in the state.";
      break;
    case Outcome::kSeveral:
      response.explanation = "Several Linodes " + name + " were made at that time:";
      for (const std::string& id : settled.ids) response.explanation += " " + id;
      response.explanation += ". Which of them is meant can't be told; import or delete them.";
      break;
    case Outcome::kFailed:
      response.explanation = "The account's Linodes could not be listed.";
  }
  return response;
}

}  // namespace

std::unique_ptr<ResourceType> MakeInstanceType() { return std::make_unique<InstanceType>(); }

}  // namespace tkn::linode
