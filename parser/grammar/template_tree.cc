#include <algorithm>
#include <limits>
#include <string>

#include "parser/grammar/template.h"
#include "parser/grammar/text.h"

namespace tkn::parser::grammar {
namespace {

using Kind = TemplatePart::Kind;

const char* NameOf(Kind kind) {
  switch (kind) {
    case Kind::kElse:
      return "else";
    case Kind::kEndIf:
      return "endif";
    case Kind::kEndFor:
      return "endfor";
    default:
      return "";
  }
}

class TreeBuilder {
 public:
  TreeBuilder(State& state, const std::vector<TemplatePart>& parts)
      : state_(state), parts_(parts) {}

  void Build() {
    while (parts_[at_].kind != Kind::kEnd) BuildPart();
  }

 private:
  void BuildPart() {
    const TemplatePart& part = parts_[at_++];
    switch (part.kind) {
      case Kind::kText: {
        auto* literal = state_.arena.New<Literal>(part.range);
        literal->literal = LiteralKind::kString;
        literal->text = part.text;
        state_.Push(literal, 1);
        return;
      }
      case Kind::kValue:
        state_.Push(part.operand.expression, part.operand.height);
        return;
      case Kind::kIf:
        return BuildIf(part);
      case Kind::kFor:
        return BuildFor(part);
      default:
        return ReportUnexpected(part, "No directive is open that this could belong to.");
    }
  }

  void BuildIf(const TemplatePart& open) {
    const Nesting nesting(state_, open.range);
    const std::size_t operands = state_.operands.size();
    state_.Push(open.operand.expression, open.operand.height);
    bool has_else = false;
    while (true) {
      const TemplatePart& part = parts_[at_];
      if (part.kind == Kind::kEnd) {
        return GiveUp(operands, part, "if", "endif");
      }
      if (part.kind == Kind::kEndIf) break;
      if (part.kind == Kind::kElse) {
        ++at_;
        if (has_else) {
          state_.operands.resize(operands);
          return ReportUnexpected(part, "The if directive that is open has an else already.");
        }
        Fold(operands + 1, open);
        has_else = true;
        continue;
      }
      if (part.kind == Kind::kEndFor) {
        ++at_;
        state_.operands.resize(operands);
        return ReportUnexpected(part, "An if directive is open, which must end with endif first.");
      }
      BuildPart();
    }
    const TemplatePart& close = parts_[at_++];
    Fold(operands + 1 + (has_else ? 1 : 0), open);
    if (!has_else) Fold(operands + 2, open);
    const int height = state_.HeightAbove(operands);
    auto* node = state_.arena.New<TemplateIf>(Join(open.range, close.range));
    node->condition = state_.operands[operands].expression;
    node->on_true = state_.operands[operands + 1].expression;
    node->on_false = state_.operands[operands + 2].expression;
    state_.operands.resize(operands);
    state_.Push(node, height);
  }

  void BuildFor(const TemplatePart& open) {
    const Nesting nesting(state_, open.range);
    const std::size_t operands = state_.operands.size();
    state_.Push(open.operand.expression, open.operand.height);
    while (true) {
      const TemplatePart& part = parts_[at_];
      if (part.kind == Kind::kEnd) {
        return GiveUp(operands, part, "for", "endfor");
      }
      if (part.kind == Kind::kEndFor) break;
      if (part.kind == Kind::kElse || part.kind == Kind::kEndIf) {
        ++at_;
        state_.operands.resize(operands);
        return ReportUnexpected(part,
                                part.kind == Kind::kElse
                                    ? "A for directive has no else."
                                    : "A for directive is open, which must end with endfor first.");
      }
      BuildPart();
    }
    const TemplatePart& close = parts_[at_++];
    Fold(operands + 1, open);
    const int height = state_.HeightAbove(operands);
    auto* node = state_.arena.New<TemplateFor>(Join(open.range, close.range));
    node->key_name = open.key_name;
    node->value_name = open.value_name;
    node->collection = state_.operands[operands].expression;
    node->body = state_.operands[operands + 1].expression;
    state_.operands.resize(operands);
    state_.Push(node, height);
  }

