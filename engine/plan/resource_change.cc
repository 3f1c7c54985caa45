#include "engine/plan/resource_change.h"

#include <algorithm>

#include "engine/plan/ignore_changes.h"
#include "engine/plan/module_scope.h"
#include "engine/schema/decode.h"

namespace tkn::plan {
namespace {

// Whether a path leads to (or into) a write-only argument.
bool IsWriteOnly(const BlockSchema& schema, const Path& path) {
  const BlockSchema* block = &schema;
  for (const PathStep& step : path) {
    if (step.kind != PathStep::Kind::kAttribute) continue;
    if (const AttributeSchema* attribute = block->FindAttribute(step.name))
      return attribute->write_only;
    const NestedBlock* nested = block->FindBlock(step.name);
    if (nested == nullptr) return false;
    block = &nested->block;
  }
  return false;
}

// A value's type is that of its schema where `any` in it has become something.
bool Fits(Type got, Type want) {
  if (got == want || want.IsDynamic()) return true;
  if (got.kind() != want.kind()) return false;
  if (want.IsCollection()) return Fits(got.element(), want.element());
  if (want.IsObject()) {
    const auto a = got.attributes(), b = want.attributes();
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
      return x.name == y.name && Fits(x.type, y.type);
    });
  }
  return false;
}

// Paths whose change the provider cannot carry out in place, and that do change.
std::vector<Path> EffectiveReplacements(const std::vector<Path>& paths, const Value& prior,
                                        const Value& planned, std::vector<std::string>& problems) {
  std::vector<Path> effective;
  for (const Path& path : paths) {
    const std::optional<Value> before = ApplyPath(prior, path);
    const std::optional<Value> after = ApplyPath(planned, path);
    if (!before && !after) {
      problems.push_back(ToString(path) +
                         ": named as requiring replacement, but there is no such attribute");
      continue;
    }
    if (before && after && before->EqualsIgnoringMarks(*after)) continue;
    if (std::find(effective.begin(), effective.end(), path) == effective.end())
      effective.push_back(path);
  }
  std::sort(effective.begin(), effective.end(), PathLess);
  return effective;
}

// One question to the provider, its answer checked.
std::optional<providers::PlanResponse> AskForPlan(const Run& run, const ChangeRequest& request,
                                                  const Value& prior,
                                                  const std::string& private_bytes,
                                                  const Value& config, Diagnostics& diags) {
  const ResourceInModule& resource = request.resource;
  const BlockSchema& schema = resource.schema->block;
  const std::string& address = request.text;
  providers::PlanRequest ask{.type = resource.block->name.type,
                             .prior = {prior, private_bytes},
                             .proposed_new = ProposedNew(schema, prior, config),
                             .config = config,
                             .at_once = run.at_once};
  Diagnostics reported;
  providers::PlanResponse response = resource.provider->Plan(ask, reported);
  const bool failed = reported.HasErrors();
  PlaceDiagnostics(std::move(reported), address, &resource.block->body, resource.block->range,
                   diags);
  if (failed) return std::nullopt;
  const Value& planned = response.planned.value;
  std::vector<std::string> problems;
  if (!Fits(planned.type(), schema.ImpliedType())) {
    problems.push_back("the planned object is a " + planned.type().FriendlyName() +
                       " that does not fit the type's schema");
  } else if (planned.IsNull()) {
    problems.push_back("the planned object is null, though there is a configuration");
  } else if (planned.ContainsMarked()) {
    problems.push_back("the planned object carries marks");
  } else if (!response.legacy_type_system) {
    problems = CheckPlanValid(schema, prior, config, planned);
  }
  if (!problems.empty()) {
    diags.Add(ProviderMistake("Provider produced invalid plan", resource.provider_address, address,
                              "planned an impossible change of", problems, resource.block->range));
    return std::nullopt;
  }
  return response;
}

}  // namespace

