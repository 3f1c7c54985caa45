#include "engine/render/checks_json.h"

#include <nlohmann/json.hpp>
#include <string_view>

#include "engine/plan/check_report.h"

namespace tkn::render {
namespace {

void WriteCheckAddress(const plan::CheckResult& check, JsonWriter& out) {
  out.Key("address").BeginObject();
  const std::string module = config::ModuleAddressOf(check.module);
  out.Key("to_display").Text(module.empty() ? check.name : module + "." + check.name);
  if (!module.empty()) out.Key("module").Text(module);
  std::string_view name = check.name;
  const auto after_dot = [&] { return name.substr(name.find('.') + 1); };
  switch (check.kind) {
    case plan::CheckKind::kResource: {
      out.Key("kind").Text("resource");
      const bool data = name.starts_with("data.");
      out.Key("mode").Text(data ? "data" : "managed");
      if (data) name.remove_prefix(5);
      out.Key("type").Text(name.substr(0, name.find('.')));
      out.Key("name").Text(after_dot());
      break;
    }
    case plan::CheckKind::kOutput:
      out.Key("kind").Text("output_value").Key("name").Text(after_dot());
      break;
    case plan::CheckKind::kCheckBlock:
      out.Key("kind").Text("check").Key("name").Text(after_dot());
      break;
    case plan::CheckKind::kInputVariable:
      out.Key("kind").Text("var").Key("name").Text(after_dot());
      break;
  }
  out.EndObject();
}

void WriteInstanceAddress(const plan::CheckResult& check, const std::string& text,
                          JsonWriter& out) {
  out.Key("address").BeginObject();
  out.Key("to_display").Text(text);
  Diagnostics ignored;
  const auto address =
      check.kind == plan::CheckKind::kResource ? Address::Parse(text, ignored) : std::nullopt;
  if (address && address->key.IsIndex()) out.Key("instance_key").Int(address->key.index());
  if (address && address->key.IsString()) out.Key("instance_key").Text(address->key.string());
  if (!check.module.empty()) {
    const std::size_t suffix = text.rfind("." + check.name);
    if (suffix != std::string::npos) out.Key("module").Text(text.substr(0, suffix));
  }
  out.EndObject();
}

}  // namespace

void WriteChecks(const std::vector<plan::CheckResult>& checks, JsonWriter& out) {
  if (checks.empty()) return;
  out.Key("checks").BeginArray();
  for (const plan::CheckResult& check : checks) {
    out.BeginObject();
    WriteCheckAddress(check, out);
    out.Key("status").Text(plan::NameOf(check.status));
    if (!check.instances.empty()) {
      out.Key("instances").BeginArray();
      for (const auto& instance : check.instances) {
        out.BeginObject();
        WriteInstanceAddress(check, instance.address, out);
        out.Key("status").Text(plan::NameOf(instance.status));
        if (!instance.problems.empty()) {
          out.Key("problems").BeginArray();
          for (const std::string& problem : instance.problems)
            out.BeginObject().Key("message").Text(problem).EndObject();
          out.EndArray();
        }
        out.EndObject();
      }
      out.EndArray();
    }
    out.EndObject();
  }
  out.EndArray();
}

namespace {

using Json = nlohmann::json;

std::string TextOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

plan::CheckStatus StatusOf(const Json& object) {
  const std::string status = TextOf(object, "status");
  if (status == "pass") return plan::CheckStatus::kPass;
  if (status == "fail") return plan::CheckStatus::kFail;
  if (status == "error") return plan::CheckStatus::kError;
  return plan::CheckStatus::kUnknown;
}

// "module.a.module.b.output.x": the module's path, and what is left.
ModulePath TakeModulePath(std::string_view& address) {
  ModulePath path;
  constexpr std::string_view kModule = "module.";
  while (address.starts_with(kModule)) {
    address.remove_prefix(kModule.size());
    const std::size_t dot = std::min(address.find('.'), address.size());
    path.emplace_back(address.substr(0, dot));
    address.remove_prefix(std::min(dot + 1, address.size()));
  }
  return path;
}

plan::CheckResult ParseCheck(const Json& json) {
  plan::CheckResult check;
  const std::string kind = TextOf(json, "object_kind");
  check.kind = kind == "output"  ? plan::CheckKind::kOutput
               : kind == "check" ? plan::CheckKind::kCheckBlock
               : kind == "var"   ? plan::CheckKind::kInputVariable
                                 : plan::CheckKind::kResource;
  const std::string address = TextOf(json, "config_addr");
  std::string_view rest = address;
  check.module = TakeModulePath(rest);
  check.name = rest;
  check.status = StatusOf(json);
  const auto objects = json.find("objects");
  if (objects == json.end() || !objects->is_array()) return check;
  for (const Json& object : *objects) {
    if (!object.is_object()) continue;
    plan::CheckResult::Instance instance{TextOf(object, "object_addr"), StatusOf(object), {}};
    const auto messages = object.find("failure_messages");
    if (messages != object.end() && messages->is_array()) {
      for (const Json& message : *messages) {
        if (message.is_string()) instance.problems.push_back(message.get<std::string>());
      }
    }
    check.instances.push_back(std::move(instance));
  }
  return check;
}

}  // namespace

std::vector<plan::CheckResult> ParseStoredChecks(const std::string& stored) {
  std::vector<plan::CheckResult> checks;
  const Json json = Json::parse(stored, nullptr, false);
  if (!json.is_array()) return checks;
  for (const Json& check : json) {
    if (check.is_object()) checks.push_back(ParseCheck(check));
  }
  return checks;
}

}  // namespace tkn::render
