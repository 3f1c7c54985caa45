#include "tests/simulator/options.h"

#include <charconv>

#include "tests/simulator/clock.h"

namespace tkn::simulator {
namespace {

std::optional<int64_t> Number(const std::string& text, int64_t most) {
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end || number < 0 || number > most) return std::nullopt;
  return number;
}

// Whether `name` is a flag that takes `value`; `good` tells if the value could be read.
bool Take(Options& options, const std::string& name, const std::string& value, bool& good) {
  const auto number = [&](int64_t most, auto& into) {
    const std::optional<int64_t> parsed = Number(value, most);
    good = parsed.has_value();
    if (good) into = static_cast<std::remove_reference_t<decltype(into)>>(*parsed);
  };
  constexpr int64_t kDay = 86'400'000;
  good = true;
  if (name == "--port") {
    number(65535, options.port);
  } else if (name == "--latency") {
    number(kDay, options.latency_ms);
  } else if (name == "--boot-ms") {
    number(kDay, options.boot_ms);
  } else if (name == "--busy-ms") {
    number(kDay, options.busy_ms);
  } else if (name == "--threads") {
    number(4096, options.threads);
    good = good && options.threads > 0;
  } else if (name == "--rate-limit") {
    if (value == "recorded") {
      options.rate_limit = -1;
    } else {
      number(1'000'000'000, options.rate_limit);
    }
  } else if (name == "--port-file") {
    options.port_file = value;
  } else if (name == "--ssh-address") {
    options.ssh_address = value;
  } else if (name == "--log") {
    options.log = value;
  } else if (name == "--state") {
    options.state = value;
  } else if (name == "--fault") {
    options.faults.push_back(value);
  } else if (name == "--now") {
    options.now_ms = ParseTime(value);
    good = options.now_ms.has_value();
  } else if (name == "--token") {
    const size_t equals = value.find('=');
    const std::string scopes = equals == std::string::npos ? "*" : value.substr(equals + 1);
    options.tokens.emplace_back(value.substr(0, equals), scopes);
    good = equals != 0 && !value.empty();
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::optional<Options> ParseOptions(const std::vector<std::string>& args, std::string& error,
                                    bool& help) {
  Options options;
  help = false;
  for (size_t i = 0; i < args.size(); ++i) {
    std::string name = args[i];
    if (name == "--help" || name == "-h") {
      help = true;
      return std::nullopt;
    }
    std::string value;
    if (const size_t equals = name.find('='); equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.resize(equals);
    } else if (i + 1 < args.size()) {
      value = args[++i];
    } else {
      error = name + ": unknown flag, or its value is missing";
      return std::nullopt;
    }
    bool good = true;
    if (!Take(options, name, value, good)) {
      error = name + ": unknown flag";
      return std::nullopt;
    }
    if (!good) {
      error = name;
      error.append(": \"").append(value).append("\" is not a value it can have");
      return std::nullopt;
    }
  }
  return options;
}

std::string Usage() {
  return R"(linode-sim: answers like the Linode API v4, on loopback

  --port N            port to listen on (0, the default: any that is free)
  --port-file F       write the port to F once it listens
  --token S[=SCOPES]  a token that is accepted, with its scopes (default "*"); may be repeated
  --latency MS        wait so long before each answer
  --boot-ms MS        from the creation of a Linode to "running" (default 1000)
  --busy-ms MS        how long a Linode stays busy after it has reached its status (default 0)
  --ssh-address A     public IPv4 of every Linode (default 127.0.0.1); "auto": 127.x.y.z, each its own
  --rate-limit N      requests a minute for each token and endpoint; "recorded": the real limits
  --fault JSON        a fault, as for POST /_sim/faults; may be repeated
  --now TIME          what time it is, as 2024-07-09T13:28:00 (UTC)
  --log F             append each request to F, one JSON object a line
  --state F           start from F if it exists, write it at the end
  --threads N         connections served at the same time (default 128)

Prints its base URL when it is ready. SIGTERM or SIGINT ends it.
)";
}

}  // namespace tkn::simulator
