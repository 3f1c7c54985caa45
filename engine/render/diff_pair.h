#pragma once

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/plan/change.h"
#include "engine/value/path.h"
#include "engine/value/value.h"

// What the comparison of two values is made of: the pair at hand, its parts, and which of them
// force a replacement.
namespace tkn::render {

// One value before and after. "Set" tells a null that stands there from nothing standing there at
// all: a list element that is null, a key whose value is null.
struct Pair {
  Value before;
  Value after;
  bool before_set = false;
  bool after_set = false;

  bool HasBefore() const { return before_set || !before.IsNull(); }
  bool HasAfter() const { return after_set || !after.IsNull(); }
  Pair AsDelete() const { return {before, Value(), before_set, false}; }
  Pair AsCreate() const { return {Value(), after, false, after_set}; }
};

// The part of the paths that force replacement which lies at or below the value at hand.
class ReplacePaths {
 public:
  ReplacePaths() = default;
  explicit ReplacePaths(const std::vector<Path>& paths) {
    for (const Path& path : paths) rest_.push_back({&path, 0});
  }
  // One of the paths ends here.
  bool Match() const {
    return std::ranges::any_of(rest_,
                               [](const Rest& rest) { return rest.at == rest.path->size(); });
  }
  ReplacePaths Attribute(const std::string& name) const {
    return Below([&](const PathStep& step) {
      return step.kind == PathStep::Kind::kAttribute
                 ? step.name == name
                 : step.key.IsKnown() && !step.key.IsNull() && step.key.type() == Type::String() &&
                       step.key.AsString() == name;
    });
  }
  ReplacePaths Index(std::size_t index) const {
    return Below([&](const PathStep& step) {
      return step.kind == PathStep::Kind::kIndex && step.key.type() == Type::Number() &&
             step.key.IsKnown() && step.key.AsNumber() == Number(static_cast<std::int64_t>(index));
    });
  }
  // Elements of sets have no index: any step into the set fits.
  ReplacePaths AnyElement() const {
    return Below([](const PathStep& step) { return step.kind == PathStep::Kind::kIndex; });
  }

 private:
  struct Rest {
    const Path* path;
    std::size_t at;
  };
  template <typename Fits>
  ReplacePaths Below(const Fits& fits) const {
    ReplacePaths below;
    for (const Rest& rest : rest_) {
      if (rest.at < rest.path->size() && fits((*rest.path)[rest.at]))
        below.rest_.push_back({rest.path, rest.at + 1});
    }
    return below;
  }
  std::vector<Rest> rest_;
};

plan::Action ActionOf(const Pair& pair);
// The action of a collection follows from its own coming or going, then from its parts.
plan::Action StartAction(const Pair& pair);
void Fold(plan::Action& action, plan::Action part);

// Nothing where there is no value or where it is unknown.
std::span<const Value> ElementsOf(const Value& value);
// Of two sequences; an index behind the end stands for nothing there.
Pair ElementPair(std::span<const Value> before, std::span<const Value> after, std::size_t i,
                 std::size_t j);
// Keys of both sides, in order.
std::set<std::string> KeysOf(const Pair& pair);
// What stands under a key; where nothing does, a null that is not "set".
Pair KeyPair(const Pair& pair, const std::string& key);

}  // namespace tkn::render
