#include "provisioners/local_exec.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/provisioners/test_run.h"

namespace tkn::provisioners::testing {
namespace {

Outcome RunLocal(const Arguments& config, const Options& options = {}) {
  static const auto provisioner = MakeLocalExec();
  return Run(*provisioner, config, {}, options);
}

TEST_CASE("a command runs in the shell, and its output comes line by line", "[local-exec]") {
  const Outcome outcome =
      RunLocal({{"command", Text("printf 'a\\nb'; echo c >&2; echo; printf end")}});
  CHECK(outcome.Problem().empty());
  CHECK(outcome.Text() ==
        "Executing: [\"/bin/sh\" \"-c\" \"printf 'a\\\\nb'; echo c >&2; echo; printf end\"]\n"
        "a\nbc\n\nend\n");
}

TEST_CASE("interpreter, working directory and environment", "[local-exec]") {
  const std::string directory = std::filesystem::temp_directory_path().string();
  const Outcome outcome =
      RunLocal({{"command", Text("pwd; echo $GREETING $HOME")},
                {"interpreter", TextList({"/bin/bash", "-e", "-c"})},
                {"working_dir", Text(directory)},
                {"environment",
                 Value::Map(Type::String(), {{"GREETING", Text("a  b")}, {"HOME", Text("/x")}})}});
  CHECK(outcome.Problem().empty());
  CHECK(outcome.lines == std::vector<std::string>{
                             R"(Executing: ["/bin/bash" "-e" "-c" "pwd; echo $GREETING $HOME"])",
                             directory, "a b /x"});
}

TEST_CASE("quiet hides the command", "[local-exec]") {
  const Outcome outcome = RunLocal({{"command", Text("echo out")}, {"quiet", Value::Bool(true)}});
  CHECK(outcome.Text() == "local-exec: Executing: Suppressed by quiet=true\nout\n");
}

TEST_CASE("what goes wrong", "[local-exec]") {
  CHECK(RunLocal({{"command", Text("echo why; exit 5")}}).Problem() ==
        "local-exec provisioner error: Error running command 'echo why; exit 5': exit status 5. "
        "Output: why\n");
  CHECK(RunLocal({{"command", Text("kill -9 $$")}}).Problem().find("killed") != std::string::npos);
  CHECK(RunLocal({{"command", Text("")}})
            .Problem()
            .starts_with("Invalid local-exec provisioner command"));
  const Outcome no_program =
      RunLocal({{"command", Text("x")}, {"interpreter", TextList({"/no/such/program"})}});
  CHECK(no_program.Problem().find("/no/such/program") != std::string::npos);
  CHECK(RunLocal({{"command", Text("true")}, {"working_dir", Text("/no/such/directory")}})
            .diags.HasErrors());
}

TEST_CASE("an error does not quote what is secret", "[local-exec]") {
  const Outcome outcome = RunLocal({{"command", Text("echo s3cret; exit 1")}}, {.secret = true});
  CHECK(outcome.diags.HasErrors());
  CHECK(outcome.Problem().find("s3cret") == std::string::npos);
}

TEST_CASE("cancelling ends the command and its children", "[local-exec]") {
  const std::string file =
      std::filesystem::temp_directory_path() / ("tkn-local-exec-" + std::to_string(getpid()));
  std::filesystem::remove(file);
  const Outcome outcome = RunLocal({{"command", Text("(sleep 2; touch " + file + ") & sleep 60")}},
                                   {.cancel_after_seconds = 0.2});
  CHECK(outcome.diags.HasErrors());
  CHECK(outcome.seconds < 2);
  usleep(2'300'000);
  CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("much output, and lines without end", "[local-exec]") {
  const Outcome outcome =
      RunLocal({{"command", Text("head -c 3000000 /dev/zero | tr '\\0' x; yes | head -n 50000")}});
  CHECK(outcome.Problem().empty());
  std::size_t size = 0;
  for (const std::string& line : outcome.lines) size += line.size();
  CHECK(size > 3'000'000);
  CHECK(outcome.lines.size() >= 50'000);
}

}  // namespace
}  // namespace tkn::provisioners::testing
