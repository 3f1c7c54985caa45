#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>

#include "engine/address/address.h"
#include "engine/lang/reference.h"
#include "parser/ast.h"

namespace tkn::config {

// Stands for "no such index".
inline constexpr std::uint32_t kNone = 0xffffffff;

// The names below count, each, path and terraform: `index` of their targets.
enum class BuiltinName : std::uint32_t {
  kCountIndex,
  kEachKey,
  kEachValue,
  kPathModule,
  kPathRoot,
  kPathCwd,
  kWorkspace,
  kApplying,
};

// What a traversal means in its module, worked out once when the module is loaded.
struct ReferenceTarget {
  lang::ReferenceKind kind = lang::ReferenceKind::kVariable;
  // Into variables(), locals(), resources() or module_calls() of the module; a BuiltinName for
  // count, each, path and terraform; 0 for self. kNone: not declared, an error was reported.
  std::uint32_t index = kNone;
  // kModule: into outputs() of the called module; kNone: the whole module object.
  std::uint32_t output = kNone;
  // Steps of the traversal that the target stands for, `key` and `output` included.
  std::uint32_t steps_used = 0;
  // Resources and modules: a literal index was written; none: all instances, or the only one.
  InstanceKey key{};
};

// Where an expression that refers to something stands.
enum class UsePlace : std::uint8_t {
  kValue,       // the body; a local's, output's or default's expression; a module's argument
  kRepetition,  // count, for_each
  kDependsOn,
  kCondition,  // validation, precondition, postcondition, assert; with their messages
  kReplaceTriggeredBy,
  kProvisioner,  // provisioner and connection blocks (create-time ones)
  kDestroyProvisioner,
};

// One reference. Both pointers live as long as the Module.
struct Use {
  const parser::Traversal* traversal = nullptr;
  const ReferenceTarget* target = nullptr;
  UsePlace place = UsePlace::kValue;
};

}  // namespace tkn::config
