#include <algorithm>
#include <string>
#include <vector>

#include "engine/schema/schema.h"
#include "engine/value/json.h"
#include "engine/value/path.h"

// What a provider may not answer. Problems are sentences with the path in front.
namespace tkn {
namespace {

bool IsContent(const Value& v) { return v.IsKnown() && !v.IsNull(); }

std::string Show(const Value& value) {
  if (!value.IsKnown()) return "unknown";
  if (value.IsNull()) return "null";
  return value.IsWhollyKnown() ? ToJson(value) : "a value that is partly unknown";
}

bool IsOne(Nesting nesting) { return nesting == Nesting::kSingle || nesting == Nesting::kGroup; }

class Checker {
 public:
  std::vector<std::string> problems;

 protected:
  class In {
   public:
    In(Checker& checker, PathStep step) : checker_(checker) {
      checker_.path_.push_back(std::move(step));
    }
    ~In() { checker_.path_.pop_back(); }
    In(const In&) = delete;
    In& operator=(const In&) = delete;

   private:
    Checker& checker_;
  };

  void Problem(const std::string& what) {
    problems.push_back(path_.empty() ? what : ToString(path_) + ": " + what);
  }

 private:
  Path path_;
};

class PlanChecker : public Checker {
 public:
  void Body(const BlockSchema& schema, const Value& prior, const Value& config,
            const Value& planned) {
    if (!Existence(config, planned)) return;
    Attributes(schema.attributes, prior, config, planned);
    for (const NestedBlock& b : schema.blocks) {
      const In in(*this, PathStep::Attribute(b.name));
      Block(b, Member(prior, b.name), *config.Find(b.name), *planned.Find(b.name));
    }
  }

 private:
  // False where there is nothing inside to compare.
  bool Existence(const Value& config, const Value& planned) {
    if (config.IsNull() && !planned.IsNull()) {
      Problem("planned for existence but config wants absence");
      return false;
    }
    if (!config.IsNull() && planned.IsNull()) {
      Problem("planned for absence but config wants existence");
      return false;
    }
    return IsContent(config) && IsContent(planned);
  }

  static const Value& Nothing() {
    static const Value nothing = Value::Null(Type::Dynamic());
    return nothing;
  }

  static const Value& Member(const Value& object, const std::string& name) {
    const Value* found = IsContent(object) ? object.Find(name) : nullptr;
    return found != nullptr ? *found : Nothing();
  }

  static const Value& Element(const Value& collection, std::size_t i) {
    return IsContent(collection) && i < collection.Length() ? collection.elements()[i] : Nothing();
  }

  void Attributes(const std::vector<AttributeSchema>& attributes, const Value& prior,
                  const Value& config, const Value& planned) {
    for (const AttributeSchema& a : attributes) {
      const Value& wanted = Member(config, a.name);
      const Value& now = Member(planned, a.name);
      if (!a.write_only && now.RawEquals(wanted)) continue;
      const In in(*this, PathStep::Attribute(a.name));
      Attribute(a, Member(prior, a.name), wanted, now);
    }
  }

  void Attribute(const AttributeSchema& a, const Value& prior, const Value& config,
                 const Value& planned) {
    if (a.write_only) {
      if (!planned.IsNull()) Problem("planned value for a write-only attribute must be null");
      return;
    }
    if (a.computed && config.IsNull()) return;  // the provider's to choose
    if (!config.IsNull() && !planned.IsNull() && a.nested != nullptr)
      return Nested(*a.nested, prior, config, planned);
    // A provider may keep what it had, if it means the same to it (text that differs only in form).
    if (!prior.IsNull() && planned.RawEquals(prior)) return;
    if (!a.computed && config.IsNull()) {
      Problem(a.sensitive ? "sensitive planned value for a non-computed attribute"
                          : "planned value " + Show(planned) + " for a non-computed attribute");
      return;
    }
    std::string what = a.sensitive ? "sensitive planned value does not match config value"
                                   : "planned value " + Show(planned) +
                                         " does not match config value " + Show(config);
    if (!prior.IsNull())
      what += a.sensitive ? " nor prior value" : " nor prior value " + Show(prior);
    Problem(what);
  }

  void Nested(const NestedAttributes& schema, const Value& prior, const Value& config,
              const Value& planned) {
    if (!config.IsKnown()) return;
    if (!planned.IsKnown()) return Problem("planned unknown for configured value");
    if (IsOne(schema.nesting)) return Attributes(schema.attributes, prior, config, planned);
    Elements(prior, config, planned, [&](const Value& p, const Value& c, const Value& n) {
      if (Existence(c, n)) Attributes(schema.attributes, p, c, n);
    });
  }

