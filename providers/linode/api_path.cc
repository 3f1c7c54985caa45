#include "providers/linode/api_path.h"

#include <utility>

namespace tkn::linode {

std::string PercentEscape(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  // "." and ".." are unreserved, but as whole segments they would climb.
  const bool only_dots = text == "." || text == "..";
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool unreserved = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '~' ||
                            (c == '.' && !only_dots);
    if (unreserved) {
      escaped += c;
    } else {
      escaped += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return escaped;
}

ApiPath::ApiPath(std::initializer_list<Segment> segments) {
  for (const Segment& segment : segments) {
    if (!text_.empty()) text_ += '/';
    text_ += PercentEscape(segment.text);
  }
}

ApiPath ApiPath::operator/(const Segment& segment) const {
  return ApiPath(text_ + "/" + PercentEscape(segment.text));
}

}  // namespace tkn::linode
