#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tkn::state {

// A way through a JSON text that leaves its parts as they are written, so that numbers stay exact
// and what is only passed on is never decoded. Values are views of the text, which the caller
// keeps. Depth is limited; nothing recurses.
class JsonText {
 public:
  explicit JsonText(std::string_view text) : text_(text) {}

  // Whether the whole text is one JSON value, valid UTF-8, and not deeper than kMaxDepth. To be
  // called first: the other functions take that for granted. `offset` is where it stops to be,
  // counted from 1.
  static bool IsValid(std::string_view text, std::size_t* offset);
  static constexpr int kMaxDepth = 500;

  enum class Kind : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };
  static Kind KindOf(std::string_view value);
  // Of a string value.
  static std::string Decode(std::string_view value);
  // Without white space; characters that Go escapes in JSON (<, >, &, U+2028, U+2029) escaped.
  static std::string Compact(std::string_view value);
  // As Go's MarshalIndent writes it with two spaces, for a place that is `depth` levels in.
  static void AppendIndented(std::string_view value, int depth, std::string& out);

  // Members of an object, elements of an array: call until it returns false.
  struct Member {
    std::string_view key;  // decoded with Decode(); empty in an array
    std::string_view value;
  };
  bool Next(Member& member);

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace tkn::state
