#include "engine/schema/dynamic_block.h"

#include "engine/lang/evaluate.h"
#include "parser/content.h"

namespace tkn {
namespace {

const parser::BodySchema& DynamicSchema(bool labelled) {
  static const parser::BodySchema plain{
      {{"for_each", true}, {"iterator", false}, {"labels", false}}, {{"content", {}}}};
  static const parser::BodySchema with_labels{
      {{"for_each", true}, {"iterator", false}, {"labels", true}}, {{"content", {}}}};
  return labelled ? with_labels : plain;
}

// The scope around, and the element of the dynamic block under its iterator's name.
class IteratorScope final : public lang::Scope {
 public:
  IteratorScope(const lang::Scope& outer, std::string_view name, Value key, Value value)
      : outer_(outer),
        name_(name),
        element_(Value::Object({{"key", std::move(key)}, {"value", std::move(value)}})) {}

  Resolved Resolve(const parser::Traversal& traversal, Diagnostics& diags) const override {
    if (traversal.root == name_) return {element_, 0};
    return outer_.Resolve(traversal, diags);
  }
  const lang::FunctionTable& functions() const override { return outer_.functions(); }
  const lang::Function* FindProviderFunction(std::string_view local_name,
                                             std::string_view name) const override {
    return outer_.FindProviderFunction(local_name, name);
  }
  std::string_view plan_timestamp() const override { return outer_.plan_timestamp(); }
  bool pure_only() const override { return outer_.pure_only(); }
  bool console_mode() const override { return outer_.console_mode(); }
  const std::string& base_directory() const override { return outer_.base_directory(); }

 private:
  const lang::Scope& outer_;
  std::string name_;
  Value element_;
};

Diagnostic BadForEach(const parser::Expression& expression, const std::string& detail) {
  return {.summary = "Invalid dynamic for_each value",
          .detail = detail,
          .subject = expression.range,
          .expression = expression.range};
}

class Expander {
 public:
  Expander(const parser::Block& dynamic, bool labelled, const lang::Scope& scope,
           Diagnostics& diags)
      : dynamic_(dynamic), labelled_(labelled), scope_(scope), diags_(diags) {}

  std::vector<ExpandedBlock> Run() {
    Diagnostics own;
    const parser::BodyContent spec = parser::Content(*dynamic_.body, DynamicSchema(labelled_), own);
    const bool failed = own.HasErrors();
    diags_.Append(std::move(own));
    if (failed || !ReadContent(spec) || !ReadIterator(spec) || !ReadLabels(spec)) return {};

    const parser::Expression& expression = *spec.Find("for_each")->expression;
    const auto each = ReadForEach(expression);
    if (!each) return {};
    const auto [collection, marks] = each->Unmark();
    marks_ = marks;
    if (!collection.IsKnown()) {
      Add(Value::Dynamic(), Value::Dynamic(), true);
      return std::move(result_);
    }
    const auto elements = collection.elements();
    const Type type = collection.type();
    result_.reserve(elements.size());
    for (std::size_t i = 0; i < elements.size(); ++i) {
      Value key = type.IsMap() || type.IsObject() ? Value::String(collection.KeyAt(i))
                  : type.IsSet()                  ? elements[i]
                                                  : Value::Number(static_cast<std::int64_t>(i));
      Add(std::move(key), elements[i], false);
    }
    return std::move(result_);
  }

 private:
  bool ReadContent(const parser::BodyContent& spec) {
    if (spec.blocks.empty()) {
      diags_.Add({.summary = "Missing dynamic content block",
                  .detail =
                      "A dynamic block describes the blocks it makes in a block named \"content\"; "
                      "add one.",
                  .subject = dynamic_.body->end_range});
      return false;
    }
    if (spec.blocks.size() > 1) {
      diags_.Add({.summary = "Extraneous dynamic content block",
                  .detail =
                      "A dynamic block has one block named \"content\", which is used for each "
                      "element. Remove this one.",
                  .subject = spec.blocks[1]->header_range});
      return false;
    }
    content_ = spec.blocks[0]->body;
    return true;
  }

  bool ReadIterator(const parser::BodyContent& spec) {
    iterator_ = dynamic_.labels[0].text;
    const parser::Attribute* attribute = spec.Find("iterator");
    if (attribute == nullptr) return true;
    iterator_ = lang::AsKeyword(*attribute->expression);
    if (!iterator_.empty()) return true;
    diags_.Add({.summary = "Invalid dynamic iterator name",
                .detail = "The iterator is named by one bare word, such as: iterator = port",
                .subject = attribute->expression->range});
    return false;
  }

