#include "engine/render/config_json.h"

#include <algorithm>
#include <map>

#include "engine/lang/evaluate.h"
#include "engine/render/expression_json.h"
#include "engine/render/provider_keys.h"

namespace tkn::render {
namespace {

using config::ModuleNode;
using config::Resource;

class ConfigurationWriter {
 public:
  ConfigurationWriter(const config::ModuleTree& tree, const plan::Schemas& schemas, JsonWriter& out)
      : tree_(tree), schemas_(schemas), out_(out) {}

  void Write() {
    out_.BeginObject();
    WriteProviders();
    out_.Key("root_module");
    WriteModule(tree_.root());
    out_.EndObject();
  }

 private:
  void WriteProviders() {
    const std::map<std::string, ProviderEntry> providers = ProviderEntries(tree_);
    if (providers.empty()) return;
    out_.Key("provider_config").BeginObject();
    for (const auto& [key, provider] : providers) {
      out_.Key(key).BeginObject();
      out_.Key("name").Text(provider.local_name);
      out_.Key("full_name").Text(provider.source.ToString());
      if (!provider.alias.empty()) out_.Key("alias").Text(provider.alias);
      const config::RequiredProvider* required =
          provider.node->module->FindRequiredProvider(provider.local_name);
      if (required != nullptr && !required->version.empty())
        out_.Key("version_constraint").Text(required->version);
      if (provider.node->parent != nullptr)
        out_.Key("module_address").Text(key.substr(0, key.rfind(':')));
      const Schema* schema = schemas_.ProviderSchema(provider.source);
      if (provider.config && schema) WriteExpressions(provider.config->body, schema->block);
      out_.EndObject();
    }
    out_.EndObject();
  }

  void WriteExpressions(const parser::Body& body, const BlockSchema& schema) {
    JsonWriter expressions;
    WriteBody(body, schema, expressions);
    if (expressions.text() != "{}") out_.Key("expressions").Raw(expressions.text());
  }

  void WriteDependsOn(const std::vector<parser::Traversal>& depends_on) {
    if (depends_on.empty()) return;
    out_.Key("depends_on").BeginArray();
    for (const parser::Traversal& traversal : depends_on) {
      std::string text(traversal.root);
      for (const parser::Step& step : traversal.steps) {
        text += step.kind == parser::Step::Kind::kAttribute     ? "." + std::string(step.text)
                : step.kind == parser::Step::Kind::kIndexNumber ? "[" + std::string(step.text) + "]"
                                                                : "[" + JsonQuote(step.text) + "]";
      }
      out_.Text(text);
    }
    out_.EndArray();
  }

  // An expression of which nothing can be told is left out.
  void WriteIfTold(std::string_view key, const parser::Expression* expression) {
    if (!expression) return;
    JsonWriter json;
    WriteExpression(*expression, json);
    if (json.text() != "{}") out_.Key(key).Raw(json.text());
  }

  void WriteRepetition(const parser::Expression* count, const parser::Expression* for_each) {
    WriteIfTold("count_expression", count);
    WriteIfTold("for_each_expression", for_each);
  }

  void WriteResource(const ModuleNode& node, std::uint32_t index) {
    const Resource& resource = node.module->resources[index];
    const config::ProviderNode& provider = tree_.ProviderOf(node, index);
    out_.BeginObject();
    out_.Key("address").Text(resource.name.ToString());
    out_.Key("mode").Text(resource.name.mode == ResourceMode::kData ? "data" : "managed");
    out_.Key("type").Text(resource.name.type);
    out_.Key("name").Text(resource.name.name);
    out_.Key("provider_config_key")
        .Text(ProviderKey(node, resource.provider.local_name, resource.provider.alias));
    if (!resource.provisioners.empty()) {
      out_.Key("provisioners").BeginArray();
      for (const config::Provisioner& provisioner : resource.provisioners) {
        out_.BeginObject();
        out_.Key("type").Text(provisioner.type);
        if (const BlockSchema* schema = schemas_.ProvisionerSchema(provisioner.type))
          WriteExpressions(provisioner.body, *schema);
        out_.EndObject();
      }
      out_.EndArray();
    }
    const Schema* schema =
        schemas_.ResourceSchema(provider.address->provider, resource.name.mode, resource.name.type);
    if (schema) {
      WriteExpressions(resource.body, schema->block);
      out_.Key("schema_version").Int(schema->version);
    }
    WriteRepetition(resource.count, resource.for_each);
    WriteDependsOn(resource.depends_on);
    out_.EndObject();
  }

