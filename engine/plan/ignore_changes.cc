#include "engine/plan/ignore_changes.h"

#include <algorithm>
#include <map>

#include "engine/value/path.h"

namespace tkn::plan {
namespace {

struct Ignored {
  Path path;
  std::optional<Value> prior;  // nullopt: the prior object has nothing there
};

// A map, with those of its elements that are ignored as they were: kept, changed back, or left out.
Value RestoreElements(const Path& path, const Value& map, const std::vector<Ignored>& ignored) {
  if (!map.IsKnown()) return map;
  std::map<std::string, Value> entries;
  if (!map.IsNull()) {
    for (std::size_t i = 0; i < map.Length(); ++i) {
      entries.emplace(std::string(map.KeyAt(i)), map.elements()[i]);
    }
  }
  bool touched = false;
  for (const Ignored& item : ignored) {
    if (item.path.size() != path.size() + 1 ||
        !std::equal(path.begin(), path.end(), item.path.begin())) {
      continue;
    }
    const PathStep& last = item.path.back();
    if (last.kind != PathStep::Kind::kIndex || !(last.key.type() == Type::String())) continue;
    const std::string key(last.key.AsString());
    touched = true;
    if (item.prior) {
      entries.insert_or_assign(key, *item.prior);
    } else {
      entries.erase(key);
    }
  }
  if (!touched || (map.IsNull() && entries.empty())) return map;
  return Value::Map(map.type().element(), {entries.begin(), entries.end()});
}

}  // namespace

Path PathOf(const parser::Traversal& traversal) {
  Path path{PathStep::Attribute(std::string(traversal.root))};
  for (const parser::Step& step : traversal.steps) {
    switch (step.kind) {
      case parser::Step::Kind::kAttribute:
        path.push_back(PathStep::Attribute(std::string(step.text)));
        break;
      case parser::Step::Kind::kIndexNumber:
        path.push_back(
            PathStep::Index(Value::Number(Number::Parse(step.text).value_or(Number(0)))));
        break;
      case parser::Step::Kind::kIndexString:
        path.push_back(PathStep::Index(std::string(step.text)));
        break;
    }
  }
  return path;
}

bool IsIgnored(const config::Lifecycle& lifecycle, const Path& path) {
  if (lifecycle.ignore_all_changes) return true;
  return std::any_of(
      lifecycle.ignore_changes.begin(), lifecycle.ignore_changes.end(), [&](const auto& traversal) {
        const Path ignored = PathOf(traversal);
        return ignored.size() <= path.size() &&
               std::equal(ignored.begin(), ignored.end(), path.begin(),
                          [](const PathStep& a, const PathStep& b) {
                            if (a == b) return true;  // `tags.a` may mean an element, too
                            return a.kind == PathStep::Kind::kAttribute &&
                                   b.kind == PathStep::Kind::kIndex &&
                                   b.key.type() == Type::String() && b.key.AsString() == a.name;
                          });
      });
}

Value WithIgnoredChanges(const config::Lifecycle& lifecycle, const Value& prior,
                         const Value& config) {
  if (prior.IsNull() || config.IsNull()) return config;
  if (lifecycle.ignore_all_changes) return prior;
  if (lifecycle.ignore_changes.empty()) return config;
  std::vector<Ignored> ignored;
  for (const parser::Traversal& traversal : lifecycle.ignore_changes) {
    Path path = PathOf(traversal);
    // `tags.a` and `tags["a"]` mean the element of a map as well as the attribute of an object.
    for (std::size_t i = 1; i < path.size(); ++i) {
      const bool by_name = path[i].kind == PathStep::Kind::kAttribute;
      if (!by_name && !(path[i].key.type() == Type::String())) continue;
      const std::optional<Value> parent =
          ApplyPath(config, Path(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(i)));
      if (!parent) continue;
      if (by_name && parent->type().IsMap()) {
        path[i] = PathStep::Index(path[i].name);
      } else if (!by_name && parent->type().IsObject()) {
        path[i] = PathStep::Attribute(std::string(path[i].key.AsString()));
      }
    }
    std::optional<Value> before = ApplyPath(prior, path);
    ignored.push_back({std::move(path), std::move(before)});
  }
  return config.Transform([&](const Path& path, const Value& value) {
    for (const Ignored& item : ignored) {
      if (item.path == path && item.prior) return *item.prior;
    }
    return value.type().IsMap() ? RestoreElements(path, value, ignored) : value;
  });
}

}  // namespace tkn::plan