  bool ReadLabels(const parser::BodyContent& spec) {
    const parser::Attribute* attribute = spec.Find("labels");
    if (attribute == nullptr) return true;
    const parser::Expression& expression = *attribute->expression;
    if (expression.kind != parser::ExpressionKind::kTuple) {
      diags_.Add({.summary = "Invalid expression",
                  .detail = "The labels of a dynamic block are written as a list in brackets.",
                  .subject = expression.range});
      return false;
    }
    const auto labels = parser::As<parser::TupleExpression>(expression).elements;
    const std::size_t wanted = labelled_ ? 1 : 0;
    if (labels.size() > wanted) {
      diags_.Add({.summary = "Extraneous dynamic block label",
                  .detail = "Blocks of this type have " + std::to_string(wanted) + " label(s).",
                  .subject = labels[wanted]->range});
      return false;
    }
    if (labels.size() < wanted) {
      diags_.Add({.summary = "Insufficient dynamic block labels",
                  .detail = "Blocks of this type have " + std::to_string(wanted) + " label(s).",
                  .subject = expression.range});
      return false;
    }
    label_ = labels.empty() ? nullptr : labels[0];
    return true;
  }

  std::optional<Value> ReadForEach(const parser::Expression& expression) {
    Diagnostics own;
    Value value = lang::Evaluate(expression, scope_, own);
    const bool failed = own.HasErrors();
    diags_.Append(std::move(own));
    if (failed) return Value::Dynamic();  // what is inside may have errors of its own
    const Type type = value.type();
    if (value.HasMark(MarkKind::kEphemeral)) {
      diags_.Add(
          BadForEach(expression,
                     "The number of blocks must not come from an ephemeral value, which is gone "
                     "when the blocks are compared next time."));
      return std::nullopt;
    }
    if (!type.IsDynamic() && !type.IsCollection() && !type.IsTuple() && !type.IsObject()) {
      diags_.Add(BadForEach(expression,
                            "for_each goes through a list, set, map, tuple or object; this is a " +
                                type.FriendlyName() + "."));
      return std::nullopt;
    }
    if (value.IsNull()) {
      diags_.Add(BadForEach(expression, "for_each is null here. Use an empty list for no blocks."));
      return std::nullopt;
    }
    return value;
  }

  void Add(Value key, Value value, bool unknown) {
    ExpandedBlock block{
        .body = content_, .unknown = unknown, .marks = marks_, .range = dynamic_.header_range};
    auto scope =
        std::make_shared<IteratorScope>(scope_, iterator_, std::move(key), std::move(value));
    if (label_ != nullptr && !unknown) {
      const Value label = lang::Evaluate(*label_, *scope, diags_);
      if (label.IsMarked() || label.IsNull() || !label.IsKnown() || !label.type().IsPrimitive()) {
        diags_.Add(
            {.summary = "Invalid dynamic block label",
             .detail =
                 "A label is a text that is known while planning, not null and not sensitive.",
             .subject = label_->range});
        return;
      }
      const auto text = Convert(label, Type::String(), nullptr);
      block.key = text ? std::string(text->AsString()) : std::string();
    }
    block.scope = std::move(scope);
    result_.push_back(std::move(block));
  }

  const parser::Block& dynamic_;
  bool labelled_;
  const lang::Scope& scope_;
  Diagnostics& diags_;
  const parser::Body* content_ = nullptr;
  std::string_view iterator_;
  const parser::Expression* label_ = nullptr;
  MarkSet marks_;
  std::vector<ExpandedBlock> result_;
};

}  // namespace

std::string_view IteratorName(const parser::Block& dynamic) {
  static const parser::BodySchema schema{{{"iterator", false}}, {}};
  Diagnostics ignored;
  const parser::BodyContent content =
      parser::PartialContent(*dynamic.body, schema, nullptr, ignored);
  if (const parser::Attribute* attribute = content.Find("iterator"))
    return lang::AsKeyword(*attribute->expression);
  return dynamic.labels.empty() ? std::string_view() : dynamic.labels[0].text;
}

std::vector<ExpandedBlock> ExpandDynamic(const parser::Block& dynamic, bool labelled,
                                         const lang::Scope& scope, Diagnostics& diags) {
  return Expander(dynamic, labelled, scope, diags).Run();
}

}  // namespace tkn
