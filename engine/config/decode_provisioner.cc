#include <algorithm>
#include <array>

#include "engine/config/block_decoder.h"
#include "engine/lang/evaluate.h"

namespace tkn::config {
namespace {

const parser::BodySchema& ProvisionerSchema() {
  static const parser::BodySchema schema{{{"when"}, {"on_failure"}},
                                         {{"connection", {}}, {"lifecycle", {}}, {"_", {}}}};
  return schema;
}

constexpr std::array<std::string_view, 4> kRemoved = {"chef", "habitat", "puppet",
                                                      "salt-masterless"};

}  // namespace

std::optional<Provisioner> BlockDecoder::ReadProvisioner(const parser::Block& block,
                                                         const RawBlock& raw) {
  const parser::Label& type = block.labels[0];
  Provisioner provisioner{.type = type.text, .range = block.header_range, .type_range = type.range};
  const parser::BodyContent content =
      parser::PartialContent(*block.body, ProvisionerSchema(), &provisioner.body, diags_);
  if (std::ranges::find(kRemoved, type.text) != kRemoved.end()) {
    Error("The \"" + std::string(type.text) + "\" provisioner has been removed",
          "This provisioner does not exist any more. Run what it ran with remote-exec, or prepare "
          "the image instead.",
          type.range);
    return std::nullopt;
  }
  StaticContext context = Context(*block.body, raw.json);
  if (const auto* a = content.Find("when")) {
    const std::string_view word = KeywordOf(*a->expression, context);
    if (word == "destroy") {
      provisioner.when = ProvisionerWhen::kDestroy;
    } else if (word != "create") {
      Error("Invalid \"when\" keyword",
            "The \"when\" argument has one of two values: create, destroy.", a->expression->range);
    }
  }
  if (const auto* a = content.Find("on_failure")) {
    const std::string_view word = KeywordOf(*a->expression, context);
    if (word == "continue") {
      provisioner.on_failure = OnFailure::kContinue;
    } else if (word != "fail") {
      Error("Invalid \"on_failure\" keyword",
            "The \"on_failure\" argument has one of two values: continue, fail.",
            a->expression->range);
    }
  }
  const bool destroy = provisioner.when == ProvisionerWhen::kDestroy;
  if (destroy) CheckDestroyReferences(provisioner.body);

  const parser::Block* connection = nullptr;
  const parser::Block* escape = nullptr;
  for (const parser::Block* inner : content.blocks) {
    if (inner->type == "connection") {
      if (connection != nullptr) {
        Error("Duplicate connection block",
              "This provisioner has a connection block already, at " +
                  Place(connection->header_range) + ".",
              inner->header_range);
        continue;
      }
      connection = inner;
      provisioner.connection = inner->body;
      if (destroy) CheckDestroyReferences(*inner->body);
    } else if (inner->type == "_") {
      if (escape != nullptr) {
        Error("Duplicate escaping block",
              "The block \"_\" holds arguments that are meant for the provisioner although they "
              "have the name of a "
              "meta-argument. There can be only one, and the first is at " +
                  Place(escape->header_range) + ".",
              inner->header_range);
        continue;
      }
      escape = inner;
      provisioner.body = WithEscaped(provisioner.body, *inner->body);
    } else {
      Error("Reserved block type name in provisioner block",
            "The block type \"" + std::string(inner->type) +
                "\" has no meaning yet and is kept for the future.",
            inner->type_range);
    }
  }
  return provisioner;
}

// When an object is destroyed, what it was made from may be gone: only what the object itself knows
// is left.
void BlockDecoder::CheckDestroyReferences(const parser::Body& body) {
  Diagnostics ignored;
  for (const parser::Attribute* attribute : parser::JustAttributes(body, ignored)) {
    lang::ForEachTraversal(*attribute->expression, [&](const parser::Traversal& traversal) {
      const auto second = [&](std::string_view name) {
        return !traversal.steps.empty() && traversal.steps[0].text == name;
      };
      if (traversal.root == "self" || traversal.root == "path" || traversal.root == "terraform" ||
          (traversal.root == "count" && second("index")) ||
          (traversal.root == "each" && second("key"))) {
        return;
      }
      Error("Invalid reference from destroy provisioner",
            "Destroy-time provisioners have only self, count.index and each.key available: what "
            "else it was made from "
            "may be gone by then. Keep what is needed in an argument of the resource and use self.",
            attribute->expression->range);
    });
  }
}

}  // namespace tkn::config
