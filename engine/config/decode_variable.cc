#include <algorithm>
#include <array>

#include "engine/config/block_decoder.h"
#include "engine/lang/evaluate.h"

namespace tkn::config {
namespace {

const parser::BodySchema& VariableSchema() {
  static const parser::BodySchema schema{
      {{"description"}, {"default"}, {"type"}, {"sensitive"}, {"ephemeral"}, {"nullable"}},
      {{"validation", {}}}};
  return schema;
}

const parser::BodySchema& OutputSchema() {
  static const parser::BodySchema schema{
      {{"description"}, {"value", true}, {"depends_on"}, {"sensitive"}, {"ephemeral"}},
      {{"precondition", {}}, {"postcondition", {}}}};
  return schema;
}

// What module blocks understand by themselves.
constexpr std::array<std::string_view, 8> kReservedNames = {
    "source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"};

}  // namespace

Variable BlockDecoder::ReadVariable(const RawBlock& raw) {
  const parser::Label& label = raw.block->labels[0];
  Variable variable{.name = label.text, .range = raw.block->header_range};
  const parser::BodyContent content = parser::Content(*raw.body, VariableSchema(), diags_);
  if (CheckName(label.text, label.range, "Invalid variable name") &&
      std::ranges::find(kReservedNames, label.text) != kReservedNames.end()) {
    Error("Invalid variable name",
          "The variable name \"" + std::string(label.text) +
              "\" is taken: module blocks have an argument of this name themselves.",
          label.range);
  }
  StaticContext context = Context(*raw.body, raw.json);
  if (const auto* a = content.Find("description")) {
    if (auto text = ConstantString(*a->expression, context))
      variable.description = *std::move(text);
  }
  const auto flag = [&](const char* name, bool& target) {
    if (const auto* a = content.Find(name))
      target = ConstantBool(*a->expression, context).value_or(target);
  };
  flag("sensitive", variable.sensitive);
  flag("ephemeral", variable.ephemeral);
  flag("nullable", variable.nullable);

  bool type_known = true;
  if (const auto* a = content.Find("type")) {
    variable.has_type = true;
    variable.type_range = a->expression->range;
    // In JSON a type is a text that holds what native syntax has without quotes.
    Diagnostics own;
    const parser::Expression& syntax = parser::SyntaxOf(*a->expression, context.arena);
    if (raw.json && syntax.kind == parser::ExpressionKind::kInvalid) {
      own.Add({.summary = "Invalid type specification",
               .detail = "This text is no type. In JSON a type is a text that holds what native "
                         "syntax has without quotes: \"string\", \"list(string)\".",
               .subject = a->expression->range});
    }
    const auto type = lang::ParseTypeConstraint(syntax, &variable.type_defaults, own);
    // With a wrong default inside it there is a type, but nothing to measure other values by.
    type_known = type.has_value() && !own.HasErrors();
    diags_.Append(std::move(own));
    variable.type = type.value_or(Type::Dynamic());
    variable.literal_text = type_known && variable.type.IsPrimitive();
  }
  if (const auto* a = content.Find("default")) {
    variable.default_range = a->expression->range;
    ReadDefault(*a->expression, raw, type_known, variable);
  }
  for (const parser::Block* block : content.blocks) ReadValidation(*block, variable);
  return variable;
}

void BlockDecoder::ReadDefault(const parser::Expression& expression, const RawBlock& raw,
                               bool type_known, Variable& variable) {
  Diagnostics own;
  StaticContext context{sources_, *raw.body->json_arena, raw.json, own};
  Value value = ConstantValue(expression, context);
  const bool failed = own.HasErrors();
  diags_.Append(std::move(own));
  variable.default_value = Value::Unknown(variable.type.WithoutOptional());
  if (failed || !type_known) return;
  if (variable.has_type) {
    if (!value.IsNull() && !variable.type_defaults.empty())
      value = variable.type_defaults.Apply(value);
    ConversionError error;
    auto converted = Convert(value, variable.type, &error);
    if (!converted) {
      Error("Invalid default value for variable",
            "This default value does not fit the type of the variable: " + error.ToString() + ".",
            raw.overridden_by != nullptr ? raw.overridden_by->header_range : expression.range);
      return;
    }
    value = *std::move(converted);
  }
  if (!variable.nullable && value.IsNull()) {
    Error("Invalid default value for variable",
          "A null default contradicts nullable = false, which says that null is no value.",
          expression.range);
    return;
  }
  variable.default_value = std::move(value);
}

void BlockDecoder::ReadValidation(const parser::Block& block, Variable& variable) {
  auto condition = ReadCondition(block);
  if (!condition) return;
  bool refers = false;
  lang::ForEachTraversal(*condition->condition, [&](const parser::Traversal& traversal) {
    refers = refers || (traversal.root == "var" && !traversal.steps.empty() &&
                        traversal.steps[0].kind == parser::Step::Kind::kAttribute &&
                        traversal.steps[0].text == variable.name);
  });
  if (!refers) {
    Error("Invalid variable validation condition",
          "The condition for variable \"" + std::string(variable.name) + "\" must look at var." +
              std::string(variable.name) + " itself.",
          condition->condition->range);
  }
  if (condition->error_message != nullptr) variable.validations.push_back(*condition);
}

Output BlockDecoder::ReadOutput(const RawBlock& raw) {
  const parser::Label& label = raw.block->labels[0];
  Output output{.name = label.text, .range = raw.block->header_range};
  const parser::BodyContent content = parser::Content(*raw.body, OutputSchema(), diags_);
  CheckName(label.text, label.range, "Invalid output name");
  StaticContext context = Context(*raw.body, raw.json);
  if (const auto* a = content.Find("description")) {
    if (auto text = ConstantString(*a->expression, context)) output.description = *std::move(text);
  }
  if (const auto* a = content.Find("value")) output.expression = a->expression;
  if (const auto* a = content.Find("sensitive")) {
    output.sensitive = ConstantBool(*a->expression, context).value_or(false);
    output.sensitive_set = true;
  }
  if (const auto* a = content.Find("ephemeral"))
    output.ephemeral = ConstantBool(*a->expression, context).value_or(false);
  if (const auto* a = content.Find("depends_on")) output.depends_on = ReadDependsOn(*a, raw);
  for (const parser::Block* block : content.blocks) {
    if (block->type == "postcondition") {
      Error("Postconditions are not allowed",
            "An output has preconditions only: they are checked before its value is used.",
            block->type_range);
      continue;
    }
    const auto condition = ReadCondition(*block);
    if (condition && condition->error_message != nullptr)
      output.preconditions.push_back(*condition);
  }
  return output;
}

}  // namespace tkn::config
