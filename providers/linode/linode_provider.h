#pragma once

#include <memory>
#include <string>

#include "providers/linode/clock.h"
#include "providers/linode/creations.h"
#include "providers/linode/request_log.h"
#include "providers/linode/settings.h"
#include "providers/linode/token_notes.h"
#include "providers/linode/transport.h"
#include "providers/provider.h"

namespace tkn::linode {

inline constexpr char kSource[] = "registry.terraform.io/linode/linode";

// What the provider gets from its surroundings; tests give their own.
struct Surroundings {
  std::string version = "0.1.0";               // of the program, for the User-Agent
  LogSink log{};                               // debug lines, secrets masked
  Environment environment{};                   // default: the process's
  std::shared_ptr<HttpTransport> transport{};  // default: libcurl, loaded with the first request
  std::shared_ptr<Clock> clock{};              // default: the system's
  std::shared_ptr<Creations> creations{};      // default: one for all providers of the factory
  std::shared_ptr<TokenNotes> notes{};         // the same
};

// Makes Linode providers that share connections and know of each other's creates.
providers::Registry::Factory MakeFactory(Surroundings surroundings = {});

}  // namespace tkn::linode