  void Block(const NestedBlock& b, const Value& prior, const Value& config, const Value& planned) {
    if (IsOne(b.nesting)) return Body(b.block, prior, config, planned);
    if (planned.IsNull())
      return Problem("attribute representing nested blocks must be empty, not null");
    if (!config.IsKnown()) return;  // a dynamic block whose number is not known yet
    if (!planned.IsKnown()) {
      return Problem(
          "attribute representing nested blocks must not be unknown itself; nested attribute "
          "values may be");
    }
    Elements(prior, config, planned,
             [&](const Value& p, const Value& c, const Value& n) { Body(b.block, p, c, n); });
  }

  template <typename F>
  void Elements(const Value& prior, const Value& config, const Value& planned, F each) {
    const auto wanted = config.elements();
    const auto got = planned.elements();
    if (config.type().IsMap() || config.type().IsObject()) {
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        const std::string key(config.KeyAt(i));
        const In in(*this, PathStep::Index(key));
        const Value* element = planned.Find(key);
        if (element == nullptr) {
          Problem("key from config is not present in plan");
        } else {
          each(Member(prior, key), wanted[i], *element);
        }
      }
      for (std::size_t i = 0; i < got.size(); ++i) {
        if (config.Find(planned.KeyAt(i)) == nullptr) {
          Problem("key " + JsonQuote(planned.KeyAt(i)) + " from plan is not present in config");
        }
      }
      return;
    }
    if (wanted.size() != got.size()) {
      return Problem("count in plan (" + std::to_string(got.size()) +
                     ") disagrees with count in config (" + std::to_string(wanted.size()) + ")");
    }
    if (!config.type().IsSet()) {
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        const In in(*this, PathStep::Index(static_cast<std::int64_t>(i)));
        each(Element(prior, i), wanted[i], got[i]);
      }
      return;
    }
    // Elements of a set correspond if they could: each planned one wants a configured one that it
    // satisfies.
    std::vector<bool> used(wanted.size(), false);
    for (const Value& element : got) {
      bool found = false;
      for (std::size_t i = 0; i < wanted.size() && !found; ++i) {
        if (used[i]) continue;
        const std::size_t before = problems.size();
        each(Value::Null(Type::Dynamic()), wanted[i], element);
        found = problems.size() == before;
        problems.resize(before);
        if (found) used[i] = true;
      }
      if (!found) Problem("planned set element does not match any element in config");
    }
  }
};

class ApplyChecker : public Checker {
 public:
  void Body(const BlockSchema& schema, const Value& planned, const Value& actual) {
    if (planned.IsNull() != actual.IsNull()) {
      return Problem(planned.IsNull() ? "was absent, but now present"
                                      : "was present, but now absent");
    }
    if (!IsContent(planned) || !IsContent(actual)) return;
    for (const AttributeSchema& a : schema.attributes) {
      const In in(*this, PathStep::Attribute(a.name));
      if (a.write_only) {
        if (!actual.Find(a.name)->IsNull()) Problem("a write-only attribute must be null");
        continue;
      }
      Attribute(a.sensitive, *planned.Find(a.name), *actual.Find(a.name));
    }
    for (const NestedBlock& b : schema.blocks) {
      const In in(*this, PathStep::Attribute(b.name));
      Block(b, *planned.Find(b.name), *actual.Find(b.name));
    }
  }

 private:
  void Attribute(bool sensitive, const Value& planned, const Value& actual) {
    if (!sensitive) return Compare(planned, actual);
    const std::size_t before = problems.size();
    Compare(planned, actual);
    if (problems.size() == before) return;
    problems.resize(before);
    Problem("inconsistent values for sensitive attribute");
  }

  void Compare(const Value& planned, const Value& actual) {
    if (!planned.IsKnown()) {
      if (planned.IsDefinitelyNotNull() && actual.IsNull())
        Problem("was known not to be null, but now null");
      return;
    }
    if (planned.RawEquals(actual)) return;
    if (planned.IsNull() != actual.IsNull()) {
      return Problem("was " + Show(planned) + ", but now " + Show(actual));
    }
    if (!actual.IsKnown() || planned.type().IsPrimitive() ||
        planned.type().kind() != actual.type().kind()) {
      return Problem("was " + Show(planned) + ", but now " + Show(actual));
    }
    Elements(planned, actual, [&](const Value& p, const Value& a) { Compare(p, a); });
  }

  void Block(const NestedBlock& b, const Value& planned, const Value& actual) {
    if (IsOne(b.nesting)) return Body(b.block, planned, actual);
    if (!IsContent(planned)) return;
    if (!IsContent(actual)) return Problem("was present, but now absent");
    Elements(planned, actual, [&](const Value& p, const Value& a) { Body(b.block, p, a); });
  }

