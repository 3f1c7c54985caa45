#include "engine/render/state_diff.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "engine/plan/object_codec.h"
#include "engine/render/diff.h"
#include "engine/render/diff_text.h"
#include "engine/render/json_writer.h"
#include "engine/value/json.h"

namespace tkn::render {
namespace {

using plan::Action;
using state::StoredObject;
using state::StoredOutput;

bool SameObject(const StoredObject& a, const StoredObject& b) {
  return a.provider == b.provider && a.status == b.status && a.schema_version == b.schema_version &&
         a.attributes_json == b.attributes_json && a.sensitive_paths == b.sensitive_paths &&
         a.private_bytes == b.private_bytes && a.dependencies == b.dependencies &&
         a.create_before_destroy == b.create_before_destroy && a.identity_json == b.identity_json &&
         a.identity_schema_version == b.identity_schema_version;
}

Action ActionOf(const StateChange& change) {
  if (change.before == nullptr) return Action::kCreate;
  return change.after == nullptr ? Action::kDelete : Action::kUpdate;
}

const char* ActionWord(Action action) {
  return action == Action::kCreate ? "added" : action == Action::kDelete ? "removed" : "changed";
}

const Schema* SchemaOf(const StoredObject& object, const plan::Schemas& schemas) {
  return schemas.ResourceSchema(object.provider->provider, object.address.resource.mode,
                                object.address.resource.type);
}

// The object with its marks: by the provider's schema, or, where there is none, as its JSON shows
// it. Null where there is no object.
Value Decode(const StoredObject* object, const Schema* schema, const plan::Schemas& schemas,
             Diagnostics& diags) {
  if (object == nullptr) {
    return schema != nullptr ? Value::Null(schema->block.ImpliedType()) : Value();
  }
  if (schema != nullptr) {
    if (const auto decoded = plan::DecodeObject(
            *object, *schema, *schemas.Unconfigured(object->provider->provider), diags)) {
      return decoded->Marked();
    }
    return Value::Null(schema->block.ImpliedType());
  }
  std::string unused;
  const auto value = FromJsonImplied(object->attributes_json, &unused);
  std::vector<PathMarks> marks;
  for (const Path& path : object->sensitive_paths)
    marks.push_back({path, MarkSet::Of(MarkKind::kSensitive)});
  // A path that does not lead anywhere must not lay open what it was meant for.
  if (!value || std::any_of(marks.begin(), marks.end(), [&value](const PathMarks& mark) {
        return !ApplyPath(*value, mark.path);
      })) {
    return Value::String(object->attributes_json).WithMark(MarkKind::kSensitive);
  }
  return value->MarkPaths(marks);
}

struct DecodedChange {
  const Schema* schema = nullptr;
  Value before;
  Value after;
};

DecodedChange DecodeChange(const StateChange& change, const plan::Schemas& schemas,
                           Diagnostics& diags) {
  DecodedChange decoded;
  const Schema* schema = SchemaOf(change.either(), schemas);
  // One schema for both; objects of two providers are compared as they are stored.
  if (change.before == nullptr || SchemaOf(*change.before, schemas) == schema)
    decoded.schema = schema;
  decoded.before = Decode(change.before, decoded.schema, schemas, diags);
  decoded.after = Decode(change.after, decoded.schema, schemas, diags);
  return decoded;
}

// What changed besides attributes.
std::vector<std::string> Remarks(const StateChange& change) {
  std::vector<std::string> remarks;
  if (change.before == nullptr || change.after == nullptr) {
    if (change.either().status == state::ObjectStatus::kTainted) remarks.emplace_back("tainted");
    return remarks;
  }
  if (change.before->status != change.after->status) {
    remarks.emplace_back(change.after->status == state::ObjectStatus::kTainted
                             ? "now tainted"
                             : "no longer tainted");
  }
  if (change.before->provider != change.after->provider) {
    remarks.push_back("provider was " + change.before->provider->ToString() + ", is " +
                      change.after->provider->ToString());
  }
  if (change.before->attributes_json == change.after->attributes_json && remarks.empty()) {
    remarks.emplace_back("only what is noted beside the attributes changed, such as dependencies");
  }
  return remarks;
}

std::string ChangeText(const StateChange& change, const plan::Schemas& schemas,
                       const TextStyle& style, Diagnostics& diags) {
  const StoredObject& object = change.either();
  const Action action = ActionOf(change);
  std::string name = object.address.ToString();
  if (!object.deposed_key.empty()) name += " (deposed object " + object.deposed_key + ")";
  std::string out = style.Bold("  # " + name) + " was " + ActionWord(action) + "\n";
  for (const std::string& remark : Remarks(change)) out += "  # (" + remark + ")\n";
  const DecodedChange decoded = DecodeChange(change, schemas, diags);
  Diff diff = decoded.schema != nullptr
                  ? DiffObject(decoded.before, decoded.after, decoded.schema->block, {})
                  : DiffValue(decoded.before, decoded.after);
  if (diff.action == Action::kNoOp && action == Action::kUpdate) return out;
  const DiffTextOptions options{.style = style};
  const ResourceName& resource = object.address.resource;
  return out + ActionSymbol(action, options) +
         (resource.mode == ResourceMode::kData ? "data" : "resource") + " \"" + resource.type +
         "\" \"" + resource.name + "\" " + DiffText(diff, 0, options) + "\n";
}

Value OutputValue(const StoredOutput* output) {
  if (output == nullptr) return {};
  std::string unused;
  const auto type = TypeFromJson(output->type_json, &unused);
  const auto value = type ? FromJson(output->value_json, *type, &unused) : std::nullopt;
  if (!value) return {};
  return output->sensitive ? value->WithMark(MarkKind::kSensitive) : *value;
}

struct OutputChange {
  const StoredOutput* before = nullptr;
  const StoredOutput* after = nullptr;
};

std::map<std::string, OutputChange> OutputChanges(const state::Snapshot& before,
                                                  const state::Snapshot& after) {
  std::map<std::string, OutputChange> changes;
  for (const StoredOutput& output : before.outputs) changes[output.name].before = &output;
  for (const StoredOutput& output : after.outputs) changes[output.name].after = &output;
  std::erase_if(changes, [](const auto& entry) {
    const auto& [b, a] = entry.second;
    return b != nullptr && a != nullptr && b->value_json == a->value_json &&
           b->type_json == a->type_json && b->sensitive == a->sensitive;
  });
  return changes;
}

void WriteMasked(const Value& value, JsonWriter& out) {
  if (value.HasMark(MarkKind::kSensitive)) {
    out.Text("(sensitive value)");
    return;
  }
  const Value bare = value.Unmark().first;
  if (!bare.ContainsMarked()) {
    out.Raw(ToJson(bare));
    return;
  }
  const bool keyed = bare.type().IsObject() || bare.type().IsMap();
  if (keyed) {
    out.BeginObject();
    for (std::size_t i = 0; i < bare.Length(); ++i) {
      out.Key(bare.KeyAt(i));
      WriteMasked(bare.elements()[i], out);
    }
    out.EndObject();
    return;
  }
  out.BeginArray();
  for (const Value& element : bare.elements()) WriteMasked(element, out);
  out.EndArray();
}

}  // namespace

std::vector<StateChange> StateChanges(const state::Snapshot& before, const state::Snapshot& after) {
  std::vector<StateChange> changes;
  const auto place = [](const StoredObject& object) {
    return std::tuple<const Address&, const std::string&>(object.address, object.deposed_key);
  };
  auto b = before.objects.begin();
  auto a = after.objects.begin();
  while (b != before.objects.end() || a != after.objects.end()) {
    if (a == after.objects.end() || (b != before.objects.end() && place(*b) < place(*a))) {
      changes.push_back({&*b++, nullptr});
    } else if (b == before.objects.end() || place(*a) < place(*b)) {
      changes.push_back({nullptr, &*a++});
    } else {
      if (!SameObject(*b, *a)) changes.push_back({&*b, &*a});
      ++a;
      ++b;
    }
  }
  return changes;
}

std::string StateDiffText(const state::Snapshot& before, const state::Snapshot& after,
                          const plan::Schemas& schemas, const TextStyle& style,
                          Diagnostics& diags) {
  std::string out;
  for (const StateChange& change : StateChanges(before, after))
    out += (out.empty() ? "" : "\n") + ChangeText(change, schemas, style, diags);
  const auto outputs = OutputChanges(before, after);
  if (outputs.empty()) return out;
  out += (out.empty() ? "" : "\n") + style.Bold("Changes to Outputs:") + "\n";
  const DiffTextOptions options{.style = style};
  for (const auto& [name, change] : outputs) {
    const Diff diff = DiffValue(OutputValue(change.before), OutputValue(change.after));
    out += ActionSymbol(diff.action, options) + AttributeName(name) + " = " +
           DiffText(diff, 0, options) + "\n";
  }
  return out;
}

std::string StateDiffJson(const state::Snapshot& before, const state::Snapshot& after,
                          const plan::Schemas& schemas, Diagnostics& diags) {
  JsonWriter out;
  out.BeginObject();
  out.Key("format_version").Text("1.0");
  out.Key("before_serial").Int(static_cast<std::int64_t>(before.serial));
  out.Key("after_serial").Int(static_cast<std::int64_t>(after.serial));
  out.Key("changes").BeginArray();
  for (const StateChange& change : StateChanges(before, after)) {
    const StoredObject& object = change.either();
    const DecodedChange decoded = DecodeChange(change, schemas, diags);
    out.BeginObject();
    out.Key("address").Text(object.address.ToString());
    if (!object.deposed_key.empty()) out.Key("deposed").Text(object.deposed_key);
    out.Key("action").Text(ActionWord(ActionOf(change)));
    out.Key("remarks").BeginArray();
    for (const std::string& remark : Remarks(change)) out.Text(remark);
    out.EndArray();
    out.Key("before");
    WriteMasked(decoded.before, out);
    out.Key("after");
    WriteMasked(decoded.after, out);
    out.EndObject();
  }
  out.EndArray();
  out.Key("outputs").BeginArray();
  for (const auto& [name, change] : OutputChanges(before, after)) {
    out.BeginObject();
    out.Key("name").Text(name);
    out.Key("before");
    WriteMasked(OutputValue(change.before), out);
    out.Key("after");
    WriteMasked(OutputValue(change.after), out);
    out.EndObject();
  }
  out.EndArray();
  out.EndObject();
  return out.text();
}

}  // namespace tkn::render
