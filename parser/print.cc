#include "parser/print.h"

namespace tkn::parser {
namespace {

constexpr const char* kOperators[] = {"||", "&&", "==", "!=", "<", "<=", ">",
                                      ">=", "+",  "-",  "*",  "/", "%"};

class Printer {
 public:
  std::string Take() { return std::move(out_); }

  void Write(const Expression* expression) {
    if (expression == nullptr) {
      out_ += "_";
      return;
    }
    const Expression& e = *expression;
    switch (e.kind) {
      case ExpressionKind::kLiteral:
        return WriteLiteral(As<Literal>(e));
      case ExpressionKind::kTemplate:
        Open(As<Template>(e).heredoc ? "heredoc" : "template");
        WriteAll(As<Template>(e).parts);
        return Close();
      case ExpressionKind::kTemplateWrap:
        return WriteNode("wrap", {As<TemplateWrap>(e).wrapped});
      case ExpressionKind::kTemplateIf: {
        const auto& node = As<TemplateIf>(e);
        return WriteNode("template-if", {node.condition, node.on_true, node.on_false});
      }
      case ExpressionKind::kTemplateFor: {
        const auto& node = As<TemplateFor>(e);
        Open("template-for");
        WriteNames(node.key_name, node.value_name);
        out_ += ' ';
        Write(node.collection);
        out_ += ' ';
        Write(node.body);
        return Close();
      }
      case ExpressionKind::kTraversal: {
        const Traversal& traversal = As<TraversalExpression>(e).traversal;
        out_ += traversal.root == SplatExpression::kSplatItem ? "@" : traversal.root;
        return WriteSteps(traversal.steps);
      }
      case ExpressionKind::kRelative:
        Open("steps");
        out_ += ' ';
        Write(As<RelativeTraversal>(e).source);
        out_ += ' ';
        WriteSteps(As<RelativeTraversal>(e).steps);
        return Close();
      case ExpressionKind::kIndex:
        return WriteNode("index", {As<IndexExpression>(e).collection, As<IndexExpression>(e).key});
      case ExpressionKind::kSplat: {
        const auto& node = As<SplatExpression>(e);
        return WriteNode(node.attribute_only ? "attribute-splat" : "splat",
                         {node.source, node.each});
      }
      case ExpressionKind::kCall:
        return WriteCall(As<CallExpression>(e));
      case ExpressionKind::kConditional: {
        const auto& node = As<ConditionalExpression>(e);
        return WriteNode("?", {node.condition, node.on_true, node.on_false});
      }
      case ExpressionKind::kUnary: {
        const auto& node = As<UnaryExpression>(e);
        return WriteNode(node.op == UnaryOperator::kNot ? "!" : "neg", {node.operand});
      }
      case ExpressionKind::kBinary: {
        const auto& node = As<BinaryExpression>(e);
        return WriteNode(kOperators[static_cast<std::size_t>(node.op)], {node.left, node.right});
      }
      case ExpressionKind::kTuple:
        Open("tuple");
        WriteAll(As<TupleExpression>(e).elements);
        return Close();
      case ExpressionKind::kObject:
        return WriteObject(As<ObjectExpression>(e));
      case ExpressionKind::kForTuple:
      case ExpressionKind::kForObject:
        return WriteFor(As<ForExpression>(e));
      case ExpressionKind::kParentheses:
        return WriteNode("paren", {As<Parentheses>(e).inner});
      case ExpressionKind::kInvalid:
        out_ += "<invalid>";
        return;
    }
  }

  void Write(const Body& body) {
    Open("body");
    for (const Attribute& attribute : body.attributes) {
      out_ += " (= ";
      out_ += attribute.name;
      out_ += ' ';
      Write(attribute.expression);
      out_ += ')';
    }
    for (const Block& block : body.blocks) {
      out_ += " (block ";
      out_ += block.type;
      for (const Label& label : block.labels) {
        out_ += ' ';
        if (label.quoted) {
          WriteText(label.text);
        } else {
          out_ += label.text;
        }
      }
      out_ += ' ';
      Write(*block.body);
      out_ += ')';
    }
    if (body.json != nullptr) {
      out_ += " json ";
      Write(body.json);
    }
    Close();
  }

