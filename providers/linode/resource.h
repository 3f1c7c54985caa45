#pragma once

#include <string>
#include <vector>

#include "engine/schema/schema.h"
#include "parser/diagnostic.h"
#include "providers/linode/client.h"
#include "providers/linode/creations.h"
#include "providers/linode/settings.h"
#include "providers/linode/token_listing.h"
#include "providers/linode/token_notes.h"
#include "providers/provider.h"

// What each resource type and data source of the provider implements. They hold no state of their
// own but their schema, so any thread may call. A type that is plain CRUD is a table, see crud.h.
namespace tkn::linode {

using providers::ApplyRequest;
using providers::ApplyResponse;
using providers::Object;
using providers::PlanRequest;
using providers::PlanResponse;
using providers::ResolveRequest;
using providers::ResolveResponse;

// What a call that asks the API has at hand.
struct Context {
  Client& client;
  const Settings& settings;
  Creations& creations;
  TokenNotes& notes;
  TokenListing& tokens;
  Limits limits;
  Diagnostics& diags;
};

class ResourceType {
 public:
  ResourceType(std::string name, Schema schema)
      : name_(std::move(name)), schema_(std::move(schema)) {}
  virtual ~ResourceType() = default;
  ResourceType(const ResourceType&) = delete;
  ResourceType& operator=(const ResourceType&) = delete;

  const std::string& name() const { return name_; }
  const Schema& schema() const { return schema_; }
  Type type() const { return schema_.block.ImpliedType(); }

  virtual void Validate(const Value& /*config*/, Diagnostics& /*diags*/) const {}
  // Of a create or an update; a delete never gets here.
  virtual PlanResponse Plan(const PlanRequest& request, Diagnostics& diags) const = 0;
  // The same of a provider that is configured: may look at its settings and the time, and ask.
  virtual PlanResponse PlanConfigured(const PlanRequest& request, Context& context) const {
    return Plan(request, context.diags);
  }
  virtual Object Read(const Object& current, Context& context) const = 0;
  virtual ApplyResponse Create(const ApplyRequest& request, Context& context) const = 0;
  virtual ApplyResponse Update(const ApplyRequest& request, Context& context) const = 0;
  virtual ApplyResponse Delete(const ApplyRequest& request, Context& context) const = 0;
  // No request is made; the engine reads next. Default: an object with nothing but the id.
  virtual Object Import(const std::string& id, Diagnostics& diags) const;
  // Of a create only.
  virtual ResolveResponse ResolveCreate(const ResolveRequest& request, Context& context) const = 0;

 private:
  const std::string name_;
  const Schema schema_;
};

class DataSource {
 public:
  DataSource(std::string name, Schema schema)
      : name_(std::move(name)), schema_(std::move(schema)) {}
  virtual ~DataSource() = default;
  DataSource(const DataSource&) = delete;
  DataSource& operator=(const DataSource&) = delete;

  const std::string& name() const { return name_; }
  const Schema& schema() const { return schema_; }
  Type type() const { return schema_.block.ImpliedType(); }

  virtual void Validate(const Value& /*config*/, Diagnostics& /*diags*/) const {}
  // Null when it failed.
  virtual Value Read(const Value& config, Context& context) const = 0;

 private:
  const std::string name_;
  const Schema schema_;
};

class EphemeralType {
 public:
  using Ephemeral = providers::Provider::Ephemeral;
  EphemeralType(std::string name, Schema schema)
      : name_(std::move(name)), schema_(std::move(schema)) {}
  virtual ~EphemeralType() = default;
  EphemeralType(const EphemeralType&) = delete;
  EphemeralType& operator=(const EphemeralType&) = delete;

  const std::string& name() const { return name_; }
  const Schema& schema() const { return schema_; }
  Type type() const { return schema_.block.ImpliedType(); }

  virtual std::optional<Ephemeral> Open(const Value& config, Context& context) const = 0;
  // Whatever the run came to; also when it is being broken off.
  virtual void Close(const Ephemeral& opened, Context& context) const = 0;

 private:
  const std::string name_;
  const Schema schema_;
};

// The id of an object in the state; "" when there is none.
std::string IdOf(const Value& object);
// As a whole number. nullopt after an error with the real provider's summary.
std::optional<std::int64_t> NumericId(const std::string& id, Diagnostics& diags);

void AddError(Diagnostics& diags, std::string summary, std::string detail,
              std::string attribute_path = "");
void AddWarning(Diagnostics& diags, std::string summary, std::string detail);

// The object is gone: null of its type, with the private bytes it had.
Object Gone(const ResourceType& type, const Object& current);

// Since when, by the API's clock, something made by a call of ours can exist. Our own clock may be
// wrong, so the difference is taken from the Date of an answer when there is one.
struct CreationWindow {
  std::int64_t from_unix_seconds;
  std::int64_t to_unix_seconds;
  static CreationWindow Around(std::int64_t started, std::int64_t now,
                               std::optional<std::int64_t> server_now);
  bool Holds(std::int64_t created) const {
    return created >= from_unix_seconds && created <= to_unix_seconds;
  }
};

}  // namespace tkn::linode
