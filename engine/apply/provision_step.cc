#include "engine/apply/provision_step.h"

#include <algorithm>

#include "engine/config/validate.h"
#include "engine/plan/module_scope.h"
#include "engine/schema/decode.h"

namespace tkn::apply {
namespace {

// What stands in place of a line of output; empty: the line itself.
std::string_view Suppression(const Value& config) {
  if (config.ContainsMark(MarkKind::kSensitive)) {
    return "(output suppressed due to sensitive value in config)";
  }
  if (config.ContainsMark(MarkKind::kEphemeral)) {
    return "(output suppressed due to ephemeral value in config)";
  }
  return {};
}

// A connection block of the provisioner overrides single arguments of the resource's. `storage`
// keeps them.
parser::Body MergeConnections(const parser::Body* base, const parser::Body* own,
                              std::vector<parser::Attribute>& storage) {
  if (own == nullptr || base == nullptr || own->json != nullptr || base->json != nullptr) {
    return own != nullptr ? *own : *base;
  }
  storage.assign(own->attributes.begin(), own->attributes.end());
  for (const parser::Attribute& attribute : base->attributes) {
    const bool overridden =
        std::any_of(own->attributes.begin(), own->attributes.end(),
                    [&](const auto& other) { return other.name == attribute.name; });
    if (!overridden) storage.push_back(attribute);
  }
  parser::Body merged = *own;
  merged.attributes = storage;
  return merged;
}

// Evaluates everything that the provisioner gets. False after an error.
bool MakeRequest(plan::Run& run, const ProvisionTarget& target, const config::Provisioner& block,
                 const provisioners::Provisioner& provisioner, provisioners::Request& request,
                 std::string_view& suppression, Diagnostics& diags) {
  const plan::ModuleScope scope(run.evaluation, target.module, &target.repetition, &target.self);
  Diagnostics more;
  const Value config = DecodeBody(block.body, provisioner.GetSchema(), scope, more);
  suppression = Suppression(config);
  request.secret = !suppression.empty();
  request.config = config.UnmarkDeep();
  request.connection = Value::Null(config::ConnectionSchema().ImpliedType());
  if (block.connection != nullptr || target.connection != nullptr) {
    std::vector<parser::Attribute> storage;
    const parser::Body body = MergeConnections(target.connection, block.connection, storage);
    request.connection = DecodeBody(body, config::ConnectionSchema(), scope, more).UnmarkDeep();
  }
  const bool failed = more.HasErrors();
  diags.Append(std::move(more));
  if (failed) return false;
  if (!request.config.IsWhollyKnown() || !request.connection.IsWhollyKnown()) {
    diags.Add({.summary = "Configuration contains unknown value",
               .detail = "Something that this provisioner is configured with is still not known.",
               .subject = block.range,
               .address = target.address.ToString()});
    return false;
  }
  return true;
}

}  // namespace

bool HasProvisioners(const config::Resource& block, config::ProvisionerWhen when) {
  return std::any_of(
      block.provisioners.begin(), block.provisioners.end(),
      [&](const config::Provisioner& provisioner) { return provisioner.when == when; });
}

bool RunProvisioners(plan::Run& run, const ProvisionTarget& target, config::ProvisionerWhen when,
                     Diagnostics& diags) {
  const plan::Hooks::Instance shown{.address = target.address, .deposed_key = {}};
  for (const config::Provisioner& block : target.provisioners) {
    if (block.when != when) continue;
    const std::string type(block.type);
    const provisioners::Provisioner* provisioner = run.schemas.provisioners().Find(type);
    if (provisioner == nullptr) {
      diags.Add({.summary = "Missing provisioner",
                 .detail = "There is no provisioner \"" + type + "\".",
                 .subject = block.type_range});
      return false;
    }
    provisioners::Request request;
    request.address = target.address.ToString();
    request.is_cancelled = [&run] { return run.interruption.abort.IsCancelled(); };
    std::string_view suppression;
    if (!MakeRequest(run, target, block, *provisioner, request, suppression, diags)) return false;
    request.output = [&](std::string_view line) {
      run.hooks.ProvisionOutput(shown, type, suppression.empty() ? line : suppression);
    };
    run.hooks.BeforeProvision(shown, type);
    Diagnostics reported;
    provisioner->Run(request, reported);
    const bool failed = reported.HasErrors();
    run.hooks.AfterProvision(shown, type, failed);
    if (failed && block.on_failure == config::OnFailure::kContinue) continue;
    plan::PlaceDiagnostics(std::move(reported), request.address, &block.body, block.range, diags);
    if (failed) return false;
  }
  return true;
}

}  // namespace tkn::apply
