#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/value/value.h"

namespace tkn {

// One step into a Value: an attribute of an object, or an index (number for list and tuple, text
// for a map, the element itself for a set).
struct PathStep {
  enum class Kind : std::uint8_t { kAttribute, kIndex };
  Kind kind = Kind::kAttribute;
  std::string name;  // kAttribute
  Value key;         // kIndex

  static PathStep Attribute(std::string name);
  static PathStep Index(Value key);
  static PathStep Index(std::int64_t index);
  static PathStep Index(std::string key);
  bool operator==(const PathStep& other) const;
};

// A way into a Value. Not a parser::Traversal: that is text in a configuration.
using Path = std::vector<PathStep>;

// ".a.b[0]["k"]", as Terraform prints paths in messages; set elements print as [set element].
std::string ToString(const Path& path);
// A strict order, for output that does not depend on how it was collected.
bool PathLess(const Path& a, const Path& b);
// The part of an unmarked value that one step leads to; nullptr when there is none. Lives as long
// as `bare`.
const Value* FindElement(const Value& bare, const PathStep& step);
// The value there, marks of what it went through included; nullopt when the path doesn't fit.
std::optional<Value> ApplyPath(const Value& value, const Path& path);

// Terraform's JSON for paths in states and plans: ["a",0,"k"] in plans,
// [{"type":"get_attr","value":"a"},{"type":"index","value":{"value":0,"type":"number"}}] in
// tfstate.
std::string PathToPlanJson(const Path& path);

struct PathMarks {
  Path path;
  MarkSet marks;
};

}  // namespace tkn