  void WriteResources(const ModuleNode& node) {
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < node.module->resources.size(); ++i) {
      if (node.module->resources[i].name.mode != ResourceMode::kEphemeral) order.push_back(i);
    }
    if (order.empty()) return;
    // Managed resources before data sources, each by address.
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      const ResourceName& x = node.module->resources[a].name;
      const ResourceName& y = node.module->resources[b].name;
      if (x.mode != y.mode) return x.mode == ResourceMode::kManaged;
      return x.ToString() < y.ToString();
    });
    out_.Key("resources").BeginArray();
    for (const std::uint32_t i : order) WriteResource(node, i);
    out_.EndArray();
  }

  void WriteOutputs(const config::Module& module) {
    if (module.outputs.empty()) return;
    std::map<std::string_view, const config::Output*> sorted;
    for (const config::Output& output : module.outputs) sorted.emplace(output.name, &output);
    out_.Key("outputs").BeginObject();
    for (const auto& [name, output] : sorted) {
      out_.Key(name).BeginObject();
      if (output->sensitive) out_.Key("sensitive").Bool(true);
      out_.Key("expression");
      WriteExpression(*output->expression, out_);
      WriteDependsOn(output->depends_on);
      if (!output->description.empty()) out_.Key("description").Text(output->description);
      out_.EndObject();
    }
    out_.EndObject();
  }

  void WriteVariables(const config::Module& module) {
    if (module.variables.empty()) return;
    std::map<std::string_view, const config::Variable*> sorted;
    for (const config::Variable& variable : module.variables)
      sorted.emplace(variable.name, &variable);
    out_.Key("variables").BeginObject();
    for (const auto& [name, variable] : sorted) {
      out_.Key(name).BeginObject();
      if (variable->default_value)
        out_.Key("default").Raw(ToJson(variable->default_value->UnmarkDeep()));
      if (!variable->description.empty()) out_.Key("description").Text(variable->description);
      if (variable->sensitive) out_.Key("sensitive").Bool(true);
      out_.EndObject();
    }
    out_.EndObject();
  }

  void WriteCalls(const ModuleNode& node) {
    std::map<std::string_view, std::size_t> sorted;
    for (std::size_t i = 0; i < node.module->module_calls.size(); ++i) {
      if (i < node.children.size() && node.children[i])
        sorted.emplace(node.module->module_calls[i].name, i);
    }
    if (sorted.empty()) return;
    out_.Key("module_calls").BeginObject();
    for (const auto& [name, i] : sorted) {
      const config::ModuleCall& call = node.module->module_calls[i];
      out_.Key(name).BeginObject();
      out_.Key("source").Text(call.source);
      if (!call.arguments.empty()) {
        out_.Key("expressions").BeginObject();
        for (const config::ModuleArgument& argument : call.arguments) {
          out_.Key(argument.name);
          WriteExpression(*argument.expression, out_);
        }
        out_.EndObject();
      }
      WriteRepetition(call.count, call.for_each);
      out_.Key("module");
      WriteModule(*node.children[i]);
      if (!call.version.empty()) out_.Key("version_constraint").Text(call.version);
      WriteDependsOn(call.depends_on);
      out_.EndObject();
    }
    out_.EndObject();
  }

  void WriteModule(const ModuleNode& node) {
    out_.BeginObject();
    WriteOutputs(*node.module);
    WriteResources(node);
    WriteCalls(node);
    WriteVariables(*node.module);
    out_.EndObject();
  }

  const config::ModuleTree& tree_;
  const plan::Schemas& schemas_;
  JsonWriter& out_;
};

}  // namespace

void WriteConfiguration(const config::ModuleTree& tree, const plan::Schemas& schemas,
                        JsonWriter& out) {
  ConfigurationWriter(tree, schemas, out).Write();
}

}  // namespace tkn::render
