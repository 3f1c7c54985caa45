#include "tests/simulator/crud.h"

#include <algorithm>

namespace tkn::simulator {
namespace {

// The object that the last argument names, seen to belong to the parent that the path names.
Object& Named(const Crud& crud, Call& call) {
  int64_t parent = 0;
  if (!crud.parent.empty()) parent = call.world.In(crud.parent).Get(call.Id(0)).id;
  Object& object = call.world.In(crud.collection).Get(call.Id(call.args.size() - 1));
  if (object.parent != parent) throw NotFound();
  if (crud.visible && !crud.visible(call, object)) throw NotFound();
  return object;
}

Json List(const Crud& crud, Call& call) {
  int64_t parent = 0;
  if (!crud.parent.empty()) parent = call.world.In(crud.parent).Get(call.Id(0)).id;
  std::vector<Json> items;
  for (const auto& [id, object] : call.world.In(crud.collection).objects()) {
    if (object.parent != parent) continue;
    if (!crud.visible || crud.visible(call, object)) items.push_back(object.body);
  }
  return Listing(call.request, std::move(items), crud.filterable, crud.empty);
}

Json Create(const Crud& crud, Call& call) {
  int64_t parent = 0;
  if (!crud.parent.empty()) parent = call.world.In(crud.parent).Get(call.Id(0)).id;
  Collection& collection = call.world.In(crud.collection);
  Object& object = collection.Add(parent);
  const int64_t id = object.id;
  try {
    crud.create(call, object);
  } catch (...) {
    collection.Remove(id);
    throw;
  }
  return crud.created ? crud.created(call, object) : object.body;
}

ApiError WrongType(const std::string& field, const char* type) {
  return BadRequest(field + " must be " + type, field);
}

}  // namespace

void AddCrud(Router& router, const Crud& crud) {
  const std::string one = crud.path + "/{}";
  const std::string reads = crud.scope + ":read_only";
  const std::string writes = crud.scope + ":read_write";
  router.AddStored({one, crud.collection});
  router.Add({"GET", crud.path, reads, crud.read, [crud](Call& call) { return List(crud, call); }});
  router.Add({"GET", one, reads, crud.read, [crud](Call& call) { return Named(crud, call).body; }});
  if (crud.create) {
    router.Add(
        {"POST", crud.path, writes, crud.post, [crud](Call& call) { return Create(crud, call); }});
  }
  if (crud.update) {
    router.Add({"PUT", one, writes, crud.write, [crud](Call& call) {
                  Object& object = Named(crud, call);
                  crud.update(call, object);
                  return object.body;
                }});
  }
  if (crud.remove) {
    router.Add({"DELETE", one, writes, crud.write, [crud](Call& call) {
                  Object& object = Named(crud, call);
                  const int64_t id = object.id;
                  crud.remove(call, object);
                  call.world.In(crud.collection).Remove(id);
                  return Json::object();
                }});
  }
}

bool Has(const Json& body, const std::string& field) {
  const auto found = body.find(field);
  return found != body.end() && !found->is_null();
}

std::string Text(const Json& body, const std::string& field, const std::string& fallback) {
  if (!Has(body, field)) return fallback;
  const Json& value = body.at(field);
  if (!value.is_string()) throw WrongType(field, "a string");
  return value.get<std::string>();
}

void CheckLength(const std::string& text, size_t least, size_t most, const std::string& field) {
  const auto length = static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
  if (length >= least && length <= most) return;
  throw BadRequest(
      "Length must be " + std::to_string(least) + "-" + std::to_string(most) + " characters",
      field);
}

int64_t Integer(const Json& body, const std::string& field, int64_t fallback) {
  if (!Has(body, field)) return fallback;
  const Json& value = body.at(field);
  if (!value.is_number_integer()) throw WrongType(field, "an integer");
  return value.get<int64_t>();
}

bool Flag(const Json& body, const std::string& field, bool fallback) {
  if (!Has(body, field)) return fallback;
  const Json& value = body.at(field);
  if (!value.is_boolean()) throw WrongType(field, "a boolean");
  return value.get<bool>();
}

Json Strings(const Json& body, const std::string& field) {
  if (!Has(body, field)) return Json::array();
  const Json& value = body.at(field);
  if (!value.is_array()) throw WrongType(field, "a list of strings");
  for (const Json& item : value) {
    if (!item.is_string()) throw WrongType(field, "a list of strings");
  }
  return value;
}

}  // namespace tkn::simulator
