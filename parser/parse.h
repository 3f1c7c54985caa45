#pragma once

#include <memory>
#include <string>

#include "parser/ast.h"
#include "parser/diagnostic.h"

namespace tkn::parser {

class Arena;

// One parsed file: its tree and the memory that the tree lives in. Movable; the tree stays where it
// is.
class File {
 public:
  File();
  File(File&&) noexcept;
  File& operator=(File&&) noexcept;
  ~File();

  const Body& body() const { return *body_; }
  FileId id() const { return id_; }
  Arena& arena() { return *arena_; }
  void Set(FileId id, const Body* body) { id_ = id, body_ = body; }

 private:
  FileId id_ = 0;
  std::unique_ptr<Arena> arena_;
  const Body* body_ = nullptr;  // never null after a parse: empty where nothing could be read
};

// A single expression or template that stands for itself (console input, -target, templatefile).
class ParsedExpression {
 public:
  ParsedExpression();
  ParsedExpression(ParsedExpression&&) noexcept;
  ParsedExpression& operator=(ParsedExpression&&) noexcept;
  ~ParsedExpression();

  const Expression& expression() const { return *expression_; }
  Arena& arena() { return *arena_; }
  void Set(const Expression* expression) { expression_ = expression; }

 private:
  std::unique_ptr<Arena> arena_;
  const Expression* expression_ = nullptr;
};

// All of these read a text of `sources`, report every error they find and return what could be
// read; expressions that could not are kInvalid. Nesting deeper than kMaxDepth and files of 4 GiB
// or more are errors. Trees may refer to the texts, so `sources` outlives them. Operators and
// indexes can be chained without brackets, which makes trees that lean to the left: no tree has
// more than kMaxHeight levels, so that it can be walked by recursion. Any thread may call.
inline constexpr int kMaxDepth = 1000;
// Errors told of one file.
inline constexpr std::size_t kMaxErrors = 50;
inline constexpr int kMaxHeight = 2000;

// Native syntax; a name that ends in ".json" is read as JSON syntax.
[[nodiscard]] File ParseFile(const SourceMap& sources, FileId file, Diagnostics& diags);
// The whole text must be one expression; newlines are allowed as inside parentheses where
// `multi_line`.
[[nodiscard]] ParsedExpression ParseExpression(const SourceMap& sources, FileId file,
                                               Diagnostics& diags);
// The whole text is a template, as in a file for templatefile().
[[nodiscard]] ParsedExpression ParseTemplate(const SourceMap& sources, FileId file,
                                             Diagnostics& diags);

// Identifier rules of HCL: Unicode ID_Start/ID_Continue, and "-" inside.
[[nodiscard]] bool IsIdentifier(std::string_view text);

}  // namespace tkn::parser
