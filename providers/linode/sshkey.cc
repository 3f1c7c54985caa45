#include "providers/linode/sshkey.h"

#include <algorithm>
#include <cctype>

#include "providers/linode/crud.h"
#include "providers/linode/record.h"

namespace tkn::linode {
namespace {

void Validate(const Value& config, Diagnostics& diags) {
  const Value label = config.Attribute("label");
  if (!IsGiven(label)) return;
  const std::string_view text = label.AsString();
  if (text.size() > 64) {
    AddError(diags, "Invalid Attribute Value Length",
             "Attribute label string length must be between 0 and 64, got: " +
                 std::to_string(text.size()),
             ".label");
  }
  const bool allowed = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || c == '_' || c == '-' || std::isspace(c) != 0);
  });
  if (!allowed) {
    AddError(diags, "Invalid Attribute Value Match",
             "Labels may only contain letters, number, dashes, and underscores.", ".label");
  }
}

}  // namespace

std::unique_ptr<ResourceType> MakeSshKeyType() {
  return MakeCrud({
      .type = "linode_sshkey",
      .collection = {"profile", "sshkeys"},
      .fields = {{{.name = "label",
                   .type = Type::String(),
                   .required = true,
                   .description = "A name for the key."},
                  When::kInPlace},
                 {{.name = "ssh_key",
                   .type = Type::String(),
                   .required = true,
                   .description = "The public key, as in authorized_keys."},
                  When::kForcesNew},
                 {{.name = "created",
                   .type = Type::String(),
                   .computed = true,
                   .description = "When it was added, in RFC 3339."},
                  When::kAnswered,
                  true}},
      .texts = {.create = "Failed to create SSH Key",
                .read = "Unable to refresh the SSH Key",
                .update = "Failed to update SSH Key (%)",
                .remove = "Failed to delete the SSH Key (%)",
                .gone = "SSH Key",
                .gone_detail = "Removing SSH Key ID % from state because it no longer exists"},
      .validate = &Validate,
      .recognised_by = {"label", "ssh_key"},
  });
}

}  // namespace tkn::linode
