#include <algorithm>
#include <string>

#include "engine/config/tree_builder.h"

namespace tkn::config {
namespace {

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string NameOf(const ProviderReference& reference) {
  std::string name(reference.local_name);
  if (!reference.alias.empty()) name += "." + std::string(reference.alias);
  return name;
}

std::string ModuleName(const ModuleNode& node) {
  return node.parent == nullptr ? "the root module" : ModuleAddressOf(node.path);
}

bool IsEmpty(const parser::Body& body) {
  if (!body.attributes.empty() || !body.blocks.empty()) return false;
  if (body.json == nullptr) return true;
  return body.json->kind == parser::ExpressionKind::kObject &&
         parser::As<parser::ObjectExpression>(*body.json).items.empty();
}

class Checker {
 public:
  explicit Checker(Diagnostics& diags) : diags_(diags) {}

  // `repeated` is where some call on the way to the module says count, for_each or depends_on.
  void Node(const ModuleNode& node, SourceRange repeated) {
    const Module& module = *node.module;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      if (node.children[i] == nullptr) continue;
      const ModuleCall& call = module.module_calls[i];
      const SourceRange here = call.count != nullptr      ? call.count->range
                               : call.for_each != nullptr ? call.for_each->range
                               : !call.depends_on.empty() ? call.depends_on[0].range
                                                          : repeated;
      Node(*node.children[i], here);
    }
    if (node.call == nullptr) return;
    OwnConfigs(node, repeated);
    Passed(node);
    Missing(node);
  }

 private:
  void OwnConfigs(const ModuleNode& node, SourceRange repeated) {
    bool reported = false;
    for (const ProviderConfig& config : node.module->provider_configs) {
      if (IsEmpty(config.body)) {
        diags_.Add({.severity = Severity::kWarning,
                    .summary = "Redundant empty provider block",
                    .detail = "A module that is called gets its provider configurations from its "
                              "caller. What it needs is "
                              "said by a required_providers entry, with configuration_aliases for "
                              "what has an alias; "
                              "remove this block.",
                    .subject = config.range});
      } else if (repeated.IsValid() && !reported) {
        reported = true;
        diags_.Add(
            {.summary = "Module is incompatible with count, for_each, and depends_on",
             .detail =
                 ModuleName(node) +
                 " configures providers itself, and then its call can have none of count, for_each "
                 "and "
                 "depends_on. Have its provider configurations passed in by the caller instead.",
             .subject = repeated});
      }
    }
  }

  static bool IsDeclared(const Module& module, std::string_view local_name) {
    if (module.FindRequiredProvider(local_name) != nullptr) return true;
    return std::ranges::any_of(module.provider_configs, [&](const ProviderConfig& config) {
      return config.local_name == local_name && IsEmpty(config.body);
    });
  }

  static bool AcceptsAlias(const Module& module, const ProviderReference& reference) {
    const RequiredProvider* required = module.FindRequiredProvider(reference.local_name);
    if (required != nullptr &&
        std::ranges::any_of(required->aliases, [&](const ProviderReference& alias) {
          return alias.alias == reference.alias;
        })) {
      return true;
    }
    return module.FindProviderConfig(reference.local_name, reference.alias) != kNone;
  }

  void WarnUndefined(const ModuleNode& node, const ProviderReference& reference) {
    diags_.Add({.severity = Severity::kWarning,
                .summary = "Reference to undefined provider",
                .detail = "The local name " + Quoted(reference.local_name) +
                          " is not declared in " + ModuleName(node) +
                          ", so it is taken for the provider " +
                          ProviderSource::Default(reference.local_name).ForDisplay() +
                          ". Add a required_providers entry there to say so.",
                .subject = reference.name_range});
  }

  void Passed(const ModuleNode& node) {
    const Module& child = *node.module;
    const Module& parent = *node.parent->module;
    for (const PassedProvider& passed : node.call->providers) {
      const std::uint32_t own =
          child.FindProviderConfig(passed.in_child.local_name, passed.in_child.alias);
      if (own != kNone && !IsEmpty(child.provider_configs[own].body)) {
        diags_.Add({.summary = "Cannot override provider configuration",
                    .detail = ModuleName(node) + " configures " + Quoted(NameOf(passed.in_child)) +
                              " itself, so none can be passed to it.",
                    .subject = passed.in_child.name_range});
      }
      if (!passed.in_child.alias.empty() && !AcceptsAlias(child, passed.in_child)) {
        diags_.Add({.summary = "Reference to undefined provider",
                    .detail = ModuleName(node) + " does not ask for a provider " +
                              Quoted(NameOf(passed.in_child)) +
                              ". Add it to configuration_aliases of its required_providers entry, "
                              "or don't pass it.",
                    .subject = passed.in_child.name_range});
        continue;
      }
      const bool child_declares = IsDeclared(child, passed.in_child.local_name);
      const bool parent_declares =
          IsDeclared(parent, passed.in_parent.local_name) ||
          parent.FindProviderConfig(passed.in_parent.local_name, passed.in_parent.alias) != kNone;
      if (!child_declares) WarnUndefined(node, passed.in_child);
      if (!parent_declares) WarnUndefined(*node.parent, passed.in_parent);
      if (child.SourceOf(passed.in_child.local_name) !=
              parent.SourceOf(passed.in_parent.local_name) &&
          (parent_declares || !child_declares)) {
        diags_.Add({.summary = "Provider type mismatch",
                    .detail = Quoted(NameOf(passed.in_parent)) +
                              " is a configuration of the provider " +
                              parent.SourceOf(passed.in_parent.local_name).ForDisplay() + ", but " +
                              Quoted(NameOf(passed.in_child)) + " stands for " +
                              child.SourceOf(passed.in_child.local_name).ForDisplay() + " in " +
                              ModuleName(node) + ".",
                    .subject = !child_declares && parent_declares ? passed.in_child.name_range
                                                                  : passed.in_parent.name_range});
      }
    }
  }

  void Missing(const ModuleNode& node) {
    const Module& child = *node.module;
    for (const RequiredProvider& required : child.required_providers) {
      for (const ProviderReference& alias : required.aliases) {
        if (child.FindProviderConfig(alias.local_name, alias.alias) != kNone) continue;
        const bool passed = std::ranges::any_of(node.call->providers, [&](const PassedProvider& p) {
          return p.in_child.local_name == alias.local_name && p.in_child.alias == alias.alias;
        });
        if (passed) continue;
        diags_.Add({.summary = "Missing required provider configuration",
                    .detail = ModuleName(node) + " needs a configuration of the provider " +
                              required.source.ForDisplay() + " that it calls " +
                              Quoted(NameOf(alias)) +
                              ". Pass one in the \"providers\" argument of the call.",
                    .subject = node.call->range});
      }
    }
  }

  Diagnostics& diags_;
};

}  // namespace

std::string ModuleAddressOf(const ModulePath& path) {
  std::string text;
  for (const std::string& name : path) text += (text.empty() ? "module." : ".module.") + name;
  return text;
}

void CheckPassedProviders(const ModuleTree& tree, Diagnostics& diags) {
  Checker(diags).Node(tree.root(), {});
}

}  // namespace tkn::config