 private:
  void Open(std::string_view name) {
    out_ += '(';
    out_ += name;
  }
  void Close() { out_ += ')'; }

  void WriteNode(std::string_view name, std::initializer_list<const Expression*> parts) {
    Open(name);
    for (const Expression* part : parts) {
      out_ += ' ';
      Write(part);
    }
    Close();
  }

  void WriteAll(std::span<const Expression* const> parts) {
    for (const Expression* part : parts) {
      out_ += ' ';
      Write(part);
    }
  }

  void WriteText(std::string_view text) {
    out_ += '"';
    for (const char c : text) {
      switch (c) {
        case '\n':
          out_ += "\\n";
          break;
        case '\r':
          out_ += "\\r";
          break;
        case '\t':
          out_ += "\\t";
          break;
        case '"':
          out_ += "\\\"";
          break;
        case '\\':
          out_ += "\\\\";
          break;
        default:
          out_ += c;
          break;
      }
    }
    out_ += '"';
  }

  void WriteLiteral(const Literal& literal) {
    switch (literal.literal) {
      case LiteralKind::kNull:
        out_ += "null";
        return;
      case LiteralKind::kBool:
        out_ += literal.boolean ? "true" : "false";
        return;
      case LiteralKind::kNumber:
        out_ += literal.text;
        return;
      case LiteralKind::kString:
        return WriteText(literal.text);
    }
  }

  void WriteSteps(std::span<const Step> steps) {
    for (const Step& step : steps) {
      switch (step.kind) {
        case Step::Kind::kAttribute:
          out_ += '.';
          out_ += step.text;
          break;
        case Step::Kind::kIndexNumber:
          out_ += step.legacy ? "." : "[";
          out_ += step.text;
          if (!step.legacy) out_ += ']';
          break;
        case Step::Kind::kIndexString:
          out_ += '[';
          WriteText(step.text);
          out_ += ']';
          break;
      }
    }
  }

  void WriteNames(std::string_view key, std::string_view value) {
    if (!key.empty()) {
      out_ += ' ';
      out_ += key;
    }
    out_ += ' ';
    out_ += value;
  }

  void WriteCall(const CallExpression& call) {
    Open("call ");
    out_ += call.name;
    WriteAll(call.arguments);
    if (call.expand_final) out_ += "...";
    Close();
  }

  void WriteObject(const ObjectExpression& object) {
    Open("object");
    for (const ObjectItem& item : object.items) {
      out_ += " (";
      if (item.key_is_bare_name) {
        out_ += As<Literal>(*item.key).text;
      } else {
        Write(item.key);
      }
      out_ += ' ';
      Write(item.value);
      out_ += ')';
    }
    Close();
  }

  void WriteFor(const ForExpression& node) {
    Open(node.kind == ExpressionKind::kForTuple ? "for-tuple" : "for-object");
    WriteNames(node.key_name, node.value_name);
    out_ += " in ";
    Write(node.collection);
    if (node.key != nullptr) {
      out_ += ' ';
      Write(node.key);
      out_ += " =>";
    }
    out_ += ' ';
    Write(node.value);
    if (node.group) out_ += "...";
    if (node.condition != nullptr) {
      out_ += " if ";
      Write(node.condition);
    }
    Close();
  }

  std::string out_;
};

template <typename T>
std::string PrintAny(const T& what) {
  Printer printer;
  printer.Write(what);
  return printer.Take();
}

}  // namespace

std::string Print(const Expression& expression) { return PrintAny(&expression); }
std::string Print(const Body& body) { return PrintAny(body); }

}  // namespace tkn::parser
