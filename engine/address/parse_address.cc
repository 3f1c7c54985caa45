#include <algorithm>
#include <array>
#include <limits>

#include "engine/address/address.h"
#include "engine/value/number.h"
#include "engine/value/text.h"

// Addresses as people write them. Spaces between the parts don't matter, as in the language.
// Summaries and the order of checks are Terraform's.
namespace tkn {

namespace {

// ".name" or "[key]".
struct Step {
  bool is_index = false;
  std::string name{};
  std::optional<InstanceKey> key{};  // unset for a number that cannot be a key
};

class Scanner {
 public:
  Scanner(std::string_view text, Diagnostics& diags) : text_(text), diags_(diags) {}

  std::optional<std::vector<Step>> Read() {
    std::vector<Step> steps;
    SkipSpace();
    if (!AtName()) {
      return Fail("Variable name required",
                  "An address begins with a name: \"module\", \"data\" or a resource type.");
    }
    steps.push_back({.name = Name()});
    for (SkipSpace(); at_ < text_.size(); SkipSpace()) {
      Step step;
      if (text_[at_] == '.') {
        ++at_;
        if (!ReadName(step)) return std::nullopt;
      } else if (text_[at_] == '[') {
        ++at_;
        step.is_index = true;
        if (!ReadKey(step)) return std::nullopt;
      } else {
        return Fail("Invalid character", "After " + Quote(text_.substr(0, at_)) +
                                             " a dot with a name or a key in square brackets may "
                                             "follow, nothing else.");
      }
      steps.push_back(std::move(step));
    }
    return steps;
  }

 private:
  std::nullopt_t Fail(std::string summary, std::string detail) {
    diags_.Add({.summary = std::move(summary), .detail = std::move(detail)});
    return std::nullopt;
  }

  void SkipSpace() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }

  // The names of the language: letters of any script, digits, _ and, not in front, -.
  bool AtName() const {
    if (at_ >= text_.size()) return false;
    const char c = text_[at_];
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
  }

