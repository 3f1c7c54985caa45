#include "state/object_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "engine/value/json.h"

namespace tkn::state {
namespace {

std::string StepToJson(const PathStep& step) {
  if (step.kind == PathStep::Kind::kAttribute) {
    return R"({"type":"get_attr","value":)" + JsonQuote(step.name) + "}";
  }
  const bool is_number = step.key.type() == Type::Number();
  if (!is_number && step.key.type() != Type::String()) {
    throw std::logic_error("a sensitive path leads through a set");
  }
  return R"({"type":"index","value":{"value":)" +
         (is_number ? step.key.AsNumber().ToString() : JsonQuote(step.key.AsString())) +
         (is_number ? R"(,"type":"number"}})" : R"(,"type":"string"}})");
}

std::optional<PathStep> StepFromJson(const nlohmann::json& json) {
  if (!json.is_object() || !json.contains("type") || !json.contains("value")) return std::nullopt;
  const nlohmann::json& value = json["value"];
  if (json["type"] == "get_attr") {
    if (!value.is_string()) return std::nullopt;
    return PathStep::Attribute(value.get<std::string>());
  }
  if (json["type"] != "index" || !value.is_object() || !value.contains("value")) {
    return std::nullopt;
  }
  const nlohmann::json& key = value["value"];
  if (key.is_string()) return PathStep::Index(key.get<std::string>());
  if (key.is_number_integer()) return PathStep::Index(key.get<std::int64_t>());
  return std::nullopt;
}

// Paths end where a set begins, as in Terraform: an element of a set has no address of its own.
Path UpToSet(const Path& path) {
  Path kept;
  for (const PathStep& step : path) {
    const bool addressable = step.kind == PathStep::Kind::kAttribute ||
                             step.key.type() == Type::Number() || step.key.type() == Type::String();
    if (!addressable) break;
    kept.push_back(step);
  }
  return kept;
}

}  // namespace

std::string SensitivePathsToJson(std::vector<Path> paths) {
  if (paths.empty()) return "[]";
  std::transform(paths.begin(), paths.end(), paths.begin(), UpToSet);
  std::sort(paths.begin(), paths.end(), PathLess);
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  std::string json = "[";
  for (const Path& path : paths) {
    if (json.size() > 1) json += ',';
    json += '[';
    bool first = true;
    for (const PathStep& step : path) {
      if (!first) json += ',';
      first = false;
      json += StepToJson(step);
    }
    json += ']';
  }
  return json + "]";
}

std::optional<std::vector<Path>> SensitivePathsFromJson(std::string_view json) {
  if (json == "[]" || json == "null" || json.empty()) return std::vector<Path>{};
  const nlohmann::json parsed = nlohmann::json::parse(json, nullptr, false);
  if (!parsed.is_array()) return std::nullopt;
  std::vector<Path> paths;
  for (const nlohmann::json& steps : parsed) {
    if (!steps.is_array()) return std::nullopt;
    Path path;
    for (const nlohmann::json& step : steps) {
      auto decoded = StepFromJson(step);
      if (!decoded) return std::nullopt;
      path.push_back(*std::move(decoded));
    }
    paths.push_back(std::move(path));
  }
  std::sort(paths.begin(), paths.end(), PathLess);
  return paths;
}

std::string DependenciesToJson(const std::vector<ConfigResourceRef>& dependencies) {
  std::string json = "[";
  for (const ConfigResourceRef dependency : dependencies) {
    if (json.size() > 1) json += ',';
    json += JsonQuote(dependency->ToString());
  }
  return json + "]";
}

namespace {

bool IsPlainName(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  return !text.empty() && text[0] > '9' && text[0] != '-' &&
         std::all_of(text.begin(), text.end(), plain);
}

// "module.m.data.t.n" of plain names, which nearly all are, without the address parser: a state may
// have 100,000.
std::optional<ConfigResource> PlainConfigResource(std::string_view text) {
  if (text.ends_with('.')) return std::nullopt;
  ConfigResource result;
  const auto next = [&text] {
    const std::size_t dot = std::min(text.find('.'), text.size());
    const std::string_view name = text.substr(0, dot);
    text.remove_prefix(std::min(dot + 1, text.size()));
    return name;
  };
  std::string_view first = next();
  while (first == "module") {
    const std::string_view name = next();
    if (!IsPlainName(name)) return std::nullopt;
    result.module.emplace_back(name);
    first = next();
  }
  if (first == "data") {
    result.resource.mode = ResourceMode::kData;
    first = next();
  }
  const std::string_view name = next();
  if (!IsPlainName(first) || !IsPlainName(name) || !text.empty() || first == "data" ||
      first == "ephemeral") {
    return std::nullopt;
  }
  result.resource.type = first;
  result.resource.name = name;
  return result;
}

std::optional<ConfigResource> ConfigResourceFromText(std::string_view text) {
  if (auto plain = PlainConfigResource(text)) return plain;
  Diagnostics diags;
  const auto address = Address::Parse(text, diags);
  if (!address || !address->key.IsNone()) return std::nullopt;
  const ResourceAddress resource = address->Resource();
  const bool keyed = std::any_of(resource.module.steps().begin(), resource.module.steps().end(),
                                 [](const ModuleStep& step) { return !step.key.IsNone(); });
  if (keyed) return std::nullopt;
  return resource.Config();
}

}  // namespace

std::optional<ConfigResourceRef> DependencyReader::FromText(std::string_view text) {
  if (const auto known = known_.find(text); known != known_.end()) return known->second;
  const auto resource = ConfigResourceFromText(text);
  if (!resource) return std::nullopt;
  return known_.emplace(text, *resource).first->second;
}

// A list as DependenciesToJson writes it, of texts without escapes.
std::optional<std::vector<ConfigResourceRef>> DependencyReader::FromPlain(std::string_view json) {
  if (json.size() < 4 || json.find('\\') != std::string_view::npos) return std::nullopt;
  std::vector<ConfigResourceRef> dependencies;
  std::size_t at = 0;
  for (char before = '['; json[at] == before; before = ',') {
    const std::size_t end =
        at + 1 < json.size() && json[at + 1] == '"' ? json.find('"', at + 2) : json.npos;
    if (end == json.npos || end + 1 >= json.size()) return std::nullopt;
    const auto resource = FromText(json.substr(at + 2, end - at - 2));
    if (!resource) return std::nullopt;
    dependencies.push_back(*resource);
    at = end + 1;
  }
  if (json.substr(at) != "]") return std::nullopt;
  return dependencies;
}

std::optional<std::vector<ConfigResourceRef>> DependencyReader::FromJson(std::string_view json) {
  if (json == "[]" || json == "null" || json.empty()) return std::vector<ConfigResourceRef>{};
  if (auto plain = FromPlain(json)) return plain;
  const nlohmann::json parsed = nlohmann::json::parse(json, nullptr, false);
  if (!parsed.is_array()) return std::nullopt;
  std::vector<ConfigResourceRef> dependencies;
  for (const nlohmann::json& text : parsed) {
    if (!text.is_string()) return std::nullopt;
    const auto resource = FromText(text.get_ref<const std::string&>());
    if (!resource) return std::nullopt;
    dependencies.push_back(*resource);
  }
  return dependencies;
}

}  // namespace tkn::state
