#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/schema/schema.h"
#include "engine/value/value.h"
#include "parser/diagnostic.h"

// How the engine runs provisioners: local-exec, remote-exec, file.
namespace tkn::provisioners {

// One run of one provisioner block. Values are unmarked, wholly known and of their schema's implied
// type; `self`, each and count have been put in already.
struct Request {
  Value config;
  // Of config::ConnectionSchema() (engine/config/validate.h), unset arguments null; null as a whole
  // where neither the provisioner nor the resource has a connection block. Timeouts are in it.
  Value connection;
  std::string address;  // of the resource instance, for messages
  // `config` or `connection` came from sensitive values: the engine drops the output lines, and
  // errors must not quote commands, environment or what a program printed.
  bool secret = false;
  // One line of output, without its line end. May be called from any thread of the provisioner, one
  // call at a time.
  std::function<void(std::string_view line)> output{};
  // True once the user insists on stopping: end what runs (processes with their children,
  // connections), return an error.
  std::function<bool()> is_cancelled{};
};

// Any thread may call, several at once. No diagnostics: it worked.
class Provisioner {
 public:
  virtual ~Provisioner() = default;
  virtual const BlockSchema& GetSchema() const = 0;
  // What the schema can't say ("inline", "script" and "scripts" exclude each other). `config` may
  // be partly unknown.
  virtual void Validate(const Value& config, Diagnostics& diags) const = 0;
  virtual void Run(const Request& request, Diagnostics& diags) const = 0;
};

// What the program was built with, or what a test provides. Filled at start, then only read.
class Registry {
 public:
  void Add(std::string type, std::unique_ptr<const Provisioner> provisioner) {
    entries_[std::move(type)] = std::move(provisioner);
  }
  const Provisioner* Find(std::string_view type) const {
    const auto found = entries_.find(type);
    return found == entries_.end() ? nullptr : found->second.get();
  }
  std::vector<std::string> Types() const {  // sorted
    std::vector<std::string> types;
    for (const auto& [type, provisioner] : entries_) types.push_back(type);
    return types;
  }

 private:
  std::map<std::string, std::unique_ptr<const Provisioner>, std::less<>> entries_;
};

}  // namespace tkn::provisioners
