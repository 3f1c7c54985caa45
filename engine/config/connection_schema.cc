#include "engine/config/validate.h"

namespace tkn::config {

const BlockSchema& ConnectionSchema() {
  static const BlockSchema schema = [] {
    BlockSchema connection;
    const auto add = [&](const char* name, Type type) {
      connection.attributes.push_back({.name = name, .type = type, .optional = true});
    };
    connection.attributes.push_back({.name = "host", .type = Type::String(), .required = true});
    for (const char* name : {"type",
                             "user",
                             "timeout",
                             "script_path",
                             "target_platform",
                             "host_key",
                             "certificate",
                             "agent_identity",
                             "proxy_scheme",
                             "proxy_host",
                             "proxy_user_name",
                             "bastion_user",
                             "bastion_host",
                             "bastion_host_key",
                             "bastion_certificate",
                             "cacert",
                             "password",
                             "private_key",
                             "proxy_user_password",
                             "bastion_password",
                             "bastion_private_key"}) {
      add(name, Type::String());
    }
    for (const char* name : {"port", "proxy_port", "bastion_port"}) add(name, Type::Number());
    for (const char* name : {"agent", "https", "insecure", "use_ntlm"}) add(name, Type::Bool());
    connection.Finish();
    return connection;
  }();
  return schema;
}

}  // namespace tkn::config
