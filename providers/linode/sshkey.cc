#include "providers/linode/sshkey.h"

#include <algorithm>
#include <cctype>

#include "providers/linode/answer.h"
#include "providers/linode/crud.h"
#include "providers/linode/lookup.h"
#include "providers/linode/record.h"

namespace tkn::linode {
namespace {

void Validate(const Value& config, Diagnostics& diags) {
  const Value label = config.Attribute("label");
  if (!IsGiven(label)) return;
  const std::string_view text = label.AsString();
  const bool allowed = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || c == '_' || c == '-' || std::isspace(c) != 0);
  });
  if (!allowed) {
    AddError(diags, "Invalid Attribute Value Match",
             "Labels may only contain letters, number, dashes, and underscores.", ".label");
  }
}

Schema DataSchema() {
  Schema schema;
  schema.block.attributes = {
      {.name = "id", .type = Type::String(), .optional = true, .computed = true},
      {.name = "label", .type = Type::String(), .required = true},
      {.name = "ssh_key", .type = Type::String(), .computed = true},
      {.name = "created", .type = Type::String(), .computed = true}};
  schema.block.Finish();
  return schema;
}

// The first key of that label, as the real provider takes it.
class SshKeyData final : public DataSource {
 public:
  SshKeyData() : DataSource("linode_sshkey", DataSchema()) {}

  Value Read(const Value& config, Context& context) const override {
    Record record(type(), config);
    const std::string label = record.Text("label");
    const ListAnswer keys = context.client.List({"profile", "sshkeys"}, Value(), context.limits);
    if (!keys.ok()) {
      AddError(context.diags, "Failed to list SSH Keys", keys.error->text);
      return Value::Null(type());
    }
    for (const Value& key : keys.items) {
      const auto id = IntOf(key, "id");
      if (TextOf(key, "label") != label || !id) continue;
      if (record.IsGiven("id") && record.Text("id") != std::to_string(*id)) continue;
      record.SetText("id", std::to_string(*id));
      record.SetText("ssh_key", TextOf(key, "ssh_key"));
      record.Set("created", ApiTime(Field(key, "created")));
      return record.ToValue();
    }
    AddError(context.diags, "Linode SSH Key with label " + label + " was not found",
             "The account has no such SSH key. Check the label in the Cloud Manager.");
    return Value::Null(type());
  }
};

}  // namespace

std::unique_ptr<ResourceType> MakeSshKeyType() {
  return MakeCrud({
      .type = "linode_sshkey",
      .path = "profile/sshkeys",
      .fields = {{.attribute = {.name = "label",
                                .type = Type::String(),
                                .required = true,
                                .description = "A name for the key."},
                  .when = When::kInPlace,
                  .bounds = {{0, 64}}},
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

std::unique_ptr<DataSource> MakeSshKeyData() { return std::make_unique<SshKeyData>(); }

}  // namespace tkn::linode
