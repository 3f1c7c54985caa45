#include "engine/render/diff_text.h"

#include <algorithm>

#include "engine/render/multiline_text.h"
#include "engine/render/numeral.h"
#include "engine/value/text.h"
#include "parser/parse.h"

namespace tkn::render {
namespace {

using plan::Action;

std::string Indent(int levels) { return std::string(static_cast<std::size_t>(levels) * 4, ' '); }

std::string NullSuffix(Action action, const DiffTextOptions& options) {
  return action == Action::kDelete && !options.hide_null_suffix ? options.style.Dim(" -> null")
                                                                : "";
}

std::string Forces(bool replace, const DiffTextOptions& options) {
  return replace || options.parent_forces_replacement ? options.style.Red(" # forces replacement")
                                                      : "";
}

std::string Hidden(const char* what, std::size_t count, const DiffTextOptions& options) {
  return options.style.Dim("# (" + std::to_string(count) + " unchanged " + what +
                           (count == 1 ? "" : "s") + " hidden)");
}

std::string Arrow(const DiffTextOptions& options) { return options.style.Yellow(" -> "); }

bool IsHidden(const Diff& diff, const DiffTextOptions& options) {
  return diff.action == Action::kNoOp && !options.show_unchanged;
}

// `name = value`, on a line of its own.
std::string Line(const std::string& name, std::size_t width, const Diff& diff, int indent,
                 const DiffTextOptions& options) {
  return DiffWarning(diff, indent, options) + Indent(indent) + ActionSymbol(diff.action, options) +
         PaddedName(name, width) + " = " + DiffText(diff, indent, options) + "\n";
}

// Always shown, and whole, changed or not: they tell people which object it is.
bool IsImportant(const std::string& name) {
  return name == "id" || name == "name" || name == "tags";
}

// With nothing in it left out.
DiffTextOptions Whole(DiffTextOptions options) {
  options.show_unchanged = true;
  return options;
}

std::string Closing(const char* bracket, int indent, const DiffTextOptions& options) {
  return Indent(indent) + ActionSymbol(Action::kNoOp, options) + bracket;
}

std::string HiddenLine(const char* what, std::size_t count, int indent,
                       const DiffTextOptions& options) {
  if (count == 0) return {};
  return Indent(indent) + ActionSymbol(Action::kNoOp, options) + Hidden(what, count, options) +
         "\n";
}

// Objects and maps: `written` turns a key into what stands in front of "=".
template <typename Written>
std::string KeyedText(const Diff& diff, const char* what, int indent,
                      const DiffTextOptions& options, DiffTextOptions inner,
                      const Written& written) {
  if (diff.children.empty())
    return "{}" + NullSuffix(diff.action, options) + Forces(diff.replace, options);
  std::vector<std::string> names;
  std::size_t width = 0;
  for (const Diff& child : diff.children) {
    names.push_back(written(child.key));
    width = std::max(width, names.back().size());
  }
  std::string out = "{" + Forces(diff.replace, options) + "\n";
  std::size_t hidden = 0;
  for (std::size_t i = 0; i < diff.children.size(); ++i) {
    const Diff& child = diff.children[i];
    if (diff.kind == DiffKind::kObject && IsImportant(child.key)) {
      out += Line(names[i], width, child, indent + 1, Whole(inner));
    } else if (!IsHidden(child, options)) {
      out += Line(names[i], width, child, indent + 1, inner);
    } else {
      ++hidden;
    }
  }
  return out + HiddenLine(what, hidden, indent + 1, options) + Closing("}", indent, options) +
         NullSuffix(diff.action, options);
}

std::string Element(const Diff& diff, int indent, const DiffTextOptions& options) {
  return DiffWarning(diff, indent, options) + Indent(indent) + ActionSymbol(diff.action, options) +
         DiffText(diff, indent, options) + ",\n";
}

std::string ListText(const Diff& diff, int indent, const DiffTextOptions& options) {
  if (diff.children.empty())
    return "[]" + NullSuffix(diff.action, options) + Forces(diff.replace, options);
  DiffTextOptions changed = options;
  changed.hide_null_suffix = true;
  changed.parent_forces_replacement = false;
  DiffTextOptions neighbour = options;
  neighbour.show_unchanged = true;
  neighbour.parent_forces_replacement = false;
  std::string out = "[" + Forces(diff.replace, options) + "\n";
  std::vector<const Diff*> hidden;
  bool after_change = false;  // the element behind a changed one is shown, too
  for (const Diff& child : diff.children) {
    if (child.action == Action::kNoOp && !after_change && !options.show_unchanged) {
      hidden.push_back(&child);
      continue;
    }
    after_change = false;
    const DiffTextOptions* use = &changed;
    if (diff.shows_neighbours) {
      if (hidden.size() > 1) out += HiddenLine("element", hidden.size() - 1, indent + 1, options);
      if (!hidden.empty()) out += Element(*hidden.back(), indent + 1, neighbour);
      hidden.clear();
      if (child.action == Action::kNoOp) {
        use = &neighbour;
      } else {
        after_change = true;
      }
    }
    out += Element(child, indent + 1, *use);
  }
  return out + HiddenLine("element", hidden.size(), indent + 1, options) +
         Closing("]", indent, options) + NullSuffix(diff.action, options);
}

std::string SetText(const Diff& diff, int indent, const DiffTextOptions& options) {
  if (diff.children.empty())
    return "[]" + NullSuffix(diff.action, options) + Forces(diff.replace, options);
  DiffTextOptions inner = options;
  inner.hide_null_suffix = true;
  inner.parent_forces_replacement = false;
  std::string out = "[" + Forces(diff.replace, options) + "\n";
  std::size_t hidden = 0;
  for (const Diff& child : diff.children) {
    if (IsHidden(child, options)) {
      ++hidden;
    } else {
      out += Element(child, indent + 1, inner);
    }
  }
  return out + HiddenLine("element", hidden, indent + 1, options) + Closing("]", indent, options) +
         NullSuffix(diff.action, options);
}

std::string SensitiveBlock(const Diff& diff, int indent, const DiffTextOptions& options) {
  const std::string line = Indent(indent) + ActionSymbol(Action::kNoOp, options);
  return "{" + Forces(diff.replace, options) + "\n" + line +
         "  # At least one attribute in this block is (or was) sensitive,\n" + line +
         "  # so its contents will not be displayed.\n" + line + "}";
}

bool IsSecret(const BlockGroup& group, const Diff& block) {
  switch (block.action) {
    case Action::kCreate:
      return group.after_sensitive;
    case Action::kDelete:
      return group.before_sensitive;
    default:
      return group.before_sensitive || group.after_sensitive;
  }
}

std::string GroupText(const BlockGroup& group, bool behind_attributes, int indent,
                      const DiffTextOptions& options, std::size_t& hidden) {
  std::string out;
  DiffTextOptions inner = options;
  inner.parent_forces_replacement = group.replace;
  for (const Diff& block : group.blocks) {
    const bool secret = IsSecret(group, block);
    if (IsHidden(block, options) && group.before_sensitive == group.after_sensitive) {
      ++hidden;
      continue;
    }
    if (out.empty() && behind_attributes) out += "\n";
    out +=
        DiffWarning(block, indent + 1, inner) + Indent(indent + 1) +
        ActionSymbol(block.action, inner) + AttributeName(group.name) +
        (group.nesting == Nesting::kMap ? " " + Quote(block.key) : "") + " " +
        (secret ? SensitiveBlock(block, indent + 1, inner) : DiffText(block, indent + 1, inner)) +
        "\n";
  }
  return out;
}

std::string BlockText(const Diff& diff, int indent, const DiffTextOptions& options) {
  if (diff.children.empty() && diff.groups.empty()) return "{}" + Forces(diff.replace, options);
  std::size_t width = 0;
  for (const Diff& child : diff.children) width = std::max(width, AttributeName(child.key).size());
  DiffTextOptions inner = options;
  inner.parent_forces_replacement = false;
  std::string out = "{" + Forces(diff.replace, options) + "\n";
  std::size_t hidden = 0;
  for (const Diff& child : diff.children) {
    if (IsImportant(child.key)) {
      out += Line(AttributeName(child.key), width, child, indent + 1, Whole(inner));
    } else if (!IsHidden(child, options)) {
      out += Line(AttributeName(child.key), width, child, indent + 1, inner);
    } else {
      ++hidden;
    }
  }
  out += HiddenLine("attribute", hidden, indent + 1, options);
  std::size_t hidden_blocks = 0;
  for (const BlockGroup& group : diff.groups) {
    out += GroupText(group, !diff.children.empty(), indent, inner, hidden_blocks);
  }
  if (hidden_blocks > 0) out += "\n" + HiddenLine("block", hidden_blocks, indent + 1, options);
  return out + Closing("}", indent, options);
}

std::string Simple(const Value& value) {
  if (value.IsNull()) return "null";
  if (value.type() == Type::String()) return Quote(value.AsString());
  if (value.type() == Type::Bool()) return value.AsBool() ? "true" : "false";
  if (const auto written = AsNumeral(value)) return std::string(*written);
  return value.AsNumber().ToString();
}

bool IsText(const Diff& diff) {
  return diff.before.type() == Type::String() || diff.after.type() == Type::String();
}

// A text that is JSON, shown as the call that would make it.
std::string JsonText(const Diff& diff, const Value& before, const Value& after, int indent,
                     const DiffTextOptions& options) {
  const Diff inside = DiffJsonTexts(before, after);
  DiffTextOptions inner = options;
  inner.hide_null_suffix = true;
  inner.parent_forces_replacement = false;
  std::string note;
  std::string forces;
  Action action = diff.action;
  if (inside.action == Action::kNoOp && diff.action == Action::kUpdate) {
    note = diff.replace ? " # whitespace changes force replacement" : " # whitespace changes";
    action = Action::kNoOp;
    inner.show_unchanged = true;
  } else {
    forces = Forces(diff.replace, options);
  }
  const std::string text = DiffText(inside, indent + 1, inner);
  if (diff.action == Action::kCreate || diff.action == Action::kDelete) action = Action::kNoOp;
  if (text.find('\n') ==
      std::string::npos) {  // one that is empty; Terraform has no "-> null" there
    return "jsonencode(" + text + ")" + note + forces;
  }
  return "jsonencode(" + note + "\n" + Indent(indent + 1) + ActionSymbol(action, options) + text +
         forces + "\n" + Closing(")", indent, options) + NullSuffix(diff.action, options);
}

std::string Heredoc(const std::vector<TextLine>& lines, const Diff& diff, int indent,
                    const DiffTextOptions& options) {
  std::string out = "<<-EOT" + Forces(diff.replace, options) + "\n";
  for (const TextLine& line : lines) {
    out += Indent(indent + 1) + ActionSymbol(line.action, options) + std::string(line.text) + "\n";
  }
  return out + Closing("EOT", indent, options) + NullSuffix(diff.action, options);
}

std::string PrimitiveText(const Diff& diff, int indent, const DiffTextOptions& options) {
  const bool text = IsText(diff);
  const std::string forces = Forces(diff.replace, options);
  switch (diff.action) {
    case Action::kCreate:
    case Action::kNoOp:
      if (text && IsJsonText(diff.after)) {
        return JsonText(diff, diff.action == Action::kNoOp ? diff.after : Value(), diff.after,
                        indent, options);
      }
      if (text && IsMultiLine(diff.after))
        return Heredoc(LinesOf(diff.after), diff, indent, options);
      return Simple(diff.after) + forces;
    case Action::kDelete:
      if (diff.before.IsNull()) return "null" + forces;
      if (text && IsJsonText(diff.before))
        return JsonText(diff, diff.before, Value(), indent, options);
      if (text && IsMultiLine(diff.before))
        return Heredoc(LinesOf(diff.before), diff, indent, options);
      return Simple(diff.before) + NullSuffix(diff.action, options) + forces;
    default:
      break;
  }
  if (text) {
    const bool before_json = IsJsonText(diff.before);
    const bool after_json = IsJsonText(diff.after);
    if (before_json && after_json) return JsonText(diff, diff.before, diff.after, indent, options);
    if (before_json || after_json) {
      Diff change;
      change.kind = DiffKind::kTypeChange;
      change.action = diff.action;
      change.replace = diff.replace;
      change.children.resize(2);
      change.children[0].action = Action::kDelete;
      change.children[0].before = diff.before;
      change.children[1].action = Action::kCreate;
      change.children[1].after = diff.after;
      return DiffText(change, indent, options);
    }
    if (IsMultiLine(diff.before) || IsMultiLine(diff.after)) {
      return Heredoc(CompareLines(diff.before, diff.after), diff, indent, options);
    }
  }
  return Simple(diff.before) + Arrow(options) + Simple(diff.after) + forces;
}

}  // namespace

std::string ActionSymbol(Action action, const DiffTextOptions& options) {
  if (options.hide_symbols) return {};
  switch (action) {
    case Action::kCreate:
      return "  " + options.style.Green("+") + " ";
    case Action::kDelete:
      return "  " + options.style.Red("-") + " ";
    case Action::kUpdate:
      return "  " + options.style.Yellow("~") + " ";
    default:
      return "    ";
  }
}

std::string DiffWarning(const Diff& diff, int indent, const DiffTextOptions& options) {
  if (diff.kind != DiffKind::kSensitive || diff.before_sensitive == diff.after_sensitive) return {};
  const Action inner = diff.only().action;
  if (inner == Action::kCreate || inner == Action::kDelete) return {};
  const std::string start = Indent(indent) + "  # ";
  return start + options.style.Yellow("Warning") +
         (diff.before_sensitive
              ? ": this attribute value will no longer be marked as sensitive\n" + start +
                    "after applying this change."
              : ": this attribute value will be marked as sensitive and will not\n" + start +
                    "display in UI output after applying this change.") +
         (inner == Action::kNoOp ? " The value is unchanged.\n" : "\n");
}

std::string DiffText(const Diff& diff, int indent, const DiffTextOptions& options) {
  DiffTextOptions inner = options;
  inner.parent_forces_replacement = false;
  switch (diff.kind) {
    case DiffKind::kPrimitive:
      return PrimitiveText(diff, indent, options);
    case DiffKind::kObject:
      inner.hide_null_suffix = !diff.children_show_null;
      return KeyedText(diff, "attribute", indent, options, inner, AttributeName);
    case DiffKind::kMap:
      inner.hide_null_suffix = true;
      return KeyedText(diff, "element", indent, options, inner,
                       [](const std::string& key) { return Quote(key); });
    case DiffKind::kList:
      return ListText(diff, indent, options);
    case DiffKind::kSet:
      return SetText(diff, indent, options);
    case DiffKind::kBlock:
      return BlockText(diff, indent, options);
    case DiffKind::kUnknown: {
      const std::string forces = Forces(diff.replace, options);
      const std::string unknown = "(known after apply)" + forces;
      if (diff.children.empty()) return unknown;
      inner.hide_null_suffix = true;
      return DiffText(diff.only(), indent, inner) + Arrow(options) + unknown;
    }
    case DiffKind::kSensitive:
      return "(sensitive value)" + NullSuffix(diff.action, options) + Forces(diff.replace, options);
    case DiffKind::kTypeChange:
      inner.hide_null_suffix = true;
      return DiffText(diff.children[0], indent, inner) + Arrow(options) +
             DiffText(diff.children[1], indent, inner) + Forces(diff.replace, options);
  }
  return {};
}

std::string AttributeName(const std::string& name) {
  return parser::IsIdentifier(name) ? name : Quote(name);
}

std::string PaddedName(const std::string& name, std::size_t width) {
  const auto characters = static_cast<std::size_t>(
      std::ranges::count_if(name, [](char c) { return (c & 0xC0) != 0x80; }));
  return characters < width ? name + std::string(width - characters, ' ') : name;
}

}  // namespace tkn::render
