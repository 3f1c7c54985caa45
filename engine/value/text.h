#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Unicode as the language sees it. Input is UTF-8; what is invalid in it counts and prints as
// U+FFFD.
namespace tkn {

// NFC, with U+FFFD for every invalid byte.
std::string NormalizeNfc(std::string_view text);
bool IsAscii(std::string_view text);

// Length in grapheme clusters, as length() and substr() count.
std::size_t GraphemeCount(std::string_view text);
// Byte offset where the cluster that begins at `from` ends; text.size() at the end.
std::size_t NextGrapheme(std::string_view text, std::size_t from);
// What of `prefix` surely begins any text that continues it: without a last character that may yet
// combine.
std::string SafePrefix(std::string_view prefix);

// One code point for one code point, as Terraform's upper() and lower(); title() raises what begins
// a word.
std::string ToUpper(std::string_view text);
std::string ToLower(std::string_view text);
std::string ToTitle(std::string_view text);

// In double quotes, with Go's escapes: how Terraform shows text in diagnostics.
std::string Quote(std::string_view text);
// As a literal of the language, which reads back as `text`: "${" is doubled, what does not print is
// \uXXXX.
std::string QuoteLiteral(std::string_view text);

}  // namespace tkn
