#include "providers/linode/resource.h"

#include <charconv>
#include <utility>

#include "providers/linode/record.h"

namespace tkn::linode {
namespace {

// How far the clocks may be apart: with the API's Date, only rounding and transport; without it,
// what NTP-less machines were seen to have.
constexpr std::int64_t kToleranceWithDate = 10;
constexpr std::int64_t kToleranceWithout = 300;
// The request may have waited for its turn that long (Client gives up then), and be carried out
// late.
constexpr std::int64_t kLongestCall = 20 * 60;

}  // namespace

Object ResourceType::Import(const std::string& id, Diagnostics& /*diags*/) const {
  Record record(type(), EmptyValue(schema_.block));
  record.SetText("id", id);
  return {record.ToValue(), ""};
}

std::string IdOf(const Value& object) {
  if (!IsGiven(object)) return "";
  const Value id = object.Attribute("id");
  return IsGiven(id) ? std::string(id.AsString()) : "";
}

std::optional<std::int64_t> NumericId(const std::string& id, Diagnostics& diags) {
  std::int64_t number = 0;
  const auto read = std::from_chars(id.data(), id.data() + id.size(), number);
  if (!id.empty() && read.ec == std::errc() && read.ptr == id.data() + id.size()) return number;
  AddError(diags, "Invalid number string: " + id,
           "Objects of the Linode API are named by whole numbers, such as 1234567; \"" + id +
               "\" is none. Look the id up in the Cloud Manager or with the API.");
  return std::nullopt;
}

void AddError(Diagnostics& diags, std::string summary, std::string detail,
              std::string attribute_path) {
  diags.Add({.summary = std::move(summary),
             .detail = std::move(detail),
             .attribute_path = std::move(attribute_path)});
}

void AddWarning(Diagnostics& diags, std::string summary, std::string detail) {
  diags.Add(
      {.severity = Severity::kWarning, .summary = std::move(summary), .detail = std::move(detail)});
}

Object Gone(const ResourceType& type, const Object& current) {
  return {Value::Null(type.type()), current.private_bytes};
}

CreationWindow CreationWindow::Around(std::int64_t started, std::int64_t now,
                                      std::optional<std::int64_t> server_now) {
  const std::int64_t ahead = server_now ? *server_now - now : 0;
  const std::int64_t tolerance = server_now ? kToleranceWithDate : kToleranceWithout;
  return {started + ahead - tolerance, started + ahead + kLongestCall + tolerance};
}

}  // namespace tkn::linode
