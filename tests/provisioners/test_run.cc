#include "tests/provisioners/test_run.h"

#include <chrono>
#include <mutex>
#include <stdexcept>

#include "engine/config/validate.h"

namespace tkn::provisioners::testing {

std::string Outcome::Text() const {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::string Outcome::Problem() const {
  for (const Diagnostic& diagnostic : diags) {
    if (diagnostic.severity == Severity::kError)
      return diagnostic.summary + ": " + diagnostic.detail;
  }
  return "";
}

Value ObjectOf(const BlockSchema& schema, const Arguments& given) {
  std::vector<Value::Entry> entries;
  for (const AttributeSchema& attribute : schema.attributes) {
    const auto found = given.find(attribute.name);
    entries.emplace_back(attribute.name,
                         found != given.end() ? found->second : Value::Null(attribute.type));
  }
  if (given.size() > entries.size())
    throw std::logic_error("an argument that the schema does not have");
  return Value::Object(std::move(entries));
}

Value Text(std::string_view text) { return Value::String(text); }

Value TextList(const std::vector<std::string>& texts) {
  std::vector<Value> values;
  for (const std::string& text : texts) values.push_back(Value::String(text));
  return Value::List(Type::String(), std::move(values));
}

Outcome Run(const Provisioner& provisioner, const Arguments& config, const Arguments& connection,
            const Options& options) {
  Outcome outcome;
  std::mutex mutex;
  const auto start = std::chrono::steady_clock::now();
  const auto passed = [start] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const Value at = connection.empty() ? Value::Null(config::ConnectionSchema().ImpliedType())
                                      : ObjectOf(config::ConnectionSchema(), connection);
  provisioner.Run({.config = ObjectOf(provisioner.GetSchema(), config),
                   .connection = at,
                   .address = "test.a",
                   .secret = options.secret,
                   .output =
                       [&](std::string_view line) {
                         const std::lock_guard lock(mutex);
                         outcome.lines.emplace_back(line);
                         outcome.times.push_back(passed());
                       },
                   .is_cancelled =
                       [&] {
                         const std::lock_guard lock(mutex);
                         if (outcome.cancelled_at > 0) return true;
                         const bool now = passed() > options.cancel_after_seconds ||
                                          (options.cancel_when && options.cancel_when());
                         if (now) outcome.cancelled_at = passed();
                         return now;
                       }},
                  outcome.diags);
  outcome.seconds = passed();
  return outcome;
}

}  // namespace tkn::provisioners::testing
