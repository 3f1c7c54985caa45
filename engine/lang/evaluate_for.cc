#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "engine/lang/evaluator.h"
#include "engine/value/convert.h"

namespace tkn::lang {

using parser::Expression;

namespace {

// After so many errors of single elements the rest would say the same.
constexpr std::size_t kMaxElementErrors = 20;

Value KeyOf(const Value& collection, std::size_t i, const Value& element) {
  const Type type = collection.type();
  if (type.IsSet()) return element;
  if (type.IsMap() || type.IsObject()) return Value::String(collection.KeyAt(i));
  return Value::Number(static_cast<std::int64_t>(i));
}

}  // namespace

struct Evaluator::LoopState {
  MarkSet marks{};
  bool known = true;
};

// The condition is tried once with nothing known about the element: a wrong type is then said once
// and not for each element, and for an empty collection too.
bool Evaluator::CheckLoopCondition(const Loop& e, Diagnostics& diags) {
  Binding binding(*this);
  if (!e.key_name.empty()) binding.Add(e.key_name, Value::Dynamic());
  binding.Add(e.value_name, Value::Dynamic());
  Diagnostics found;
  const Value result = Eval(*e.condition, found);
  const bool failed = found.HasErrors();
  diags.Append(std::move(found));
  if (result.IsNull()) {
    Fail("Condition is null", "The condition after \"if\" is null, where true or false is needed.",
         e.condition->range, e.whole.range, e.condition, diags);
    return false;
  }
  ConversionError error;
  if (!Convert(result, Type::Bool(), &error)) {
    Fail("Invalid 'for' condition",
         fmt::format("The condition after \"if\" must be true or false: {}.", error.ToString()),
         e.condition->range, e.whole.range, e.condition, diags);
    return false;
  }
  return !failed;
}

bool Evaluator::Includes(const Loop& e, LoopState& state, Diagnostics& diags) {
  const Value result = Eval(*e.condition, diags);
  if (result.IsNull()) {
    if (state.known) {
      Fail("Invalid 'for' condition",
           "The condition after \"if\" is null for an element, where true or false is needed.",
           e.condition->range, e.whole.range, e.condition, diags);
    }
    state.known = false;
    return false;
  }
  ConversionError error;
  const auto include = Convert(result, Type::Bool(), &error);
  if (!include) {
    if (state.known) {
      Fail("Invalid 'for' condition",
           fmt::format("The condition after \"if\" must be true or false: {}.", error.ToString()),
           e.condition->range, e.whole.range, e.condition, diags);
    }
    state.known = false;
    return false;
  }
  const auto [plain, marks] = include->Unmark();
  if (!marks.empty()) state.marks = state.marks.Union(marks);
  if (!plain.IsKnown()) {
    state.known = false;
    return false;
  }
  return plain.AsBool();
}

bool Evaluator::LoopKey(const Loop& e, LoopState& state, std::string& key, Diagnostics& diags) {
  const Value raw = Eval(*e.key, diags);
  if (raw.IsNull()) {
    if (state.known) {
      Fail("Invalid object key", "The key that this 'for' gives an attribute must not be null.",
           e.key->range, e.whole.range, e.key, diags);
    }
    state.known = false;
    return false;
  }
  const auto [plain, marks] = raw.Unmark();
  if (!marks.empty()) state.marks = state.marks.Union(marks);
  if (!plain.IsKnown()) {
    state.known = false;
    return false;
  }
  ConversionError error;
  const auto text = Convert(plain, Type::String(), &error);
  if (!text) {
    if (state.known) {
      Fail("Invalid object key",
           fmt::format("This 'for' gives a key that can't be one: {}.", error.ToString()),
           e.key->range, e.whole.range, e.key, diags);
    }
    state.known = false;
    return false;
  }
  key = text->AsString();
  return true;
}

Value Evaluator::EvalLoop(const Loop& e, Diagnostics& diags) {
  const Value given = Eval(e.collection, diags);
  if (given.IsNull()) {
    Fail("Iteration over null value", "The collection that 'for' goes through is null.",
         e.collection.range, e.whole.range, &e.collection, diags);
    return Value::Dynamic();
  }
  if (given.type().IsDynamic()) return Value::Dynamic();
  LoopState state;
  const auto [collection, collection_marks] = given.Unmark();
  state.marks = collection_marks;
  if (collection.type().IsPrimitive()) {
    Fail("Iteration over non-iterable value",
         fmt::format("A 'for' can't go through a {}; it needs a list, set, map, tuple or object.",
                     collection.type().FriendlyName()),
         e.collection.range, e.whole.range, &e.collection, diags);
    return Value::Dynamic();
  }
  if (!collection.IsKnown()) {
    return Value::Dynamic().WithMarks(state.marks);
  }
  if (e.condition != nullptr && !CheckLoopCondition(e, diags)) return Value::Dynamic();

  const auto elements = collection.elements();
  if (!SpendIterations(static_cast<std::int64_t>(elements.size()), e.whole, diags)) {
    return Value::Dynamic();
  }
  Binding binding(*this);
  const bool with_key = !e.key_name.empty();
  const std::size_t key_slot = with_key ? binding.Add(e.key_name, Value()) : 0;
  const std::size_t value_slot = binding.Add(e.value_name, Value());

  std::vector<Value> values;
  std::vector<Value::Entry> entries;
  std::unordered_map<std::string, std::size_t> positions;
  std::vector<std::vector<Value>> groups;
  if (e.key == nullptr) {
    values.reserve(elements.size());
  } else {
    entries.reserve(elements.size());
    positions.reserve(elements.size());
  }
  const std::size_t errors_before = diags.size();
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (exhausted_ || diags.size() - errors_before > kMaxElementErrors) {
      state.known = false;
      break;
    }
    if (with_key) binding.Assign(key_slot, KeyOf(collection, i, elements[i]));
    binding.Assign(value_slot, elements[i]);
    if (e.condition != nullptr && !Includes(e, state, diags)) continue;
    if (e.key == nullptr) {
      values.push_back(Eval(*e.value, diags));
      continue;
    }
    std::string key;
    if (!LoopKey(e, state, key, diags)) continue;
    Value value = Eval(*e.value, diags);
    const auto [it, fresh] = positions.try_emplace(key, entries.size());
    if (fresh) {
      if (e.group) groups.emplace_back().push_back(std::move(value));
      entries.emplace_back(std::move(key), e.group ? Value() : std::move(value));
    } else if (e.group) {
      groups[it->second].push_back(std::move(value));
    } else {
      Fail("Duplicate object key",
           fmt::format("Two elements give the key {}. Where that is meant, write \"...\" after the "
                       "value: then each key has the list of its values.",
                       state.marks.empty() ? "\"" + it->first + "\"" : "(sensitive value)"),
           e.key->range, e.whole.range, e.key, diags);
    }
  }
  if (!state.known) return Value::Dynamic().WithMarks(state.marks);
  Value result;
  if (e.key == nullptr) {
    result = Value::Tuple(std::move(values));
  } else {
    for (std::size_t i = 0; i < groups.size(); ++i) {
      entries[i].second = Value::Tuple(std::move(groups[i]));
    }
    result = Value::Object(std::move(entries));
  }
  return state.marks.empty() ? result : result.WithMarks(state.marks);
}

}  // namespace tkn::lang
