#include <algorithm>
#include <vector>

#include "engine/lang/evaluate.h"

namespace tkn::lang {

using parser::As;
using parser::Expression;
using parser::ExpressionKind;

namespace {

// Visits every node in source order without recursion: chains of operators are as long as the
// source.
class Walker {
 public:
  template <typename OnTraversal, typename OnCall>
  void Walk(const Expression& root, const OnTraversal& on_traversal, const OnCall& on_call) {
    Visit(root, on_traversal, on_call);  // most are a literal or a traversal, with nothing below
    while (!todo_.empty()) {
      const Item item = todo_.back();
      todo_.pop_back();
      if (item.expression == nullptr) {
        // Binds names for what follows, or takes them back.
        if (item.bind) {
          names_.push_back(item.key_name);
          names_.push_back(item.value_name);
        } else {
          names_.resize(names_.size() - 2);
        }
        continue;
      }
      Visit(*item.expression, on_traversal, on_call);
    }
  }

 private:
  struct Item {
    const Expression* expression = nullptr;
    bool bind = false;
    std::string_view key_name{};
    std::string_view value_name{};
  };

  void Push(const Expression& e) { todo_.push_back({&e}); }
  void Push(const Expression* e) {
    if (e != nullptr) todo_.push_back({e});
  }
  // The stack gives back the last first, so everything is pushed in reverse.
  void Reverse(std::size_t from) {
    std::reverse(todo_.begin() + static_cast<std::ptrdiff_t>(from), todo_.end());
  }
  bool IsLocal(std::string_view name) const {
    return std::find(names_.begin(), names_.end(), name) != names_.end();
  }

  void PushLoop(const Expression& collection, std::string_view key_name,
                std::string_view value_name, const Expression* a, const Expression* b,
                const Expression* c) {
    Push(collection);
    todo_.push_back({nullptr, true, key_name.empty() ? value_name : key_name, value_name});
    Push(a);
    Push(b);
    Push(c);
    todo_.push_back({});
  }

  template <typename OnTraversal, typename OnCall>
  void Visit(const Expression& e, const OnTraversal& on_traversal, const OnCall& on_call) {
    const std::size_t from = todo_.size();
    switch (e.kind) {
      case ExpressionKind::kLiteral:
      case ExpressionKind::kInvalid:
        return;
      case ExpressionKind::kTraversal: {
        const parser::Traversal& traversal = As<parser::TraversalExpression>(e).traversal;
        if (traversal.root != parser::SplatExpression::kSplatItem && !IsLocal(traversal.root)) {
          on_traversal(traversal);
        }
        return;
      }
      case ExpressionKind::kTemplate:
        for (const Expression* part : As<parser::Template>(e).parts) Push(part);
        break;
      case ExpressionKind::kTemplateWrap:
        Push(As<parser::TemplateWrap>(e).wrapped);
        return;
      case ExpressionKind::kTemplateIf: {
        const auto& n = As<parser::TemplateIf>(e);
        Push(n.condition);
        Push(n.on_true);
        Push(n.on_false);
        break;
      }
      case ExpressionKind::kTemplateFor: {
        const auto& n = As<parser::TemplateFor>(e);
        PushLoop(*n.collection, n.key_name, n.value_name, n.body, nullptr, nullptr);
        break;
      }
      case ExpressionKind::kRelative:
        Push(As<parser::RelativeTraversal>(e).source);
        return;
      case ExpressionKind::kIndex: {
        const auto& n = As<parser::IndexExpression>(e);
        Push(n.collection);
        Push(n.key);
        break;
      }
      case ExpressionKind::kSplat: {
        const auto& n = As<parser::SplatExpression>(e);
        Push(n.source);
        Push(n.each);
        break;
      }
      case ExpressionKind::kCall: {
        const auto& n = As<parser::CallExpression>(e);
        on_call(n);
        for (const Expression* argument : n.arguments) Push(argument);
        break;
      }
      case ExpressionKind::kConditional: {
        const auto& n = As<parser::ConditionalExpression>(e);
        Push(n.condition);
        Push(n.on_true);
        Push(n.on_false);
        break;
      }
      case ExpressionKind::kUnary:
        Push(As<parser::UnaryExpression>(e).operand);
        return;
      case ExpressionKind::kBinary: {
        const auto& n = As<parser::BinaryExpression>(e);
        Push(n.left);
        Push(n.right);
        break;
      }
      case ExpressionKind::kTuple:
        for (const Expression* element : As<parser::TupleExpression>(e).elements) Push(element);
        break;
      case ExpressionKind::kObject:
        for (const parser::ObjectItem& item : As<parser::ObjectExpression>(e).items) {
          Push(item.key);
          Push(item.value);
        }
        break;
      case ExpressionKind::kForTuple:
      case ExpressionKind::kForObject: {
        const auto& n = As<parser::ForExpression>(e);
        PushLoop(*n.collection, n.key_name, n.value_name, n.key, n.value, n.condition);
        break;
      }
      case ExpressionKind::kParentheses:
        Push(As<parser::Parentheses>(e).inner);
        return;
    }
    Reverse(from);
  }

  std::vector<Item> todo_;
  std::vector<std::string_view> names_;
};

}  // namespace

void ForEachTraversal(const Expression& expression,
                      const std::function<void(const parser::Traversal&)>& f) {
  Walker().Walk(expression, f, [](const parser::CallExpression&) {});
}

void ForEachCall(const Expression& expression,
                 const std::function<void(const parser::CallExpression&)>& f) {
  Walker().Walk(
      expression, [](const parser::Traversal&) {}, f);
}

std::optional<parser::Traversal> AsTraversal(const Expression& expression) {
  if (expression.kind != ExpressionKind::kTraversal) return std::nullopt;
  return As<parser::TraversalExpression>(expression).traversal;
}

std::string_view AsKeyword(const Expression& expression) {
  if (expression.kind == ExpressionKind::kLiteral) {
    const auto& literal = As<parser::Literal>(expression);
    if (literal.literal == parser::LiteralKind::kNull) return "null";
    if (literal.literal == parser::LiteralKind::kBool) return literal.boolean ? "true" : "false";
    return {};
  }
  if (expression.kind != ExpressionKind::kTraversal) return {};
  const parser::Traversal& traversal = As<parser::TraversalExpression>(expression).traversal;
  return traversal.steps.empty() ? traversal.root : std::string_view();
}

}  // namespace tkn::lang
