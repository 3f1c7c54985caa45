#include "engine/render/diff_pair.h"

namespace tkn::render {

using plan::Action;

Action ActionOf(const Pair& pair) {
  if (!pair.HasBefore() && pair.HasAfter()) return Action::kCreate;
  if (pair.HasBefore() && !pair.HasAfter()) return Action::kDelete;
  const bool equal =
      (pair.before.IsNull() && pair.after.IsNull()) || pair.before.EqualsIgnoringMarks(pair.after);
  const bool same =
      pair.before_set == pair.after_set && equal &&
      pair.before.HasMark(MarkKind::kSensitive) == pair.after.HasMark(MarkKind::kSensitive);
  return same ? Action::kNoOp : Action::kUpdate;
}

Action StartAction(const Pair& pair) {
  if (pair.before.IsNull() && !pair.after.IsNull()) return Action::kCreate;
  if (!pair.before.IsNull() && pair.after.IsNull()) return Action::kDelete;
  return Action::kNoOp;
}
void Fold(Action& action, Action part) {
  if (part != Action::kNoOp && part != action) action = Action::kUpdate;
}

std::span<const Value> ElementsOf(const Value& value) {
  return value.IsNull() || !value.IsKnown() ? std::span<const Value>{} : value.elements();
}

Pair ElementPair(std::span<const Value> before, std::span<const Value> after, std::size_t i,
                 std::size_t j) {
  Pair pair;
  if (i < before.size()) pair.before = before[i], pair.before_set = true;
  if (j < after.size()) pair.after = after[j], pair.after_set = true;
  return pair;
}

std::set<std::string> KeysOf(const Pair& pair) {
  std::set<std::string> keys;
  for (const Value* side : {&pair.before, &pair.after}) {
    const Value value = side->Unmark().first;
    if (value.IsNull() || !value.IsKnown()) continue;
    for (const std::string_view key : value.keys()) keys.emplace(key);
  }
  return keys;
}

Pair KeyPair(const Pair& pair, const std::string& key) {
  Pair child;
  const auto get = [&](const Value& side, Value& value, bool& set) {
    const Value bare = side.Unmark().first;
    if (bare.IsNull() || !bare.IsKnown()) return;
    if (const Value* found = bare.Find(key)) value = *found, set = true;
  };
  get(pair.before, child.before, child.before_set);
  get(pair.after, child.after, child.after_set);
  return child;
}

}  // namespace tkn::render
