#pragma once

#include "parser/content.h"
#include "parser/diagnostic.h"

namespace tkn::fuzz {

// Takes a body apart as those do who decode it, for native syntax and for JSON.
inline void ReadContent(const parser::Body& body, int depth = 0) {
  static const parser::BodySchema kSchema{{{"a", true}}, {{"b", {}}, {"c", {"d", "e"}}}};
  Diagnostics diags;
  parser::Body rest;
  const auto content = parser::PartialContent(body, kSchema, &rest, diags);
  (void)parser::JustAttributes(rest, diags);
  (void)parser::Content(body, kSchema, diags);
  if (depth > 10) return;
  for (const parser::Block* block : content.blocks) ReadContent(*block->body, depth + 1);
}

}  // namespace tkn::fuzz
