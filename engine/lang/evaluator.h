#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/lang/function.h"
#include "engine/lang/scope.h"
#include "engine/value/value.h"
#include "parser/ast.h"
#include "parser/diagnostic.h"

// Inner workings of Evaluate(); only the files of this folder include it.
namespace tkn::lang {

inline constexpr int kMaxDepth = 3000;                     // of nested evaluations
inline constexpr std::size_t kStackBudget = 5u << 20;      // bytes of stack for them
inline constexpr std::int64_t kMaxIterations = 2'000'000;  // of all loops of one evaluation
inline constexpr std::size_t kMaxStringBytes = 32u << 20;  // of one string that is put together

// One evaluation of one expression. References are resolved once, before anything is computed, so
// that errors in them are reported even where a branch is not taken or try() would hide them, as
// Terraform does.
class Evaluator {
 public:
  Evaluator(const Scope& scope, int template_depth)
      : scope_(scope), template_depth_(template_depth) {}

  // False when a reference could not be resolved; its errors are in `diags`.
  bool Resolve(const parser::Expression& expression, Diagnostics& diags);
  Value Eval(const parser::Expression& expression, Diagnostics& diags);

  // Fills in `expression` and `values` of an error about `expression`.
  void Show(const parser::Expression& expression, Diagnostic& diagnostic);

 private:
  struct Local {
    std::string_view name;
    Value value;
  };
  struct Resolved {
    const parser::Traversal* traversal;
    Value value;
    std::size_t steps_used;
  };
  // Names bound while a loop or splat runs.
  class Binding;

  Value Dispatch(const parser::Expression& e, Diagnostics& diags);
  Value EvalLiteral(const parser::Literal& e, Diagnostics& diags);
  Value EvalTraversal(const parser::Traversal& traversal, const parser::Expression& e,
                      Diagnostics& diags);
  Value EvalRelative(const parser::RelativeTraversal& e, Diagnostics& diags);
  Value EvalIndex(const parser::IndexExpression& e, Diagnostics& diags);
  Value EvalSplat(const parser::SplatExpression& e, Diagnostics& diags);
  Value EvalTemplate(const parser::Template& e, Diagnostics& diags);
  Value EvalTemplateIf(const parser::TemplateIf& e, Diagnostics& diags);
  Value EvalTemplateFor(const parser::TemplateFor& e, Diagnostics& diags);
  Value EvalTuple(const parser::TupleExpression& e, Diagnostics& diags);
  Value EvalObject(const parser::ObjectExpression& e, Diagnostics& diags);
  Value EvalUnary(const parser::UnaryExpression& e, Diagnostics& diags);
  Value EvalBinary(const parser::BinaryExpression& e, Diagnostics& diags);
  Value ApplyBinary(const parser::BinaryExpression& e, Value left, Value right, bool failed,
                    const SourceRange& range, Diagnostics& diags);
  Value EvalCall(const parser::CallExpression& e, Diagnostics& diags);

  struct Branches {
    const parser::Expression& whole;
    const parser::Expression& condition;
    const parser::Expression& on_true;
    const parser::Expression& on_false;
  };
  Value EvalConditional(const Branches& e, Diagnostics& diags);
  Value UnknownConditional(Type type, const Value& condition, const Value& on_true,
                           const Value& on_false);

  struct Loop {
    const parser::Expression& whole;
    const parser::Expression& collection;
    std::string_view key_name;
    std::string_view value_name;
    const parser::Expression* key;  // for an object
    const parser::Expression* value;
    const parser::Expression* condition;
    bool group;
  };
  struct LoopState;
  Value EvalLoop(const Loop& e, Diagnostics& diags);
  bool CheckLoopCondition(const Loop& e, Diagnostics& diags);
  // Whether the element takes part.
  bool Includes(const Loop& e, LoopState& state, Diagnostics& diags);
  bool LoopKey(const Loop& e, LoopState& state, std::string& key, Diagnostics& diags);

  // The value of a local name, or nullptr.
  const Value* FindLocal(std::string_view name) const;
  const Resolved* FindResolved(const parser::Traversal& traversal) const;
  bool SpendIterations(std::int64_t count, const parser::Expression& at, Diagnostics& diags);

  // In the body of a `for`, or of a template's.
  bool IsInFor() const;
  Diagnostic& Fail(std::string_view summary, std::string detail, const SourceRange& subject,
                   const SourceRange& context, const parser::Expression* expression,
                   Diagnostics& diags);
  // Show() for the diagnostics from index `first` on.
  void ShowFrom(std::size_t first, const parser::Expression& expression, Diagnostics& diags);
  void ShowTraversal(const parser::Traversal& traversal, Diagnostic& diagnostic);

  const Scope& scope_;
  int template_depth_;
  int depth_ = 0;
  int quiet_ = 0;  // inside try() and can(): nobody will see the values
  bool exhausted_ = false;
  std::int64_t iterations_left_ = kMaxIterations;
  const char* stack_top_ = nullptr;
  std::vector<Local> locals_;
  std::vector<Resolved> resolved_;

  friend class DepthGuard;
};

class Evaluator::Binding {
 public:
  explicit Binding(Evaluator& evaluator) : evaluator_(evaluator), size_(evaluator.locals_.size()) {}
  ~Binding() { evaluator_.locals_.resize(size_, Local{}); }
  Binding(const Binding&) = delete;
  Binding& operator=(const Binding&) = delete;
  // Returns the position for Assign().
  std::size_t Add(std::string_view name, Value value) {
    evaluator_.locals_.push_back({name, std::move(value)});
    return evaluator_.locals_.size() - 1;
  }
  void Assign(std::size_t position, Value value) {
    evaluator_.locals_[position].value = std::move(value);
  }

 private:
  Evaluator& evaluator_;
  std::size_t size_;
};

// Evaluates a template's parts without a reference pass of its own: for templatefile() and
// templatestring().
[[nodiscard]] Value EvaluateNested(const parser::Expression& expression, const Scope& scope,
                                   int template_depth, Diagnostics& diags);

// hcl's index and attribute access with their errors; `range` is the step.
Value IndexValue(const Value& collection, const Value& key, const SourceRange& range,
                 Diagnostics& diags);
Value AttributeOf(const Value& object, std::string_view name, const SourceRange& range,
                  Diagnostics& diags);
Value FollowStep(const Value& value, const parser::Step& step, Diagnostics& diags);

// "is a list of string with 2 elements": `value` as a ShownValue states it; empty: not shown.
std::string DescribeValue(const Value& value, bool caused_by_unknown, bool caused_by_sensitive);

}  // namespace tkn::lang
