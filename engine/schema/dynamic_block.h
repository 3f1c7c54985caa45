#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/lang/scope.h"
#include "engine/value/value.h"
#include "parser/ast.h"
#include "parser/diagnostic.h"

// `dynamic "type" { for_each, iterator, labels, content }`: blocks made by an expression.
namespace tkn {

// One block that a body has, written as such or made by a dynamic block.
struct ExpandedBlock {
  const parser::Body* body = nullptr;
  std::string key{};  // label, for blocks that are kept by key
  std::shared_ptr<const lang::Scope>
      scope{};           // with the iterator; nullptr: that of the body around
  bool unknown = false;  // stands for any number of blocks
  MarkSet marks{};       // of for_each: everything inside comes from it
  SourceRange range{};
};

// The name that the content of a dynamic block finds its element under; "" when that was written
// wrongly.
std::string_view IteratorName(const parser::Block& dynamic);

// Expands one dynamic block whose type the schema knows. `labelled`: the blocks have one label.
std::vector<ExpandedBlock> ExpandDynamic(const parser::Block& dynamic, bool labelled,
                                         const lang::Scope& scope, Diagnostics& diags);

}  // namespace tkn
