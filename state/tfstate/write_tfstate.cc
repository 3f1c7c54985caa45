#include <algorithm>
#include <map>
#include <tuple>

#include "engine/value/json.h"
#include "state/object_json.h"
#include "state/tfstate/json_text.h"
#include "state/tfstate/tfstate.h"

namespace tkn::state {
namespace {

std::string Base64(std::string_view bytes) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8U | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      text += i + j <= bytes.size() ? kDigits[group >> (18 - 6 * j) & 63U] : '=';
    }
  }
  return text;
}

// An object whose members are added in order, at one depth.
class ObjectWriter {
 public:
  ObjectWriter(int depth, std::string& out) : depth_(depth), out_(out) { out_ += '{'; }
  std::string& Member(std::string_view quoted_key) {
    out_ += first_ ? "\n" : ",\n";
    first_ = false;
    out_.append(static_cast<std::size_t>(depth_ + 1) * 2, ' ');
    out_ += quoted_key;
    out_ += ": ";
    return out_;
  }
  void Raw(std::string_view quoted_key, std::string_view json) {
    JsonText::AppendIndented(json, depth_ + 1, Member(quoted_key));
  }
  void Text(std::string_view quoted_key, std::string_view text) {
    Member(quoted_key) += JsonQuote(text);
  }
  void Close() {
    if (!first_) {
      out_ += '\n';
      out_.append(static_cast<std::size_t>(depth_) * 2, ' ');
    }
    out_ += '}';
  }

 private:
  int depth_;
  std::string& out_;
  bool first_ = true;
};

class ArrayWriter {
 public:
  ArrayWriter(int depth, std::string& out) : depth_(depth), out_(out) { out_ += '['; }
  std::string& Element() {
    out_ += first_ ? "\n" : ",\n";
    first_ = false;
    out_.append(static_cast<std::size_t>(depth_ + 1) * 2, ' ');
    return out_;
  }
  void Close() {
    if (!first_) {
      out_ += '\n';
      out_.append(static_cast<std::size_t>(depth_) * 2, ' ');
    }
    out_ += ']';
  }

 private:
  int depth_;
  std::string& out_;
  bool first_ = true;
};

const char* ModeText(ResourceMode mode) { return mode == ResourceMode::kData ? "data" : "managed"; }

void WriteOutputs(const Snapshot& snapshot, std::string& out) {
  ObjectWriter outputs(1, out);
  for (const StoredOutput& output : snapshot.outputs) {
    outputs.Member(JsonQuote(output.name));
    ObjectWriter fields(2, out);
    fields.Raw("\"value\"", output.value_json);
    fields.Raw("\"type\"", output.type_json);
    if (output.sensitive) fields.Member("\"sensitive\"") += "true";
    fields.Close();
  }
  outputs.Close();
}

void WriteInstance(const StoredObject& object, std::string& out) {
  ObjectWriter fields(4, out);
  const InstanceKey& key = object.address.key;
  if (key.IsIndex()) fields.Member("\"index_key\"") += std::to_string(key.index());
  if (key.IsString()) fields.Text("\"index_key\"", key.string());
  if (object.status == ObjectStatus::kTainted) fields.Text("\"status\"", "tainted");
  if (!object.deposed_key.empty()) fields.Text("\"deposed\"", object.deposed_key);
  fields.Member("\"schema_version\"") += std::to_string(object.schema_version);
  fields.Raw("\"attributes\"", object.attributes_json);
  fields.Raw("\"sensitive_attributes\"", SensitivePathsToJson(object.sensitive_paths));
  // Terraform 1.11 has no identities; it passes over the two fields in which later ones keep them.
  if (!object.identity_json.empty()) {
    fields.Member("\"identity_schema_version\"") += std::to_string(object.identity_schema_version);
    fields.Raw("\"identity\"", object.identity_json);
  }
  if (!object.private_bytes.empty()) fields.Text("\"private\"", Base64(object.private_bytes));
  if (!object.dependencies.empty()) {
    std::vector<std::string> names;
    for (const ConfigResource& dependency : object.dependencies)
      names.push_back(dependency.ToString());
    std::sort(names.begin(), names.end());
    fields.Member("\"dependencies\"");
    ArrayWriter list(5, out);
    for (const std::string& name : names) list.Element() += JsonQuote(name);
    list.Close();
  }
  if (object.create_before_destroy) fields.Member("\"create_before_destroy\"") += "true";
  fields.Close();
}

void WriteResources(const Snapshot& snapshot, std::string& out) {
  // Terraform orders modules as text.
  using Key = std::tuple<std::string, std::string_view, std::string_view, std::string_view>;
  std::map<Key, std::vector<const StoredObject*>> resources;
  for (const StoredObject& object : snapshot.objects) {
    const ResourceName& name = object.address.resource;
    resources[{object.address.module.ToString(), ModeText(name.mode), name.type, name.name}]
        .push_back(&object);
  }
  ArrayWriter list(1, out);
  for (const auto& [key, objects] : resources) {
    const auto& [module, mode, type, name] = key;
    // A resource has one provider there. Where a deposed object still has another, the current
    // one's it is.
    const auto current =
        std::find_if(objects.begin(), objects.end(),
                     [](const StoredObject* object) { return object->deposed_key.empty(); });
    const StoredObject& speaker = current == objects.end() ? *objects.front() : **current;
    list.Element();
    ObjectWriter fields(2, out);
    if (!module.empty()) fields.Text("\"module\"", module);
    fields.Text("\"mode\"", mode);
    fields.Text("\"type\"", type);
    fields.Text("\"name\"", name);
    fields.Text("\"provider\"", speaker.provider->ToString());
    fields.Member("\"instances\"");
    ArrayWriter instances(3, out);
    for (const StoredObject* object : objects) {
      instances.Element();
      WriteInstance(*object, out);
    }
    instances.Close();
    fields.Close();
  }
  list.Close();
}

}  // namespace

std::string WriteTfstate(const Snapshot& snapshot) {
  std::string out;
  ObjectWriter file(0, out);
  file.Member("\"version\"") += "4";
  file.Text("\"terraform_version\"", snapshot.terraform_version);
  file.Member("\"serial\"") += std::to_string(snapshot.serial);
  file.Text("\"lineage\"", snapshot.lineage);
  file.Member("\"outputs\"");
  WriteOutputs(snapshot, out);
  file.Member("\"resources\"");
  WriteResources(snapshot, out);
  file.Raw("\"check_results\"", snapshot.checks.json);
  file.Close();
  return out + "\n";
}

}  // namespace tkn::state