  // The contents from operand `from` on as one template; where there are none its place is after
  // `open`.
  void Fold(std::size_t from, const TemplatePart& open) {
    SourceRange range{open.range.file, open.range.end, open.range.end};
    if (state_.operands.size() > from) {
      range =
          Join(state_.operands[from].expression->range, state_.operands.back().expression->range);
    }
    FoldTemplate(state_, from, range, false);
  }

  void GiveUp(std::size_t operands, const TemplatePart& end, const char* what,
              const char* missing) {
    state_.operands.resize(operands);
    const std::string detail = "The template ends, but its " + std::string(what) +
                               " directive has no " + missing + " yet.";
    state_.Report(
        {.summary = "Unexpected end of template", .detail = detail.c_str(), .only_first = false},
        end.range);
    state_.PushInvalid(end.range);
  }

  void ReportUnexpected(const TemplatePart& part, const char* detail) {
    const std::string summary = "Unexpected " + std::string(NameOf(part.kind)) + " directive";
    state_.Report({.summary = summary.c_str(), .detail = detail, .only_first = false}, part.range);
    state_.PushInvalid(part.range);
  }

  State& state_;
  const std::vector<TemplatePart>& parts_;
  std::size_t at_ = 0;
};

}  // namespace

void RemoveIndentation(std::vector<TemplatePart>& parts) {
  constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  std::size_t least = kNone;
  std::vector<TemplatePart*> lines;
  bool line_begins = true;
  for (TemplatePart& part : parts) {
    if (line_begins) {
      line_begins = false;
      if (part.kind == Kind::kEnd) break;
      std::size_t columns = 0;  // a sequence at the start of a line has none before it
      if (part.kind == Kind::kText) {
        if (TrimLeft(part.text).empty() && part.text.ends_with('\n')) {
          columns = kNone;  // a blank line says nothing about indentation
        } else {
          columns = LeadingColumns(part.text);
          lines.push_back(&part);
        }
      }
      least = std::min(least, columns);
    }
    if (part.kind == Kind::kText && part.text.ends_with('\n')) line_begins = true;
  }
  for (TemplatePart* line : lines) {
    const std::string_view text = DropColumns(line->text, least);
    line->range.begin += static_cast<std::uint32_t>(line->text.size() - text.size());
    line->text = text;
  }
}

void JoinTexts(State& state, std::vector<TemplatePart>& parts) {
  std::size_t to = 0;
  for (std::size_t from = 0; from < parts.size();) {
    std::size_t end = from + 1;
    TemplatePart joined = parts[from];
    if (joined.kind == Kind::kText) {
      std::size_t size = joined.text.size();
      bool contiguous = true;
      for (; parts[end].kind == Kind::kText; ++end) {
        if (parts[end].text.data() != parts[end - 1].text.data() + parts[end - 1].text.size()) {
          contiguous = false;
        }
        size += parts[end].text.size();
      }
      joined.range = Join(joined.range, parts[end - 1].range);
      if (contiguous) {
        joined.text = {joined.text.data(), size};
      } else {
        std::string text;
        text.reserve(size);
        for (std::size_t i = from; i < end; ++i) text += parts[i].text;
        joined.text = state.arena.Copy(std::string_view(text));
      }
    }
    parts[to++] = joined;
    from = end;
  }
  parts.resize(to);
}

void BuildTemplate(State& state, const std::vector<TemplatePart>& parts) {
  TreeBuilder(state, parts).Build();
}

void FoldTemplate(State& state, std::size_t from, SourceRange range, bool heredoc) {
  const int height = state.HeightAbove(from);
  const std::size_t count = state.operands.size() - from;
  auto* node = state.arena.New<Template>(range);
  node->heredoc = heredoc;
  if (count > 0) {
    auto* parts = static_cast<const Expression**>(
        state.arena.Allocate(count * sizeof(const Expression*), alignof(const Expression*)));
    for (std::size_t i = 0; i < count; ++i) parts[i] = state.operands[from + i].expression;
    node->parts = {parts, count};
  }
  state.operands.resize(from);
  state.Push(node, height);
}

}  // namespace tkn::parser::grammar
