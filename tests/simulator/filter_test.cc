#include "tests/simulator/filter.h"

#include <catch2/catch.hpp>

#include "tests/simulator/listing.h"
#include "tests/simulator/request.h"

namespace tkn::simulator {
namespace {

const FieldSet kFields = {"label", "vcpus", "tags", "entity.id", "created", "group"};

std::string Refusal(const std::string& text) {
  try {
    Filter filter(text, kFields);
  } catch (const ApiError& error) {
    CHECK(error.status == 400);
    CHECK(error.errors.at(0).field == "X-Filter");
    return error.errors.at(0).reason;
  }
  return "accepted";
}

bool Fits(const std::string& filter, const Json& object) {
  return Filter(filter, kFields).Matches(object);
}

Request Get(const std::string& target, const std::string& filter = "") {
  Request request = ParseTarget("GET", target);
  if (!filter.empty()) request.headers.emplace_back("x-filter", filter);
  return request;
}

std::vector<Json> Numbered(int count) {
  std::vector<Json> items;
  for (int i = 1; i <= count; ++i)
    items.push_back({{"id", i}, {"label", "l" + std::to_string(i % 3)}});
  return items;
}

TEST_CASE("a filter compares by equality, operator, list member and dotted name") {
  const Json object = {{"label", "web-1"},
                       {"vcpus", 4},
                       {"tags", {"a", "b"}},
                       {"group", nullptr},
                       {"entity", {{"id", 7}}}};
  const auto [filter, fits] = GENERATE(table<std::string, bool>({
      {R"({})", true},
      {R"({"label":"web-1"})", true},
      {R"({"label":"web"})", false},
      {R"({"label":{"+contains":"eb"}})", true},
      {R"({"label":{"+neq":"web-1"}})", false},
      {R"({"vcpus":{"+gte":4,"+lt":5}})", true},
      {R"({"vcpus":{"+gt":4}})", false},
      {R"({"vcpus":4.0})", true},
      {R"({"vcpus":"4"})", false},
      {R"({"tags":"b"})", true},
      {R"({"tags":{"+neq":"b"}})", false},
      {R"({"tags":{"+neq":"c"}})", true},
      {R"({"group":null})", true},
      {R"({"entity.id":7})", true},
      {R"({"entity.id":8})", false},
      {R"({"created":"x"})", false},
      {R"({"+or":[{"label":"x"},{"vcpus":4}]})", true},
      {R"({"+and":[{"label":"web-1"},{"+or":[{"vcpus":1},{"vcpus":4}]}]})", true},
      {R"({"+and":[{"label":"web-1"},{"vcpus":5}]})", false},
  }));
  CAPTURE(filter);
  CHECK(Fits(filter, object) == fits);
}

TEST_CASE("a filter that the API would refuse is refused") {
  CHECK(Refusal(R"({"foo":"bar"})") == "Cannot filter on foo");
  CHECK(Refusal(R"({"+and":[{"foo":1}]})") == "Cannot filter on foo");
  CHECK(Refusal("{") == "Invalid JSON");
  CHECK(Refusal("[]") == "X-Filter must be a JSON object");
  CHECK(Refusal(R"({"label":{"+like":"x"}})") == "Unknown operator +like");
  CHECK(Refusal(R"({"+or":{}})") == "+or must be a list of filters");
  CHECK(Refusal(R"({"+order_by":"foo"})") == "Cannot order by foo");
  CHECK(Refusal(R"({"+order":"up"})") == "+order must be asc or desc");
  CHECK(Refusal(std::string(10'000, '[')) == "Invalid JSON");
}

TEST_CASE("pages are cut after filtering and sorting") {
  const Json first = Listing(Get("/x?page_size=25"), Numbered(60), {"label"});
  CHECK(first["data"].size() == 25);
  CHECK(first["page"] == 1);
  CHECK(first["pages"] == 3);
  CHECK(first["results"] == 60);
  const Json last = Listing(Get("/x?page=3&page_size=25"), Numbered(60), {"label"});
  CHECK(last["data"].size() == 10);
  CHECK(last["data"][0]["id"] == 51);
  const Json filtered = Listing(Get("/x", R"({"label":"l1","+order_by":"id","+order":"desc"})"),
                                Numbered(60), {"label"});
  CHECK(filtered["results"] == 20);
  CHECK(filtered["data"][0]["id"] == 58);
  CHECK(Listing(Get("/x"), Numbered(101), {})["data"].size() == 100);
}

TEST_CASE("a page past the end is empty, and an empty collection has one page or none") {
  const Json past = Listing(Get("/x?page=100"), Numbered(3), {});
  CHECK(past["data"].empty());
  CHECK(past["results"] == 3);
  CHECK(Listing(Get("/x"), {}, {})["pages"] == 1);
  CHECK(Listing(Get("/x"), {}, {}, EmptyPage::Zero)["pages"] == 0);
}

TEST_CASE("page and page_size have to make sense") {
  const std::string query = GENERATE("page=0", "page=x", "page=-1", "page=1e3", "page_size=24",
                                     "page_size=501", "page_size=", "page=99999999999999999999");
  CAPTURE(query);
  CHECK_THROWS_AS(Listing(Get("/x?" + query), Numbered(3), {}), ApiError);
}

}  // namespace
}  // namespace tkn::simulator
