#pragma once

#include <cstddef>

// The border between the program and libtkn_line.so, which hides libedit. Only plain data and
// abstract classes cross it, no exception and no allocation that the other side frees.
namespace tkn::cli {

inline constexpr int kLineModuleVersion = 1;

// Says how the word before the cursor can go on.
class LineCompleter {
 public:
  // Finds the candidates for the word that ends where `text` does. Returns how many bytes of `text`
  // belong to that word.
  virtual std::size_t Complete(const char* text, std::size_t size) noexcept = 0;
  virtual std::size_t Count() noexcept = 0;
  // A whole word. Valid until the next Complete().
  virtual const char* Candidate(std::size_t index) noexcept = 0;

 protected:
  ~LineCompleter() = default;
};

enum class LineOutcome : int {
  kLine,
  kGivenUp,  // Ctrl-C with something typed
  kEnd,      // Ctrl-D or Ctrl-C with nothing typed, or the end of input
};

// Standard input and output as a line that can be edited. For one thread.
class LineModule {
 public:
  virtual void SetCompleter(LineCompleter* completer) noexcept = 0;
  // `line`, without its end, is valid until the next call.
  virtual LineOutcome Read(const char* prompt, const char** line, std::size_t* size) noexcept = 0;
  virtual void Remember(const char* line) noexcept = 0;

 protected:
  ~LineModule() = default;
};

// LineModule*(int version); see engine/module/late_module.h.
inline constexpr char kLineModuleSymbol[] = "tkn_line_module";

}  // namespace tkn::cli
