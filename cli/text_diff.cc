#include "cli/text_diff.h"

#include <algorithm>
#include <vector>

namespace tkn::cli {
namespace {

constexpr std::size_t kContext = 3;

struct Line {
  char kind;  // ' ', '-', '+'
  std::string_view text;
};

std::vector<std::string_view> SplitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

// Myers' greedy algorithm: O((n + m) d) time for d differing lines; the trace is kept for walking
// back.
std::vector<Line> Compare(const std::vector<std::string_view>& a,
                          const std::vector<std::string_view>& b) {
  const auto n = static_cast<std::ptrdiff_t>(a.size());
  const auto m = static_cast<std::ptrdiff_t>(b.size());
  const auto at = [](const std::vector<std::string_view>& lines, std::ptrdiff_t i) {
    return lines[static_cast<std::size_t>(i)];
  };
  std::vector<std::vector<std::ptrdiff_t>>
      trace;  // trace[d][k + d]: the furthest x on diagonal k after d steps
  for (std::ptrdiff_t d = 0; d <= n + m; ++d) {
    std::vector<std::ptrdiff_t> row(static_cast<std::size_t>(2 * d + 1));
    bool done = false;
    const auto previous = [&](std::ptrdiff_t k) {
      return k < -(d - 1) || k > d - 1 ? -1 : trace.back()[static_cast<std::size_t>(k + d - 1)];
    };
    for (std::ptrdiff_t k = -d; k <= d; k += 2) {
      std::ptrdiff_t x = 0;
      if (d > 0)
        x = k == -d || (k != d && previous(k - 1) < previous(k + 1)) ? previous(k + 1)
                                                                     : previous(k - 1) + 1;
      while (x < n && x - k < m && at(a, x) == at(b, x - k)) ++x;
      row[static_cast<std::size_t>(k + d)] = x;
      done = done || (x >= n && x - k >= m);
    }
    trace.push_back(std::move(row));
    if (done) break;
  }
  std::vector<Line> lines;
  std::ptrdiff_t x = n;
  std::ptrdiff_t y = m;
  for (auto d = static_cast<std::ptrdiff_t>(trace.size()) - 1; d >= 0; --d) {
    const std::ptrdiff_t k = x - y;
    std::ptrdiff_t from_x = 0;
    std::ptrdiff_t from_y = 0;
    if (d > 0) {
      const auto previous = [&](std::ptrdiff_t diagonal) {
        return diagonal < -(d - 1) || diagonal > d - 1
                   ? -1
                   : trace[static_cast<std::size_t>(d - 1)]
                          [static_cast<std::size_t>(diagonal + d - 1)];
      };
      const bool down = k == -d || (k != d && previous(k - 1) < previous(k + 1));
      const std::ptrdiff_t from_k = down ? k + 1 : k - 1;
      from_x = previous(from_k);
      from_y = from_x - from_k;
    }
    const std::ptrdiff_t snake_x = d == 0 ? 0 : (k > from_x - from_y ? from_x + 1 : from_x);
    while (x > snake_x && y > snake_x - k) {
      lines.push_back({' ', at(a, x - 1)});
      --x, --y;
    }
    if (d == 0) break;
    if (x > from_x) {
      lines.push_back({'-', at(a, from_x)});
    } else {
      lines.push_back({'+', at(b, from_y)});
    }
    x = from_x;
    y = from_y;
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

// A run of removed or added lines can often slide along equal lines without changing what the diff
// says. It is moved up where it then meets another change, so that there is one change less, and
// down as far as it goes otherwise.
void SlideRuns(std::vector<Line>& lines) {
  for (std::size_t begin = 0; begin < lines.size();) {
    const char kind = lines[begin].kind;
    if (kind == ' ') {
      ++begin;
      continue;
    }
    std::size_t end = begin;
    while (end < lines.size() && lines[end].kind == kind) ++end;
    std::size_t up = begin;
    while (up > 0 && lines[up - 1].kind == ' ' &&
           lines[up - 1].text == lines[end - 1 - (begin - up)].text)
      --up;
    if (up < begin && up > 0 && lines[up - 1].kind != ' ') {
      for (std::size_t i = up; i < begin; ++i) lines[i].kind = kind;
      for (std::size_t i = end - (begin - up); i < end; ++i) lines[i].kind = ' ';
    } else {
      while (end < lines.size() && lines[end].kind == ' ' && lines[end].text == lines[begin].text) {
        lines[begin++].kind = ' ';
        lines[end++].kind = kind;
      }
    }
    begin = end;
  }
  // Within one change, what went stands before what came.
  for (auto it = lines.begin(); it != lines.end();) {
    const auto end =
        std::find_if(it, lines.end(), [](const Line& line) { return line.kind == ' '; });
    std::stable_partition(it, end, [](const Line& line) { return line.kind == '-'; });
    it = end == lines.end() ? end : end + 1;
  }
}

}  // namespace

std::string UnifiedDiff(std::string_view before, std::string_view after,
                        std::string_view before_name, std::string_view after_name) {
  std::vector<Line> lines = Compare(SplitLines(before), SplitLines(after));
  SlideRuns(lines);
  std::string out;
  std::size_t before_line = 1;
  std::size_t after_line = 1;
  for (std::size_t i = 0; i < lines.size();) {
    if (lines[i].kind == ' ') {
      ++i, ++before_line, ++after_line;
      continue;
    }
    // A hunk: from three lines before, until more than twice three lines agree.
    std::size_t first = i;
    while (first > 0 && i - first < kContext && lines[first - 1].kind == ' ') --first;
    std::size_t end = i;
    for (std::size_t j = i, same = 0; j < lines.size() && same <= 2 * kContext; ++j) {
      same = lines[j].kind == ' ' ? same + 1 : 0;
      if (same == 0) end = j + 1;
    }
    end = std::min(end + kContext, lines.size());
    std::size_t removed = 0;
    std::size_t added = 0;
    std::string body;
    for (std::size_t j = first; j < end; ++j) {
      body += lines[j].kind;
      body.append(lines[j].text).append("\n");
      if (lines[j].kind != '+') ++removed;
      if (lines[j].kind != '-') ++added;
    }
    const std::size_t context = i - first;
    if (out.empty()) {
      out.append("--- ").append(before_name).append("\n+++ ").append(after_name).append("\n");
    }
    const auto range = [](std::size_t line, std::size_t count) {
      return std::to_string(count == 0 ? line - 1 : line) +
             (count == 1 ? "" : "," + std::to_string(count));
    };
    out += "@@ -" + range(before_line - context, removed) + " +" +
           range(after_line - context, added) + " @@\n" + body;
    for (; i < end; ++i) {
      if (lines[i].kind != '+') ++before_line;
      if (lines[i].kind != '-') ++after_line;
    }
  }
  return out;
}

}  // namespace tkn::cli
