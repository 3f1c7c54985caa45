#include <algorithm>
#include <charconv>
#include <map>

#include "engine/value/json.h"
#include "state/object_json.h"
#include "state/tfstate/json_text.h"
#include "state/tfstate/tfstate.h"

namespace tkn::state {
namespace {

using Kind = JsonText::Kind;

void Error(Diagnostics& diags, std::string summary, std::string detail) {
  diags.Add({.summary = std::move(summary), .detail = std::move(detail)});
}

constexpr const char* kBadFormat = "Unsupported state file format";
constexpr const char* kBadInstance = "Invalid resource instance metadata in state";

// The members of one object by name; of a name that is there twice, the last counts, as in Go.
class Fields {
 public:
  explicit Fields(std::string_view object) {
    JsonText text(object);
    for (JsonText::Member member; text.Next(member);)
      values_[JsonText::Decode(member.key)] = member.value;
  }
  // "" if absent or null.
  std::string_view Get(const char* name) const {
    const auto found = values_.find(name);
    return found == values_.end() || found->second == "null" ? std::string_view() : found->second;
  }
  const std::map<std::string, std::string_view>& all() const { return values_; }

 private:
  std::map<std::string, std::string_view> values_;
};

template <class T>
bool ParseWhole(std::string_view text, T* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size();
}

std::optional<std::string> FromBase64(std::string_view text) {
  std::string bytes;
  std::uint32_t group = 0;
  int digits = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    int digit = -1;
    if (c >= 'A' && c <= 'Z') digit = c - 'A';
    if (c >= 'a' && c <= 'z') digit = c - 'a' + 26;
    if (c >= '0' && c <= '9') digit = c - '0' + 52;
    if (c == '+') digit = 62;
    if (c == '/') digit = 63;
    if (c == '=') {
      ++padding;
      continue;
    }
    if (digit < 0 || padding > 0) return std::nullopt;
    group = group << 6U | static_cast<std::uint32_t>(digit);
    if (++digits % 4 == 0) {
      for (const int shift : {16, 8, 0}) bytes += static_cast<char>(group >> shift & 0xffU);
      group = 0;
    }
  }
  const int rest = digits % 4;
  if (rest == 1 || (rest != 0 && padding + static_cast<std::size_t>(rest) != 4) ||
      (rest == 0 && padding != 0)) {
    return std::nullopt;
  }
  if (rest >= 2) bytes += static_cast<char>(group >> (rest == 2 ? 4 : 10) & 0xffU);
  if (rest == 3) bytes += static_cast<char>(group >> 2U & 0xffU);
  return bytes;
}

class Parser {
 public:
  explicit Parser(Diagnostics& diags) : diags_(diags) {}

  void Parse(std::string_view json, Snapshot& snapshot) {
    const Fields file(json);
    snapshot.terraform_version = Text(file.Get("terraform_version"), "terraform_version");
    snapshot.lineage = Text(file.Get("lineage"), "lineage");
    const std::string_view serial = file.Get("serial");
    if (!serial.empty() && !ParseWhole(serial, &snapshot.serial)) {
      Error(diags_, kBadFormat,
            "The \"serial\" of the state file must be a whole number, 0 or more.");
    }
    const std::string_view outputs = file.Get("outputs");
    if (Is(outputs, Kind::kObject, "outputs")) Outputs(outputs, snapshot.outputs);
    const std::string_view resources = file.Get("resources");
    if (Is(resources, Kind::kArray, "resources")) Resources(resources, snapshot.objects);
    const std::string_view checks = file.Get("check_results");
    if (Is(checks, Kind::kArray, "check_results")) snapshot.checks.json = JsonText::Compact(checks);
    snapshot.Sort();
    RefuseDuplicates(snapshot.objects);
  }

 private:
  // Present and of that kind; of another kind is an error.
  bool Is(std::string_view value, Kind kind, const char* name) {
    if (value.empty()) return false;
    if (JsonText::KindOf(value) == kind) return true;
    Error(diags_, kBadFormat,
          std::string("\"") + name + "\" in the state file is not of the kind it must be.");
    return false;
  }

  std::string Text(std::string_view value, const char* name) {
    return Is(value, Kind::kString, name) ? JsonText::Decode(value) : std::string();
  }

