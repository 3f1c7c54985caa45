#include "providers/linode/token_listing.h"

#include <algorithm>
#include <utility>

#include "providers/linode/answer.h"

namespace tkn::linode {
namespace {

constexpr std::size_t kSeveral = 2;
// 200 tokens, and the one in use, in two requests.
constexpr int kPageSize = 150;
// So many are read however few tokens are expected: an import tells of its tokens one by one.
constexpr std::size_t kPages = 4;

}  // namespace

void TokenListing::Expect(std::size_t count) {
  const std::lock_guard lock(mutex_);
  expected_ += count;
}

void TokenListing::Forget() {
  const std::lock_guard lock(mutex_);
  if (stage_ != Stage::kDone) return;
  stage_ = Stage::kNone;
  expected_ = 0;
  tokens_.clear();
}

std::optional<Value> TokenListing::Find(std::int64_t id, Client& client, const Limits& limits) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stage_ != Stage::kUnderWay; });
  if (stage_ == Stage::kNone) {
    if (expected_ < kSeveral) return std::nullopt;
    stage_ = Stage::kUnderWay;
    const Paging paging{.page_size = kPageSize,
                        .most_pages = static_cast<std::int64_t>(std::max(kPages, expected_))};
    lock.unlock();
    ListAnswer list = client.List({"profile", "tokens"}, Value(), limits, paging);
    lock.lock();
    if (list.ok() && list.is_whole) {
      for (Value& token : list.items) {
        if (const auto number = IntOf(token, "id")) tokens_.emplace(*number, std::move(token));
      }
    }
    stage_ = Stage::kDone;
    changed_.notify_all();
  }
  const auto found = tokens_.find(id);
  return found == tokens_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace tkn::linode
