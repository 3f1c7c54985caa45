#include "engine/plan/data_source.h"

#include <chrono>

#include "engine/plan/module_scope.h"
#include "engine/plan/resource_change.h"
#include "engine/schema/decode.h"

namespace tkn::plan {

std::optional<DataConfig> DecodeDataConfig(Run& run, const ResourceInModule& resource,
                                           const Address& address, const Repetition& repetition,
                                           Diagnostics& diags) {
  const config::Resource& block = *resource.block;
  const ModuleScope scope(run.evaluation, *resource.module, &repetition);
  Diagnostics evaluation;
  const Value evaluated = DecodeBody(block.body, resource.schema->block, scope, evaluation);
  bool failed = evaluation.HasErrors();
  diags.Append(std::move(evaluation));
  if (failed) return std::nullopt;
  DataConfig config;
  std::optional<Value> plain =
      UnmarkConfig(evaluated, *resource.schema, block, address.ToString(), config.marks, diags);
  if (!plain) return std::nullopt;
  config.value = std::move(*plain);
  Diagnostics reported;
  resource.provider->ValidateDataConfig(block.name.type, config.value, reported);
  failed = reported.HasErrors();
  PlaceDiagnostics(std::move(reported), address.ToString(), &block.body, block.range, diags);
  if (failed) return std::nullopt;
  return config;
}

std::optional<DecodedObject> ReadDataSource(Run& run, const ResourceInModule& resource,
                                            const Address& address, const DataConfig& config,
                                            Diagnostics& diags) {
  const config::Resource& block = *resource.block;
  const auto begin = std::chrono::steady_clock::now();
  run.hooks.BeforeRead({.address = address, .deposed_key = {}});
  Diagnostics reported;
  Value value =
      resource.provider->ReadData(block.name.type, config.value, run.interruption.abort, reported);
  const bool failed = reported.HasErrors();
  PlaceDiagnostics(std::move(reported), address.ToString(), &block.body, block.range, diags);
  if (failed) return std::nullopt;
  const std::vector<std::string> problems =
      CheckConforms(value, resource.schema->block.ImpliedType());
  if (!problems.empty() || value.IsNull()) {
    diags.Add(ProviderMistake(
        "Provider produced invalid object", resource.provider_address, address.ToString(),
        "gave an impossible object when it read",
        problems.empty() ? std::vector<std::string>{"the object is null"} : problems, block.range));
    return std::nullopt;
  }
  DecodedObject object{.value = std::move(value), .marks = {}};
  object.marks = SensitiveMarks(object.value, resource.schema->block, config.marks);
  const auto id = DisplayId(object.Marked());
  run.hooks.AfterRead(
      {.address = address, .deposed_key = {}, .id_key = id.first, .id_value = id.second},
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                            begin));
  return object;
}

state::StoredObject StoredDataObject(const ResourceInModule& resource, const Address& address,
                                     const DecodedObject& object) {
  state::StoredObject stored{.address = address, .provider = resource.provider_address};
  EncodeObject(object.value, object.marks, *resource.schema, stored);
  return stored;
}

}  // namespace tkn::plan
