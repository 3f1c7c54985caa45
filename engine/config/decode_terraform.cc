#include <algorithm>

#include "engine/config/block_decoder.h"
#include "engine/config/provider_name.h"
#include "engine/config/version.h"
#include "engine/lang/evaluate.h"

namespace tkn::config {
namespace {

const parser::BodySchema& TerraformSchema() {
  static const parser::BodySchema schema{{{"required_version"}, {"experiments"}, {"language"}},
                                         {{"required_providers", {}},
                                          {"backend", {"type"}},
                                          {"cloud", {}},
                                          {"provider_meta", {"provider"}}}};
  return schema;
}
}  // namespace

void BlockDecoder::Terraform(const RawBlock& raw) {
  const parser::BodyContent content = parser::Content(*raw.body, TerraformSchema(), diags_);
  if (const auto* version = content.Find("required_version")) {
    std::string constraint = ReadVersionConstraint(*version, raw);
    if (!constraint.empty())
      module_.required_versions.push_back({std::move(constraint), version->range});
  }
  if (const auto* language = content.Find("language")) {
    const std::string_view edition = lang::AsKeyword(*language->expression);
    if (edition != "TF2021") {
      Error("Unsupported language edition",
            "The only edition of the language is TF2021. This module was written for a later one.",
            language->expression->range);
    }
  }
  if (const auto* experiments = content.Find("experiments")) ReadExperiments(*experiments);

  const parser::Block* requirements = nullptr;
  for (const parser::Block* block : content.blocks) {
    if (block->type == "required_providers") {
      if (requirements != nullptr) {
        Error("Duplicate required providers configuration",
              "The providers of a module are required in one place, which is " +
                  Place(requirements->header_range) + ". Move these entries there.",
              block->header_range);
        continue;
      }
      requirements = block;
      ReadRequiredProviders(*block, raw);
    } else if (block->type == "backend") {
      if (module_.backend) {
        Error("Duplicate backend configuration",
              "There can be only one backend, and it was given at " +
                  Place(module_.backend->range) + ".",
              block->header_range);
        continue;
      }
      module_.backend = BackendBlock{block->labels[0].text, *block->body, block->header_range,
                                     block->labels[0].range};
    } else if (block->type == "cloud") {
      if (module_.cloud) {
        Error(
            "Duplicate HCP Terraform configurations",
            "There can be only one cloud block, and it was given at " + Place(*module_.cloud) + ".",
            block->header_range);
        continue;
      }
      module_.cloud = block->header_range;
    }
  }
}

void BlockDecoder::ReadExperiments(const parser::Attribute& attribute) {
  Error("Module uses experimental features",
        "Experimental features can't be switched on in a release. Remove this argument, or use the "
        "language "
        "as it is.",
        attribute.name_range);
}

std::string BlockDecoder::ReadVersionConstraint(const parser::Attribute& attribute,
                                                const RawBlock& raw) {
  StaticContext context = Context(*raw.body, raw.json);
  Diagnostics own;
  StaticContext quiet{context.sources, context.arena, context.json, own};
  const Value value = ConstantValue(*attribute.expression, quiet);
  const bool failed = own.HasErrors();
  diags_.Append(std::move(own));
  if (failed) return {};
  const SourceRange range = attribute.expression->range;
  ConversionError error;
  const auto text = Convert(value, Type::String(), &error);
  if (!text || text->IsNull() || !text->IsKnown()) {
    Error("Invalid version constraint", "A version constraint is a text, such as \">= 1.2\".",
          range);
    return {};
  }
  if (!VersionConstraint::Parse(text->AsString())) {
    Error("Invalid version constraint",
          "This is no version constraint. It consists of an operator and a version, such as \"~> "
          "1.2\"; several are "
          "separated by commas.",
          range);
    return {};
  }
  return std::string(text->AsString());
}

void BlockDecoder::ReadRequiredProviders(const parser::Block& block, const RawBlock& raw) {
  for (const parser::Attribute* attribute : parser::JustAttributes(*block.body, diags_)) {
    const std::size_t before = diags_.size();
    RequiredProvider provider = Requirement(*attribute, *block.body->json_arena, raw.json);
    if (diags_.size() == before) module_.required_providers.push_back(std::move(provider));
  }
}

RequiredProvider BlockDecoder::Requirement(const parser::Attribute& attribute, parser::Arena& arena,
                                           bool json) {
  RequiredProvider result;
  const parser::Expression& expression = *attribute.expression;
  const SourceRange range = expression.range;
  if (const std::string problem = ProviderNameProblem(attribute.name); !problem.empty()) {
    Error("Invalid provider local name",
          std::string(attribute.name) + " can't be the local name of a provider: " + problem,
          range);
    return result;
  }
  result.local_name = attribute.name;
  result.range = range;
  result.name_range = attribute.name_range;
  result.source = ProviderSource::Default(attribute.name);

  const auto constant = [&](const parser::Expression& e, Diagnostics& diags) {
    StaticContext context{sources_, arena, json, diags};
    return ConstantValue(e, context);
  };
  const auto version_text = [&](const Value& value, SourceRange where) {
    ConversionError error;
    const auto text = Convert(value, Type::String(), &error);
    if (!text || text->IsNull() || !text->IsKnown() ||
        !VersionConstraint::Parse(text->AsString())) {
      Error("Invalid version constraint",
            "This is no version constraint. It consists of an operator and a version, such as \"~> "
            "1.2\".",
            where);
      return;
    }
    result.version = text->AsString();
  };

  if (expression.kind != parser::ExpressionKind::kObject) {
    Diagnostics failed;
    const Value value = constant(expression, failed);
    if (failed.HasErrors() || !value.type().IsPrimitive()) {
      Error("Invalid required_providers object",
            "An entry is an object, such as { source = \"linode/linode\", version = \"~> 2.0\" }.",
            range);
      return result;
    }
    version_text(value, range);
    return result;
  }

  for (const auto& item : parser::As<parser::ObjectExpression>(expression).items) {
    std::string key;
    if (const auto text = LiteralText(*item.key)) {
      key = *text;
    } else {
      Diagnostics failed;
      const Value value = constant(*item.key, failed);
      const bool bad = failed.HasErrors();
      diags_.Append(std::move(failed));
      if (bad) continue;
      if (value.type() != Type::String() || value.IsNull()) {
        Error("Invalid Attribute", "The name of an entry's part is a text.", item.key->range);
        continue;
      }
      key = value.AsString();
    }
    const SourceRange where = item.value->range;
    if (key == "version") {
      Diagnostics failed;
      const Value value = constant(*item.value, failed);
      if (failed.HasErrors() || value.type() != Type::String() || value.IsNull()) {
        Error("Invalid version constraint",
              "Version constraints are given as a text, such as \"~> 1.2\".", where);
      } else {
        version_text(value, where);
      }
    } else if (key == "source") {
      Diagnostics failed;
      const Value value = constant(*item.value, failed);
      if (failed.HasErrors() || value.type() != Type::String() || value.IsNull()) {
        Error("Invalid source", "The source is given as a text, such as \"linode/linode\".", where);
        continue;
      }
      std::string problem;
      if (const auto source = ReadProviderSource(value.AsString(), &problem)) {
        result.source = *source;
        result.has_source = true;
      } else if (problem.empty()) {
        Error("Invalid provider source string",
              "The source of a provider is written [HOSTNAME/]NAMESPACE/TYPE, such as "
              "\"linode/linode\".",
              where);
      } else {
        Error("Invalid provider type", problem, where);
      }
    } else if (key == "configuration_aliases") {
      StaticContext context{sources_, arena, json, diags_};
      const auto list = ListOf(*item.value, context);
      if (!list) continue;
      for (const parser::Expression* element : *list) {
        const auto traversal = lang::AsTraversal(parser::SyntaxOf(*element, arena));
        if (!traversal) {
          Error("Invalid expression",
                "Only a reference can stand here, such as linode.eu: the local name of the "
                "provider and an alias.",
                element->range);
        } else if (traversal->root != attribute.name || traversal->steps.size() != 1 ||
                   traversal->steps[0].kind != parser::Step::Kind::kAttribute) {
          Error(
              "Invalid configuration_aliases value",
              "An alias of this provider is written \"" + std::string(attribute.name) + ".ALIAS\".",
              where);
        } else {
          result.aliases.push_back({traversal->root, traversal->steps[0].text, traversal->range,
                                    traversal->root_range, traversal->steps[0].range});
        }
      }
    } else {
      Error("Invalid required_providers object",
            "An entry has \"source\", \"version\" and \"configuration_aliases\", and nothing else. "
            "Settings of a "
            "provider go into a provider block.",
            item.key->range);
    }
  }
  return result;
}

}  // namespace tkn::config
