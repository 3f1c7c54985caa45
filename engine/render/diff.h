#pragma once

#include <string>
#include <vector>

#include "engine/plan/change.h"
#include "engine/schema/schema.h"
#include "engine/value/path.h"
#include "engine/value/value.h"

// The one tree of differences that every printer of plans walks: what changes in one object or
// value, part by part.
namespace tkn::render {

enum class DiffKind : std::uint8_t {
  kPrimitive,  // string, number, bool or null: before, after
  kObject,     // children by name
  kMap,        // children by key
  kList,       // children in order: list, tuple, and what dynamic values hold
  kSet,        // children without order
  kBlock,    // the content of a resource or nested block: children are attributes, `groups` nested
             // blocks
  kUnknown,  // becomes known after apply; the only child, if any, is what it was before
  kSensitive,   // the only child is the difference that must not be shown
  kTypeChange,  // two children: the old value going, the new one coming
};

struct Diff;

// All nested blocks of one name.
struct BlockGroup {
  std::string name;
  Nesting nesting = Nesting::kList;
  std::vector<Diff> blocks;
  bool replace = false;           // all of them force the replacement
  bool before_sensitive = false;  // as a whole
  bool after_sensitive = false;
};

struct Diff {
  DiffKind kind = DiffKind::kPrimitive;
  plan::Action action = plan::Action::kNoOp;  // kNoOp, kCreate, kUpdate or kDelete
  bool replace = false;                       // forces the replacement
  std::string key{};                          // in the parent: attribute name or map key
  Value before{};                             // kPrimitive, unmarked
  Value after{};
  std::vector<Diff> children{};
  std::vector<BlockGroup> groups{};
  bool before_sensitive = false;  // kSensitive
  bool after_sensitive = false;
  bool children_show_null =
      false;  // deleted attributes say "-> null" themselves (nested attributes, blocks)
  bool shows_neighbours = false;  // kList: unchanged elements beside changed ones are shown

  // The first child, of the kinds that have just one.
  const Diff& only() const { return children.front(); }
};

// Of a whole resource object. `replace_paths` are those that force its replacement.
Diff DiffObject(const Value& before, const Value& after, const BlockSchema& schema,
                const std::vector<Path>& replace_paths);

// Of a value without schema: outputs.
Diff DiffValue(const Value& before, const Value& after);
// Of a value that stays, by its type: unlike above, null attributes of objects are left out.
Diff UnchangedValue(const Value& value);

// What `jsonencode(...)` around a text that is JSON shows of two such texts. A null text stands for
// "there is none".
Diff DiffJsonTexts(const Value& before, const Value& after);
// Whether a text is shown as jsonencode(...): a JSON object or array.
bool IsJsonText(const Value& text);

}  // namespace tkn::render
