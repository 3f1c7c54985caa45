#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/value/json.h"

namespace tkn::render {

// Writes compact JSON piece by piece; commas and colons come by themselves. Numbers of values stay
// exact, since their text is put in as it is.
class JsonWriter {
 public:
  JsonWriter& BeginObject() { return Open('{'); }
  JsonWriter& EndObject() { return Close('}'); }
  JsonWriter& BeginArray() { return Open('['); }
  JsonWriter& EndArray() { return Close(']'); }
  JsonWriter& Key(std::string_view key) {
    Separate();
    text_ += JsonQuote(key);
    text_ += ':';
    after_key_ = true;
    return *this;
  }
  JsonWriter& Text(std::string_view text) { return Raw(JsonQuote(text)); }
  JsonWriter& Bool(bool value) { return Raw(value ? "true" : "false"); }
  JsonWriter& Int(std::int64_t value) { return Raw(std::to_string(value)); }
  JsonWriter& Null() { return Raw("null"); }
  JsonWriter& Raw(std::string_view json) {
    Separate();
    text_ += json;
    return *this;
  }
  const std::string& text() const { return text_; }

 private:
  JsonWriter& Open(char c) {
    Separate();
    text_ += c;
    first_.push_back(true);
    return *this;
  }
  JsonWriter& Close(char c) {
    first_.pop_back();
    text_ += c;
    return *this;
  }
  void Separate() {
    if (after_key_) {
      after_key_ = false;
    } else if (!first_.empty()) {
      if (!first_.back()) text_ += ',';
      first_.back() = false;
    }
  }
  std::string text_;
  std::vector<bool> first_;
  bool after_key_ = false;
};

}  // namespace tkn::render
