#include "providers/linode/instance_wait.h"

#include <algorithm>
#include <utility>

#include "providers/linode/answer.h"

namespace tkn::linode {
namespace {

constexpr char kInterrupted[] = "the time was over, or the run was interrupted";

std::string Listed(std::initializer_list<const char*> texts) {
  std::string list;
  for (const char* text : texts) list += (list.empty() ? "" : " or ") + std::string(text);
  return list;
}

}  // namespace

std::string WaitForStatus(std::int64_t id, std::initializer_list<const char*> wanted,
                          Context& context) {
  const std::string prefix = "timed-out waiting for Linode instance " + std::to_string(id) +
                             " to reach status " + Listed(wanted) + ": ";
  std::string status;
  while (true) {
    if (!context.client.Wait(context.settings.event_poll, context.limits)) {
      return prefix + kInterrupted + (status.empty() ? "" : ", it was " + status);
    }
    const Answer answer = context.client.Get({"linode", "instances", id}, context.limits);
    if (answer.error) return prefix + answer.error->text;
    status = TextOf(answer.body, "status");
    if (std::find(wanted.begin(), wanted.end(), status) != wanted.end()) return "";
  }
}

EventWatch::EventWatch(std::string action, std::int64_t id, Context& context)
    : action_(std::move(action)), id_(id), context_(context) {
  const ListAnswer events = List();
  if (events.error) {
    problem_ = events.error->text;
    forbidden_ = events.error->status == 401 || events.error->status == 403;
  }
  for (const Value& event : events.items) old_.insert(IntOf(event, "id").value_or(0));
}

ListAnswer EventWatch::List() {
  const Value filter = Value::Object({{"+order", Value::String("desc")},
                                      {"+order_by", Value::String("created")},
                                      {"action", Value::String(action_)},
                                      {"entity.id", Value::Number(id_)},
                                      {"entity.type", Value::String("linode")}});
  return context_.client.List({"account", "events"}, filter, context_.limits);
}

std::int64_t EventWatch::NewEvent(const ListAnswer& events) const {
  std::int64_t newest = 0;
  for (const Value& item : events.items) {
    const std::int64_t id = IntOf(item, "id").value_or(0);
    if (!old_.contains(id)) newest = std::max(newest, id);
  }
  return newest;
}

bool EventWatch::Began() {
  if (forbidden_) return false;
  for (int look = 0; look < 3; ++look) {
    if (NewEvent(List()) != 0) return true;
    if (!context_.client.Wait(context_.settings.event_poll, context_.limits)) return false;
  }
  return false;
}

std::string EventWatch::Wait() {
  if (forbidden_) return "";
  const std::string prefix = "waiting for the event " + action_ + ": ";
  std::int64_t event = 0;
  while (true) {
    if (!context_.client.Wait(context_.settings.event_poll, context_.limits)) {
      return prefix + kInterrupted;
    }
    if (event == 0) {
      const ListAnswer events = List();
      if (events.error) return prefix + events.error->text;
      event = NewEvent(events);
      if (event == 0) continue;
    }
    const Answer answer = context_.client.Get({"account", "events", event}, context_.limits);
    if (answer.error) return prefix + answer.error->text;
    const std::string status = TextOf(answer.body, "status");
    if (status == "finished" || status == "notification") return "";
    if (status == "failed" || status == "canceled") {
      const std::string message = TextOf(answer.body, "message");
      return prefix + "it " + (status == "failed" ? "failed" : "was canceled") +
             (message.empty() ? "" : ": " + message);
    }
  }
}

}  // namespace tkn::linode
