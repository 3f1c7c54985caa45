#include "tests/simulator/replay/compare.h"

#include <algorithm>

#include "tests/simulator/clock.h"

namespace tkn::simulator {
namespace {

// Members that the API has got since the recordings were made, or has only in some regions.
bool MayBeNew(const std::string& key) {
  static const std::set<std::string> names = {"locks", "maintenance_policy", "accelerated_devices"};
  return names.contains(key);
}

bool IsTime(const Json& value) {
  return value.is_string() && ParseTime(value.get_ref<const std::string&>()).has_value();
}

bool IsHex(const Json& value, size_t digits) {
  return value.is_string() && value.get_ref<const std::string&>().size() == digits &&
         value.get_ref<const std::string&>().find_first_not_of("0123456789abcdef") ==
             std::string::npos;
}

bool IsAddress(const Json& value) {
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  return std::count(text.begin(), text.end(), '.') == 3 &&
         text.find_first_not_of("0123456789.") == std::string::npos;
}

std::string MemberOf(std::string at, const std::string& key) { return at.append(".").append(key); }

bool SameType(const Json& a, const Json& b) {
  return a.type() == b.type() || (a.is_number_integer() && b.is_number_integer());
}

// The element of `simulated` that stands for a recorded one: by its id where ids are text.
const Json* Counterpart(const Json& element, size_t index, const Json& simulated) {
  if (element.is_object() && element.contains("id") && element["id"].is_string()) {
    for (const Json& other : simulated) {
      if (other.is_object() && other.value("id", "") == element["id"]) return &other;
    }
    return nullptr;
  }
  return index < simulated.size() ? &simulated[index] : nullptr;
}

}  // namespace

std::string Comparison::MappedId(const std::string& recorded) const {
  if (recorded.empty() || recorded.size() > 18 ||
      recorded.find_first_not_of("0123456789") != std::string::npos) {
    return recorded;
  }
  const auto found = ids_.find(std::stoll(recorded));
  return found == ids_.end() ? recorded : std::to_string(found->second);
}

void Comparison::Differ(const std::string& at, const Json& recorded, const Json& simulated) {
  problems_.push_back(at + ": recorded " + ToText(recorded) + ", simulated " + ToText(simulated));
}

void Comparison::Problem(std::string at, const std::string& what) {
  problems_.push_back(at.append(": ").append(what));
}

void Comparison::Compare(const Json& recorded, const Json& simulated, const std::string& at) {
  ++compared_;
  if (!SameType(recorded, simulated)) return Differ(at, recorded, simulated);
  if (recorded.is_object()) {
    for (const auto& [key, value] : recorded.items()) {
      if (!simulated.contains(key)) {
        Problem(MemberOf(at, key), "missing");
      } else {
        Member(key, value, simulated.at(key), MemberOf(at, key));
      }
    }
    for (const auto& [key, value] : simulated.items()) {
      if (!recorded.contains(key) && !MayBeNew(key)) Problem(MemberOf(at, key), "not recorded");
    }
  } else if (recorded.is_array()) {
    Lists(recorded, simulated, at);
  } else if (recorded != simulated) {
    Differ(at, recorded, simulated);
  }
}

void Comparison::Lists(const Json& recorded, const Json& simulated, const std::string& at) {
  const bool by_text_id = !recorded.empty() && recorded.front().is_object() &&
                          recorded.front().contains("id") && recorded.front()["id"].is_string();
  // Of a catalogue an account may see a part.
  if (recorded.size() != simulated.size() && !(by_text_id && recorded.size() < simulated.size())) {
    problems_.push_back(at + ": " + std::to_string(recorded.size()) + " elements recorded, " +
                        std::to_string(simulated.size()) + " simulated");
  }
  for (size_t i = 0; i < recorded.size(); ++i) {
    const std::string here = at + "[" + std::to_string(i) + "]";
    const Json* other = Counterpart(recorded[i], i, simulated);
    if (other == nullptr) {
      problems_.push_back(here + ": missing");
    } else {
      Compare(recorded[i], *other, here);
    }
  }
}

// Types alone: of each member, and of the first element of each list.
void Comparison::Shape(const Json& recorded, const Json& simulated, const std::string& at) {
  ++compared_;
  if (!SameType(recorded, simulated)) return Differ(at, recorded, simulated);
  if (recorded.is_object()) {
    for (const auto& [key, value] : recorded.items()) {
      if (simulated.contains(key)) {
        Shape(value, simulated.at(key), MemberOf(at, key));
      } else {
        Problem(MemberOf(at, key), "missing");
      }
    }
  } else if (recorded.is_array() && !recorded.empty() && !simulated.empty()) {
    Shape(recorded.front(), simulated.front(), at + "[0]");
  }
}

void Comparison::Id(const Json& recorded, const Json& simulated, const std::string& at) {
  if (!recorded.is_number_integer() || !simulated.is_number_integer()) {
    return Compare(recorded, simulated, at);
  }
  const auto [known, is_new] = ids_.emplace(recorded.get<int64_t>(), simulated.get<int64_t>());
  if (!is_new && known->second != simulated.get<int64_t>()) Differ(at, known->second, simulated);
}

void Comparison::Member(const std::string& key, const Json& recorded, const Json& simulated,
                        const std::string& at) {
  if (shape_only_.contains(key)) return Shape(recorded, simulated, at);
  ++compared_;
  bool good = true;
  if (key == "id") return Id(recorded, simulated, at);
  if (key == "expiry" && recorded.is_string() &&
      recorded.get_ref<const std::string&>().starts_with("2999")) {
    good = recorded == simulated;
  } else if (key == "created" || key == "updated" || key == "expiry") {
    good = IsTime(recorded) && IsTime(simulated);
  } else if (key == "token") {
    good = IsHex(simulated, recorded.get_ref<const std::string&>().size());
  } else if (key == "host_uuid") {
    good = IsHex(simulated, 40);
  } else if (key == "fingerprint") {
    good = IsHex(simulated, 8);
  } else if ((key == "address" || key == "gateway") && recorded.is_string()) {
    good = IsAddress(simulated);
  } else if (key == "ipv4" && recorded.is_array() && !recorded.empty() &&
             IsAddress(recorded.front())) {
    good = simulated.is_array() && simulated.size() == recorded.size() &&
           std::all_of(simulated.begin(), simulated.end(), IsAddress);
  } else if (key == "ipv6" && recorded.is_string()) {
    good = simulated.is_string() && simulated.get_ref<const std::string&>().ends_with("/128") ==
                                        recorded.get_ref<const std::string&>().ends_with("/128");
  } else if (recorded == "[SANITIZED]") {
    good = simulated.is_string() && simulated.get_ref<const std::string&>().size() >= 20;
  } else {
    return Compare(recorded, simulated, at);
  }
  if (!good) Differ(at, recorded, simulated);
}

}  // namespace tkn::simulator
