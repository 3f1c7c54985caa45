#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/value/value.h"

namespace tkn {

// Walks over a JSON text once: space, brackets, texts, numbers, and an error that says what is
// expected where. What the values become is for whoever derives from it. The text must outlive it.
class JsonScanner {
 public:
  explicit JsonScanner(std::string_view text) : text_(text) {}

  std::string TakeError() { return std::move(error_); }

 protected:
  static constexpr int kMaxDepth = 1000;

  std::nullopt_t Fail(std::string message) {
    if (error_.empty()) error_ = std::move(message);
    return std::nullopt;
  }

  bool AtEnd() {
    SkipSpace();
    if (at_ == text_.size()) return true;
    FailHere("the end");
    return false;
  }

  void SkipSpace() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  char Peek() {
    SkipSpace();
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  bool Take(char c) {
    if (Peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }

  bool TakeWord(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  bool Expect(char c, std::string_view name) {
    if (Take(c)) return true;
    FailHere(name);
    return false;
  }

  bool Deeper(int depth) {
    if (depth < kMaxDepth) return true;
    Fail("the JSON text is nested deeper than " + std::to_string(kMaxDepth) + " levels");
    return false;
  }

  // Calls `element` before each element of the array or object whose opening bracket was taken, up
  // to the closing one. With the key, where it is an object.
  template <typename Element>
  bool Items(char close, std::string_view name, const Element& element) {
    if (Take(close)) return true;
    while (true) {
      if (!element()) return false;
      if (Take(close)) return true;
      if (!Take(',')) {
        FailHere("a comma or " + std::string(name));
        return false;
      }
    }
  }

  template <typename Element>
  bool Members(const Element& element) {
    return Items('}', "a closing brace", [&] {
      std::string unescaped;
      const auto key = Text(unescaped);
      return key && Expect(':', "a colon") && element(*key);
    });
  }

  // "c is expected at byte n, but there is x".
  std::nullopt_t FailHere(std::string_view wanted);
  // A text: as it stands there, or where it has escapes, in `unescaped`.
  std::optional<std::string_view> Text(std::string& unescaped);
  // A number: as it stands there.
  std::optional<std::string_view> Numeral();
  std::optional<Value> Number();

  // Where the next token begins.
  std::size_t at_ = 0;

 private:
  std::optional<unsigned> Hex4();
  bool Escape(std::string& out);

  std::string_view text_;
  std::string error_;
};

}  // namespace tkn