Diagnostic ProviderMistake(const char* summary, const ProviderConfigAddress& provider,
                           const std::string& address, const std::string& did,
                           const std::vector<std::string>& problems, SourceRange place) {
  std::string detail =
      "The provider " + provider.provider.ForDisplay() + " " + did + " " + address + ":";
  for (const std::string& problem : problems) detail += "\n  - " + problem;
  detail += "\n\nThis is a mistake in the provider, not in the configuration.";
  return {.summary = summary, .detail = std::move(detail), .subject = place, .address = address};
}

std::optional<Value> UnmarkConfig(const Value& config, const Schema& schema,
                                  const config::Resource& block, const std::string& address,
                                  std::vector<PathMarks>& marks, Diagnostics& diags) {
  if (!config.ContainsMarked()) return config;
  std::vector<PathMarks> found;
  Value plain = config.UnmarkDeep(found);
  bool ok = true;
  for (PathMarks& mark : found) {
    const bool write_only = IsWriteOnly(schema.block, mark.path);
    if (mark.marks.Has(MarkKind::kEphemeral) && !write_only) {
      SourceRange place = RangeOf(block.body, mark.path);
      if (!place.IsValid()) place = block.range;
      diags.Add(
          {.summary = "Invalid use of ephemeral value",
           .detail = "The argument" + ToString(mark.path) +
                     " is kept in plans and in the state, and an ephemeral value must not be. Only "
                     "write-only arguments take ephemeral values.",
           .subject = place,
           .address = address});
      ok = false;
    }
    if (mark.marks.Has(MarkKind::kSensitive) && !write_only) {
      marks.push_back({std::move(mark.path), MarkSet::Of(MarkKind::kSensitive)});
    }
  }
  if (!ok) return std::nullopt;
  return plain;
}

