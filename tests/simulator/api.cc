#include "tests/simulator/api.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tests/simulator/headers.h"
#include "tests/simulator/resources/resources.h"
#include "tests/simulator/transitions.h"

namespace tkn::simulator {
namespace {

std::string NoteOf(const Fault& fault) {
  std::string note = fault.after ? "after" : "before";
  if (fault.status != 0) note += " status " + std::to_string(fault.status);
  if (fault.cut || fault.reset) note += " cut";
  if (fault.latency_ms != 0) note += " latency";
  if (fault.truncate >= 0) note += " truncate";
  if (fault.wrong_json) note += " wrong_json";
  if (fault.huge != 0) note += " huge";
  if (fault.drip_ms != 0) note += " drip";
  return note;
}

// Faults that the API itself would report come with its headers; others as from the front before
// it.
bool ReportedByApi(const Fault& fault) {
  return fault.status >= 400 && fault.content_type == "application/json";
}

ApiError ErrorOf(const Fault& fault) {
  const char* reason = fault.status == 429 ? "Too many requests" : "Simulated fault";
  return ApiError{.status = fault.status, .errors = {{reason}}};
}

bool TakesJson(const std::optional<std::string>& accept) {
  return !accept || accept->empty() || accept->find("*/*") != std::string::npos ||
         accept->find("application/json") != std::string::npos ||
         accept->find("application/*") != std::string::npos;
}

// The body as an object. An empty one counts as {}, as actions without arguments send it.
Json ParseBody(const Request& request) {
  if (request.method == "GET" || request.method == "HEAD") return Json::object();
  const std::optional<std::string> type = request.Header("Content-Type");
  if (type && type->find("application/json") == std::string::npos) {
    throw ApiError{.status = 415, .errors = {{"Unsupported Media Type"}}};
  }
  if (request.body.empty()) return Json::object();
  std::optional<Json> body = ParseJson(request.body);
  if (!body || !body->is_object()) throw BadRequest("Invalid JSON");
  return std::move(*body);
}

}  // namespace

Api::Api(Options options) : options_(std::move(options)), log_(options_.log) {
  AddResources(router_);
  Reset();
  if (options_.state.empty()) return;
  std::ifstream file(options_.state, std::ios::binary);
  if (!file) return;
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  try {
    world_->Load(Json::parse(text));
  } catch (const Json::exception&) {
    throw std::runtime_error(options_.state + " is not a state file of this program");
  }
}

void Api::Reset() {
  world_ = std::make_unique<World>(options_);
  faults_.Clear();
  log_.Clear();
  limiter_.Clear();
  for (const std::string& text : options_.faults) {
    const std::optional<Json> rule = ParseJson(text);
    if (!rule) throw std::runtime_error("--fault: this is no JSON: " + text);
    try {
      faults_.Add(*rule);
    } catch (const ApiError& error) {
      const Reason& first = error.errors.front();
      throw std::runtime_error("--fault: " + first.field + " " + first.reason);
    }
  }
}

Caller Api::Authenticate(const Request& request) {
  const std::optional<std::string> header = request.Header("Authorization");
  if (!header) return Caller{};
  constexpr std::string_view kScheme = "Bearer ";
  const ApiError refused{.status = 401, .errors = {{"Invalid Token"}}};
  if (!header->starts_with(kScheme)) throw refused;
  const std::string secret = header->substr(kScheme.size());
  const auto found = world_->token_ids.find(secret);
  if (found == world_->token_ids.end()) throw refused;
  const Object* token = world_->In("tokens").Find(found->second);
  if (token == nullptr || token->hidden.value("token", "") != secret) throw refused;
  const std::optional<int64_t> expiry = ParseTime(token->body.value("expiry", ""));
  if (expiry && *expiry <= world_->clock.NowMs()) throw refused;
  return Caller{token->id, token->body.value("scopes", ""), false};
}

Answer Api::Carry(const Request& request, Caller& caller, const Fault* fault) {
  std::vector<std::string> args;
  const Route* route = nullptr;
  Headers limit_headers;
  Answer answer;
  const auto fail = [&](const ApiError& error) {
    answer.status = error.status;
    answer.body = ToText(ErrorBody(error.errors));
    answer.headers = ErrorHeaders(request.method, world_->clock.NowMs());
    answer.headers.insert(answer.headers.end(), error.headers.begin(), error.headers.end());
  };
  try {
    if (request.version.empty()) throw NotFound();
    route = &router_.Find(request.method, request.segments, args);
    caller = Authenticate(request);
    if (caller.anonymous && !route->anonymous) {
      throw ApiError{.status = 401, .errors = {{"Invalid Token"}}};
    }
    if (!caller.anonymous && !Grants(caller.scopes, route->scopes)) {
      throw ApiError{.status = 401,
                     .errors = {{"Your OAuth token is not authorized to use this endpoint."}}};
    }
    const RateLimiter::Decision limit =
        limiter_.Count(options_.rate_limit, *route, caller.token_id, world_->clock.NowMs());
    limit_headers = LimitHeaders(limit);
    if (fault != nullptr && !fault->after) throw ErrorOf(*fault);
    if (limit.retry_after_s != 0) {
      throw ApiError{.status = 429,
                     .errors = {{"Too many requests"}},
                     .headers = {{"Retry-After", std::to_string(limit.retry_after_s)}}};
    }
    if (!TakesJson(request.Header("Accept"))) {
      throw ApiError{.status = 406, .errors = {{"Not Acceptable"}}};
    }
    Call call{*world_, request, caller, std::move(args), ParseBody(request)};
    answer.body = ToText(route->handler(call));
    if (fault != nullptr) throw ErrorOf(*fault);
    answer.headers = SuccessHeaders(request.method, world_->clock.NowMs());
  } catch (const ApiError& error) {
    fail(fault == nullptr ? error : ErrorOf(*fault));
  } catch (const Json::exception&) {  // a handler met a type that its own checks do not name
    fail(BadRequest("A value has the wrong type"));
  }
  if (route != nullptr) answer.headers.emplace_back("X-Accepted-OAuth-Scopes", route->scopes);
  answer.headers.emplace_back("X-OAuth-Scopes", caller.scopes);
  answer.headers.insert(answer.headers.end(), limit_headers.begin(), limit_headers.end());
  return answer;
}

Answer Api::Handle(const Request& request, const Sleep& sleep) {
  if (!request.segments.empty() && request.segments.front() == "_sim") {
    const std::lock_guard lock(mutex_);
    RunDueSteps(*world_);
    return Control(request);
  }
  std::optional<Fault> fault;
  int64_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    std::string pattern;
    try {
      std::vector<std::string> args;
      pattern = router_.Find(request.method, request.segments, args).pattern;
    } catch (const ApiError&) {
      pattern.clear();
    }
    number = log_.Begin(request, world_->Now(), pattern);
    fault = faults_.Next(request.method, request.Path());
  }
  if (options_.latency_ms > 0) sleep(options_.latency_ms);
  if (fault && !fault->after && fault->latency_ms > 0) sleep(fault->latency_ms);
  const bool reported = fault && ReportedByApi(*fault);
  const bool instead =
      fault && !fault->after && !reported && (fault->status != 0 || fault->cut || fault->reset);
  Answer answer;
  {
    const std::lock_guard lock(mutex_);
    Caller caller;
    if (!instead) {
      RunDueSteps(*world_);
      answer = Carry(request, caller, reported ? &*fault : nullptr);
    }
    if (fault && fault->status != 0 && !reported) {
      answer = {.status = fault->status, .headers = PlainHeaders(fault->content_type)};
    }
    log_.End(number, fault && (fault->cut || fault->reset) ? 0 : answer.status, caller.token_id,
             fault ? NoteOf(*fault) : "");
  }
  if (!fault) return answer;
  if (fault->after && fault->latency_ms > 0) sleep(fault->latency_ms);
  if (fault->retry_after) answer.headers.emplace_back("Retry-After", *fault->retry_after);
  answer.headers.insert(answer.headers.end(), fault->headers.begin(), fault->headers.end());
  if (fault->body) answer.body = *fault->body;
  if (fault->wrong_json && !answer.body.empty()) answer.body.pop_back();
  answer.fault = *fault;
  return answer;
}

bool Api::Save() {
  const std::lock_guard lock(mutex_);
  if (options_.state.empty()) return true;
  const std::string text = ToText(world_->Save());
  const std::string draft = options_.state + ".new";
  const int file = open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return false;
  size_t written = 0;
  while (written < text.size()) {
    const ssize_t n = write(file, text.data() + written, text.size() - written);
    if (n <= 0) break;
    written += static_cast<size_t>(n);
  }
  const bool closed = close(file) == 0;
  return written == text.size() && closed &&
         std::rename(draft.c_str(), options_.state.c_str()) == 0;
}

}  // namespace tkn::simulator
