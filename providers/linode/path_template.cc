#include "providers/linode/path_template.h"

#include <functional>

namespace tkn::linode {
namespace {

void ForEachSegment(std::string_view path, const std::function<void(std::string_view)>& visit) {
  while (true) {
    const std::size_t slash = path.find('/');
    visit(path.substr(0, slash));
    if (slash == std::string_view::npos) return;
    path.remove_prefix(slash + 1);
  }
}

std::string NameOf(std::string_view segment) {
  return segment.starts_with('{') ? std::string(segment.substr(1, segment.size() - 2)) : "";
}

std::string TextOfValue(const Value& value) {
  if (!IsGiven(value)) return "";
  return value.type() == Type::Number() ? value.AsNumber().ToString()
                                        : std::string(value.AsString());
}

}  // namespace

ApiPath FillPath(std::string_view path, const Record& record) {
  ApiPath filled{};
  ForEachSegment(path, [&](std::string_view segment) {
    const std::string name = NameOf(segment);
    const std::string text = name.empty() ? std::string(segment) : TextOfValue(record[name]);
    filled = filled.text().empty() ? ApiPath{text} : filled / text;
  });
  return filled;
}

std::vector<std::string> NamesIn(std::string_view path) {
  std::vector<std::string> names;
  ForEachSegment(path, [&](std::string_view segment) {
    if (std::string name = NameOf(segment); !name.empty()) names.push_back(std::move(name));
  });
  return names;
}

}  // namespace tkn::linode
