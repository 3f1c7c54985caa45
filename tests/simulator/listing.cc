#include "tests/simulator/listing.h"

#include <algorithm>
#include <charconv>

namespace tkn::simulator {
namespace {

size_t NumberIn(const Request& request, const char* name, size_t fallback) {
  const std::optional<std::string> text = request.Query(name);
  if (!text) return fallback;
  size_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size() || number == 0 ||
      number > 1'000'000'000) {
    throw BadRequest("Must be a positive number", name);
  }
  return number;
}

}  // namespace

Json Listing(const Request& request, std::vector<Json> items, const FieldSet& filterable,
             EmptyPage empty) {
  const size_t page = NumberIn(request, "page", 1);
  const size_t size = NumberIn(request, "page_size", 100);
  if (size < 25 || size > 500) throw BadRequest("Must be 25-500", "page_size");
  if (const std::optional<std::string> text = request.Header("X-Filter"); text && !text->empty()) {
    const Filter filter(*text, filterable);
    std::erase_if(items, [&](const Json& item) { return !filter.Matches(item); });
    if (filter.Sorts()) {
      std::stable_sort(items.begin(), items.end(),
                       [&](const Json& a, const Json& b) { return filter.Before(a, b); });
    }
  }
  const size_t results = items.size();
  if (results == 0 && empty == EmptyPage::Zero) {
    return {{"pages", 0}, {"data", Json::array()}, {"results", 0}, {"page", 0}};
  }
  const size_t begin = std::min(results, (page - 1) * size);
  const size_t end = std::min(results, begin + size);
  Json data = Json::array();
  for (size_t i = begin; i < end; ++i) data.push_back(std::move(items[i]));
  const size_t pages = std::max<size_t>(1, (results + size - 1) / size);
  return {{"data", std::move(data)}, {"page", page}, {"pages", pages}, {"results", results}};
}

}  // namespace tkn::simulator
