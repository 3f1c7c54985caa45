#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/value/path.h"
#include "engine/value/value.h"

namespace tkn::parser {
struct BodySchema;
}

namespace tkn {

enum class Nesting : std::uint8_t { kSingle, kGroup, kList, kSet, kMap };

struct NestedAttributes;

struct AttributeSchema {
  std::string name;
  Type type{};         // of nested attributes too (derived)
  Type config_type{};  // derived: what a configured value is converted to; optional attributes may
                       // be left out
  bool required = false;
  bool optional = false;
  bool computed = false;
  bool sensitive = false;
  bool deprecated = false;
  bool write_only = false;
  // A list or set of one may be written as its element: `inline = "reboot"`.
  bool accept_single = false;
  std::string description{};
  std::shared_ptr<const NestedAttributes> nested{};  // an attribute that is itself structured
};

// Immutable once the attribute that has it is in a BlockSchema that was Finish()ed.
struct NestedAttributes {
  Nesting nesting = Nesting::kSingle;
  std::vector<AttributeSchema> attributes;

  const AttributeSchema* Find(std::string_view name) const;
  // The object type of one element; with optional attributes marked so where `for_config`.
  Type ElementType(bool for_config) const;
  bool ContainsSensitive() const;
};

struct NestedBlock;

// What a provider declares about a block's content. Filled in by hand or by a builder, then
// Finish()ed, after which it is immutable and any thread may read it.
class BlockSchema {
 public:
  std::vector<AttributeSchema> attributes;
  std::vector<NestedBlock> blocks;
  std::string description;
  bool deprecated = false;

  // Sorts, derives types; must be called once before use (schemas of nested blocks included).
  void Finish();
  const AttributeSchema* FindAttribute(std::string_view name) const;
  const NestedBlock* FindBlock(std::string_view name) const;
  // The object type of a decoded body, sets and lists of objects for blocks.
  Type ImpliedType() const { return implied_; }
  // The object of a body, from a value for each of `attributes` and then for each of `blocks`.
  Value Assemble(std::vector<Value> parts) const;
  bool ContainsSensitive() const { return contains_sensitive_; }
  // What parser::Content wants to know, `dynamic` blocks included.
  const parser::BodySchema& body_schema() const { return *body_schema_; }

 private:
  std::shared_ptr<const parser::BodySchema> body_schema_;
  Type implied_;
  std::vector<std::size_t> places_;  // by part: where it is in implied_; empty: as it comes
  bool contains_sensitive_ = false;
};

struct NestedBlock {
  std::string name;
  Nesting nesting = Nesting::kSingle;
  BlockSchema block;
  int min_items = 0;
  int max_items = 0;  // 0: no limit
};

// The schema of a resource type, data source or provider block.
struct Schema {
  std::int64_t version = 0;
  BlockSchema block;
};

// Paths in `value` that the schema calls sensitive, with the mark for each.
std::vector<PathMarks> SensitivePaths(const Value& value, const BlockSchema& schema);

// The value a body with nothing in it decodes to: nulls, and empty collections for blocks.
Value EmptyValue(const BlockSchema& schema);

// What Terraform proposes to a provider: configured values, and prior values for what is computed
// and not configured; unknown for those when there is no prior object. Marks must have been
// removed.
Value ProposedNew(const BlockSchema& schema, const Value& prior, const Value& config);
// For null prior: computed attributes that are not configured become unknown.
Value SetUnknowns(const BlockSchema& schema, const Value& value);

// What a provider may not answer. Each problem is one sentence with the path in front, as Terraform
// words it: plan: "planned for a non-computed attribute", ...
std::vector<std::string> CheckPlanValid(const BlockSchema& schema, const Value& prior,
                                        const Value& config, const Value& planned);
// apply: every known planned value must come back as planned.
std::vector<std::string> CheckApplied(const BlockSchema& schema, const Value& planned,
                                      const Value& actual);
// type, no unknowns; used for every object a provider gives.
std::vector<std::string> CheckConforms(const Value& value, Type type);

}  // namespace tkn
