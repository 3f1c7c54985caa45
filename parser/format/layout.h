#pragma once

#include <string>

#include "parser/format/token.h"

namespace tkn::parser::format {

// Writes tokens with the spaces that belong before each: indentation, spaces within lines, and
// columns of
// "=" and of comments that follow each other line by line. Holds no more of the text than one such
// run of lines, and a little.
class Layout {
 public:
  // Appends to `out`, which must outlive it, as must the texts of the tokens until Finish().
  explicit Layout(std::string& out) : out_(out) {}

  void Add(const WrittenToken& token);
  void Finish() { WriteLines(); }

 private:
  // Each line that opens more brackets than it closes indents what follows by one step, however
  // many they are; the step ends when as many are closed.
  class Indenter {
   public:
    // The spaces before a line whose brackets sum up to `net`.
    std::size_t Next(int net);

   private:
    void Close(int count);

    std::vector<int> opened_;
  };

  void WriteLines();

  std::string& out_;
  Tokens tokens_;  // whole lines that are not written yet, and the one that is coming
  Indenter indenter_;
  std::size_t line_begin_ = 0;  // in tokens_
  bool line_has_assign_ = false;
};

}  // namespace tkn::parser::format
