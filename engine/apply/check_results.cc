#include "engine/apply/check_results.h"

#include "engine/plan/check_report.h"
#include "engine/value/json.h"

namespace tkn::apply {
namespace {

const char* KindText(plan::CheckKind kind) {
  switch (kind) {
    case plan::CheckKind::kResource:
      return "resource";
    case plan::CheckKind::kOutput:
      return "output";
    case plan::CheckKind::kCheckBlock:
      return "check";
    case plan::CheckKind::kInputVariable:
      return "var";
  }
  return "";
}

std::string ObjectsToJson(const plan::CheckResult& check) {
  if (check.instances.empty()) return "null";
  std::string json = "[";
  for (const auto& instance : check.instances) {
    if (json.size() > 1) json += ',';
    json += "{\"object_addr\":" + JsonQuote(instance.address) + ",\"status\":\"" +
            plan::NameOf(instance.status) + '"';
    if (!instance.problems.empty()) {
      json += ",\"failure_messages\":[";
      for (std::size_t i = 0; i < instance.problems.size(); ++i) {
        json += (i == 0 ? "" : ",") + JsonQuote(instance.problems[i]);
      }
      json += ']';
    }
    json += '}';
  }
  return json + "]";
}

}  // namespace

std::string CheckResultsToJson(const std::vector<plan::CheckResult>& checks) {
  if (checks.empty()) return "null";
  std::string json = "[";
  for (const plan::CheckResult& check : checks) {
    std::string address;
    for (const std::string& name : check.module) address += "module." + name + ".";
    if (json.size() > 1) json += ',';
    json += std::string("{\"object_kind\":\"") + KindText(check.kind) +
            "\",\"config_addr\":" + JsonQuote(address + check.name) + ",\"status\":\"" +
            plan::NameOf(check.status) + "\",\"objects\":" + ObjectsToJson(check) + "}";
  }
  return json + "]";
}

}  // namespace tkn::apply
