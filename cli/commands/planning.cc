#include "cli/commands/planning.h"

#include <filesystem>
#include <fstream>

#include "engine/value/json.h"

namespace tkn::cli {
namespace {

// What -generate-config-out asked for; no file when there was nothing to generate.
bool WriteGeneratedConfig(const plan::Plan& plan, const std::string& path, Diagnostics& diags) {
  std::string text;
  for (const plan::ResourceChange& change : plan.changes.all()) {
    if (change.generated_config.empty()) continue;
    text += "\n# __generated__ by tkn from " + JsonQuote(change.import_id.value_or("")) + "\n" +
            change.generated_config;
  }
  if (text.empty()) return true;
  diags.Add({.severity = Severity::kWarning,
             .summary = "Config generation is experimental",
             .detail = "What an import tells is not all that a configuration may need, so \"" +
                       path + "\" is a beginning: review it before it is kept."});
  std::ofstream file(path);
  file << "# __generated__ by tkn\n# Review these blocks, then move them to where they belong.\n"
       << text;
  file.close();
  if (file) return true;
  diags.Add({.summary = "Failed to write generated configuration",
             .detail = "\"" + path + "\" could not be written. The plan itself is not affected."});
  return false;
}

}  // namespace

std::optional<plan::Plan> PlanFromConfiguration(Operation& operation, const PlanningInputs& inputs,
                                                OperationView& view, Diagnostics& diags) {
  auto options = inputs.plan.ToOptions(diags);
  if (!options) return std::nullopt;
  const std::string& generated = inputs.plan.generate_config_out;
  if (!generated.empty() && std::filesystem::exists(generated)) {
    diags.Add(
        {.summary = "Target generated file already exists",
         .detail =
             "\"" + generated +
             "\" would be overwritten by -generate-config-out: name a file that does not exist."});
    return std::nullopt;
  }
  if (!operation.LoadConfiguration(inputs.purpose, diags,
                                   inputs.for_apply ? nullptr : &inputs.state)) {
    return std::nullopt;
  }
  if (!operation.LoadVariables(inputs.variables, inputs.view.input && !inputs.view.json, diags))
    return std::nullopt;
  operation.PrepareToPlan(*options);
  const auto access = inputs.for_apply ? Operation::Access::kWrite : Operation::Access::kRead;
  if (!operation.OpenState(inputs.state, access, diags)) return std::nullopt;
  // A plan only reads: it waits for a writer, but takes no lock, so that plans don't block plans.
  if (inputs.for_apply) {
    if (!operation.Lock("OperationTypeApply", inputs.state, diags)) return std::nullopt;
  } else if (inputs.state.lock && operation.store().CurrentLock()) {
    if (!operation.Lock("OperationTypePlan", inputs.state, diags)) return std::nullopt;
  }
  if (!operation.ResolveIntents(inputs.state, options->offline, diags)) return std::nullopt;
  if (!operation.ReadState(diags)) return std::nullopt;
  options->at_once = inputs.at_once;
  auto plan = operation.MakePlan(*options, view, diags);
  // Where nobody looks at the plan first, applying says so as well.
  if (plan && !plan->errored && !inputs.at_once)
    (void)apply::CheckOrder(*plan, operation.tree(), diags);
  if (plan && !generated.empty() && !WriteGeneratedConfig(*plan, generated, diags))
    return std::nullopt;
  return plan;
}

}  // namespace tkn::cli
