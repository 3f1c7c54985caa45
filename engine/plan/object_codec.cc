#include "engine/plan/object_codec.h"

#include <algorithm>

#include "engine/value/json.h"

namespace tkn::plan {

std::optional<DecodedObject> DecodeObject(const state::StoredObject& stored, const Schema& schema,
                                          providers::Provider& provider, Diagnostics& diags) {
  DecodedObject object;
  if (stored.schema_version > schema.version) {
    diags.Add({.summary = "Resource instance managed by newer provider version",
               .detail = "The state of " + stored.address.ToString() +
                         " was written with a newer version of the provider " +
                         stored.provider->provider.ForDisplay() +
                         " than this program has. Use a program at least as new as the one that "
                         "wrote it.",
               .address = stored.address.ToString()});
    return std::nullopt;
  }
  if (stored.schema_version < schema.version) {
    Diagnostics more;
    object.value = provider.UpgradeState(stored.address.resource.type, stored.schema_version,
                                         stored.attributes_json, more);
    const bool failed = more.HasErrors();
    for (Diagnostic& diagnostic : more) {
      if (diagnostic.address.empty()) diagnostic.address = stored.address.ToString();
    }
    diags.Append(std::move(more));
    if (failed) return std::nullopt;
  } else {
    std::string error;
    std::optional<Value> value =
        FromJson(stored.attributes_json, schema.block.ImpliedType(), &error);
    if (!value) {
      diags.Add({.summary = "Failed to decode resource from state",
                 .detail = "The state's attributes of " + stored.address.ToString() +
                           " do not fit what the provider says of this type: " + error +
                           ". The state was damaged or edited by hand; restore an earlier one.",
                 .address = stored.address.ToString()});
      return std::nullopt;
    }
    object.value = std::move(*value);
  }
  std::vector<PathMarks> recorded;
  for (const Path& path : stored.sensitive_paths) {
    recorded.push_back({path, MarkSet::Of(MarkKind::kSensitive)});
  }
  object.marks = SensitiveMarks(object.value, schema.block, std::move(recorded));
  return object;
}

std::vector<PathMarks> SensitiveMarks(const Value& value, const BlockSchema& schema,
                                      std::vector<PathMarks> recorded) {
  std::vector<PathMarks> marks;
  for (PathMarks& mark : recorded) {
    if (!mark.marks.Has(MarkKind::kSensitive)) continue;
    if (!ApplyPath(value, mark.path)) continue;
    marks.push_back({std::move(mark.path), MarkSet::Of(MarkKind::kSensitive)});
  }
  if (schema.ContainsSensitive()) {
    for (PathMarks& mark : SensitivePaths(value, schema)) {
      marks.push_back({std::move(mark.path), MarkSet::Of(MarkKind::kSensitive)});
    }
  }
  if (marks.size() > 1) {
    std::sort(marks.begin(), marks.end(),
              [](const PathMarks& a, const PathMarks& b) { return PathLess(a.path, b.path); });
    marks.erase(
        std::unique(marks.begin(), marks.end(),
                    [](const PathMarks& a, const PathMarks& b) { return a.path == b.path; }),
        marks.end());
  }
  return marks;
}

bool SamePaths(const std::vector<PathMarks>& a, const std::vector<PathMarks>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const PathMarks& x, const PathMarks& y) { return x.path == y.path; });
}

void EncodeObject(const Value& value, const std::vector<PathMarks>& marks, const Schema& schema,
                  state::StoredObject& stored) {
  stored.schema_version = schema.version;
  stored.attributes_json = ToJson(value, schema.block.ImpliedType());
  stored.sensitive_paths.clear();
  for (const PathMarks& mark : marks) stored.sensitive_paths.push_back(mark.path);
}

Value WithOrigins(const Value& value, const std::vector<PathMarks>& marks,
                  const std::string& address) {
  if (marks.empty()) return value;
  std::vector<PathMarks> with_origins;
  with_origins.reserve(marks.size());
  for (const PathMarks& mark : marks) {
    with_origins.push_back(
        {mark.path,
         MarkSet::Of({Mark{.kind = MarkKind::kSensitive},
                      Mark{.kind = MarkKind::kOrigin, .origin = address + ToString(mark.path)}})});
  }
  return value.MarkPaths(with_origins);
}

std::pair<std::string, std::string> DisplayId(const Value& value) {
  if (!value.IsKnown() || value.IsNull() || !value.type().IsObject()) return {};
  const Value object = value.Unmark().first;
  for (const char* name : {"id", "name"}) {
    const Value* attribute = object.Find(name);
    if (attribute == nullptr || attribute->ContainsMarked() || !attribute->IsKnown() ||
        attribute->IsNull() || !(attribute->type() == Type::String())) {
      continue;
    }
    return {name, std::string(attribute->AsString())};
  }
  return {};
}

Value UnknownsAsNull(const Value& value) {
  if (value.IsWhollyKnown()) return value;
  return value.Transform([](const Path&, const Value& part) {
    return part.IsKnown() ? part : Value::Null(part.type());
  });
}

}  // namespace tkn::plan