  template <typename F>
  void Elements(const Value& planned, const Value& actual, F each) {
    const auto was = planned.elements();
    const auto is = actual.elements();
    if (planned.type().IsMap() || planned.type().IsObject()) {
      const bool object = planned.type().IsObject();
      for (std::size_t i = 0; i < was.size(); ++i) {
        const std::string key(planned.KeyAt(i));
        const In in(*this, object ? PathStep::Attribute(key) : PathStep::Index(key));
        const Value* element = actual.Find(key);
        if (element == nullptr) {
          Problem("element has vanished");
        } else {
          each(was[i], *element);
        }
      }
      for (std::size_t i = 0; i < is.size(); ++i) {
        if (planned.Find(actual.KeyAt(i)) == nullptr) {
          Problem("new element " + JsonQuote(actual.KeyAt(i)) + " has appeared");
        }
      }
      return;
    }
    if (planned.type().IsSet()) {
      if (!planned.IsWhollyKnown()) {
        // Unknown elements may turn out equal to others, so the set may shrink, but not grow.
        if (is.size() > was.size())
          Problem("length changed from " + Count(was) + " to " + Count(is));
        return;
      }
      for (const Value& element : was) {
        if (!Matches(element, is, each))
          Problem("planned set element does not correlate with any element in actual");
      }
      if (is.size() > was.size())
        Problem("actual set element does not correlate with any planned one");
      return;
    }
    if (was.size() != is.size()) {
      return Problem("length changed from " + Count(was) + " to " + Count(is));
    }
    for (std::size_t i = 0; i < was.size(); ++i) {
      const In in(*this, PathStep::Index(static_cast<std::int64_t>(i)));
      each(was[i], is[i]);
    }
  }

  template <typename F>
  bool Matches(const Value& element, std::span<const Value> candidates, F each) {
    return std::ranges::any_of(candidates, [&](const Value& candidate) {
      const std::size_t before = problems.size();
      each(element, candidate);
      const bool fits = problems.size() == before;
      problems.resize(before);
      return fits;
    });
  }

  static std::string Count(std::span<const Value> elements) {
    return std::to_string(elements.size());
  }
};

class TypeChecker : public Checker {
 public:
  void Check(const Value& value, Type want) {
    if (!value.IsKnown()) return Problem("the value is not known");
    Conform(value.type(), want);
    if (!value.IsNull() && !value.IsWhollyKnown()) Unknowns(value);
  }

 private:
  void Conform(Type got, Type want) {
    if (got == want || want.IsDynamic()) return;
    if (got.kind() != want.kind()) {
      return Problem(want.FriendlyName() + " required, but received " + got.FriendlyName());
    }
    if (want.IsCollection()) return Conform(got.element(), want.element());
    if (want.IsTuple()) {
      const auto a = got.tuple_elements();
      const auto b = want.tuple_elements();
      if (a.size() != b.size()) {
        return Problem(std::to_string(b.size()) + " elements required, but received " +
                       std::to_string(a.size()));
      }
      for (std::size_t i = 0; i < a.size(); ++i) {
        const In in(*this, PathStep::Index(static_cast<std::int64_t>(i)));
        Conform(a[i], b[i]);
      }
      return;
    }
    for (const ObjectAttribute& attribute : want.attributes()) {
      const ObjectAttribute* have = got.FindAttribute(attribute.name);
      if (have != nullptr && (have->type == attribute.type || attribute.type.IsDynamic())) continue;
      const In in(*this, PathStep::Attribute(attribute.name));
      if (have == nullptr) {
        Problem("attribute is required");
      } else {
        Conform(have->type, attribute.type);
      }
    }
    for (const ObjectAttribute& attribute : got.attributes()) {
      if (want.FindAttribute(attribute.name) == nullptr)
        Problem("unsupported attribute " + JsonQuote(attribute.name));
    }
  }

  void Unknowns(const Value& value) {
    if (!value.IsKnown()) return Problem("the value is not known");
    if (value.IsNull() || value.IsWhollyKnown() || value.type().IsPrimitive()) return;
    const auto elements = value.elements();
    const Type type = value.type();
    for (std::size_t i = 0; i < elements.size(); ++i) {
      PathStep step = type.IsObject() ? PathStep::Attribute(std::string(value.KeyAt(i)))
                      : type.IsMap()  ? PathStep::Index(std::string(value.KeyAt(i)))
                      : type.IsSet()  ? PathStep::Index(elements[i])
                                      : PathStep::Index(static_cast<std::int64_t>(i));
      const In in(*this, std::move(step));
      Unknowns(elements[i]);
    }
  }
};

}  // namespace

std::vector<std::string> CheckPlanValid(const BlockSchema& schema, const Value& prior,
                                        const Value& config, const Value& planned) {
  PlanChecker checker;
  checker.Body(schema, prior, config, planned);
  return std::move(checker.problems);
}

std::vector<std::string> CheckApplied(const BlockSchema& schema, const Value& planned,
                                      const Value& actual) {
  ApplyChecker checker;
  checker.Body(schema, planned, actual);
  return std::move(checker.problems);
}

std::vector<std::string> CheckConforms(const Value& value, Type type) {
  TypeChecker checker;
  checker.Check(value, type);
  return std::move(checker.problems);
}

}  // namespace tkn
