#include <fmt/format.h>
#include <yaml.h>

#include <map>

#include "engine/lang/functions/base64.h"
#include "engine/lang/functions/time.h"
#include "engine/lang/functions/yaml.h"
#include "engine/value/convert.h"

namespace tkn::lang {

namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";
constexpr int kMaxNesting = 1000;
// Aliases repeat what they name: without a limit a few lines can stand for any amount.
constexpr std::size_t kMaxNodes = 2'000'000;

struct Problem {
  std::string message;
};

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (text == word) return true;
  }
  return false;
}

bool AllOf(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

constexpr std::string_view kDecimal = "0123456789";

std::optional<Number> ReadInteger(std::string_view text) {
  if (text.starts_with("0x") && AllOf(text.substr(2), "0123456789abcdefABCDEF")) {
    return Number::ParseInteger(text.substr(2), 16);
  }
  if (text.starts_with("0o") && AllOf(text.substr(2), "01234567")) {
    return Number::ParseInteger(text.substr(2), 8);
  }
  const std::string_view digits =
      !text.empty() && (text[0] == '-' || text[0] == '+') ? text.substr(1) : text;
  if (AllOf(digits, kDecimal)) return Number::Parse(text);
  return std::nullopt;
}

// Digits with a point or an exponent.
std::optional<Number> ReadFloat(std::string_view text) {
  const std::string_view all = text;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (IsOneOf(text, {".inf", ".Inf", ".INF"})) return Number::Infinity(all[0] == '-');
  std::size_t before = 0;
  while (before < text.size() && kDecimal.find(text[before]) != std::string_view::npos) ++before;
  std::size_t at = before;
  std::size_t after = 0;
  if (at < text.size() && text[at] == '.') {
    ++at;
    while (at < text.size() && kDecimal.find(text[at]) != std::string_view::npos) ++at, ++after;
  }
  if (before + after == 0) return std::nullopt;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (!AllOf(text.substr(at), kDecimal)) return std::nullopt;
    at = text.size();
  }
  if (at != text.size()) return std::nullopt;
  return Number::Parse(all);
}

