#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "provisioners/provisioner.h"

// For the tests of this folder: one run of a provisioner, and what came of it.
namespace tkn::provisioners::testing {

using Arguments = std::map<std::string, Value>;

struct Outcome {
  std::vector<std::string> lines;
  std::vector<double> times;  // of the lines, in seconds from the start
  Diagnostics diags;
  double seconds = 0;
  double cancelled_at = 0;  // when it was told to end; 0: it was not

  std::string Text() const;     // of the lines
  std::string Problem() const;  // "SUMMARY: DETAIL" of the first error, "" if there is none
};

struct Options {
  bool secret = false;
  double cancel_after_seconds = 1e9;
  std::function<bool()> cancel_when{};
};

// `connection` empty: there is no connection block.
Outcome Run(const Provisioner& provisioner, const Arguments& config,
            const Arguments& connection = {}, const Options& options = {});

// An object of the schema, null where nothing is given.
Value ObjectOf(const BlockSchema& schema, const Arguments& given);

Value Text(std::string_view text);
Value TextList(const std::vector<std::string>& texts);

}  // namespace tkn::provisioners::testing
