#include <fmt/format.h>

#include "engine/lang/evaluator.h"
#include "engine/value/convert.h"
#include "engine/value/text.h"

namespace tkn::lang {

using parser::As;
using parser::Expression;
using parser::ExpressionKind;

namespace {

constexpr std::size_t kMaxKnownPrefix = 128;

void AppendText(const Value& text, std::string& out) { out.append(text.AsString()); }

// The beginning of an unknown text that is kept: enough to decide comparisons with.
std::string KnownPrefix(std::string_view text) {
  if (text.size() > kMaxKnownPrefix) {
    std::size_t end = kMaxKnownPrefix;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text = text.substr(0, end);
  }
  return SafePrefix(text);
}

}  // namespace

Value Evaluator::EvalTemplate(const parser::Template& e, Diagnostics& diags) {
  if (e.parts.size() == 1 && e.parts[0]->kind == ExpressionKind::kLiteral) {
    const auto& literal = As<parser::Literal>(*e.parts[0]);
    if (literal.literal == parser::LiteralKind::kString) return Value::String(literal.text);
  }
  std::string text;
  MarkSet marks;
  bool known = true;
  bool failed = false;
  for (const Expression* part : e.parts) {
    if (part->kind == ExpressionKind::kLiteral &&
        As<parser::Literal>(*part).literal == parser::LiteralKind::kString) {
      if (known && !failed) text += As<parser::Literal>(*part).text;
      continue;
    }
    Diagnostics found;
    const Value value = Eval(*part, found);
    failed = failed || found.HasErrors();
    if (!found.empty()) diags.Append(std::move(found));
    if (value.IsNull()) {
      Fail("Invalid template interpolation value",
           "This part of the text is null, which can't be put into a text. Where it may be null, "
           "give "
           "another value for that case, for example with coalesce().",
           part->range, e.range, part, diags);
      failed = true;
      continue;
    }
    const auto [plain, part_marks] = value.Unmark();
    marks = marks.Union(part_marks);
    if (!plain.IsKnown()) {
      known = false;
      continue;
    }
    if (plain.type() == Type::String()) {
      if (known && !failed) AppendText(plain, text);
    } else {
      ConversionError error;
      const auto converted = Convert(plain, Type::String(), &error);
      if (!converted) {
        Fail(
            "Invalid template interpolation value",
            fmt::format("This part can't be put into a text: {}. Use join(), jsonencode() or a for "
                        "directive for what has several elements.",
                        error.ToString()),
            part->range, e.range, part, diags);
        failed = true;
        continue;
      }
      if (known && !failed) AppendText(*converted, text);
    }
    if (text.size() > kMaxStringBytes) {
      Fail("Expression does too much work",
           fmt::format("This text becomes longer than {} bytes.", kMaxStringBytes), e.range, {},
           nullptr, diags);
      return Value::Unknown(Type::String());
    }
  }
  if (known) {
    Value result = Value::String(text);
    return marks.empty() ? result : result.WithMarks(marks);
  }
  Refinement refinement;
  refinement.not_null = true;
  if (!failed) refinement.prefix = KnownPrefix(text);
  return Value::Unknown(Type::String(), std::move(refinement)).WithMarks(marks);
}

Value Evaluator::EvalTemplateFor(const parser::TemplateFor& e, Diagnostics& diags) {
  const Value iterated = EvalLoop(
      {e, *e.collection, e.key_name, e.value_name, nullptr, e.body, nullptr, false}, diags);
  if (iterated.type().IsDynamic() || !iterated.IsKnown()) return Value::Unknown(Type::String());
  auto [tuple, marks] = iterated.Unmark();
  const MarkSet outer = marks;
  std::string text;
  for (const Value& element : tuple.elements()) {
    const auto [plain, element_marks] = element.Unmark();
    if (!plain.IsKnown() || plain.IsNull()) return Value::Unknown(Type::String()).WithMarks(outer);
    marks = marks.Union(element_marks);
    AppendText(plain, text);
    if (text.size() > kMaxStringBytes) {
      Fail("Expression does too much work",
           fmt::format("This text becomes longer than {} bytes.", kMaxStringBytes), e.range, {},
           nullptr, diags);
      return Value::Unknown(Type::String());
    }
  }
  return Value::String(text).WithMarks(marks);
}

}  // namespace tkn::lang
