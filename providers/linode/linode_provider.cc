#include "providers/linode/linode_provider.h"

#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "engine/module/late_module.h"
#include "engine/value/json.h"
#include "providers/linode/client.h"
#include "providers/linode/resource.h"
#include "providers/linode/resource_table.h"

namespace tkn::linode {
namespace {

using providers::ImportedObject;
using providers::ImportRequest;
using providers::Provider;
using providers::Schemas;

std::string UserAgent(const Settings& settings, const std::string& version) {
  std::string agent = settings.ua_prefix.empty() ? "" : settings.ua_prefix + " ";
  agent += "tkn/" + version;
  if (!settings.user_agent_suffix.empty()) agent += " " + settings.user_agent_suffix;
  return agent;
}

class LinodeProvider final : public Provider {
 public:
  explicit LinodeProvider(Surroundings surroundings) : surroundings_(std::move(surroundings)) {
    schemas_.provider = ProviderSchema();
    for (auto& type : MakeResourceTypes()) {
      schemas_.resources.emplace(type->name(), type->schema());
      const std::string name = type->name();
      resources_.emplace(name, std::move(type));
    }
    for (auto& source : MakeDataSources()) {
      schemas_.data_sources.emplace(source->name(), source->schema());
      const std::string name = source->name();
      data_sources_.emplace(name, std::move(source));
    }
    for (auto& type : MakeEphemeralTypes()) {
      schemas_.ephemerals.emplace(type->name(), type->schema());
      const std::string name = type->name();
      ephemerals_.emplace(name, std::move(type));
    }
  }

  const Schemas& GetSchemas() const override { return schemas_; }

  void ValidateProviderConfig(const Value& config, Diagnostics& diags) override {
    ValidateSettings(config, diags);
  }
  void ValidateResourceConfig(const std::string& type, const Value& config,
                              Diagnostics& diags) override {
    Resource(type).Validate(config, diags);
  }
  void ValidateDataConfig(const std::string& type, const Value& config,
                          Diagnostics& diags) override {
    Data(type).Validate(config, diags);
  }

  void Configure(const Value& config, bool offline, Diagnostics& diags) override {
    std::optional<Settings> settings =
        ResolveSettings(config, surroundings_.environment, offline, diags);
    if (!settings) return;
    ClientOptions options;
    options.base_url = settings->url;
    options.api_version = settings->api_version;
    options.token = settings->token;
    options.no_token = settings->no_token;
    options.ca_path = settings->ca_path;
    options.user_agent = UserAgent(*settings, surroundings_.version);
    options.delays = settings->delays;
    options.offline = offline;
    options.cache = !settings->disable_internal_cache;
    options.log = surroundings_.log;
    settings->token.clear();  // the client alone needs it
    settings_ = std::move(*settings);
    client_ =
        std::make_unique<Client>(std::move(options), surroundings_.transport, surroundings_.clock);
  }

  Value UpgradeState(const std::string& type, std::int64_t /*version*/, const std::string& json,
                     Diagnostics& diags) override {
    // No type has changed its schema yet: what is missing is null, what is too much is left out.
    const Type wanted = Resource(type).type();
    std::string error;
    if (std::optional<Value> value = FromJson(json, wanted, &error)) return *value;
    AddError(diags, "Unable to Read Previously Saved State",
             "The state of a " + type + " does not fit its schema: " + error);
    return Value::Null(wanted);
  }

  Object Read(const std::string& type, const Object& current, Diagnostics& diags) override {
    Claim(type, current.value);
    Context context = MakeContext(nullptr, diags);
    return Resource(type).Read(current, context);
  }

  PlanResponse Plan(const PlanRequest& request, Diagnostics& diags) override {
    Claim(request.type, request.prior.value);
    if (request.proposed_new.IsNull()) {
      return {.planned = {request.proposed_new, request.prior.private_bytes}};
    }
    if (!client_) return Resource(request.type).Plan(request, diags);
    Context context = MakeContext(nullptr, diags);
    return Resource(request.type).PlanConfigured(request, context);
  }

  ApplyResponse Apply(const ApplyRequest& request, const Cancellation& cancel,
                      Diagnostics& diags) override {
    const ResourceType& type = Resource(request.type);
    Claim(request.type, request.prior.value);
    Context context = MakeContext(&cancel, diags);
    tokens_.Forget();
    if (request.planned.value.IsNull()) return type.Delete(request, context);
    if (request.prior.value.IsNull()) return type.Create(request, context);
    return type.Update(request, context);
  }

