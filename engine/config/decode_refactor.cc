#include <algorithm>

#include "engine/config/block_decoder.h"
#include "engine/config/import_target.h"
#include "engine/config/merge.h"
#include "engine/config/target_traversal.h"
#include "engine/lang/evaluate.h"

// moved, import, removed and check blocks.
namespace tkn::config {

std::optional<MovedBlock> BlockDecoder::ReadMoved(const RawBlock& raw) {
  static const parser::BodySchema schema{{{"from", true}, {"to", true}}, {}};
  const parser::BodyContent content = parser::Content(*raw.body, schema, diags_);
  StaticContext context = Context(*raw.body, raw.json);
  MovedBlock moved{.range = raw.block->header_range};
  const auto end = [&](const char* name, TargetAddress& target, SourceRange& range) {
    const auto* attribute = content.Find(name);
    if (attribute == nullptr) return false;
    const auto traversal = StrictTraversalOf(*attribute->expression, context);
    if (!traversal) return false;
    auto address = TargetOf(*traversal, diags_);
    if (!address) return false;
    target = *std::move(address);
    range = traversal->range;
    return true;
  };
  const bool from = end("from", moved.from, moved.from_range);
  const bool to = end("to", moved.to, moved.to_range);
  if (!from || !to) return std::nullopt;
  if (moved.from.resource.has_value() != moved.to.resource.has_value()) {
    Error("Invalid \"moved\" addresses",
          "One of the addresses is a resource and the other a module. Both must be resources, or "
          "both modules.",
          moved.range);
    return std::nullopt;
  }
  if (moved.from.resource && (moved.from.resource->mode != ResourceMode::kManaged ||
                              moved.to.resource->mode != ResourceMode::kManaged)) {
    return std::nullopt;  // data sources have nothing that could move
  }
  return moved;
}

std::optional<ImportBlock> BlockDecoder::ReadImport(const RawBlock& raw) {
  static const parser::BodySchema schema{{{"for_each"}, {"id", true}, {"provider"}, {"to", true}},
                                         {}};
  const std::size_t before = diags_.size();
  const parser::BodyContent content = parser::Content(*raw.body, schema, diags_);
  ImportBlock import{.range = raw.block->header_range};
  if (const auto* a = content.Find("id")) import.id = a->expression;
  if (const auto* a = content.Find("for_each")) import.for_each = a->expression;
  if (const auto* a = content.Find("provider")) {
    import.provider = ReadProviderReference(*a->expression, "provider", raw);
    import.provider_range = Join(a->name_range, a->expression->range);
  }
  const auto* to = content.Find("to");
  if (to == nullptr) return std::nullopt;
  StaticContext context = Context(*raw.body, raw.json);
  Diagnostics own;
  import.to = &parser::SyntaxOf(*to->expression, context.arena, own);
  const bool unreadable = own.HasErrors();
  diags_.Append(std::move(own));
  if (unreadable) return std::nullopt;
  import.to_range = import.to->range;
  if (import.for_each == nullptr && KeyOfTarget(import).expression != nullptr) {
    diags_.Add({.summary = "Invalid address",
                .detail = "An import block without for_each names one resource instance, with a "
                          "key that is written out."});
    (void)StrictTraversalOf(*to->expression, context);
    return std::nullopt;
  }
  auto resource = ConfigResourceOf(*import.to, diags_);
  if (!resource || resource->resource.mode != ResourceMode::kManaged) {
    Error("Invalid import address",
          "What can be imported is an object of a resource block, such as linode_token.ci.",
          to->range);
    return std::nullopt;
  }
  import.to_resource = *std::move(resource);
  if (diags_.size() != before) return std::nullopt;
  return import;
}

std::optional<RemovedBlock> BlockDecoder::ReadRemoved(const RawBlock& raw) {
  static const parser::BodySchema schema{
      {{"from", true}}, {{"lifecycle", {}}, {"connection", {}}, {"provisioner", {"type"}}}};
  static const parser::BodySchema lifecycle_schema{{{"destroy"}}, {}};
  const parser::BodyContent content = parser::Content(*raw.body, schema, diags_);
  StaticContext context = Context(*raw.body, raw.json);
  RemovedBlock removed{.range = raw.block->header_range};
  bool known = false;
  if (const auto* a = content.Find("from")) {
    if (const auto traversal = StrictTraversalOf(*a->expression, context)) {
      removed.from_range = traversal->range;
      known = RemovedTargetOf(*traversal, removed, diags_);
    }
  }
  const bool is_resource = removed.resource && removed.resource->mode == ResourceMode::kManaged;
  const parser::Block* lifecycle = nullptr;
  const parser::Block* connection = nullptr;
  for (const parser::Block* block : content.blocks) {
    if (block->type == "lifecycle") {
      if (lifecycle != nullptr) {
        Error(
            "Duplicate lifecycle block",
            "This block has a lifecycle block already, at " + Place(lifecycle->header_range) + ".",
            block->header_range);
        continue;
      }
      lifecycle = block;
      const parser::BodyContent inner = parser::Content(*block->body, lifecycle_schema, diags_);
      StaticContext inner_context = Context(*block->body, raw.json);
      if (const auto* a = inner.Find("destroy")) {
        removed.destroy = ConstantBool(*a->expression, inner_context).value_or(true);
      }
    } else if (block->type == "connection") {
      if (connection != nullptr) {
        Error("Duplicate connection block",
              "This block has a connection block already, at " + Place(connection->header_range) +
                  ".",
              block->header_range);
        continue;
      }
      connection = block;
      removed.connection = block->body;
    } else if (known && !is_resource) {
      Error("Invalid provisioner block",
            "Provisioners run for the objects of a resource, but this block removes a module.",
            block->header_range);
    } else if (auto provisioner = ReadProvisioner(*block, raw)) {
      if (provisioner->when != ProvisionerWhen::kDestroy) {
        Error("Invalid provisioner block",
              "Nothing is created here, so only provisioners with when = destroy make sense.",
              block->header_range);
        continue;
      }
      removed.provisioners.push_back(*std::move(provisioner));
    }
  }
  if (removed.connection != nullptr) {
    for (Provisioner& provisioner : removed.provisioners) {
      provisioner.connection =
          provisioner.connection == nullptr
              ? removed.connection
              : MergeBodies(*removed.connection, *provisioner.connection, *raw.body->json_arena);
    }
  }
  return known ? std::optional(std::move(removed)) : std::nullopt;
}

CheckBlock BlockDecoder::ReadCheck(const RawBlock& raw, std::optional<Resource>& scoped) {
  static const parser::BodySchema schema{{}, {{"data", {"type", "name"}}, {"assert", {}}}};
  const parser::Label& label = raw.block->labels[0];
  CheckBlock check{.name = label.text, .range = raw.block->header_range};
  const parser::BodyContent content = parser::Content(*raw.body, schema, diags_);
  CheckName(label.text, label.range, "Invalid check block name");
  const parser::Block* data = nullptr;
  for (const parser::Block* block : content.blocks) {
    if (block->type == "assert") {
      // One with errors does not count.
      const std::size_t before = diags_.size();
      const auto condition = ReadCondition(*block);
      if (diags_.size() != before || !condition) continue;
      check.asserts.push_back(*condition);
    } else if (data != nullptr) {
      Error("Multiple data resource blocks",
            "A check reads one data source, and it has one already, at " +
                Place(data->header_range) + ".",
            block->header_range);
    } else {
      data = block;
      scoped = ReadResource({.block = block, .body = block->body, .json = raw.json},
                            ResourceMode::kData, true);
    }
  }
  if (check.asserts.empty()) {
    Error("Zero assert blocks",
          "Check blocks without an assert block check nothing. Add one, with a condition.",
          raw.block->header_range);
  }
  return check;
}

}  // namespace tkn::config
