#include "parser/format/layout.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "parser/format/spacing.h"
#include "parser/source.h"

namespace tkn::parser::format {
namespace {

using K = TokenKind;
using Cell = std::span<WrittenToken>;

// One line in up to three cells: "name", "= value" and "# comment". A heredoc is a part of its
// line.
struct Line {
  Cell lead;
  Cell assign;
  Cell comment;
};

bool EndsLine(const WrittenToken& token) {
  return token.kind == K::kNewline || token.kind == K::kLineComment;
}

int NetBrackets(Cell cell) {
  return std::accumulate(cell.begin(), cell.end(), 0, [](int sum, const WrittenToken& token) {
    return sum + BracketChange(token);
  });
}

// As wide as it is written; where a token spans lines that is as if it did not.
std::size_t Columns(Cell cell) {
  std::size_t columns = 0;
  for (const WrittenToken& token : cell) columns += token.spaces + CountColumns(token.text);
  return columns;
}

// Moves a comment at the end, and what begins with the first "=", into cells of their own. An
// assignment whose brackets are still open at the end of the line stays: what follows could not be
// aligned with it.
void Divide(Line& line) {
  if (line.lead.size() > 1 && IsComment(line.lead.back())) {
    line.comment = line.lead.last(1);
    line.lead = line.lead.first(line.lead.size() - 1);
  }
  for (std::size_t i = 1; i < line.lead.size(); ++i) {
    if (line.lead[i].kind != K::kAssign) continue;
    if (NetBrackets(line.lead.subspan(i)) == 0) {
      line.assign = line.lead.subspan(i);
      line.lead = line.lead.first(i);
    }
    return;
  }
}

std::vector<Line> MakeLines(Tokens& tokens) {
  std::vector<Line> lines;
  std::size_t begin = 0;
  std::size_t at = 0;
  const auto add = [&](std::size_t end) {
    if (end > begin) {
      lines.emplace_back().lead = Cell(tokens).subspan(begin, end - begin);
      Divide(lines.back());
    }
    begin = end;
  };
  for (; at < tokens.size(); ++at) {
    if (EndsLine(tokens[at])) add(at + 1);
  }
  add(at);
  return lines;
}

// As NetBrackets, but only up to the text of a heredoc, which is not indented as code is.
int BracketsBeforeHeredoc(Cell cell) {
  const auto heredoc = std::ranges::find(cell, K::kOpenHeredoc, &WrittenToken::kind);
  return NetBrackets(cell.first(static_cast<std::size_t>(heredoc - cell.begin())));
}

void Space(Cell cell) {
  for (std::size_t i = 0; i + 1 < cell.size(); ++i) {
    const WrittenToken* before = i > 0 ? &cell[i - 1] : nullptr;
    cell[i + 1].spaces = SpaceBetween(before, cell[i], cell[i + 1]) ? 1 : 0;
  }
}

// Gives the cells of lines that follow each other one column. `cell` picks the one, `width` is of
// what stands before it.
template <typename PickCell, typename Width>
void Align(std::vector<Line>& lines, PickCell cell, Width width) {
  for (std::size_t begin = 0; begin < lines.size();) {
    if (cell(lines[begin]).empty()) {
      ++begin;
      continue;
    }
    std::size_t widest = 0;
    std::size_t end = begin;
    for (; end < lines.size() && !cell(lines[end]).empty(); ++end) {
      widest = std::max(widest, width(lines[end]));
    }
    for (; begin < end; ++begin) {
      cell(lines[begin]).front().spaces = widest - width(lines[begin]) + 1;
    }
  }
}

// Lines are written as soon as there are so many tokens and nothing that comes can move them.
constexpr std::size_t kMostTokens = 4096;

}  // namespace

std::size_t Layout::Indenter::Next(int net) {
  if (net < 0) Close(-net);
  const std::size_t spaces = 2 * opened_.size();
  if (net > 0) opened_.push_back(net);
  return spaces;
}

void Layout::Indenter::Close(int count) {
  while (count > 0 && !opened_.empty()) {
    if (count < opened_.back()) {
      opened_.back() -= count;
      return;
    }
    count -= opened_.back();
    opened_.pop_back();
  }
}

void Layout::Add(const WrittenToken& token) {
  tokens_.push_back(token);
  line_has_assign_ = line_has_assign_ || token.kind == K::kAssign;
  if (!EndsLine(token)) return;
  // Neither an assignment nor a comment behind something: alignment ends here.
  const bool stands_alone =
      !line_has_assign_ && (token.kind == K::kNewline || tokens_.size() == line_begin_ + 1);
  if (stands_alone && tokens_.size() >= kMostTokens) WriteLines();
  line_begin_ = tokens_.size();
  line_has_assign_ = false;
}

void Layout::WriteLines() {
  std::vector<Line> lines = MakeLines(tokens_);
  for (Line& line : lines) {
    WrittenToken& first = line.lead.front();
    first.spaces = 0;
    if (first.kind == K::kNewline) continue;
    first.spaces =
        indenter_.Next(BracketsBeforeHeredoc(line.lead) + BracketsBeforeHeredoc(line.assign));
  }
  for (Line& line : lines) {
    Space(line.lead);
    if (!line.assign.empty()) line.assign.front().spaces = 1;
    Space(line.assign);
  }
  Align(
      lines, [](const Line& line) { return line.assign; },
      [](const Line& line) { return Columns(line.lead); });
  Align(
      lines, [](const Line& line) { return line.comment; },
      [](const Line& line) { return Columns(line.lead) + Columns(line.assign); });
  for (const WrittenToken& token : tokens_) out_.append(token.spaces, ' ').append(token.text);
  tokens_.clear();
}

}  // namespace tkn::parser::format
