#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tkn {

enum class MarkKind : std::uint8_t {
  kSensitive,
  kEphemeral,
  kTypeType,  // result of type(): may only reach the console
  kOrigin,    // which resource attribute a secret came from: `origin` is "linode_token.ci.token"
  kDeferred,  // a data source that could not be read yet
};

struct Mark {
  MarkKind kind = MarkKind::kSensitive;
  std::string origin{};
  auto operator<=>(const Mark&) const = default;
};

// An immutable, shared set of marks. Empty sets cost a null pointer; sets of one common mark are
// shared.
class MarkSet {
 public:
  MarkSet() = default;
  static MarkSet Of(MarkKind kind);
  static MarkSet Of(std::vector<Mark> marks);

  bool empty() const { return marks_ == nullptr; }
  bool Has(MarkKind kind) const;
  MarkSet Union(const MarkSet& other) const;
  MarkSet Without(MarkKind kind) const;
  const std::vector<Mark>& marks() const;  // sorted
  bool operator==(const MarkSet& other) const;

 private:
  std::shared_ptr<const std::vector<Mark>> marks_;
};

}  // namespace tkn