  void Outputs(std::string_view json, std::vector<StoredOutput>& outputs) {
    const Fields list(json);
    for (const auto& [name, value] : list.all()) {
      if (!Is(value, Kind::kObject, "outputs")) continue;
      const Fields fields(value);
      StoredOutput output{.name = name,
                          .value_json = JsonText::Compact(
                              fields.Get("value").empty() ? "null" : fields.Get("value")),
                          .type_json = JsonText::Compact(fields.Get("type")),
                          .sensitive = fields.Get("sensitive") == "true"};
      std::string error;
      const auto type =
          output.type_json.empty() ? std::nullopt : TypeFromJson(output.type_json, &error);
      if (!type) {
        Error(diags_, "Invalid output value type in state",
              "The type saved for output \"" + name + "\" is none" +
                  (error.empty() ? "." : ": " + error + "."));
        continue;
      }
      if (!FromJson(output.value_json, *type, &error)) {
        // Not the error itself, which may show a piece of the value.
        Error(diags_, "Invalid output value saved in state",
              "The value saved for output \"" + name + "\" does not fit its type, " +
                  type->FriendlyName() + ".");
        continue;
      }
      outputs.push_back(std::move(output));
    }
  }

  void Resources(std::string_view json, std::vector<StoredObject>& objects) {
    JsonText list(json);
    for (JsonText::Member member; list.Next(member);) {
      if (Is(member.value, Kind::kObject, "resources")) Resource(Fields(member.value), objects);
    }
  }

  void Resource(const Fields& fields, std::vector<StoredObject>& objects) {
    ResourceAddress resource;
    const std::string mode = Text(fields.Get("mode"), "mode");
    resource.resource.type = Text(fields.Get("type"), "type");
    resource.resource.name = Text(fields.Get("name"), "name");
    if (mode == "data") {
      resource.resource.mode = ResourceMode::kData;
    } else if (mode != "managed") {
      Error(diags_, "Invalid resource mode in state",
            "The state file has a resource \"" + resource.resource.type + "\" \"" +
                resource.resource.name + "\" of mode \"" + mode +
                "\"; there are \"managed\" and \"data\".");
      return;
    }
    if (!Module(Text(fields.Get("module"), "module"), resource) || !IsWellNamed(resource)) return;
    const std::string provider_text = Text(fields.Get("provider"), "provider");
    const auto provider = ProviderConfigAddress::Parse(provider_text);
    if (!provider) {
      Error(diags_, "Invalid provider configuration address",
            "The provider of " + resource.ToString() + " in the state file, \"" + provider_text +
                "\", is not of the form provider[\"registry.terraform.io/linode/linode\"]. A state "
                "written before "
                "Terraform 0.13 has to be brought up to date by Terraform first.");
      return;
    }
    const std::string_view instances = fields.Get("instances");
    if (!Is(instances, Kind::kArray, "instances")) return;
    JsonText list(instances);
    for (JsonText::Member member; list.Next(member);) {
      if (!Is(member.value, Kind::kObject, "instances")) continue;
      StoredObject object;
      object.address = {resource.module, resource.resource, {}};
      object.provider = *provider;
      if (Instance(Fields(member.value), object)) objects.push_back(std::move(object));
    }
  }

  bool Module(const std::string& text, ResourceAddress& resource) {
    if (text.empty()) return true;
    Diagnostics ours;
    auto parsed = TargetAddress::Parse(text, ours);
    if (parsed && !parsed->resource && !parsed->module.IsRoot()) {
      resource.module = std::move(parsed->module);
      return true;
    }
    Error(diags_, "Invalid module address",
          "The state file has a resource in \"" + text + "\", which is no module.");
    return false;
  }

  // Names are compared and printed as identifiers everywhere else.
  bool IsWellNamed(const ResourceAddress& resource) {
    Diagnostics ours;
    const Address address{resource.module, resource.resource, {}};
    const auto parsed = Address::Parse(address.ToString(), ours);
    if (parsed && *parsed == address) return true;
    Error(diags_, kBadInstance,
          "The state file has a resource whose type or name is no identifier: \"" +
              resource.resource.type + "\" \"" + resource.resource.name + "\".");
    return false;
  }

