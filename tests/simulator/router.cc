#include "tests/simulator/router.h"

#include <charconv>

namespace tkn::simulator {
namespace {

bool Fits(const std::vector<std::string>& parts, const std::vector<std::string>& segments,
          std::vector<std::string>& args) {
  if (parts.size() != segments.size()) return false;
  args.clear();
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == "{}") {
      args.push_back(segments[i]);
    } else if (parts[i] != segments[i]) {
      return false;
    }
  }
  return true;
}

}  // namespace

int64_t Call::Id(size_t index) const {
  const std::string& text = args.at(index);
  int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size()) throw NotFound();
  return id;
}

void Router::Add(Route route) {
  route.parts = SplitPath(route.pattern);
  routes_.push_back(std::move(route));
}

const Route& Router::Find(const std::string& method, const std::vector<std::string>& segments,
                          std::vector<std::string>& args) const {
  bool known = false;
  for (const Route& route : routes_) {
    if (!Fits(route.parts, segments, args)) continue;
    if (route.method == method || (method == "HEAD" && route.method == "GET")) return route;
    known = true;
  }
  if (!known) throw NotFound();
  throw ApiError{.status = 405, .errors = {{"Method Not Allowed"}}};
}

bool Router::FindStored(const std::vector<std::string>& segments, std::string& collection,
                        std::string& id) const {
  std::vector<std::string> args;
  for (const StoredAt& stored : stored_) {
    if (!Fits(SplitPath(stored.pattern), segments, args)) continue;
    collection = stored.collection;
    id = args.back();
    return true;
  }
  return false;
}

}  // namespace tkn::simulator
