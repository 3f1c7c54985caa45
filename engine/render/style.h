#pragma once

#include <string>
#include <string_view>

namespace tkn::render {

// How text is laid out for people: with colour or not, and how wide.
struct TextStyle {
  bool color = false;
  int columns = 78;  // as Terraform assumes where there is no terminal

  std::string Bold(std::string_view text) const { return Paint("1", text); }
  std::string Underline(std::string_view text) const { return Paint("4", text); }
  std::string Red(std::string_view text) const { return Paint("31", text); }
  std::string Green(std::string_view text) const { return Paint("32", text); }
  std::string Yellow(std::string_view text) const { return Paint("33", text); }
  std::string Cyan(std::string_view text) const { return Paint("36", text); }
  std::string Dim(std::string_view text) const { return Paint("90", text); }
  // `code` is what stands between ESC[ and m.
  std::string Paint(std::string_view code, std::string_view text) const;
};

// Breaks lines at spaces so that none is wider than `columns`, where words allow it. Lines that
// begin with a space are left as they are.
std::string WrapParagraphs(std::string_view text, int columns);

// A ruler over the whole width, as between a plan and what follows it.
std::string HorizontalRule(const TextStyle& style);

}  // namespace tkn::render
