#include "tests/engine/plan_text.h"

#include <regex>
#include <stdexcept>

#include "engine/render/plan_text.h"
#include "tests/engine/test_world.h"

namespace tkn::render {

std::string PlanTextOf(const std::string& before, const std::string& after) {
  apply::TestWorld world;
  world.Configure(before);
  world.PlanAndApply();
  world.Configure(after);
  const auto plan = world.Plan();
  if (!plan) throw std::runtime_error("no plan: " + world.Problems());
  std::string text = PlanText(*plan, {});
  for (const char* start : {"following actions:\n\n", "Changes to Outputs:"}) {
    const std::size_t at = text.find(start);
    if (at == std::string::npos) continue;
    text.erase(0, start[0] == 'C' ? at : at + std::string_view(start).size());
    break;
  }
  if (const std::size_t end = text.find("\nYou can apply this plan"); end != std::string::npos) {
    text.erase(end);
  }
  while (text.ends_with('\n')) text.pop_back();
  static const std::regex kId("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  return std::regex_replace(text, kId, "UUID");
}

}  // namespace tkn::render
