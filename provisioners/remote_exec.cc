#include "provisioners/remote_exec.h"

#include <sys/random.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "provisioners/line_splitter.h"
#include "provisioners/remote_machine.h"

namespace tkn::provisioners {
namespace {

constexpr char kSummary[] = "remote-exec provisioner error";

// %RAND% makes the path a new one for each script.
std::string ScriptPath(std::string path) {
  unsigned number = 0;
  if (getrandom(&number, sizeof number, 0) != static_cast<ssize_t>(sizeof number)) number = 4711;
  for (std::size_t at = path.find("%RAND%"); at != std::string::npos; at = path.find("%RAND%")) {
    path.replace(at, 6, std::to_string(number % 10'000'000'000ull));
  }
  return path;
}

class RemoteExec final : public Provisioner {
 public:
  RemoteExec() {
    const Type list = Type::List(Type::String());
    schema_.attributes = {{.name = "inline", .type = list, .optional = true, .accept_single = true},
                          {.name = "script", .type = Type::String(), .optional = true},
                          {.name = "scripts", .type = list, .optional = true}};
    schema_.Finish();
  }

  const BlockSchema& GetSchema() const override { return schema_; }

  void Validate(const Value& config, Diagnostics& diags) const override {
    int given = 0;
    for (const char* name : {"inline", "script", "scripts"}) {
      const Value value = config.Attribute(name);
      if (!value.IsKnown()) return;
      if (!value.IsNull()) ++given;
    }
    if (given != 1) {
      diags.Add(
          {.summary = "Invalid remote-exec provisioner configuration",
           .detail =
               "Exactly one of \"inline\", \"script\" and \"scripts\" says what to run; here " +
               std::string(given == 0 ? "none of them is" : "several of them are") + " set."});
    }
  }

  void Run(const Request& request, Diagnostics& diags) const override {
    Diagnostics invalid;
    Validate(request.config, invalid);
    const bool failed = invalid.HasErrors();
    diags.Append(std::move(invalid));
    if (failed) return;
    const auto connection = DecodeConnection(request.connection, kSummary, diags);
    if (!connection) return;
    std::vector<std::string> scripts;
    if (!LoadScripts(request.config, scripts, diags)) return;
    const auto machine = RemoteMachine::Connect(*connection, request, kSummary, diags);
    if (!machine) return;
    for (const std::string& script : scripts) {
      if (!RunScript(*machine, *connection, request, script, diags)) return;
    }
  }

 private:
  static bool LoadScripts(const Value& config, std::vector<std::string>& scripts,
                          Diagnostics& diags) {
    const Value commands = config.Attribute("inline");
    if (!commands.IsNull()) {
      std::string script = "#!/bin/sh\n";
      for (const Value& command : commands.elements()) {
        if (command.IsNull()) {
          diags.Add({.summary = kSummary, .detail = "invalid null string in 'inline'"});
          return false;
        }
        script.append(command.AsString()).append("\n");
      }
      scripts.push_back(std::move(script));
      return true;
    }
    std::vector<std::string> paths;
    if (const Value one = config.Attribute("script"); !one.IsNull())
      paths.emplace_back(one.AsString());
    if (const Value many = config.Attribute("scripts"); !many.IsNull()) {
      for (const Value& path : many.elements()) {
        if (!path.IsNull()) paths.emplace_back(path.AsString());
      }
    }
    for (const std::string& path : paths) {
      std::ifstream file(path, std::ios::binary);
      std::string text{std::istreambuf_iterator<char>(file), {}};
      if (!file) {
        diags.Add({.summary = kSummary,
                   .detail = "Failed to open script '" + path + "': " + std::strerror(errno)});
        return false;
      }
      scripts.push_back(std::move(text));
    }
    return true;
  }

  static bool RunScript(RemoteMachine& machine, const Connection& connection,
                        const Request& request, const std::string& script, Diagnostics& diags) {
    const std::string path = ScriptPath(connection.script_path);
    const std::string quoted = ShellQuote(path);
    if (std::string error = machine.Upload(path, "0700", TextInput(script)); !error.empty()) {
      diags.Add({.summary = kSummary, .detail = "Failed to upload script: " + error});
      return false;
    }
    LineSplitter lines(request.output);
    LineSplitter errors(request.output);
    const auto result = machine.Run(quoted, {}, [&](bool is_error, std::string_view bytes) {
      (is_error ? errors : lines).Add(bytes);
    });
    lines.Finish();
    errors.Finish();
    [[maybe_unused]] const auto removed = machine.Run("rm -f " + quoted, {}, {});
    if (!result.error.empty()) {
      diags.Add({.summary = kSummary,
                 .detail = "The script could not be run to its end: " + result.error});
      return false;
    }
    if (result.exit_status != 0) {
      diags.Add({.summary = kSummary,
                 .detail = "error executing \"" + path + "\": Process exited with status " +
                           std::to_string(result.exit_status)});
      return false;
    }
    return true;
  }

  BlockSchema schema_;
};

}  // namespace

std::unique_ptr<const Provisioner> MakeRemoteExec() { return std::make_unique<RemoteExec>(); }

}  // namespace tkn::provisioners
