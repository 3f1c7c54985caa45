#pragma once

#include <string>

#include "providers/linode/token_world.h"

// Answers that no API should give: what the provider makes of them is an object of its schema's
// type, or an error; never something between, and never a crash.
namespace tkn::linode::testing {

// An answer from which a resource, or a data source, can be read.
struct Sample {
  std::string type;
  bool data;
  std::string body;
};

// The answer up to each of its bytes.
void CheckCutAnswers(World& world, const Sample& sample);
// The answer with each of its values replaced by null, text, numbers out of all bounds, and nested
// lists.
void CheckReplacedAnswers(World& world, const Sample& sample);

}  // namespace tkn::linode::testing
