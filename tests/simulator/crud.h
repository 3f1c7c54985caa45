#pragma once

#include <functional>
#include <string>

#include "tests/simulator/listing.h"
#include "tests/simulator/router.h"

namespace tkn::simulator {

// A collection with GET (list and one), POST, PUT and DELETE. A resource is one of these plus what
// is special about it; an operation whose function is missing does not exist (405).
struct Crud {
  std::string path;  // "/domains", or "/domains/{}/records" for what belongs to another object
  std::string collection;  // its name in the world
  std::string parent{};    // name of the collection that the first "{}" is an id of; "" for none
  std::string scope;       // "domains": needs domains:read_only or domains:read_write
  FieldSet filterable{};
  RateLimit read{};
  RateLimit write{};
  RateLimit post{};
  EmptyPage empty = EmptyPage::One;

  // Each throws ApiError to refuse; a refused creation leaves nothing behind.
  std::function<void(Call&, Object&)> create{};
  std::function<void(Call&, Object&)> update{};
  std::function<void(Call&, Object&)> remove{};         // before the object goes
  std::function<Json(Call&, const Object&)> created{};  // what POST answers; `body` if missing
  std::function<bool(Call&, const Object&)> visible{};  // an invisible object is not found
};

void AddCrud(Router& router, const Crud& crud);

// Members of a request body, checked: 400 on `field` unless they have the type. Null counts as
// absent.
bool Has(const Json& body, const std::string& field);
std::string Text(const Json& body, const std::string& field, const std::string& fallback = "");
// Throws 400 unless `text` has so many characters (code points).
void CheckLength(const std::string& text, size_t least, size_t most, const std::string& field);
int64_t Integer(const Json& body, const std::string& field, int64_t fallback);
bool Flag(const Json& body, const std::string& field, bool fallback);
Json Strings(const Json& body, const std::string& field);  // [] when absent

}  // namespace tkn::simulator
