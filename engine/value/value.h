#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/value/marks.h"
#include "engine/value/number.h"
#include "engine/value/type.h"

namespace tkn {

struct PathMarks;

// What is known of an unknown value. Shown in plans, and decides conditions such as `x == null`.
struct Refinement {
  bool not_null = false;
  std::string prefix{};                        // strings only
  std::optional<Number> minimum{}, maximum{};  // numbers only
  bool minimum_inclusive = true, maximum_inclusive = true;
  std::optional<std::int64_t> min_length{}, max_length{};  // collections only
  bool operator==(const Refinement&) const = default;
  bool IsEmpty() const { return *this == Refinement{}; }
};

// cty's values: of one Type; null, unknown or known; possibly marked. Immutable and shared: a copy
// is a reference count (atomic: any thread may hold one). Whether marks or unknowns are anywhere
// inside is known without looking.
//
// The accessors of content (AsString() ... elements()) want a known, non-null, unmarked value of
// that kind and throw std::logic_error otherwise, so a secret is not read without saying so:
// Unmark() names the marks.
class Value {
 public:
  struct Node;
  using Entry = std::pair<std::string, Value>;

  Value();  // null of dynamic type
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();

  static Value Null(Type type);
  static Value Unknown(Type type);
  // An impossible refinement (minimum above maximum) is a bug. One that leaves a single value gives
  // that value.
  static Value Unknown(Type type, Refinement refinement);
  static Value Dynamic() { return Unknown(Type::Dynamic()); }  // unknown of unknown type
  static Value String(
      std::string_view text);  // stored NFC normalised; invalid UTF-8 becomes U+FFFD
  static Value Number(tkn::Number number);
  static Value Number(std::int64_t number);
  static Value Bool(bool value);
  // Elements must have the given type (dynamic: one common type).
  static Value List(Type element, std::vector<Value> elements);
  static Value Tuple(std::vector<Value> elements);
  static Value EmptyTuple();
  // Duplicates are dropped, the order becomes Terraform's. Marks of elements move to the set.
  static Value Set(Type element, std::vector<Value> elements);
  // Later entries win; sorted by key.
  static Value Map(Type element, std::vector<Entry> entries);
  static Value Object(std::vector<Entry> attributes);
  static Value EmptyObject();
  // Values in the order of `type.attributes()`.
  static Value ObjectOf(Type type, std::vector<Value> values);

  Type type() const;
  bool IsNull() const;         // marks are looked through
  bool IsKnown() const;        // marks are looked through; a known list may hold unknown elements
  bool IsWhollyKnown() const;  // O(1)
  const Refinement* refinement() const;  // of an unknown; nullptr when there is none
  // Certainly not null: known and not null, or refined so.
  bool IsDefinitelyNotNull() const;

  // --- marks
  bool IsMarked() const;                   // at the top
  bool ContainsMarked() const;             // anywhere; O(1)
  bool HasMark(MarkKind kind) const;       // at the top
  bool ContainsMark(MarkKind kind) const;  // anywhere
  MarkSet marks() const;                   // of the top
  MarkSet AllMarks() const;                // anywhere
  Value WithMarks(const MarkSet& marks) const;
  Value WithMark(MarkKind kind) const { return WithMarks(MarkSet::Of(kind)); }
  Value WithoutMark(MarkKind kind) const;    // at the top
  std::pair<Value, MarkSet> Unmark() const;  // the top only
  Value UnmarkDeep() const;
  Value UnmarkDeep(std::vector<PathMarks>& marks) const;
  Value MarkPaths(std::span<const PathMarks> marks) const;  // paths that don't fit are ignored

  // --- content
  std::string_view AsString() const;
  const tkn::Number& AsNumber() const;
  bool AsBool() const;
  // Length of a known list, set, map, tuple or object.
  std::size_t Length() const;
  // Elements of list, tuple, set (in its order), values of a map or object (in order of keys).
  std::span<const Value> elements() const;
  // Keys of a map or object, in order, parallel to elements().
  std::vector<std::string_view> keys() const;
  std::string_view KeyAt(std::size_t i) const;
  // Attribute of an object, or element of a map; nullptr when absent.
  const Value* Find(std::string_view key) const;
  // Attribute of an object; a name that the type does not have is a bug. Of a null or unknown
  // object too (unknown/null).
  Value Attribute(std::string_view name) const;
  bool SetContains(const Value& element) const;

  // Same type, same content, same marks, unknowns with the same refinement: for tests and "did it
  // change?".
  bool RawEquals(const Value& other) const;
  // RawEquals, whatever the marks.
  bool EqualsIgnoringMarks(const Value& other) const;
  std::size_t Hash() const;  // fits EqualsIgnoringMarks

  // Order of elements in a set, as Terraform iterates: text by code unit, numbers by size,
  // otherwise by hash.
  static bool SetLess(const Value& a, const Value& b);

  // Rebuilds the value bottom-up; `f` is called on every value inside with its path and returns
  // what replaces it.
  Value Transform(
      const std::function<Value(const std::vector<struct PathStep>&, const Value&)>& f) const;

  const Node* node() const { return node_; }  // for the codecs of this folder

 private:
  explicit Value(const Node* node) : node_(node) {}
  friend struct ValueFactory;
  const Node* node_;
};

}  // namespace tkn
