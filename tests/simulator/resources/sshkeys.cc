#include <algorithm>
#include <array>

#include "tests/simulator/resources/resources.h"

namespace tkn::simulator {
namespace {

std::string LabelIn(const Json& body) {
  std::string label = Text(body, "label");
  CheckLength(label, 0, 64, "label");
  return label;
}

void Create(Call& call, Object& key) {
  const std::string text = Text(call.body, "ssh_key");
  constexpr std::array<std::string_view, 5> kTypes = {"ssh-rsa ", "ssh-dss ", "ssh-ed25519 ",
                                                      "ecdsa-sha2-nistp", "sk-ecdsa-sha2-nistp256"};
  if (std::none_of(kTypes.begin(), kTypes.end(),
                   [&](std::string_view type) { return text.starts_with(type); })) {
    throw BadRequest("SSH Key is not valid: it begins with no known key type", "ssh_key");
  }
  key.body["label"] = LabelIn(call.body);
  key.body["ssh_key"] = text;
  key.body["created"] = call.world.Now();
}

}  // namespace

void AddSshKeys(Router& router) {
  const RateLimit limit{400, 60};
  AddCrud(router, {.path = "/profile/sshkeys",
                   .collection = "sshkeys",
                   .scope = "account",
                   .filterable = {"label", "created"},
                   .read = limit,
                   .write = limit,
                   .post = limit,
                   .create = Create,
                   .update =
                       [](Call& call, Object& key) {
                         if (Has(call.body, "label")) key.body["label"] = LabelIn(call.body);
                       },
                   .remove = [](Call&, Object&) {}});
}

}  // namespace tkn::simulator
