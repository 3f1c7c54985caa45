#include "engine/render/diagnostic_view.h"

#include <catch2/catch.hpp>

namespace tkn::render {
namespace {

TEST_CASE("warnings with a place and one summary become one, others stay") {
  SourceMap sources;
  const FileId file = sources.Add("main.tf", "a = 1\nb = 2\n");
  const auto warning = [](std::string summary, SourceRange subject) {
    return Diagnostic{
        .severity = Severity::kWarning, .summary = std::move(summary), .subject = subject};
  };
  Diagnostics diags;
  diags.Add(warning("Old", {file, 0, 1}));
  diags.Add(warning("Undeclared", {}));
  diags.Add(warning("Old", {file, 6, 7}));
  diags.Add(warning("Undeclared", {}));
  const Diagnostics joined = ConsolidateWarnings(diags);
  std::vector<std::string> summaries;
  for (const Diagnostic& d : joined) summaries.push_back(d.summary);
  CHECK(summaries == std::vector<std::string>{"Old", "Undeclared", "Undeclared"});
  CHECK(joined.begin()->detail == "\n\n(and one more similar warning elsewhere)");
}

}  // namespace
}  // namespace tkn::render
