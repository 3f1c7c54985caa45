#include "engine/lang/print.h"

#include <string_view>
#include <vector>

#include "engine/value/text.h"

namespace tkn::lang {

namespace {

void Print(const Value& value, int indent, std::string& out);

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (;;) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

std::string_view Trimmed(std::string_view line) {
  constexpr std::string_view kBlank = " \t\v\f\r";
  const std::size_t begin = line.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(kBlank) - begin + 1);
}

void PrintText(std::string_view text, int indent, std::string& out) {
  const std::vector<std::string_view> lines = Lines(text);
  if (lines.size() < 2) {
    out += Quote(text);
    return;
  }
  // The end marker must not be one of the lines.
  std::string marker = "EOT";
  for (bool clash = true; clash;) {
    clash = false;
    for (const std::string_view line : lines) clash = clash || Trimmed(line) == marker;
    if (clash) marker += '_';
  }
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  out.append(indent > 0 ? "<<-" : "<<").append(marker).append("\n");
  for (const std::string_view line : lines) out.append(margin).append(line).append("\n");
  out.append(margin).append(marker);
}

void PrintNull(Type type, std::string& out) {
  switch (type.kind()) {
    case TypeKind::kDynamic:
      out += "null";
      return;
    case TypeKind::kString:
      out += "tostring(null)";
      return;
    case TypeKind::kNumber:
      out += "tonumber(null)";
      return;
    case TypeKind::kBool:
      out += "tobool(null)";
      return;
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap:
      out += type.IsList() ? "tolist" : type.IsSet() ? "toset" : "tomap";
      out += "(null) /* of " + type.element().FriendlyName() + " */";
      return;
    case TypeKind::kTuple:
    case TypeKind::kObject:
      out += "null /* " + type.FriendlyName() + " */";
      return;
  }
}

void PrintSequence(const Value& value, int indent, std::string& out) {
  const auto elements = value.elements();
  if (elements.empty()) {
    out += "[]";
    return;
  }
  out += "[\n";
  for (const Value& element : elements) {
    out.append(static_cast<std::size_t>(indent) + 2, ' ');
    Print(element, indent + 2, out);
    out += ",\n";
  }
  out.append(static_cast<std::size_t>(indent), ' ').append("]");
}

void PrintMapping(const Value& value, int indent, std::string& out) {
  const auto elements = value.elements();
  if (elements.empty()) {
    out += "{}";
    return;
  }
  out += "{\n";
  for (std::size_t i = 0; i < elements.size(); ++i) {
    out.append(static_cast<std::size_t>(indent) + 2, ' ');
    PrintText(value.KeyAt(i), indent + 2, out);
    out += " = ";
    Print(elements[i], indent + 2, out);
    out += "\n";
  }
  out.append(static_cast<std::size_t>(indent), ' ').append("}");
}

void Print(const Value& value, int indent, std::string& out) {
  if (!value.IsKnown()) {
    out += "(known after apply)";
    return;
  }
  if (value.HasMark(MarkKind::kSensitive)) {
    out += "(sensitive value)";
    return;
  }
  if (value.HasMark(MarkKind::kEphemeral)) {
    out += "(ephemeral value)";
    return;
  }
  if (value.IsMarked()) {
    Print(value.Unmark().first, indent, out);
    return;
  }
  if (value.IsNull()) {
    PrintNull(value.type(), out);
    return;
  }
  switch (value.type().kind()) {
    case TypeKind::kString:
      PrintText(value.AsString(), indent, out);
      return;
    case TypeKind::kNumber:
      out += value.AsNumber().ToString();
      return;
    case TypeKind::kBool:
      out += value.AsBool() ? "true" : "false";
      return;
    case TypeKind::kObject:
      PrintMapping(value, indent, out);
      return;
    case TypeKind::kTuple:
      PrintSequence(value, indent, out);
      return;
    case TypeKind::kMap:
      out += "tomap(";
      PrintMapping(value, indent, out);
      out += ")";
      return;
    case TypeKind::kList:
    case TypeKind::kSet:
      out += value.type().IsList() ? "tolist(" : "toset(";
      PrintSequence(value, indent, out);
      out += ")";
      return;
    case TypeKind::kDynamic:
      return;
  }
}

void PrintTypeInto(Type type, int level, std::string& out) {
  const auto margin = [&](int n) { out.append(static_cast<std::size_t>(n) * 4, ' '); };
  switch (type.kind()) {
    case TypeKind::kObject:
      if (type.attributes().empty()) {
        out += "object({})";
        return;
      }
      out += "object({\n";
      for (const ObjectAttribute& attribute : type.attributes()) {
        margin(level + 1);
        out.append(attribute.name).append(": ");
        PrintTypeInto(attribute.type, level + 1, out);
        out += ",\n";
      }
      margin(level);
      out += "})";
      return;
    case TypeKind::kTuple:
      if (type.tuple_elements().empty()) {
        out += "tuple([])";
        return;
      }
      out += "tuple([\n";
      for (const Type element : type.tuple_elements()) {
        margin(level + 1);
        PrintTypeInto(element, level + 1, out);
        out += ",\n";
      }
      margin(level);
      out += "])";
      return;
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap: {
      out += type.IsList() ? "list(" : type.IsSet() ? "set(" : "map(";
      const Type element = type.element();
      if (!element.IsObject() && !element.IsTuple()) {
        PrintTypeInto(element, level, out);
        out += ")";
        return;
      }
      out += "\n";
      margin(level + 1);
      PrintTypeInto(element, level + 1, out);
      out += ",\n";
      margin(level);
      out += ")";
      return;
    }
    default:
      out += type.FriendlyName();
  }
}

}  // namespace

std::string PrintValue(const Value& value, int indent) {
  std::string out;
  Print(value, indent, out);
  return out;
}

std::string PrintType(Type type) {
  std::string out;
  PrintTypeInto(type, 0, out);
  return out;
}

// An attribute that can't be written in an expression holds the text.
Value TypeValue(std::string_view printed) {
  return Value::Object({{"", Value::String(printed)}}).WithMark(MarkKind::kTypeType);
}

bool PrintConsole(const Value& value, std::string& out, Diagnostics& diags) {
  if (!value.ContainsMark(MarkKind::kTypeType)) {
    out = PrintValue(value);
    return true;
  }
  const Value plain = value.UnmarkDeep();
  const bool alone = plain.type().IsObject() && plain.IsKnown() && !plain.IsNull() &&
                     plain.Length() == 1 && plain.KeyAt(0).empty();
  if (alone) {
    out = plain.elements()[0].AsString();
    return true;
  }
  Diagnostic diagnostic;
  diagnostic.summary = "Invalid use of type function";
  diagnostic.detail =
      "What type() gives can only be looked at: call it by itself, not within another expression.";
  diags.Add(std::move(diagnostic));
  return false;
}

}  // namespace tkn::lang