  std::vector<ImportedObject> Import(const ImportRequest& request, Diagnostics& diags) override {
    Diagnostics ours;
    Object object = Resource(request.type).Import(request.id, ours);
    const bool failed = ours.HasErrors();
    diags.Append(std::move(ours));
    if (failed) return {};
    Anticipate(request.type, 1);  // the engine reads it next
    return {{request.type, std::move(object)}};
  }

  Value ReadData(const std::string& type, const Value& config, const Cancellation& cancel,
                 Diagnostics& diags) override {
    Context context = MakeContext(&cancel, diags);
    return Data(type).Read(config, context);
  }

  ResolveResponse Resolve(const ResolveRequest& request, Diagnostics& diags) override {
    const ResourceType& type = Resource(request.type);
    for (const std::string& id : request.known_ids) {
      surroundings_.creations->Claim(request.type, id);
    }
    Context context = MakeContext(nullptr, diags);
    if (request.prior.value.IsNull()) return type.ResolveCreate(request, context);

    // Updates and deletes have an id: what is there now is what counts.
    Claim(request.type, request.prior.value);
    ResolveResponse response;
    Diagnostics ours;
    Context reading = MakeContext(nullptr, ours);
    response.object = type.Read(request.prior, reading);
    const std::string name = request.type + " " + IdOf(request.prior.value);
    if (ours.HasErrors()) {
      response.explanation = "What became of " + name + " can't be read: " + ours[0].summary +
                             (ours[0].detail.empty() ? "" : ": " + ours[0].detail);
      return response;
    }
    response.outcome = ResolveResponse::Outcome::kFound;
    response.explanation = response.object.value.IsNull() ? name + " no longer exists."
                                                          : name + " exists and was read again.";
    return response;
  }

  void Prepare() override {
    if (client_) client_->Prepare();
  }
  void Anticipate(const std::string& type, std::size_t reads) override {
    if (type == "linode_token") tokens_.Expect(reads);
  }

  std::optional<Ephemeral> OpenEphemeral(const std::string& type, const Value& config,
                                         Diagnostics& diags) override {
    Context context = MakeContext(nullptr, diags);
    return ephemerals_.at(type)->Open(config, context);
  }
  void CloseEphemeral(const std::string& type, const Ephemeral& ephemeral,
                      Diagnostics& diags) override {
    Context context = MakeContext(nullptr, diags);
    ephemerals_.at(type)->Close(ephemeral, context);
  }

  void Stop() override {
    if (client_) client_->Stop();
  }

 private:
  const ResourceType& Resource(const std::string& type) const {
    const auto found = resources_.find(type);
    if (found == resources_.end()) throw std::logic_error("no resource type " + type);
    return *found->second;
  }
  const DataSource& Data(const std::string& type) const {
    const auto found = data_sources_.find(type);
    if (found == data_sources_.end()) throw std::logic_error("no data source " + type);
    return *found->second;
  }
  Context MakeContext(const Cancellation* cancel, Diagnostics& diags) {
    if (!client_) throw std::logic_error("the Linode provider was not configured");
    return {.client = *client_,
            .settings = settings_,
            .creations = *surroundings_.creations,
            .notes = *surroundings_.notes,
            .tokens = tokens_,
            .limits = {.cancel = cancel},
            .diags = diags};
  }
  void Claim(const std::string& type, const Value& object) {
    if (const std::string id = IdOf(object); !id.empty()) {
      surroundings_.creations->Claim(type, id);
    }
  }

  const Surroundings surroundings_;
  Schemas schemas_;
  std::map<std::string, std::unique_ptr<ResourceType>, std::less<>> resources_;
  std::map<std::string, std::unique_ptr<DataSource>, std::less<>> data_sources_;
  std::map<std::string, std::unique_ptr<EphemeralType>, std::less<>> ephemerals_;
  TokenListing tokens_;
  Settings settings_;
  std::unique_ptr<Client> client_;  // set by Configure
};

}  // namespace

providers::Registry::Factory MakeFactory(Surroundings surroundings) {
  if (!surroundings.environment) surroundings.environment = ProcessEnvironment();
  if (!surroundings.transport)
    surroundings.transport = MakeModuleTransport(ModulePaths("libtkn_http.so"));
  if (!surroundings.clock) surroundings.clock = MakeSystemClock();
  if (!surroundings.notes) surroundings.notes = std::make_shared<TokenNotes>();
  if (!surroundings.creations) surroundings.creations = std::make_shared<Creations>();
  return [surroundings = std::move(surroundings)] {
    return std::make_unique<LinodeProvider>(surroundings);
  };
}

}  // namespace tkn::linode
