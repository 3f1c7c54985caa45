#pragma once

#include <optional>
#include <string>

#include "engine/value/value.h"
#include "parser/diagnostic.h"

namespace tkn::provisioners {

// Where and as whom to log in. Texts that were not given are "".
struct Login {
  std::string host;
  int port = 22;
  std::string user = "root";
  std::string password;
  std::string private_key;  // PEM
  std::string certificate;  // a line as in id_rsa-cert.pub
  std::string host_key;     // a line as in known_hosts or id_rsa.pub; "": any is taken
};

// A `connection` block, with what it leaves out filled in.
struct Connection {
  Login target;
  std::optional<Login> bastion;
  bool agent = false;
  std::string agent_identity;
  double timeout_seconds = 300;  // until a connection stands
  std::string script_path = "/tmp/terraform_%RAND%.sh";
};

// `value` is of config::ConnectionSchema(). nullopt: the error is in `diags`, under `summary`.
std::optional<Connection> DecodeConnection(const Value& value, const char* summary,
                                           Diagnostics& diags);

}  // namespace tkn::provisioners