class Reader {
 public:
  explicit Reader(std::string_view text) {
    if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }
  ~Reader() {
    yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  Value ReadDocument() {
    Next();  // the start of the stream
    Next();
    if (event_.type != YAML_DOCUMENT_START_EVENT) throw At("missing start of document");
    Next();
    Value value = ReadNode(0);
    Next();
    if (event_.type != YAML_DOCUMENT_END_EVENT) throw At("unexpected extra content after value");
    Next();
    if (event_.type != YAML_STREAM_END_EVENT) throw At("unexpected extra content after value");
    return value;
  }

 private:
  Problem At(std::string_view what) const {
    return {fmt::format("on line {}, column {}: {}", event_.start_mark.line + 1,
                        event_.start_mark.column + 1, what)};
  }

  void Next() {
    yaml_event_delete(&event_);
    if (yaml_parser_parse(&parser_, &event_) != 0) return;
    event_.type = YAML_NO_EVENT;
    const char* what = parser_.problem != nullptr ? parser_.problem : "this is not YAML";
    throw Problem{fmt::format("on line {}, column {}: {}", parser_.problem_mark.line + 1,
                              parser_.problem_mark.column + 1, what)};
  }

  static std::string_view TextOf(const yaml_char_t* text) {
    return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
  }

  struct Anchored {
    Value value{};
    std::size_t nodes = 0;
    bool complete = false;
  };

  void CountNodes(std::size_t n) {
    nodes_ += n;
    if (nodes_ > kMaxNodes) throw At("the document has too many values, aliases counted");
  }

  Value ReadNode(int depth) {
    if (depth > kMaxNesting) throw At("the document is nested too deeply");
    const std::size_t before = nodes_;
    CountNodes(1);
    std::string anchor;
    Value value;
    switch (event_.type) {
      case YAML_SCALAR_EVENT:
        anchor = TextOf(event_.data.scalar.anchor);
        value = ReadScalar();
        break;
      case YAML_SEQUENCE_START_EVENT:
        anchor = TextOf(event_.data.sequence_start.anchor);
        Begin(anchor);
        value = ReadSequence(depth);
        break;
      case YAML_MAPPING_START_EVENT:
        anchor = TextOf(event_.data.mapping_start.anchor);
        Begin(anchor);
        value = ReadMapping(depth);
        break;
      case YAML_ALIAS_EVENT:
        return ReadAlias();
      default:
        throw At("a value is missing");
    }
    if (!anchor.empty()) anchors_[anchor] = {value, nodes_ - before, true};
    return value;
  }

  void Begin(const std::string& anchor) {
    if (!anchor.empty()) anchors_[anchor] = {};
  }

  Value ReadAlias() {
    const std::string name(TextOf(event_.data.alias.anchor));
    const auto it = anchors_.find(name);
    if (it == anchors_.end()) throw At(fmt::format("reference to undefined anchor \"{}\"", name));
    if (!it->second.complete) {
      throw At(fmt::format("cannot refer to anchor \"{}\" from inside its own definition", name));
    }
    CountNodes(it->second.nodes);
    return it->second.value;
  }

  void CheckTag(const yaml_char_t* given, std::string_view wanted, std::string_view what) const {
    const std::string_view tag = TextOf(given);
    if (tag.empty() || (tag.starts_with(kTagPrefix) && tag.substr(kTagPrefix.size()) == wanted))
      return;
    throw At(fmt::format("can't interpret {} as {}", what, tag));
  }

  Value ReadSequence(int depth) {
    CheckTag(event_.data.sequence_start.tag, "seq", "sequence");
    std::vector<Value> elements;
    for (Next(); event_.type != YAML_SEQUENCE_END_EVENT; Next()) {
      elements.push_back(ReadNode(depth + 1));
    }
    return Value::Tuple(std::move(elements));
  }

  Value ReadMapping(int depth) {
    CheckTag(event_.data.mapping_start.tag, "map", "mapping");
    std::vector<Value::Entry> entries;
    for (Next(); event_.type != YAML_MAPPING_END_EVENT; Next()) {
      const bool merge = event_.type == YAML_SCALAR_EVENT &&
                         event_.data.scalar.plain_implicit != 0 &&
                         event_.data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
                         TextOf(event_.data.scalar.value) == "<<";
      const Value key = ReadNode(depth + 1);
      Next();
      const Value value = ReadNode(depth + 1);
      if (merge) {
        if (value.IsNull() || !value.type().IsObject()) {
          throw At(fmt::format("cannot merge {} into mapping", value.type().FriendlyName()));
        }
        for (std::size_t i = 0; i < value.Length(); ++i) {
          entries.emplace_back(value.KeyAt(i), value.elements()[i]);
        }
        continue;
      }
      if (key.IsNull()) throw At("mapping key cannot be null");
      ConversionError error;
      const auto name = Convert(key, Type::String(), &error);
      if (!name) throw At("only strings are allowed as mapping keys");
      entries.emplace_back(name->AsString(), value);
    }
    return Value::Object(std::move(entries));
  }

  Value ReadScalar() const {
    const auto& scalar = event_.data.scalar;
    const std::string_view text(reinterpret_cast<const char*>(scalar.value), scalar.length);
    const bool plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
    const std::string_view tag = TextOf(scalar.tag);
    if (tag.empty()) return plain ? Implied(text) : Value::String(text);
    if (!tag.starts_with(kTagPrefix)) throw At(fmt::format("unsupported tag \"{}\"", tag));
    const std::string_view name = tag.substr(kTagPrefix.size());
    const auto unfitting = [&] { return At(fmt::format("cannot parse \"{}\" as {}", text, tag)); };
    if (name == "str") return Value::String(text);
    if (name == "binary") {
      if (!FromBase64(text))
        throw At(fmt::format("cannot parse \"{}\" as {}: not valid base64", text, tag));
      return Value::String(text);
    }
    if (name == "null") return plain ? Value() : Value::String(text);
    if (name == "int" || name == "float" || name == "bool" || name == "timestamp") {
      if (!plain) return Value::String(text);
      const Value value = Implied(text);
      if (name == "bool" && value.type() != Type::Bool()) throw unfitting();
      if ((name == "int" || name == "float") && value.type() != Type::Number()) throw unfitting();
      if (name == "int" && !value.AsNumber().IsInteger()) throw unfitting();
      if (name == "timestamp" && !ReadTimestamp(text)) throw unfitting();
      return value;
    }
    throw At(fmt::format("unsupported tag \"{}\"", tag));
  }

  // What plain text stands for.
  Value Implied(std::string_view text) const {
    if (IsOneOf(text, {"", "~", "null", "Null", "NULL"})) return Value();
    if (IsOneOf(text, {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})) {
      return Value::Bool(true);
    }
    if (IsOneOf(text,
                {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})) {
      return Value::Bool(false);
    }
    if (IsOneOf(text, {".nan", ".NaN", ".NAN"})) throw At("floating point NaN is not supported");
    if (const auto number = ReadInteger(text)) return Value::Number(*number);
    if (const auto number = ReadFloat(text)) return Value::Number(*number);
    if (const auto timestamp = ReadTimestamp(text)) return Value::String(*timestamp);
    return Value::String(text);
  }

  // YAML's forms of a date or an instant, as RFC 3339.
  static std::optional<std::string> ReadTimestamp(std::string_view text) {
    if (text.size() < 8 || !AllOf(text.substr(0, 4), kDecimal) || text[4] != '-')
      return std::nullopt;
    return NormalizeYamlTimestamp(text);
  }

  yaml_parser_t parser_{};
  yaml_event_t event_{};
  std::map<std::string, Anchored, std::less<>> anchors_;
  std::size_t nodes_ = 0;
};

}  // namespace

std::optional<Value> FromYaml(std::string_view text, std::string& error) {
  try {
    return Reader(text.data() == nullptr ? "" : text).ReadDocument();
  } catch (const Problem& problem) {
    error = problem.message;
    return std::nullopt;
  }
}

}  // namespace tkn::lang
