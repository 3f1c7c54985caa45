#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "state/store.h"

namespace tkn::state {

// Where Terraform's local backend keeps the states of a configuration.
struct TfstateLocation {
  std::string path = "terraform.tfstate";             // of the workspace "default"
  std::string workspace_dir = "terraform.tfstate.d";  // the others': NAME/terraform.tfstate in it
  std::string PathOf(const std::string& workspace) const;
};

// "default" and the directories in workspace_dir, sorted.
std::vector<std::string> TfstateWorkspaces(const TfstateLocation& location);

// A file's text and what it says. No file, and an empty one, are an empty state with an empty text.
// nullptr after an error.
struct TfstateFile {
  std::string text;
  std::shared_ptr<const Snapshot> snapshot;
};
std::optional<TfstateFile> ReadTfstateFile(const std::string& path, Diagnostics& diags);

// Replaces the file as a whole, durably and with mode 0600; whoever reads it sees the old or the
// new one. What was there is kept in PATH.backup, as Terraform does.
[[nodiscard]] bool WriteTfstateFile(const std::string& path, const std::string& text,
                                    Diagnostics& diags);

}  // namespace tkn::state
