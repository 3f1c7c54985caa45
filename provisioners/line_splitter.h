#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace tkn::provisioners {

// Turns a stream of bytes into lines without their ends. A line that does not end is cut at
// kLongest.
class LineSplitter {
 public:
  static constexpr std::size_t kLongest = 64 * 1024;

  explicit LineSplitter(std::function<void(std::string_view)> sink) : sink_(std::move(sink)) {}
  void Add(std::string_view bytes) {
    for (const char c : bytes) {
      if (c != '\n' && rest_.size() < kLongest) {
        rest_ += c;
        continue;
      }
      Emit();
      if (c != '\n') rest_ += c;
    }
  }
  // What is left, if anything.
  void Finish() {
    if (!rest_.empty()) Emit();
  }

 private:
  void Emit() {
    if (rest_.ends_with('\r')) rest_.pop_back();
    if (sink_) sink_(rest_);
    rest_.clear();
  }
  std::function<void(std::string_view)> sink_;
  std::string rest_;
};

}  // namespace tkn::provisioners