  bool Instance(const Fields& fields, StoredObject& object) {
    const std::string_view key = fields.Get("index_key");
    if (!key.empty()) {
      std::int64_t index = 0;
      if (JsonText::KindOf(key) == Kind::kString) {
        object.address.key = InstanceKey(JsonText::Decode(key));
      } else if (ParseWhole(key, &index) && index >= 0) {
        object.address.key = InstanceKey(index);
      } else {
        return Bad(object, "an instance key that is neither text nor a whole number");
      }
    }
    const std::string status = Text(fields.Get("status"), "status");
    if (status != "" && status != "tainted")
      return Bad(object, "the unknown status \"" + status + "\"");
    object.status = status.empty() ? ObjectStatus::kReady : ObjectStatus::kTainted;
    object.deposed_key = Text(fields.Get("deposed"), "deposed");
    if (!object.deposed_key.empty() && !IsDeposedKey(object.deposed_key)) {
      return Bad(object, "a deposed key that is not 8 hexadecimal digits");
    }
    const std::string_view version = fields.Get("schema_version");
    if (!version.empty() &&
        (!ParseWhole(version, &object.schema_version) || object.schema_version < 0)) {
      return Bad(object, "a schema version that is no whole number");
    }
    const std::string_view attributes = fields.Get("attributes");
    if (attributes.empty() && !fields.Get("attributes_flat").empty()) {
      return Bad(object,
                 "attributes in the form of Terraform 0.11; let Terraform refresh the state first");
    }
    if (!attributes.empty() && JsonText::KindOf(attributes) != Kind::kObject) {
      return Bad(object, "attributes that are no object");
    }
    object.attributes_json = attributes.empty() ? "{}" : JsonText::Compact(attributes);
    auto paths = SensitivePathsFromJson(fields.Get("sensitive_attributes"));
    if (!paths) return Bad(object, "sensitive attributes that are no paths");
    object.sensitive_paths = *std::move(paths);
    auto dependencies = dependency_reader_.FromJson(fields.Get("dependencies"));
    if (!dependencies) return Bad(object, "dependencies that are no addresses of resources");
    object.dependencies = *std::move(dependencies);
    const std::string_view private_text = fields.Get("private");
    if (!private_text.empty()) {
      auto bytes = FromBase64(Text(private_text, "private"));
      if (!bytes) return Bad(object, "private data that are not Base64");
      object.private_bytes = *std::move(bytes);
    }
    object.create_before_destroy = fields.Get("create_before_destroy") == "true";
    const std::string_view identity = fields.Get("identity");
    if (!identity.empty()) {
      object.identity_json = JsonText::Compact(identity);
      const std::string_view identity_version = fields.Get("identity_schema_version");
      if (!identity_version.empty() &&
          !ParseWhole(identity_version, &object.identity_schema_version)) {
        return Bad(object, "an identity schema version that is no whole number");
      }
    }
    return true;
  }

  static bool IsDeposedKey(std::string_view key) {
    return key.size() == 8 && key.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  }

  bool Bad(const StoredObject& object, const std::string& what) {
    Error(
        diags_, kBadInstance,
        "Resource " + object.address.Resource().ToString() + " has an instance with " + what + ".");
    return false;
  }

  void RefuseDuplicates(const std::vector<StoredObject>& objects) {
    for (std::size_t i = 1; i < objects.size(); ++i) {
      if (objects[i].address != objects[i - 1].address ||
          objects[i].deposed_key != objects[i - 1].deposed_key)
        continue;
      Error(diags_, "Duplicate resource instance in state",
            "The state file has " + objects[i].address.ToString() + " more than once.");
    }
  }

  Diagnostics& diags_;
  DependencyReader dependency_reader_;
};

// Whether the text is of format version 4; an error says what it is instead.
bool IsVersionFour(std::string_view json, Diagnostics& diags) {
  std::size_t offset = 0;
  const bool valid = JsonText::IsValid(json, &offset);
  std::string_view trimmed = json;
  trimmed.remove_prefix(std::min(trimmed.find_first_not_of(" \t\r\n"), trimmed.size()));
  if (!valid) {
    Error(diags, kBadFormat,
          "It is not JSON, or nested more than " + std::to_string(JsonText::kMaxDepth) +
              " levels deep: see byte " + std::to_string(offset) + ".");
  }
  const std::string_view version = valid && JsonText::KindOf(trimmed) == Kind::kObject
                                       ? Fields(trimmed).Get("version")
                                       : std::string_view();
  std::uint64_t number = 0;
  if (version.empty()) {
    Error(diags, kBadFormat, "There is no \"version\" in it to say which format it has.");
  } else if (!ParseWhole(version, &number)) {
    Error(diags, kBadFormat, "Its \"version\" is not a positive whole number.");
  } else if (number == 0) {
    Error(diags, kBadFormat, "Its \"version\" is 0, and there never was such a format.");
  } else if (number < 4) {
    Error(diags, kBadFormat,
          "It has format version " + std::to_string(number) +
              ", from before Terraform 0.12. Only version 4 can be read: let Terraform 0.12 or "
              "later write it anew first.");
  } else if (number > 4) {
    Error(diags, kBadFormat,
          "It has format version " + std::to_string(number) +
              ", and only version 4 can be read. A newer program wrote it.");
  }
  return valid && number == 4;
}

}  // namespace

std::optional<Snapshot> ParseTfstate(std::string_view json, Diagnostics& diags) {
  Diagnostics more;
  Snapshot snapshot;
  if (IsVersionFour(json, more)) {
    json.remove_prefix(json.find_first_not_of(" \t\r\n"));
    Parser(more).Parse(json, snapshot);
  }
  const bool failed = more.HasErrors();
  diags.Append(std::move(more));
  if (failed) return std::nullopt;
  return snapshot;
}

}  // namespace tkn::state
