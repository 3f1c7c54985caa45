// The control endpoint, /_sim: what a test does that no user of the API could. See README.md.

#include <charconv>

#include "tests/simulator/api.h"
#include "tests/simulator/crud.h"
#include "tests/simulator/headers.h"

namespace tkn::simulator {
namespace {

int64_t IdIn(const std::string& text) {
  int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size()) throw NotFound();
  return id;
}

ApiError NoSuchCall() { return ApiError{.status = 405, .errors = {{"Method Not Allowed"}}}; }

// Everything but GET may carry an object.
Json BodyOf(const Request& request) {
  if (request.body.empty()) return Json::object();
  std::optional<Json> body = ParseJson(request.body);
  if (!body || !body->is_object()) throw BadRequest("Invalid JSON");
  return std::move(*body);
}

Json Done() { return Json::object(); }

}  // namespace

// Carries out a call of the API as somebody else would, with all rights, unseen by log, limits and
// faults.
Json Api::Internal(const std::string& method, const std::string& path, const Json& body) {
  Request request;
  request.method = method;
  request.version = "v4";
  request.segments = SplitPath(path);
  std::vector<std::string> args;
  const Route& route = router_.Find(method, request.segments, args);
  const Caller caller{.token_id = 0, .scopes = "*", .anonymous = false};
  Call call{*world_, request, caller, std::move(args), body};
  return route.handler(call);
}

Json Api::ControlObjects(const Request& request, const Json& body) {
  const std::string path = request.Query("path").value_or(Text(body, "path"));
  const Json content = body.value("body", Json::object());
  if (!content.is_object()) throw BadRequest("must be an object", "body");
  if (request.method == "GET" && path.empty()) return world_->Counts();
  if (request.method == "POST") return Internal("POST", path, content);

  std::string collection;
  std::string id;
  if (request.method == "GET") {
    if (!router_.FindStored(SplitPath(path + "/0"), collection, id)) throw NotFound();
    Json all = Json::array();
    for (const auto& [number, object] : world_->In(collection).objects())
      all.push_back(object.body);
    return all;
  }
  if (!router_.FindStored(SplitPath(path), collection, id)) throw NotFound();
  if (world_->HasCatalogue(collection)) {
    std::vector<Json>& entries = world_->Catalogue(collection);
    Json entry = Json::object();
    if (const Json* old = world_->FindInCatalogue(collection, id)) entry = *old;
    std::erase_if(entries, [&](const Json& one) { return one["id"] == id; });
    if (request.method == "DELETE") return Done();
    entry["id"] = id;
    entry.update(content);
    entries.push_back(entry);
    return entry;
  }
  if (request.method == "DELETE") return Internal("DELETE", path, Json::object());
  if (request.method != "PUT") throw NoSuchCall();
  Object& object = world_->In(collection).Get(IdIn(id));
  object.body.update(content);
  return object.body;
}

Answer Api::Control(const Request& request) {
  Answer answer;
  answer.headers = PlainHeaders("application/json");
  const auto run = [&]() -> Json {
    const std::vector<std::string>& at = request.segments;
    const std::string what = at.size() > 1 ? at[1] : "";
    const std::string& method = request.method;
    const Json body = BodyOf(request);
    if (what.empty() && method == "DELETE") {
      Reset();
      return Done();
    }
    if (what == "faults") {
      if (method == "GET") return faults_.List();
      if (method == "POST") return faults_.Add(body);
      if (method != "DELETE") throw NoSuchCall();
      if (at.size() < 3) {
        faults_.Clear();
      } else if (!faults_.Remove(IdIn(at[2]))) {
        throw NotFound();
      }
      return Done();
    }
    if (what == "requests") {
      if (method == "GET") return log_.Show(request);
      if (method != "DELETE") throw NoSuchCall();
      log_.Clear();
      return Done();
    }
    if (what == "clock") {
      if (method == "POST") world_->clock.Advance(Integer(body, "advance_ms", 0));
      Json now = Json::object();
      now["now"] = world_->Now();
      return now;
    }
    if (what == "objects") return ControlObjects(request, body);
    throw NotFound();
  };
  try {
    answer.body = ToText(run());
  } catch (const ApiError& error) {
    answer.status = error.status;
    answer.body = ToText(ErrorBody(error.errors));
  } catch (const Json::exception& error) {
    answer.status = 400;
    answer.body = ToText(ErrorBody({{error.what()}}));
  }
  return answer;
}

}  // namespace tkn::simulator