std::optional<ComputedChange> ComputeChange(Run& run, const ChangeRequest& request,
                                            Diagnostics& diags) {
  const ResourceInModule& resource = request.resource;
  const config::Resource& block = *resource.block;
  const BlockSchema& schema = resource.schema->block;
  const std::string& address = request.text;
  const ModuleScope scope(run.evaluation, *resource.module, &request.repetition);

  if (request.check_conditions && !block.lifecycle.preconditions.empty()) {
    std::vector<config::ConditionOutcome> outcomes;
    const bool holds =
        CheckConditions(block.lifecycle.preconditions, scope,
                        {.summary = "Resource precondition failed"}, outcomes, diags);
    run.checks.Report(CheckedResource(*resource.module->node, block), address, outcomes);
    if (!holds) return std::nullopt;
  }

  Diagnostics evaluation;
  const Value evaluated = DecodeBody(block.body, schema, scope, evaluation);
  bool failed = evaluation.HasErrors();
  diags.Append(std::move(evaluation));
  if (failed) return std::nullopt;
  std::vector<PathMarks> config_marks;
  std::optional<Value> config =
      UnmarkConfig(evaluated, *resource.schema, block, address, config_marks, diags);
  if (!config) return std::nullopt;

  Diagnostics reported;
  resource.provider->ValidateResourceConfig(block.name.type, *config, reported);
  failed = reported.HasErrors();
  PlaceDiagnostics(std::move(reported), address, &block.body, block.range, diags);
  if (failed) return std::nullopt;

  // A tainted object is as good as gone: what is planned is a new one, in its place.
  const bool is_tainted = request.prior != nullptr && request.prior->is_tainted;
  const Value nothing = Value::Null(schema.ImpliedType());
  const Value prior =
      request.prior == nullptr || is_tainted ? nothing : request.prior->object.value;
  // For a replacement, which has nothing to go on as it was, nothing is ignored.
  const Value whole_config = *config;
  const std::vector<PathMarks> whole_marks = config_marks;
  *config = WithIgnoredChanges(block.lifecycle, prior, *config);
  if (!prior.IsNull()) {
    std::erase_if(config_marks,
                  [&](const PathMarks& mark) { return IsIgnored(block.lifecycle, mark.path); });
    for (const PathMarks& mark : request.prior->object.marks) {
      if (IsIgnored(block.lifecycle, mark.path)) config_marks.push_back(mark);
    }
  }

  std::optional<providers::PlanResponse> response =
      AskForPlan(run, request, prior, prior.IsNull() ? std::string() : request.prior->private_bytes,
                 *config, diags);
  if (!response) return std::nullopt;

  ComputedChange computed{
      .change = {.address = request.address, .provider = resource.provider_address},
      .config = *config,
      .marks = {}};
  ResourceChange& change = computed.change;
  computed.wants_overlap = !request.create_before_destroy && response->create_first &&
                           block.lifecycle.create_before_destroy.value_or(true);
  const Action replace = request.create_before_destroy || computed.wants_overlap
                             ? Action::kCreateThenDelete
                             : Action::kDeleteThenCreate;

  if (is_tainted) {
    change.action = replace;
    change.reason = ActionReason::kReplaceBecauseTainted;
  } else if (prior.IsNull()) {
    change.action = Action::kCreate;
  } else {
    std::vector<std::string> problems;
    change.replace_paths =
        EffectiveReplacements(response->requires_replace, prior, response->planned.value, problems);
    if (!problems.empty()) {
      diags.Add(ProviderMistake("Provider produced invalid plan", resource.provider_address,
                                address, "planned an impossible change of", problems, block.range));
      return std::nullopt;
    }
    const bool is_same = response->planned.value.EqualsIgnoringMarks(prior);
    if (request.forced != ActionReason::kNone) {
      change.action = replace;
      change.reason = request.forced;
    } else if (is_same) {
      change.action = Action::kNoOp;
    } else if (!change.replace_paths.empty()) {
      change.action = replace;
      change.reason = ActionReason::kReplaceBecauseCannotUpdate;
    } else {
      change.action = Action::kUpdate;
    }
    if (IsReplace(change.action)) {
      // What is created is planned as new: nothing of the old object is kept.
      response = AskForPlan(run, request, nothing, {}, whole_config, diags);
      computed.config = whole_config;
      config_marks.insert(config_marks.end(), whole_marks.begin(), whole_marks.end());
      if (!response) return std::nullopt;
    }
  }

  computed.wants_overlap = computed.wants_overlap && IsReplace(change.action);
  // Told whatever else there was to do, and even where there is nothing yet to replace.
  if (request.forced == ActionReason::kReplaceByTriggers) change.reason = request.forced;
  computed.marks = SensitiveMarks(response->planned.value, schema, std::move(config_marks));
  if (change.action == Action::kNoOp && !SamePaths(computed.marks, request.prior->object.marks)) {
    change.action = Action::kUpdate;  // only what is shown of it changes
  }
  change.before = request.prior == nullptr ? nothing : request.prior->object.Marked();
  change.after = response->planned.value.MarkPaths(computed.marks);
  change.private_bytes = std::move(response->planned.private_bytes);
  change.schema = resource.schema;
  return computed;
}

std::optional<ResourceChange> ComputeDelete(providers::Provider& provider,
                                            ProviderRef provider_address,
                                            std::shared_ptr<const Schema> schema,
                                            const Address& address, const PriorValue& prior,
                                            Diagnostics& diags) {
  const Value nothing = Value::Null(schema->block.ImpliedType());
  providers::PlanRequest ask{.type = address.resource.type,
                             .prior = {prior.object.value, prior.private_bytes},
                             .proposed_new = nothing,
                             .config = nothing};
  Diagnostics reported;
  providers::PlanResponse response = provider.Plan(ask, reported);
  const bool failed = reported.HasErrors();
  PlaceDiagnostics(std::move(reported), address.ToString(), nullptr, {}, diags);
  if (failed) return std::nullopt;
  if (!response.planned.value.IsNull()) {
    diags.Add(ProviderMistake("Provider produced invalid plan", provider_address,
                              address.ToString(), "planned an impossible change of",
                              {"the object is to be destroyed, but a new value was planned"}, {}));
    return std::nullopt;
  }
  return ResourceChange{.address = address,
                        .provider = provider_address,
                        .action = Action::kDelete,
                        .before = prior.object.Marked(),
                        .after = nothing,
                        .private_bytes = std::move(response.planned.private_bytes),
                        .schema = std::move(schema)};
}

}  // namespace tkn::plan
