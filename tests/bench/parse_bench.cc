#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "parser/arena.h"
#include "parser/parse.h"

// parse_bench FILE [RUNS]: the median time of a parse of the file that is in memory already, and
// what the tree takes for each byte of the text.
int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: parse_bench FILE [RUNS]\n", stderr);
    return 1;
  }
  std::ifstream input(argv[1], std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(input), {}};
  if (!input || text.empty()) {
    std::fprintf(stderr, "parse_bench: there is nothing to read in %s\n", argv[1]);
    return 1;
  }
  const double bytes = static_cast<double>(text.size());
  tkn::SourceMap sources;
  const tkn::FileId id = sources.Add(argv[1], std::move(text));
  const int runs = argc > 2 ? std::max(1, std::atoi(argv[2])) : 5;
  std::vector<double> seconds;
  double tree = 0;
  for (int i = 0; i < runs; ++i) {
    tkn::Diagnostics diags;
    const auto start = std::chrono::steady_clock::now();
    tkn::parser::File file = tkn::parser::ParseFile(sources, id, diags);
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    tree = static_cast<double>(file.arena().bytes());
    if (diags.HasErrors()) {
      std::fprintf(stderr, "parse_bench: %s has errors\n", argv[1]);
      return 1;
    }
  }
  std::ranges::nth_element(seconds, seconds.begin() + runs / 2);
  const double median = seconds[static_cast<std::size_t>(runs / 2)];
  std::printf("%.1f ms, %.1f MB/s, %.2f bytes of tree for each byte\n", median * 1e3,
              bytes / 1e6 / median, tree / bytes);
  return 0;
}
