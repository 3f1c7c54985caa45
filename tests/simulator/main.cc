#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "tests/simulator/http_server.h"

namespace {

using tkn::simulator::Api;
using tkn::simulator::HttpServer;
using tkn::simulator::Options;

// Under another name first, so that who waits for the file never reads half of it.
bool WritePort(const std::string& file, int port) {
  const std::string draft = file + ".new";
  std::ofstream out(draft);
  out << port << '\n';
  out.close();
  return out.good() && std::rename(draft.c_str(), file.c_str()) == 0;
}

int Serve(const Options& options) {
  // Blocked before any thread starts, so that only sigwait() below gets them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  Api api(options);
  HttpServer server(api, options.port, options.threads);
  if (!options.port_file.empty() && !WritePort(options.port_file, server.port())) {
    throw std::runtime_error("cannot write " + options.port_file);
  }
  std::cout << "http://127.0.0.1:" << server.port() << std::endl;
  int received = 0;
  sigwait(&signals, &received);
  server.Stop();
  if (!api.Save()) throw std::runtime_error("cannot write " + options.state);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::string error;
  bool help = false;
  const std::optional<Options> options =
      tkn::simulator::ParseOptions({argv + 1, argv + argc}, error, help);
  if (!options) {
    (help ? std::cout : std::cerr)
        << (help ? "" : "linode-sim: " + error + "\n") << tkn::simulator::Usage();
    return help ? 0 : 2;
  }
  try {
    return Serve(*options);
  } catch (const std::exception& failure) {
    std::cerr << "linode-sim: " << failure.what() << '\n';
    return 1;
  }
}
