#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace tkn::linode {

// A place below the API's version, such as "images/linode%2Fdebian12". Each part becomes one
// percent-escaped segment, so that no id can lead elsewhere.
class ApiPath {
 public:
  struct Segment {
    Segment(const char* text)
        : text(text) {}  // NOLINT(google-explicit-constructor): lists of parts
    Segment(const std::string& text) : text(text) {}        // NOLINT(google-explicit-constructor)
    Segment(std::int64_t id) : text(std::to_string(id)) {}  // NOLINT(google-explicit-constructor)
    std::string text;
  };
  ApiPath(std::initializer_list<Segment> segments);

  const std::string& text() const { return text_; }
  ApiPath operator/(const Segment& segment) const;

 private:
  explicit ApiPath(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// RFC 3986: everything but unreserved characters is escaped.
std::string PercentEscape(std::string_view text);

}  // namespace tkn::linode
