#include "provisioners/local_exec.h"

#include "engine/value/text.h"
#include "provisioners/child_process.h"
#include "provisioners/line_splitter.h"

namespace tkn::provisioners {
namespace {

constexpr char kSummary[] = "local-exec provisioner error";
// As much of the output as an error quotes.
constexpr std::size_t kQuotedOutput = 8 * 1024;

std::string TextOf(const Value& config, std::string_view name) {
  const Value value = config.Attribute(name);
  return value.IsNull() ? std::string() : std::string(value.AsString());
}

class LocalExec final : public Provisioner {
 public:
  LocalExec() {
    schema_.attributes = {
        {.name = "command", .type = Type::String(), .required = true},
        {.name = "interpreter", .type = Type::List(Type::String()), .optional = true},
        {.name = "working_dir", .type = Type::String(), .optional = true},
        {.name = "environment", .type = Type::Map(Type::String()), .optional = true},
        {.name = "quiet", .type = Type::Bool(), .optional = true}};
    schema_.Finish();
  }

  const BlockSchema& GetSchema() const override { return schema_; }

  // Nothing is wrong before it runs, as with Terraform.
  void Validate(const Value&, Diagnostics&) const override {}

  void Run(const Request& request, Diagnostics& diags) const override {
    if (request.config.Attribute("command").AsString().empty()) {
      diags.Add({.summary = "Invalid local-exec provisioner command",
                 .detail = "\"command\" is empty: there is nothing to run."});
      return;
    }
    ChildProcess child;
    const Value interpreter = request.config.Attribute("interpreter");
    if (!interpreter.IsNull()) {
      for (const Value& word : interpreter.elements()) {
        if (!word.IsNull()) child.arguments.emplace_back(word.AsString());
      }
    }
    if (child.arguments.empty()) child.arguments = {"/bin/sh", "-c"};
    const std::string command = TextOf(request.config, "command");
    child.arguments.push_back(command);
    child.working_directory = TextOf(request.config, "working_dir");
    const Value environment = request.config.Attribute("environment");
    if (!environment.IsNull()) {
      for (std::size_t i = 0; i < environment.Length(); ++i) {
        const Value& value = environment.elements()[i];
        if (!value.IsNull()) child.environment.emplace_back(environment.KeyAt(i), value.AsString());
      }
    }
    Announce(request, child.arguments);

    std::string said;
    LineSplitter lines(request.output);
    const ChildResult result = RunChild(
        child,
        [&](std::string_view bytes) {
          if (said.size() < kQuotedOutput)
            said.append(bytes.substr(0, kQuotedOutput - said.size()));
          lines.Add(bytes);
        },
        request.is_cancelled);
    lines.Finish();
    if (result.error.empty()) return;
    std::string detail;
    if (request.secret) {
      detail = "The command failed: " + result.error +
               ". It and what it printed are not shown, since they come from sensitive values.";
    } else {
      detail = "Error running command '" + command + "': " + result.error + ". Output: " + said;
    }
    diags.Add({.summary = kSummary, .detail = std::move(detail)});
  }

 private:
  static void Announce(const Request& request, const std::vector<std::string>& arguments) {
    const Value quiet = request.config.Attribute("quiet");
    if (!quiet.IsNull() && quiet.AsBool()) {
      request.output("local-exec: Executing: Suppressed by quiet=true");
      return;
    }
    std::string line = "Executing: [";
    for (std::size_t i = 0; i < arguments.size(); ++i) line += (i ? " " : "") + Quote(arguments[i]);
    request.output(line + "]");
  }

  BlockSchema schema_;
};

}  // namespace

std::unique_ptr<const Provisioner> MakeLocalExec() { return std::make_unique<LocalExec>(); }

}  // namespace tkn::provisioners
