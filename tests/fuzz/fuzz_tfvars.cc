#include "engine/config/load.h"
#include "engine/config/variables.h"
#include "tests/fuzz/check.h"

// Any bytes as terraform.tfvars and terraform.tfvars.json of a module whose variables have all
// kinds of types.
namespace {

using namespace tkn;

constexpr char kModule[] = R"(
variable "a" { type = string }
variable "b" { type = list(number) }
variable "c" { type = object({ d = string, e = optional(map(bool), { f = true }) }) }
variable "g" { default = null }
variable "h" {
  type      = set(tuple([string, any]))
  sensitive = true
}
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const char* name : {"terraform.tfvars", "terraform.tfvars.json"}) {
    SourceMap sources;
    Diagnostics diags;
    const auto reader =
        config::SourcesInMemory({{"main.tf", kModule}, {name, fuzz::TextOf(data, size)}});
    const auto tree = config::LoadModuleTree(".", sources, {.reader = reader.get()}, diags);
    fuzz::Check(tree.has_value() && !diags.HasErrors());
    const config::Module& root = *tree->root().module;
    const config::VariableInputs inputs =
        config::CollectVariables(root, {.reader = reader.get()}, sources, diags)
            .value_or(config::VariableInputs{});
    for (const config::Variable& variable : root.variables) {
      const auto input = inputs.find(variable.name);
      (void)config::PrepareVariable(variable, input == inputs.end() ? nullptr : &input->second,
                                    diags);
    }
  }
  return 0;
}
