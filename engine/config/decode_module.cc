#include "engine/config/block_decoder.h"
#include "engine/config/module_source.h"
#include "engine/lang/evaluate.h"
#include "parser/parse.h"

namespace tkn::config {
namespace {

const parser::BodySchema& ModuleSchema() {
  static const parser::BodySchema schema{
      {{"source", true}, {"version"}, {"count"}, {"for_each"}, {"depends_on"}, {"providers"}},
      {{"_", {}}, {"lifecycle", {}}, {"locals", {}}, {"provider", {"type"}}}};
  return schema;
}

const parser::BodySchema& ProviderSchema() {
  static const parser::BodySchema schema{
      {{"version"}, {"alias"}, {"count"}, {"depends_on"}, {"for_each"}, {"source"}},
      {{"_", {}}, {"lifecycle", {}}, {"locals", {}}}};
  return schema;
}

}  // namespace

ModuleCall BlockDecoder::ReadModuleCall(const RawBlock& raw) {
  const parser::Label& label = raw.block->labels[0];
  ModuleCall call{.name = label.text, .range = raw.block->header_range};
  const parser::BodyContent content =
      parser::PartialContent(*raw.body, ModuleSchema(), &call.body, diags_);
  CheckName(label.text, label.range, "Invalid module instance name");
  StaticContext context = Context(*raw.body, raw.json);

  const auto* version = content.Find("version");
  if (const auto* a = content.Find("source")) {
    call.source_range = a->expression->range;
    if (auto source = ConstantString(*a->expression, context)) {
      call.source = *std::move(source);
      const SourceKind kind = KindOfSource(call.source);
      call.source_valid = kind != SourceKind::kInvalid;
      if (version != nullptr && kind != SourceKind::kRegistry) {
        call.source_valid = false;
        Error("Invalid registry module source address",
              "\"" + call.source +
                  "\" is no address of a module registry, and only these have versions. Remove "
                  "\"version\", or give an address such as \"namespace/name/system\".",
              call.source_range);
      } else if (kind == SourceKind::kInvalid) {
        Error(
            "Invalid module source address",
            call.source.empty()
                ? "The source is empty. It says where the module is, such as \"./modules/network\"."
                : "\"" + call.source +
                      "\" is neither a path nor an address of a registry or a repository. A path "
                      "begins with \"./\" or \"../\", such as \"./" +
                      call.source + "\".",
            call.source_range);
      }
    }
  }
  if (version != nullptr) call.version = ReadVersionConstraint(*version, raw);
  const auto* count = content.Find("count");
  const auto* for_each = content.Find("for_each");
  if (count != nullptr) call.count = count->expression;
  if (for_each != nullptr) call.for_each = for_each->expression;
  CheckRepetition(count, for_each);
  if (const auto* a = content.Find("depends_on")) call.depends_on = ReadDependsOn(*a, raw);
  if (const auto* a = content.Find("providers")) {
    call.has_providers = true;
    ReadPassedProviders(*a, raw, call);
  }

  const parser::Block* escape = nullptr;
  for (const parser::Block* block : content.blocks) {
    if (block->type != "_") {
      Error("Reserved block type name in module block",
            "The block type \"" + std::string(block->type) +
                "\" has no meaning yet and is kept for the future.",
            block->type_range);
    } else if (escape != nullptr) {
      Error("Duplicate escaping block",
            "The block \"_\" holds arguments for the module's variables although they have the "
            "name of a "
            "meta-argument. There can be only one, and the first is at " +
                Place(escape->header_range) + ".",
            block->header_range);
    } else {
      escape = block;
      call.body = WithEscaped(call.body, *block->body);
    }
  }
  return call;
}

void BlockDecoder::ReadPassedProviders(const parser::Attribute& attribute, const RawBlock& raw,
                                       ModuleCall& call) {
  const parser::Expression& expression = *attribute.expression;
  if (expression.kind != parser::ExpressionKind::kObject) {
    Error("Invalid expression",
          "The providers for a module are written as a map in braces, such as { linode = linode.eu "
          "}.",
          raw.json ? expression.range : StartOf(expression));
    return;
  }
  for (const auto& item : parser::As<parser::ObjectExpression>(expression).items) {
    // A bare name as key is kept as text; a reference is a reference; quotes are old style.
    std::optional<ProviderReference> in_child;
    if (item.key_is_bare_name) {
      const std::string_view name = LiteralText(*item.key).value_or("");
      if (const std::string problem = ProviderNameProblem(name); !problem.empty()) {
        Error("Invalid provider local name",
              "\"" + std::string(name) + "\" can't be the local name of a provider: " + problem,
              item.key->range);
      } else {
        in_child = ProviderReference{
            .local_name = name, .range = item.key->range, .name_range = item.key->range};
      }
    } else {
      in_child = ReadProviderReference(*item.key, "providers", raw);
    }
    const auto in_parent = ReadProviderReference(*item.value, "providers", raw);
    if (!in_child || !in_parent) continue;
    bool duplicate = false;
    for (const PassedProvider& other : call.providers) {
      if (other.in_child.local_name != in_child->local_name ||
          other.in_child.alias != in_child->alias)
        continue;
      Error("Duplicate provider address",
            "A configuration for this provider of the module was passed already, at " +
                Place(other.in_child.range) + ".",
            in_parent->range);
      duplicate = true;
    }
    if (!duplicate) call.providers.push_back({*in_child, *in_parent});
  }
}

ProviderConfig BlockDecoder::ReadProvider(const RawBlock& raw) {
  const parser::Label& label = raw.block->labels[0];
  ProviderConfig config{
      .local_name = label.text, .range = raw.block->header_range, .name_range = label.range};
  const parser::BodyContent content =
      parser::PartialContent(*raw.body, ProviderSchema(), &config.body, diags_);
  StaticContext context = Context(*raw.body, raw.json);
  if (const std::string problem = ProviderNameProblem(label.text); !problem.empty()) {
    Error("Invalid provider local name",
          "\"" + std::string(label.text) + "\" can't be the local name of a provider: " + problem,
          config.range);
  }
  if (const auto* a = content.Find("alias")) {
    const auto alias = ConstantString(*a->expression, context);
    if (alias) config.alias = context.arena.Copy(std::string_view(*alias));
    if (!alias || !parser::IsIdentifier(*alias)) {
      diags_.Add({.summary = "Invalid provider configuration alias",
                  .detail = "An alias is a name. " + std::string(kBadIdentifierDetail)});
    }
  }
  if (const auto* a = content.Find("version")) {
    diags_.Add(
        {.severity = Severity::kWarning,
         .summary = "Version constraints inside provider configuration blocks are deprecated",
         .detail = "Which versions of a provider fit is said in the required_providers entry of "
                   "the terraform "
                   "block. Move it there.",
         .subject = a->expression->range});
    config.version = ReadVersionConstraint(*a, raw);
  }
  for (const parser::Attribute* attribute : content.attributes) {
    if (attribute->name == "alias" || attribute->name == "version") continue;
    Error("Reserved argument name in provider block",
          "\"" + std::string(attribute->name) +
              "\" has no meaning in provider blocks yet and is kept for the future.",
          attribute->name_range);
  }
  const parser::Block* escape = nullptr;
  for (const parser::Block* block : content.blocks) {
    if (block->type != "_") {
      Error("Reserved block type name in provider block",
            "The block type \"" + std::string(block->type) +
                "\" has no meaning yet and is kept for the future.",
            block->type_range);
    } else if (escape != nullptr) {
      Error("Duplicate escaping block",
            "There can be only one block \"_\", and the first is at " +
                Place(escape->header_range) + ".",
            block->header_range);
    } else {
      escape = block;
      config.body = WithEscaped(config.body, *block->body);
    }
  }
  return config;
}

}  // namespace tkn::config
