#include "engine/config/module_loader.h"

#include <algorithm>

#include "engine/config/merge.h"
#include "engine/config/module_files.h"
#include "engine/config/target_traversal.h"
#include "engine/config/version.h"
#include "parser/parse.h"

namespace tkn::config {
namespace {

const parser::BodySchema& FileSchema() {
  static const parser::BodySchema schema{{},
                                         {{"terraform", {}},
                                          {"required_providers", {}},
                                          {"provider", {"name"}},
                                          {"variable", {"name"}},
                                          {"locals", {}},
                                          {"output", {"name"}},
                                          {"module", {"name"}},
                                          {"resource", {"type", "name"}},
                                          {"data", {"type", "name"}},
                                          {"ephemeral", {"type", "name"}},
                                          {"moved", {}},
                                          {"import", {}},
                                          {"check", {"name"}},
                                          {"removed", {}}}};
  return schema;
}

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

ResourceMode ModeOf(const parser::Block& block) {
  return block.type == "data"        ? ResourceMode::kData
         : block.type == "ephemeral" ? ResourceMode::kEphemeral
                                     : ResourceMode::kManaged;
}

std::string ResourceKey(std::string_view kind, std::string_view type, std::string_view name) {
  return std::string(kind) + " " + std::string(type) + " " + std::string(name);
}

}  // namespace

std::unique_ptr<Module> ModuleLoader::Load(const std::string& directory,
                                           std::vector<FileId>& files) {
  auto names = reader_.List(directory);
  if (!names) return nullptr;
  const ModuleFiles selected = SelectFiles(*std::move(names));
  module_ = std::make_unique<Module>();
  module_->directory = directory;
  module_->files_.reserve(selected.primary.size() + selected.overrides.size());
  decoder_ = std::make_unique<BlockDecoder>(*module_, sources_, own_);
  for (const std::string& name : selected.primary) ReadFile(directory, name, false, files);
  for (const std::string& name : selected.overrides) ReadFile(directory, name, true, files);

  const bool fits = DecodeTerraform();
  if (!fits && is_install_) {
    // Written for another version of the language: what else seems wrong may not be.
    own_.Clear();
    ReportVersions(own_);
  } else {
    if (!fits) ReportVersions(module_->version_problems);
    DecodeAll();
    DecodeDuplicates();
    CheckProviders();
    CheckImports();
  }
  diags_.Append(std::move(own_));
  return std::move(module_);
}

void ModuleLoader::ReportVersions(Diagnostics& diags) const {
  for (const VersionRequirement& requirement : module_->required_versions) {
    const auto constraint = VersionConstraint::Parse(requirement.constraint);
    if (constraint && constraint->Allows(*Version::Parse(kTerraformVersion))) continue;
    diags.Add({.summary = "Unsupported Terraform Core version",
               .detail = "This module asks for Terraform " + requirement.constraint +
                         ", and tkn behaves as " + std::string(kTerraformVersion) +
                         ". Use another version of the module, or change the constraint.",
               .subject = requirement.range});
  }
}

void ModuleLoader::ReadFile(const std::string& directory, const std::string& name, bool is_override,
                            std::vector<FileId>& files) {
  const std::string path = JoinPath(directory, name);
  std::string error;
  auto text = reader_.Read(path, &error);
  if (!text) {
    own_.Add({.summary = "Failed to read file",
              .detail = "The file " + path +
                        " is part of the configuration, but it can't be read: " + error + "."});
    return;
  }
  const FileId id = sources_.Add(path, *std::move(text));
  files.push_back(id);
  Diagnostics syntax;
  module_->files_.push_back(parser::ParseFile(sources_, id, syntax));
  module_->is_malformed = module_->is_malformed || syntax.HasErrors();
  own_.Append(std::move(syntax));
  const parser::Body& body = module_->files_.back().body();

  // Two looks at the terraform blocks go first, for the version and for experiments, and each tells
  // what is wrong with the blocks themselves.
  static const parser::BodySchema terraform{{}, {{"terraform", {}}}};
  for (int look = 0; look < 2; ++look) (void)parser::PartialContent(body, terraform, nullptr, own_);
  const parser::BodyContent content = parser::Content(body, FileSchema(), own_);
  const bool json = name.ends_with(".json");
  if (is_override) {
    OverrideBlocks(content, json);
  } else {
    AddBlocks(content, json);
  }
}

// The earlier block of this name, or nullptr.
const RawBlock* ModuleLoader::AddNamed(Named& named, std::string key, const RawBlock& raw) {
  const auto [found, is_new] = named.index.emplace(std::move(key), named.blocks.size());
  if (!is_new) {
    named.duplicates.push_back(raw);
    return &named.blocks[found->second];
  }
  named.blocks.push_back(raw);
  return nullptr;
}

void ModuleLoader::ReportDuplicate(const RawBlock* earlier, const RawBlock& raw,
                                   std::string summary, const std::string& what) {
  Error(std::move(summary),
        what + " was already declared at " + PlaceOf(sources_, earlier->block->header_range) +
            ". Names must be different within a module; rename one of the two.",
        raw.block->header_range);
}

void ModuleLoader::AddBlocks(const parser::BodyContent& content, bool json) {
  for (const parser::Block* block : content.blocks) {
    const RawBlock raw{.block = block, .body = block->body, .json = json};
    const std::string_view type = block->type;
    const std::string_view name =
        block->labels.empty() ? std::string_view() : block->labels[0].text;
    if (type == "resource" || type == "data" || type == "ephemeral") {
      if (const auto* earlier =
              AddNamed(resources_, ResourceKey(type, name, block->labels[1].text), raw)) {
        ReportDuplicate(earlier, raw,
                        "Duplicate " + std::string(type) + " " + Quoted(name) + " configuration",
                        "A block " + std::string(type) + " " + Quoted(name) + " " +
                            Quoted(block->labels[1].text));
      }
    } else if (type == "variable") {
      if (const auto* earlier = AddNamed(variables_, std::string(name), raw)) {
        ReportDuplicate(earlier, raw, "Duplicate variable declaration",
                        "A variable named " + Quoted(name));
      }
    } else if (type == "output") {
      if (const auto* earlier = AddNamed(outputs_, std::string(name), raw)) {
        ReportDuplicate(earlier, raw, "Duplicate output definition",
                        "An output named " + Quoted(name));
      }
    } else if (type == "module") {
      if (const auto* earlier = AddNamed(modules_, std::string(name), raw)) {
        ReportDuplicate(earlier, raw, "Duplicate module call",
                        "A module call named " + Quoted(name));
      }
    } else if (type == "check") {
      if (const auto* earlier = AddNamed(checks_, std::string(name), raw)) {
        ReportDuplicate(earlier, raw, "Duplicate check " + Quoted(name) + " configuration",
                        "A check named " + Quoted(name));
      }
    } else if (type == "locals") {
      AddLocals(raw);
    } else if (type == "provider") {
      providers_.blocks.push_back(raw);  // their aliases are known only when they are read
    } else if (type == "terraform") {
      terraform_.push_back(raw);
    } else if (type == "moved") {
      moved_.push_back(raw);
    } else if (type == "import") {
      imports_.push_back(raw);
    } else if (type == "removed") {
      removed_.push_back(raw);
    } else {
      Error("Invalid required_providers block",
            "A required_providers block stands inside of a terraform block.", block->header_range);
    }
  }
}

bool ModuleLoader::OverrideNamed(Named& named, const std::string& key, const RawBlock& raw) {
  const auto found = named.index.find(key);
  if (found == named.index.end()) return false;
  RawBlock& base = named.blocks[found->second];
  base.body = MergeBodies(*base.body, *raw.body, module_->files_.back().arena());
  base.overridden_by = raw.block;
  return true;
}

void ModuleLoader::CheckDependsOnOverride(const RawBlock& raw) {
  static const parser::BodySchema schema{{{"depends_on"}}, {}};
  Diagnostics ignored;
  const auto content = parser::PartialContent(*raw.body, schema, nullptr, ignored);
  const auto* attribute = content.Find("depends_on");
  if (attribute == nullptr) return;
  SourceRange range = attribute->expression->range;
  if (attribute->expression->kind == parser::ExpressionKind::kTuple) {
    const auto elements = parser::As<parser::TupleExpression>(*attribute->expression).elements;
    if (elements.empty()) return;
    range = elements[0]->range;
  }
  Error("Unsupported override",
        "depends_on can't be changed by an override file. Change it in the file itself.", range);
}

void ModuleLoader::OverrideBlocks(const parser::BodyContent& content, bool json) {
  const std::string only =
      " An override file changes what other files declare; it declares nothing itself.";
  for (const parser::Block* block : content.blocks) {
    const RawBlock raw{.block = block, .body = block->body, .json = json};
    const std::string_view type = block->type;
    const std::string name(block->labels.empty() ? std::string_view() : block->labels[0].text);
    if (type == "resource" || type == "data" || type == "ephemeral") {
      CheckDependsOnOverride(raw);
      if (!OverrideNamed(resources_, ResourceKey(type, name, block->labels[1].text), raw)) {
        Error(type == "resource" ? std::string("Missing resource to override")
                                 : "Missing " + std::string(type) + " resource to override",
              "There is no block " + std::string(type) + " " + Quoted(name) + " " +
                  Quoted(block->labels[1].text) + "." + only,
              block->header_range);
      }
    } else if (type == "variable") {
      if (!OverrideNamed(variables_, name, raw)) {
        Error("Missing base variable declaration to override",
              "There is no variable " + Quoted(name) + "." + only, block->header_range);
      }
    } else if (type == "output") {
      CheckDependsOnOverride(raw);
      if (!OverrideNamed(outputs_, name, raw)) {
        Error("Missing base output definition to override",
              "There is no output " + Quoted(name) + "." + only, block->header_range);
      }
    } else if (type == "module") {
      CheckDependsOnOverride(raw);
      if (!OverrideNamed(modules_, name, raw)) {
        Error("Missing module call to override",
              "There is no module call " + Quoted(name) + "." + only, block->header_range);
      }
    } else if (type == "locals") {
      OverrideLocals(raw);
    } else if (type == "provider") {
      OverrideProvider(raw);
    } else if (type == "terraform") {
      terraform_overrides_.push_back(raw);
    } else if (type == "moved" || type == "import") {
      Error("Cannot override '" + std::string(type) + "' blocks",
            "These blocks are not changed by override files. Put this one into another file.",
            block->header_range);
    } else if (type == "check") {
      Error("Can't override check blocks",
            "Check blocks are not changed by override files. Put this one into another file.",
            block->header_range);
    } else if (type == "removed") {
      removed_.push_back(raw);
    } else {
      Error("Invalid required_providers block",
            "A required_providers block stands inside of a terraform block.", block->header_range);
    }
  }
}

void ModuleLoader::OverrideProvider(const RawBlock& raw) {
  static const parser::BodySchema schema{{{"alias"}}, {}};
  const auto alias_of = [&](const RawBlock& block) -> std::string {
    Diagnostics ignored;
    const auto content = parser::PartialContent(*block.body, schema, nullptr, ignored);
    const auto* attribute = content.Find("alias");
    if (attribute == nullptr) return {};
    StaticContext context{sources_, *block.body->json_arena, block.json, ignored};
    return ConstantString(*attribute->expression, context).value_or("");
  };
  const std::string alias = alias_of(raw);
  for (RawBlock& base : providers_.blocks) {
    if (base.block->labels[0].text != raw.block->labels[0].text || alias_of(base) != alias)
      continue;
    base.body = MergeBodies(*base.body, *raw.body, module_->files_.back().arena());
    base.overridden_by = raw.block;
    return;
  }
  if (alias.empty()) {
    providers_.blocks.push_back(raw);
    return;
  }
  Error("Missing base provider configuration for override",
        "There is no provider " + Quoted(raw.block->labels[0].text) + " with the alias " +
            Quoted(alias) +
            ". An override file changes what other files declare; it declares nothing itself.",
        raw.block->header_range);
}

void ModuleLoader::AddLocals(const RawBlock& raw) {
  for (const parser::Attribute* attribute : parser::JustAttributes(*raw.body, own_)) {
    if (!parser::IsIdentifier(attribute->name)) {
      Error("Invalid local value name", std::string(kBadIdentifierDetail), attribute->name_range);
    }
    const auto [found, is_new] = local_index_.emplace(attribute->name, locals_.size());
    if (!is_new) {
      Error("Duplicate local value definition",
            "A local value named " + Quoted(attribute->name) + " was already defined at " +
                PlaceOf(sources_, locals_[found->second].range) +
                ". Names must be different within a module; rename one of the two.",
            attribute->range);
      continue;
    }
    locals_.push_back({.name = attribute->name,
                       .expression = attribute->expression,
                       .range = attribute->range,
                       .name_range = attribute->name_range});
  }
}

void ModuleLoader::OverrideLocals(const RawBlock& raw) {
  for (const parser::Attribute* attribute : parser::JustAttributes(*raw.body, own_)) {
    const auto found = local_index_.find(attribute->name);
    if (found == local_index_.end()) {
      Error("Missing base local value definition to override",
            "There is no local value " + Quoted(attribute->name) +
                ". An override file changes what other files declare; it declares nothing itself.",
            attribute->range);
      continue;
    }
    locals_[found->second].expression = attribute->expression;
  }
}

// False where the module is for another version.
bool ModuleLoader::DecodeTerraform() {
  for (const RawBlock& raw : terraform_) decoder_->Terraform(raw);
  if (!terraform_overrides_.empty()) {
    Module& module = *module_;
    auto versions = std::move(module.required_versions);
    auto providers = std::move(module.required_providers);
    auto backend = std::move(module.backend);
    auto cloud = module.cloud;
    module.required_versions.clear();
    module.required_providers.clear();
    module.backend.reset();
    module.cloud.reset();
    for (const RawBlock& raw : terraform_overrides_) decoder_->Terraform(raw);
    if (module.required_versions.empty()) module.required_versions = std::move(versions);
    if (!module.backend && !module.cloud) {
      module.backend = std::move(backend);
      module.cloud = cloud;
    }
    for (RequiredProvider& provider : providers) {
      const bool overridden = std::ranges::any_of(
          module.required_providers,
          [&](const RequiredProvider& other) { return other.local_name == provider.local_name; });
      if (!overridden) module.required_providers.push_back(std::move(provider));
    }
  }
  if (module_->backend && module_->cloud) {
    Error("Both a backend and cloud configuration are present",
          "The state is kept either where the backend block says, or where the cloud block at " +
              PlaceOf(sources_, *module_->cloud) + " says. Remove one of the two.",
          module_->backend->range);
  }
  const Version version = *Version::Parse(kTerraformVersion);
  return std::ranges::all_of(
      module_->required_versions, [&](const VersionRequirement& requirement) {
        const auto constraint = VersionConstraint::Parse(requirement.constraint);
        return !constraint || constraint->Allows(version);
      });
}

void ModuleLoader::DecodeAll() {
  Module& module = *module_;
  module.variables.reserve(variables_.blocks.size());
  for (const RawBlock& raw : variables_.blocks)
    module.variables.push_back(decoder_->ReadVariable(raw));
  module.locals = std::move(locals_);
  module.outputs.reserve(outputs_.blocks.size());
  for (const RawBlock& raw : outputs_.blocks) module.outputs.push_back(decoder_->ReadOutput(raw));
  for (const RawBlock& raw : providers_.blocks)
    module.provider_configs.push_back(decoder_->ReadProvider(raw));
  module.resources.reserve(resources_.blocks.size() + checks_.blocks.size());
  for (const RawBlock& raw : resources_.blocks) {
    module.resources.push_back(decoder_->ReadResource(raw, ModeOf(*raw.block), false));
  }
  for (const RawBlock& raw : modules_.blocks)
    module.module_calls.push_back(decoder_->ReadModuleCall(raw));
  for (const RawBlock& raw : checks_.blocks) {
    std::optional<Resource> scoped;
    CheckBlock check = decoder_->ReadCheck(raw, scoped);
    if (scoped) {
      const std::string key = ResourceKey("data", scoped->name.type, scoped->name.name);
      if (const auto found = resources_.index.find(key); found != resources_.index.end()) {
        Error("Duplicate data " + Quoted(scoped->name.type) + " configuration",
              "A block data " + Quoted(scoped->name.type) + " " + Quoted(scoped->name.name) +
                  " was already declared in this module. Names must be different; rename one of "
                  "the two.",
              scoped->range);
      } else {
        resources_.index.emplace(key, module.resources.size());
        check.data_resource = static_cast<std::uint32_t>(module.resources.size());
        scoped->check = static_cast<std::uint32_t>(module.checks.size());
        module.resources.push_back(*std::move(scoped));
      }
    }
    module.checks.push_back(std::move(check));
  }
  for (const RawBlock& raw : moved_) {
    if (auto moved = decoder_->ReadMoved(raw)) module.moved.push_back(*std::move(moved));
  }
  for (const RawBlock& raw : imports_) {
    if (auto import = decoder_->ReadImport(raw)) module.imports.push_back(*std::move(import));
  }
  for (const RawBlock& raw : removed_) {
    if (auto removed = decoder_->ReadRemoved(raw)) module.removed.push_back(*std::move(removed));
  }
}

void ModuleLoader::DecodeDuplicates() {
  for (const RawBlock& raw : variables_.duplicates) (void)decoder_->ReadVariable(raw);
  for (const RawBlock& raw : outputs_.duplicates) (void)decoder_->ReadOutput(raw);
  for (const RawBlock& raw : modules_.duplicates) (void)decoder_->ReadModuleCall(raw);
  for (const RawBlock& raw : resources_.duplicates) {
    (void)decoder_->ReadResource(raw, ModeOf(*raw.block), false);
  }
  for (const RawBlock& raw : checks_.duplicates) {
    std::optional<Resource> scoped;
    (void)decoder_->ReadCheck(raw, scoped);
  }
}

void ModuleLoader::CheckProviders() {
  std::unordered_map<std::string, SourceRange> seen;
  for (const ProviderConfig& config : module_->provider_configs) {
    const auto [found, is_new] = seen.emplace(
        std::string(config.local_name) + "." + std::string(config.alias), config.range);
    if (is_new) continue;
    const std::string place = PlaceOf(sources_, found->second);
    Error("Duplicate provider configuration",
          config.alias.empty()
              ? "The configuration of " + Quoted(config.local_name) + " was given at " + place +
                    " already. For a second one, set \"alias\"."
              : Quoted(config.local_name) + " has a configuration with the alias " +
                    Quoted(config.alias) + " already, at " + place + ". Aliases must be different.",
          config.range);
  }
  std::map<ProviderSource, const RequiredProvider*> sources;
  for (const RequiredProvider& provider : module_->required_providers) {
    const auto [found, is_new] = sources.emplace(provider.source, &provider);
    if (is_new) continue;
    own_.Add({.severity = Severity::kWarning,
              .summary = "Duplicate required provider",
              .detail = "The provider " + provider.source.ForDisplay() +
                        " is required under two names, " + Quoted(found->second->local_name) +
                        " and " + Quoted(provider.local_name) +
                        ". Use one of them for all its resources.",
              .subject = provider.range});
  }
}

void ModuleLoader::CheckImports() {
  std::map<std::string, SourceRange> seen;
  for (const ImportBlock& import : module_->imports) {
    if (import.to->kind != parser::ExpressionKind::kTraversal)
      continue;  // its index is not known yet
    Diagnostics ignored;
    const auto target =
        TargetOf(parser::As<parser::TraversalExpression>(*import.to).traversal, ignored);
    const std::string text = target ? target->ToString() : import.to_resource.ToString();
    const auto [found, is_new] = seen.emplace(text, import.range);
    if (is_new) continue;
    Error("Duplicate import configuration for " + Quoted(text),
          "An import block for this address stands at " + PlaceOf(sources_, found->second) +
              " already. One object can be imported there, not two.",
          import.to_range);
  }
}

}  // namespace tkn::config
