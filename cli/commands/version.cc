#include "cli/version.h"

#include <sys/utsname.h>

#include "cli/commands/commands.h"
#include "engine/value/json.h"

namespace tkn::cli {

const char* const kVersionHelp = R"(
version [options]

  Shows the version of tkn, and that of Terraform whose behaviour it has.

Options:
  -json                  As JSON.
)";

namespace {

// Go's name of this platform, as Terraform prints it.
std::string Platform() {
  utsname name{};
  std::string machine = uname(&name) == 0 ? name.machine : "unknown";
  if (machine == "x86_64") machine = "amd64";
  if (machine == "aarch64") machine = "arm64";
  return "linux_" + machine;
}

}  // namespace

int RunVersion(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  bool json = false;
  flags.Bool("json", &json);
  std::vector<std::string> arguments;
  if (!session.ParseWords(flags, words, arguments, {.most = Session::kAnyNumber})) return 1;
  if (json) {
    session.terminal().Out(
        "{\n  \"terraform_version\": " + JsonQuote(kTerraformVersion) + ",\n  \"tkn_version\": " +
        JsonQuote(kVersion) + ",\n  \"platform\": " + JsonQuote(Platform()) +
        ",\n  \"provider_selections\": {},\n  \"terraform_outdated\": false\n}\n");
    return 0;
  }
  session.terminal().Out("tkn v" + std::string(kVersion) + "\non " + Platform() +
                         "\n+ behaves as Terraform v" + kTerraformVersion + "\n");
  return 0;
}

}  // namespace tkn::cli
