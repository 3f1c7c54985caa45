#include "parser/parse.h"

#include <limits>
#include <stdexcept>

#include "parser/arena.h"
#include "parser/grammar/entry.h"
#include "parser/grammar/lexical_errors.h"
#include "parser/json/content.h"
#include "parser/json/reader.h"

namespace tkn::parser {

File::File() : arena_(std::make_unique<Arena>()) {}
File::File(File&&) noexcept = default;
File& File::operator=(File&&) noexcept = default;
File::~File() = default;

ParsedExpression::ParsedExpression() : arena_(std::make_unique<Arena>()) {}
ParsedExpression::ParsedExpression(ParsedExpression&&) noexcept = default;
ParsedExpression& ParsedExpression::operator=(ParsedExpression&&) noexcept = default;
ParsedExpression::~ParsedExpression() = default;

namespace {

const SourceFile& GetFile(const SourceMap& sources, FileId id) {
  const SourceFile* file = sources.Find(id);
  if (file == nullptr) throw std::logic_error("parse of a file that is not in the source map");
  return *file;
}

// Offsets are 32 bits wide.
bool CheckSize(const SourceFile& file, FileId id, Diagnostics& diags) {
  if (file.text().size() < std::numeric_limits<std::uint32_t>::max()) return true;
  diags.Add({.summary = "File too large",
             .detail = "Files of 4 GiB and more can not be read. Divide it into several files.",
             .subject = {id, 0, 1}});
  return false;
}

SourceRange WholeRange(const SourceFile& file, FileId id) {
  return {id, 0, static_cast<std::uint32_t>(file.text().size())};
}

using grammar::Iterator;
using grammar::State;

// Reads a text that is one expression, with `read` leaving it as an operand.
template <typename Read>
ParsedExpression ParseWhole(const SourceMap& sources, FileId id, ScanMode mode, Diagnostics& diags,
                            Read read) {
  const SourceFile& file = GetFile(sources, id);
  ParsedExpression result;
  result.Set(result.arena().New<InvalidExpression>(WholeRange(file, id)));
  if (!CheckSize(file, id, diags)) return result;
  const std::vector<Token> tokens = Scan(file.text(), mode);
  State state(file.text(), id, tokens, result.arena(), diags);
  grammar::ReportLexicalErrors(state);
  try {
    Iterator at = state.first;
    read(state, at);
    if (!state.operands.empty()) result.Set(state.Pop().expression);
  } catch (const grammar::TooDeep&) {
    // told, and nothing of the tree is of use
  } catch (const grammar::Failure&) {
  }
  return result;
}

}  // namespace

namespace {

// A file with more errors than anybody reads is no configuration at all.
void AppendAtMost(std::size_t most, Diagnostics&& found, Diagnostics& diags) {
  std::size_t count = 0;
  for (Diagnostic& problem : found) {
    if (++count > most) return;
    diags.Add(std::move(problem));
  }
}

}  // namespace

File ParseFile(const SourceMap& sources, FileId file, Diagnostics& diags) {
  const SourceFile& source = GetFile(sources, file);
  File parsed;
  auto* empty = parsed.arena().New<Body>();
  empty->range = WholeRange(source, file);
  empty->end_range = {file, 0, 0};
  empty->json_arena = &parsed.arena();
  parsed.Set(file, empty);
  if (!CheckSize(source, file, diags)) return parsed;
  if (source.name().ends_with(".json")) {
    Arena& arena = parsed.arena();
    parsed.Set(file, json::MakeBody(json::Read(source.text(), file, arena, diags), arena));
    return parsed;
  }
  const std::vector<Token> tokens = Scan(source.text(), ScanMode::kNormal);
  Diagnostics found;
  State state(source.text(), file, tokens, parsed.arena(), found);
  grammar::ReportLexicalErrors(state);
  Iterator at = state.first;
  parsed.Set(file, grammar::ReadBody(state, at, TokenKind::kEnd));
  AppendAtMost(kMaxErrors, std::move(found), diags);
  return parsed;
}

ParsedExpression ParseExpression(const SourceMap& sources, FileId file, Diagnostics& diags) {
  return ParseWhole(sources, file, ScanMode::kNormal, diags, [](State& state, Iterator& at) {
    state.newlines = false;
    grammar::ReadExpression(state, at);
    const Token& next = state.Peek(at);
    if (next.kind != TokenKind::kEnd) {
      state.Report(grammar::kExtraAfterExpression, state.Range(next));
    }
  });
}

ParsedExpression ParseTemplate(const SourceMap& sources, FileId file, Diagnostics& diags) {
  return ParseWhole(sources, file, ScanMode::kTemplate, diags, [](State& state, Iterator& at) {
    const Token start{TokenKind::kEnd, state.first->begin, state.first->begin};
    grammar::ReadTemplate(state, at, start, TokenKind::kEnd, false);
  });
}

}  // namespace tkn::parser
