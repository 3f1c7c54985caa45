#include "tests/simulator/faults.h"

#include <algorithm>
#include <set>

#include "tests/simulator/crud.h"

namespace tkn::simulator {
namespace {

// A small generator of our own, so that a seed gives the same faults with every library
// (splitmix64).
double NextRandom(uint64_t& state) {
  state += 0x9E3779B97F4A7C15ULL;
  uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  z ^= z >> 31;
  return static_cast<double>(z >> 11) / 9007199254740992.0;
}

int64_t Count(const Json& rule, const char* field, int64_t fallback) {
  const int64_t value = Integer(rule, field, fallback);
  if (value < 0 && value != fallback) throw BadRequest("must not be negative", field);
  return value;
}

bool When(const Json& rule, bool fallback) {
  const std::string when = Text(rule, "when", fallback ? "after" : "before");
  if (when != "before" && when != "after") throw BadRequest("must be before or after", "when");
  return when == "after";
}

Fault ParseFault(const Json& rule) {
  Fault fault;
  fault.status = static_cast<int>(Count(rule, "status", 0));
  if (fault.status != 0 && (fault.status < 200 || fault.status > 599)) {
    throw BadRequest("must be a status from 200 to 599", "status");
  }
  if (Has(rule, "retry_after")) {
    const Json& value = rule.at("retry_after");
    fault.retry_after = value.is_string() ? value.get<std::string>() : value.dump();
  }
  if (Has(rule, "body")) {
    const Json& value = rule.at("body");
    fault.body = value.is_string() ? value.get<std::string>() : ToText(value);
  }
  if (Has(rule, "html")) {
    fault.body = Text(rule, "html");
    fault.content_type = "text/html";
  }
  fault.content_type = Text(rule, "content_type", fault.content_type);
  if (Has(rule, "headers")) {
    if (!rule.at("headers").is_object()) throw BadRequest("must be an object", "headers");
    for (const auto& [name, value] : rule.at("headers").items()) {
      fault.headers.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
  if (Has(rule, "redirect")) {
    fault.headers.emplace_back("Location", Text(rule, "redirect"));
    if (fault.status == 0) fault.status = 302;
  }
  fault.cut = Flag(rule, "cut", false);
  fault.reset = Flag(rule, "reset", false);
  fault.latency_ms = Count(rule, "latency_ms", 0);
  fault.truncate = Count(rule, "truncate", -1);
  fault.wrong_json = Flag(rule, "wrong_json", false);
  fault.huge = Count(rule, "huge", 0);
  fault.drip_ms = Count(rule, "drip_ms", 0);
  fault.after = When(rule, false);
  return fault;
}

void CheckNames(const Json& rule) {
  static const std::set<std::string> names = {
      "method",       "path",    "nth",     "every",       "probability", "seed",
      "times",        "when",    "status",  "retry_after", "body",        "html",
      "content_type", "headers", "cut",     "reset",       "latency_ms",  "truncate",
      "wrong_json",   "huge",    "drip_ms", "redirect"};
  for (const auto& [name, value] : rule.items()) {
    if (!names.contains(name)) throw BadRequest("no such member of a fault", name);
  }
}

}  // namespace

bool FitsGlob(std::string_view glob, std::string_view path) {
  if (glob.empty()) return path.empty();
  if (glob.starts_with("**")) {
    for (size_t i = 0; i <= path.size(); ++i) {
      if (FitsGlob(glob.substr(2), path.substr(i))) return true;
    }
    return false;
  }
  if (glob.front() == '*') {
    for (size_t i = 0; i <= path.size(); ++i) {
      if (FitsGlob(glob.substr(1), path.substr(i))) return true;
      if (i < path.size() && path[i] == '/') return false;
    }
    return false;
  }
  return !path.empty() && glob.front() == path.front() && FitsGlob(glob.substr(1), path.substr(1));
}

Json Faults::Add(const Json& given) {
  if (!given.is_object()) throw BadRequest("a fault is a JSON object");
  CheckNames(given);
  Rule rule;
  rule.given = given;
  rule.method = Text(given, "method");
  rule.path = Text(given, "path", "**");
  if (rule.path.size() > 200 || std::count(rule.path.begin(), rule.path.end(), '*') > 8) {
    throw BadRequest("is too long a pattern", "path");
  }
  if (Has(given, "nth")) {
    const Json& nth = given.at("nth");
    for (const Json& n : nth.is_array() ? nth : Json::array({nth})) {
      if (!n.is_number_integer()) throw BadRequest("must be a number or a list of numbers", "nth");
      rule.nth.push_back(n.get<int64_t>());
    }
  }
  rule.every = Count(given, "every", 0);
  if (Has(given, "probability")) {
    if (!given.at("probability").is_number()) throw BadRequest("must be a number", "probability");
    rule.probability = given.at("probability").get<double>();
  }
  rule.random = static_cast<uint64_t>(Integer(given, "seed", 1));
  rule.times = Count(given, "times", 0);
  rule.fault = ParseFault(given);
  rule.id = next_id_++;
  rules_.push_back(std::move(rule));
  return List().back();
}

Json Faults::List() const {
  Json list = Json::array();
  for (const Rule& rule : rules_) {
    Json entry = {{"id", rule.id}, {"seen", rule.seen}, {"fired", rule.fired}};
    entry.update(rule.given);
    list.push_back(std::move(entry));
  }
  return list;
}

bool Faults::Remove(int64_t id) {
  return std::erase_if(rules_, [&](const Rule& rule) { return rule.id == id; }) != 0;
}

bool Faults::Fires(Rule& rule) {
  if (rule.times != 0 && rule.fired >= rule.times) return false;
  if (!rule.nth.empty()) {
    return std::find(rule.nth.begin(), rule.nth.end(), rule.seen) != rule.nth.end();
  }
  if (rule.every != 0) return rule.seen % rule.every == 0;
  return rule.probability >= 1 || NextRandom(rule.random) < rule.probability;
}

std::optional<Fault> Faults::Next(const std::string& method, const std::string& path) {
  std::optional<Fault> fault;
  for (Rule& rule : rules_) {
    if (!rule.method.empty() && rule.method != method) continue;
    if (!FitsGlob(rule.path, path)) continue;
    ++rule.seen;
    if (fault || !Fires(rule)) continue;
    ++rule.fired;
    fault = rule.fault;
  }
  return fault;
}

}  // namespace tkn::simulator
