#include "tests/simulator/world.h"

#include <random>

#include "tests/simulator/catalogue/catalogue.h"
#include "tests/simulator/request.h"

namespace tkn::simulator {
namespace {

// Near what the recordings show, so that an id's length and kind can be told apart at a glance.
int64_t FirstId(const std::string& collection) {
  static const std::map<std::string, int64_t> first = {
      {"tokens", 57288001},   {"sshkeys", 451001},   {"instances", 82372001}, {"disks", 158340001},
      {"configs", 85836001},  {"events", 912000001}, {"domains", 3153001},    {"records", 36666001},
      {"stackscripts", 9001}, {"firewalls", 961001}, {"object_keys", 3498001}};
  const auto found = first.find(collection);
  return found == first.end() ? 1001 : found->second;
}

}  // namespace

std::string RandomHex(size_t digits) {
  static thread_local std::random_device random;
  std::string text;
  while (text.size() < digits) text += "0123456789abcdef"[random() % 16];
  return text;
}

Object& Collection::Add(int64_t parent) {
  const int64_t id = next_id++;
  Object& object = objects_[id];
  object.id = id;
  object.parent = parent;
  object.body["id"] = id;
  return object;
}

Object* Collection::Find(int64_t id) {
  const auto found = objects_.find(id);
  return found == objects_.end() ? nullptr : &found->second;
}

Object& Collection::Get(int64_t id) {
  Object* object = Find(id);
  if (object == nullptr) throw NotFound();
  return *object;
}

World::World(const Options& given) : options(given) {
  if (options.now_ms) clock.SetNow(*options.now_ms);
  for (const auto& [name, text] : CatalogueTexts()) {
    const Json parsed = Json::parse(text);
    catalogues_[name] = parsed.get<std::vector<Json>>();
  }
  for (const auto& [secret, scopes] : options.tokens) {
    Object& token = In("tokens").Add();
    token.body["scopes"] = scopes;
    token.body["created"] = Now();
    token.body["label"] = "token";
    token.body["token"] = secret.substr(0, 16);
    token.body["expiry"] = "2999-12-12T05:00:00";
    token.hidden["token"] = secret;
    token_ids[secret] = token.id;
  }
}

Collection& World::In(const std::string& name) {
  const auto [at, made] = collections_.try_emplace(name);
  if (made) at->second.next_id = FirstId(name);
  return at->second;
}

const Json* World::FindInCatalogue(const std::string& name, const std::string& id) {
  for (const Json& entry : Catalogue(name)) {
    if (entry["id"] == id) return &entry;
  }
  return nullptr;
}

Json World::Counts() {
  Json counts = Json::object();
  for (auto& [name, collection] : collections_) counts[name] = collection.objects().size();
  return counts;
}

std::string World::NextAddress() {
  if (options.ssh_address != "auto") return options.ssh_address;
  const int64_t n = ++addresses;  // from 127.0.0.2 on: 127.0.0.1 is everybody's
  return "127." + std::to_string(n / 254 / 256 % 256) + "." + std::to_string(n / 254 % 256) + "." +
         std::to_string(1 + n % 254);
}

int64_t World::AddEvent(const std::string& action, const std::string& status, Json entity) {
  Collection& events = In("events");
  while (events.objects().size() >= kMaxEvents) events.Remove(events.objects().begin()->first);
  Object& event = events.Add();
  event.body["created"] = Now();
  event.body["seen"] = false;
  event.body["read"] = false;
  event.body["percent_complete"] = status == "scheduled" ? 0 : 100;
  event.body["time_remaining"] = nullptr;
  event.body["rate"] = nullptr;
  event.body["duration"] = 0.0;
  event.body["action"] = action;
  event.body["username"] = kUserName;
  event.body["entity"] = std::move(entity);
  event.body["status"] = status;
  event.body["secondary_entity"] = nullptr;
  event.body["message"] = "";
  return event.id;
}

void World::SetEvent(int64_t id, const std::string& status) {
  Object* event = In("events").Find(id);
  if (event == nullptr) return;
  event->body["status"] = status;
  event->body["percent_complete"] = status == "finished" ? 100 : status == "started" ? 50 : 0;
  const std::optional<int64_t> begun = ParseTime(event->body["created"].get<std::string>());
  if (begun) event->body["duration"] = static_cast<double>(clock.NowMs() - *begun) / 1000.0;
}

Json World::Save() {
  Json saved = {{"version", 1}, {"addresses", addresses}, {"collections", Json::object()}};
  for (auto& [name, collection] : collections_) {
    Json objects = Json::array();
    for (const auto& [id, object] : collection.objects()) {
      Json entry = Json::object();
      entry["id"] = id;
      entry["parent"] = object.parent;
      entry["body"] = object.body;
      entry["hidden"] = object.hidden;
      objects.push_back(std::move(entry));
    }
    Json& into = saved["collections"][name];
    into["next_id"] = collection.next_id;
    into["objects"] = std::move(objects);
  }
  saved["steps"] = Json::array();
  for (const auto& [at, step] : steps) {
    Json entry = Json::object();
    entry["at"] = at;
    entry["step"] = step;
    saved["steps"].push_back(std::move(entry));
  }
  return saved;
}

void World::Load(const Json& saved) {
  addresses = saved.at("addresses").get<int64_t>();
  std::map<std::string, Collection> collections;
  for (const auto& [name, from] : saved.at("collections").items()) {
    Collection& collection = collections[name];
    collection.next_id = from.at("next_id").get<int64_t>();
    for (const Json& entry : from.at("objects")) {
      const auto id = entry.at("id").get<int64_t>();
      collection.objects()[id] = {.id = id,
                                  .parent = entry.at("parent").get<int64_t>(),
                                  .body = entry.at("body"),
                                  .hidden = entry.at("hidden")};
    }
  }
  std::multimap<int64_t, Json> loaded_steps;
  for (const Json& entry : saved.at("steps")) {
    loaded_steps.emplace(entry.at("at").get<int64_t>(), entry.at("step"));
  }
  // The tokens of this command line hold as well, once each.
  for (auto& [id, token] : In("tokens").objects()) {
    bool known = false;
    for (const auto& [old_id, old] : collections["tokens"].objects()) {
      known = known || old.hidden.value("token", "") == token.hidden.value("token", "");
    }
    if (known) continue;
    Collection& tokens = collections["tokens"];
    Object& copy = tokens.Add();
    const int64_t new_id = copy.id;
    copy.body = token.body;
    copy.hidden = token.hidden;
    copy.body["id"] = new_id;
  }
  collections_ = std::move(collections);
  steps = std::move(loaded_steps);
  token_ids.clear();
  for (const auto& [id, token] : In("tokens").objects()) {
    token_ids[token.hidden.value("token", "")] = id;
  }
}

}  // namespace tkn::simulator
