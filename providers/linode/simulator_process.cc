#include "providers/linode/simulator_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include "engine/schema/schema.h"
#include "engine/value/json.h"
#include "providers/linode/answer.h"
#include "providers/linode/record.h"

namespace tkn::linode::testing {
namespace {

// From CMakeLists.txt.
constexpr char kSimulator[] = TKN_LINODE_SIM;
constexpr char kModule[] = TKN_HTTP_MODULE;

}  // namespace

SimulatorProcess::SimulatorProcess(std::vector<std::string> flags)
    : transport_(MakeModuleTransport({kModule})) {
  std::string pattern = (std::filesystem::temp_directory_path() / "tkn-sim-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
  directory_ = pattern;
  const std::string port_file = directory_ + "/port";
  std::vector<std::string> words = {kSimulator, "--port-file", port_file, "--token", token_};
  words.insert(words.end(), flags.begin(), flags.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  const int failed = posix_spawn(&pid_, kSimulator, &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("the simulator can't be started: " + words[0]);
  std::string port;
  for (int i = 0; i < 500 && port.empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::ifstream(port_file) >> port;
  }
  if (port.empty()) throw std::runtime_error("the simulator did not say its port in 10 s");
  url_ = "http://127.0.0.1:" + port;

  Surroundings surroundings;
  surroundings.environment = [](const char*) { return std::optional<std::string>(); };
  surroundings.transport = transport_;
  factory_ = MakeFactory(std::move(surroundings));
}

SimulatorProcess::~SimulatorProcess() {
  if (pid_ > 0) {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

Value SimulatorProcess::Control(const std::string& method, const std::string& path,
                                const std::string& body) {
  HttpRequest request{.method = method, .url = url_ + path, .body = body};
  request.headers = {{"Content-Type", "application/json"}};
  const HttpResult result = transport_->Send(request);
  if (result.delivery != Delivery::kAnswered || result.response.status >= 300) {
    throw std::runtime_error("the simulator refused " + path + ": " + result.message +
                             result.response.body);
  }
  std::string error;
  return FromJsonImplied(result.response.body.empty() ? "{}" : result.response.body, &error)
      .value_or(Value());
}

void SimulatorProcess::Fault(const std::string& json) { Control("POST", "/_sim/faults", json); }
void SimulatorProcess::ClearFaults() { Control("DELETE", "/_sim/faults"); }

int SimulatorProcess::Count(const std::string& request) {
  const Value counts = Field(Control("GET", "/_sim/requests"), "counts");
  return static_cast<int>(IntOf(counts, request).value_or(0));
}

std::vector<Value> SimulatorProcess::Objects(const std::string& path) {
  const Value answer = Control("GET", "/_sim/objects?path=" + path);
  std::vector<Value> objects =
      IsGiven(answer) && answer.type().IsTuple()
          ? std::vector<Value>(answer.elements().begin(), answer.elements().end())
          : ItemsOf(answer, "data");
  if (path != "/profile/tokens") return objects;
  std::erase_if(objects, [](const Value& object) {
    const std::string secret = TextOf(object, "token");
    return secret.starts_with("simulator-token");
  });
  return objects;
}

void SimulatorProcess::AdvanceClock(std::int64_t milliseconds) {
  Control("POST", "/_sim/clock", R"({"advance_ms": )" + std::to_string(milliseconds) + "}");
}

void SimulatorProcess::Change(const std::string& path, const std::string& body_json) {
  Control("PUT", "/_sim/objects", R"({"path": ")" + path + R"(", "body": )" + body_json + "}");
}

std::unique_ptr<providers::Provider> SimulatorProcess::MakeProvider(
    std::map<std::string, Value> arguments) {
  auto provider = factory_();
  const BlockSchema& schema = provider->GetSchemas().provider.block;
  Record config(schema.ImpliedType(), EmptyValue(schema));
  config.SetText("url", url_);
  config.SetText("token", token_);
  for (const char* name : {"min_retry_delay_ms", "max_retry_delay_ms", "event_poll_ms"}) {
    config.Set(name, Value::Number(20));
  }
  config.Set("token_warnings", Value::Bool(false));
  for (const auto& [name, value] : arguments) config.Set(name, value);
  Diagnostics diags;
  provider->Configure(config.ToValue(), false, diags);
  if (diags.HasErrors()) throw std::runtime_error(diags[0].summary + ": " + diags[0].detail);
  return provider;
}

}  // namespace tkn::linode::testing
