#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "engine/address/address.h"
#include "parser/ast.h"
#include "parser/diagnostic.h"

namespace tkn::lang {

enum class ReferenceKind : std::uint8_t {
  kVariable,   // var.NAME
  kLocal,      // local.NAME
  kResource,   // TYPE.NAME, data.TYPE.NAME, ephemeral.TYPE.NAME
  kModule,     // module.NAME (and its outputs)
  kCount,      // count.index
  kEach,       // each.key, each.value
  kPath,       // path.module, path.root, path.cwd
  kTerraform,  // terraform.workspace, terraform.applying; tofu.*
  kSelf,       // self
  kCheck,      // check.NAME (only in states)
  kOutput,     // output.NAME (only in tests and refactoring)
};

// What a traversal in a module's expression refers to, without knowing whether it exists.
struct Reference {
  ReferenceKind kind = ReferenceKind::kVariable;
  std::string_view name;  // variable, local, module, attribute of count/each/path/terraform
  ResourceMode mode = ResourceMode::kManaged;
  std::string_view type;           // resource type
  std::optional<InstanceKey> key;  // resources and modules: a literal index that followed
  std::string_view output;         // modules: the output that followed
  SourceRange range;               // of the steps that are part of the reference
  std::size_t steps_used = 0;      // of the traversal, `key` and `output` included
};

// On a traversal that can't be a reference adds Terraform's error and returns nullopt.
std::optional<Reference> ParseReference(const parser::Traversal& traversal, Diagnostics& diags);

}  // namespace tkn::lang