  std::string Name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (AtName() || IsDigit(text_[at_]) || text_[at_] == '-')) ++at_;
    return NormalizeNfc(text_.substr(begin, at_ - begin));
  }

  bool ReadName(Step& step) {
    SkipSpace();
    if (AtName()) {
      step.name = Name();
      return true;
    }
    if (at_ < text_.size() && text_[at_] == '*') {
      Fail("Attribute name required",
           "An address names one thing, so \".*\" cannot be part of it.");
    } else {
      Fail("Attribute name required",
           "The dot after " + Quote(text_.substr(0, at_)) + " must be followed by a name.");
    }
    return false;
  }

  bool ReadKey(Step& step) {
    SkipSpace();
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    if (c == '"') {
      ++at_;
      std::string key;
      if (!ReadText(key)) return false;
      step.key = InstanceKey(NormalizeNfc(key));
    } else if (IsDigit(c)) {
      ReadNumber(step);
    } else if (c == '*') {
      Fail("Attribute name required",
           "An address names one thing, so \"[*]\" cannot be part of it. Leave the brackets out to "
           "name all instances.");
      return false;
    } else {
      Fail("Index value required",
           "A key in square brackets is a whole number or a text in double quotes, such as [0] or "
           "[\"a\"]. A shell may take the quotes away unless the whole address is in single "
           "quotes.");
      return false;
    }
    SkipSpace();
    if (at_ >= text_.size() || text_[at_] != ']') {
      Fail("Unclosed index brackets", "The key after " + Quote(text_.substr(0, at_)) +
                                          " must be followed by a closing bracket.");
      return false;
    }
    ++at_;
    return true;
  }

  void ReadNumber(Step& step) {
    const std::size_t begin = at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      const bool sign_of_exponent = (c == '+' || c == '-') && (text_[at_ - 1] | 0x20) == 'e';
      if (!IsDigit(c) && c != '.' && (c | 0x20) != 'e' && !sign_of_exponent) break;
      ++at_;
    }
    const auto number = Number::Parse(text_.substr(begin, at_ - begin));
    if (!number) return;
    if (const auto whole = number->ToInt64()) step.key = InstanceKey(*whole);
  }

  bool ReadText(std::string& out) {
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n') {
      const char c = text_[at_];
      if ((c == '$' || c == '%') && text_.substr(at_ + 1).starts_with("{")) {
        Fail("Invalid string literal",
             std::string("A key in an address is plain text without templates. Write ") + c + c +
                 "{ for the text " + c + "{.");
        return false;
      }
      if ((c == '$' || c == '%') && at_ + 2 < text_.size() && text_[at_ + 1] == c &&
          text_[at_ + 2] == '{') {
        out += c;
        out += '{';
        at_ += 3;
      } else if (c == '\\') {
        ++at_;
        if (!ReadEscape(out)) return false;
      } else {
        out += c;
        ++at_;
      }
    }
    if (at_ >= text_.size() || text_[at_] != '"') {
      Fail("Unterminated string literal", "The key " + Quote(out) + " lacks its closing quote.");
      return false;
    }
    ++at_;
    return true;
  }

  bool ReadEscape(std::string& out) {
    constexpr std::string_view kNames = "nrt\"\\";
    constexpr std::string_view kMeant = "\n\r\t\"\\";
    const char c = at_ < text_.size() ? text_[at_++] : '\0';
    if (const auto found = kNames.find(c); c != '\0' && found != std::string_view::npos) {
      out += kMeant[found];
      return true;
    }
    const std::size_t digits = c == 'u' ? 4 : c == 'U' ? 8 : 0;
    const std::string_view hex = text_.substr(at_, digits);
    if (digits == 0 || hex.size() < digits || !std::ranges::all_of(hex, [](char h) {
          return IsDigit(h) || ((h | 0x20) >= 'a' && (h | 0x20) <= 'f');
        })) {
      Fail("Invalid escape sequence",
           "After a backslash in a key one of n, r, t, \", \\, uXXXX and UXXXXXXXX may follow.");
      return false;
    }
    at_ += digits;
    AppendRune(static_cast<std::uint32_t>(std::stoul(std::string(hex), nullptr, 16)), out);
    return true;
  }

  static void AppendRune(std::uint32_t code, std::string& out) {
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
    const int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    constexpr std::array<std::uint32_t, 4> kLead = {0, 0xC0, 0xE0, 0xF0};
    out += static_cast<char>(kLead[static_cast<std::size_t>(more)] | (code >> (more * 6)));
    for (int i = more - 1; i >= 0; --i) {
      out += static_cast<char>(0x80 | ((code >> (i * 6)) & 0x3F));
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Diagnostics& diags_;
};

constexpr std::array<std::string_view, 11> kReserved = {"count",    "each", "local",     "module",
                                                        "path",     "self", "terraform", "var",
                                                        "template", "lazy", "arg"};

class AddressReader {
 public:
  AddressReader(std::vector<Step> steps, Diagnostics& diags)
      : steps_(std::move(steps)), diags_(diags) {}

  std::optional<TargetAddress> Read() {
    TargetAddress target;
    if (!ReadModules(target.module)) return std::nullopt;
    if (at_ == steps_.size()) return target;
    target.resource.emplace();
    if (!ReadResource(*target.resource)) return std::nullopt;
    if (at_ == steps_.size()) return target;
    const Step& last = steps_[at_];
    if (!last.is_index) {
      return Fail("After " + target.ToString() + " only a key in square brackets may follow, not " +
                  Quote("." + last.name) + ".");
    }
    if (!last.key) return Fail(std::string(kNotWhole));
    target.key = last.key;
    if (++at_ != steps_.size()) {
      return Fail("The address names an instance with " + target.ToString() +
                  "; nothing may follow after it.");
    }
    return target;
  }

 private:
  static constexpr std::string_view kNotWhole =
      "A number in square brackets must be whole, and fit 64 bits.";

  std::nullopt_t Fail(std::string detail, std::string summary = "Invalid address") {
    diags_.Add({.summary = std::move(summary), .detail = std::move(detail)});
    return std::nullopt;
  }

  bool ReadModules(ModuleAddress& module) {
    constexpr auto kSummary = "Invalid address operator";
    std::vector<ModuleStep> steps;
    while (at_ < steps_.size()) {
      if (steps_[at_].is_index) {
        // A first step is always a name, so a module came before.
        Fail("After a module and its key a dot and a name must follow.", kSummary);
        return false;
      }
      if (steps_[at_].name != "module") break;
      if (++at_ == steps_.size() || steps_[at_].is_index) {
        Fail("After \"module\" a dot and the name of a module call must follow.", kSummary);
        return false;
      }
      ModuleStep step{steps_[at_++].name, {}};
      if (at_ < steps_.size() && steps_[at_].is_index) {
        if (!steps_[at_].key) {
          Fail(std::string(kNotWhole), kSummary);
          return false;
        }
        step.key = *steps_[at_++].key;
      }
      steps.push_back(std::move(step));
    }
    module = ModuleAddress(std::move(steps));
    return true;
  }

  bool ReadResource(ResourceName& resource) {
    const std::string first = steps_[at_].name;
    if (first == "data") {
      resource.mode = ResourceMode::kData;
      ++at_;
    } else if (first == "ephemeral") {
      resource.mode = ResourceMode::kEphemeral;
      ++at_;
    } else if (first == "resource") {
      ++at_;
    } else if (std::ranges::find(kReserved, first) != kReserved.end()) {
      Fail("The word " + Quote(first) +
           " has a meaning of its own, so an address cannot begin with it. For a resource type of "
           "this name write \"resource.\" in front.");
      return false;
    }
    if (steps_.size() - at_ < 2) {
      Fail(
          "An address of a resource consists of its type and its name, such as "
          "linode_token.example.");
      return false;
    }
    const Step& type = steps_[at_];
    const Step& name = steps_[at_ + 1];
    if (type.is_index || name.is_index) {
      const bool data = resource.mode == ResourceMode::kData;
      Fail(std::string("The ") + (type.is_index ? "type" : "name") + " of a " +
           (data ? "data source" : "resource") +
           " must follow after a dot here, and is no key in square brackets.");
      return false;
    }
    resource.type = type.name;
    resource.name = name.name;
    at_ += 2;
    return true;
  }

  std::vector<Step> steps_;
  std::size_t at_ = 0;
  Diagnostics& diags_;
};

}  // namespace

std::optional<TargetAddress> TargetAddress::Parse(std::string_view text, Diagnostics& diags) {
  auto steps = Scanner(text, diags).Read();
  if (!steps) return std::nullopt;
  return AddressReader(std::move(*steps), diags).Read();
}

std::optional<Address> Address::Parse(std::string_view text, Diagnostics& diags) {
  auto target = TargetAddress::Parse(text, diags);
  if (!target) return std::nullopt;
  if (!target->resource) {
    diags.Add(
        {.summary = "Invalid address",
         .detail = target->ToString() +
                   " is a module. The address of a resource instance in it is needed, such as " +
                   target->ToString() + ".linode_token.example."});
    return std::nullopt;
  }
  return Address{std::move(target->module), std::move(*target->resource),
                 target->key.value_or(InstanceKey())};
}

}  // namespace tkn
