#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/config/block_decoder.h"
#include "engine/config/load.h"

namespace tkn::config {

// Reads one directory into a Module: files, overrides, duplicates. Neither the modules it calls nor
// its references.
class ModuleLoader {
 public:
  // `is_install`: as LoadOptions says.
  ModuleLoader(SourceMap& sources, const SourceReader& reader, bool is_install, Diagnostics& diags)
      : sources_(sources), reader_(reader), is_install_(is_install), diags_(diags) {}

  // nullptr: the directory can't be read; nothing was reported. `files` gets the ids of the files
  // read.
  std::unique_ptr<Module> Load(const std::string& directory, std::vector<FileId>& files);

 private:
  // Blocks by what makes them unique, in the order found.
  struct Named {
    std::vector<RawBlock> blocks{};
    std::vector<RawBlock> duplicates{};  // read for their errors only
    std::unordered_map<std::string, std::size_t> index{};
  };

  void ReadFile(const std::string& directory, const std::string& name, bool is_override,
                std::vector<FileId>& files);
  void AddBlocks(const parser::BodyContent& content, bool json);
  void OverrideBlocks(const parser::BodyContent& content, bool json);
  const RawBlock* AddNamed(Named& named, std::string key, const RawBlock& raw);
  void ReportDuplicate(const RawBlock* earlier, const RawBlock& raw, std::string summary,
                       const std::string& what);
  bool OverrideNamed(Named& named, const std::string& key, const RawBlock& raw);
  void AddLocals(const RawBlock& raw);
  void OverrideLocals(const RawBlock& raw);
  void OverrideProvider(const RawBlock& raw);
  void CheckDependsOnOverride(const RawBlock& raw);
  // False where the module asks for another version of Terraform.
  bool DecodeTerraform();
  void ReportVersions(Diagnostics& diags) const;
  void DecodeAll();
  void DecodeDuplicates();
  void CheckProviders();
  void CheckImports();
  void Error(std::string summary, std::string detail, SourceRange subject) {
    diags_.Add({.summary = std::move(summary), .detail = std::move(detail), .subject = subject});
  }

  SourceMap& sources_;
  const SourceReader& reader_;
  const bool is_install_;
  Diagnostics& diags_;

  std::unique_ptr<Module> module_;
  std::unique_ptr<BlockDecoder> decoder_;
  Diagnostics own_;
  std::vector<RawBlock> terraform_, terraform_overrides_, moved_, imports_, removed_;
  Named variables_, outputs_, providers_, resources_, modules_, checks_;
  std::vector<Local> locals_;
  std::unordered_map<std::string_view, std::size_t> local_index_;
};

}  // namespace tkn::config
