#include <fmt/format.h>

#include <algorithm>

#include "engine/lang/evaluate.h"
#include "engine/value/convert.h"

namespace tkn::lang {

namespace {

using parser::As;
using parser::CallExpression;
using parser::Expression;
using parser::ExpressionKind;

constexpr std::string_view kInvalidType = "Invalid type specification";

void Add(Diagnostics& diags, std::string_view summary, std::string detail,
         const SourceRange& subject, const SourceRange& context = {}) {
  Diagnostic diagnostic;
  diagnostic.summary = summary;
  diagnostic.detail = std::move(detail);
  diagnostic.subject = subject;
  diagnostic.context = context;
  diags.Add(std::move(diagnostic));
}

std::optional<Type> PrimitiveNamed(std::string_view name) {
  if (name == "string") return Type::String();
  if (name == "number") return Type::Number();
  if (name == "bool") return Type::Bool();
  if (name == "any") return Type::Dynamic();
  return std::nullopt;
}

std::string_view MissingArgument(std::string_view constructor) {
  if (constructor == "object") {
    return "object() needs the types of its attributes: object({ name = string }).";
  }
  if (constructor == "tuple")
    return "tuple() needs the types of its elements: tuple([string, number]).";
  return "A list, set or map needs the type of its elements, and just that: list(string).";
}

bool IsConstructor(std::string_view name) {
  return name == "list" || name == "set" || name == "map" || name == "object" || name == "tuple";
}

class Reader {
 public:
  explicit Reader(Diagnostics& diags) : diags_(diags) {}

  // nullopt after an error.
  std::optional<Type> Read(const Expression& e, TypeDefaults& defaults) {
    if (const std::string_view keyword = AsKeyword(e); !keyword.empty()) {
      if (const auto primitive = PrimitiveNamed(keyword)) {
        defaults.type = *primitive;
        return primitive;
      }
      if (IsConstructor(keyword)) {
        Add(diags_, kInvalidType, std::string(MissingArgument(keyword)), e.range);
      } else if (keyword == "optional") {
        Optional(e.range);
      } else {
        Add(diags_, kInvalidType,
            fmt::format("The keyword \"{}\" is no type. Types are string, number, bool, any, and "
                        "list(...), set(...), "
                        "map(...), tuple([...]) and object({{...}}) of such.",
                        keyword),
            e.range);
      }
      return std::nullopt;
    }
    if (e.kind != ExpressionKind::kCall) {
      if (e.kind != ExpressionKind::kInvalid) {
        Add(diags_, kInvalidType,
            "A type is written as one of string, number, bool and any, or as a construction such "
            "as "
            "list(string) or object({ name = string }).",
            e.range);
      }
      return std::nullopt;
    }
    return ReadCall(As<CallExpression>(e), defaults);
  }

 private:
  void Optional(const SourceRange& keyword) {
    Add(diags_, kInvalidType,
        "Only attributes of an object can be optional: object({ name = optional(string) }).",
        keyword);
  }

  std::optional<Type> ReadCall(const CallExpression& call, TypeDefaults& defaults) {
    const std::string_view name = call.name;
    if (PrimitiveNamed(name)) {
      Add(diags_, kInvalidType,
          fmt::format("The type \"{}\" takes no arguments: leave the parentheses out.", name),
          Join(call.open_range, call.close_range), call.range);
      return std::nullopt;
    }
    if (name == "optional") {
      Optional(call.name_range);
      return std::nullopt;
    }
    if (!IsConstructor(name)) {
      Add(diags_, kInvalidType,
          fmt::format(
              "There is no type construction \"{}\"; there are list, set, map, tuple and object.",
              name),
          call.range);
      return std::nullopt;
    }
    if (call.arguments.size() != 1) {
      Add(diags_, kInvalidType, std::string(MissingArgument(name)),
          call.arguments.size() > 1 ? Join(call.arguments[1]->range, call.arguments.back()->range)
                                    : Join(call.open_range, call.close_range),
          call.range);
      return std::nullopt;
    }
    const Expression& argument = *call.arguments[0];
    if (name == "object") return ReadObject(argument, call, defaults);
    if (name == "tuple") return ReadTuple(argument, call, defaults);
    TypeDefaults inner;
    const auto element = Read(argument, inner);
    if (!element) return std::nullopt;
    const Type type = name == "list"  ? Type::List(*element)
                      : name == "set" ? Type::Set(*element)
                                      : Type::Map(*element);
    defaults.type = type;
    if (!inner.empty()) defaults.children.push_back({"", std::move(inner)});
    return type;
  }

  std::optional<Type> ReadTuple(const Expression& argument, const CallExpression& call,
                                TypeDefaults& defaults) {
    if (argument.kind != ExpressionKind::kTuple) {
      Add(diags_, kInvalidType, std::string(MissingArgument("tuple")), argument.range, call.range);
      return std::nullopt;
    }
    std::vector<Type> types;
    bool failed = false;
    for (const Expression* element : As<parser::TupleExpression>(argument).elements) {
      TypeDefaults inner;
      const auto type = Read(*element, inner);
      failed = failed || !type;
      if (!inner.empty())
        defaults.children.push_back({std::to_string(types.size()), std::move(inner)});
      types.push_back(type.value_or(Type::Dynamic()));
    }
    if (failed) return std::nullopt;
    const Type type = Type::Tuple(std::move(types));
    defaults.type = type;
    return type;
  }

  // The default of optional(type, default), of the attribute's type.
  std::optional<Value> ReadDefault(const Expression& e, Type type) {
    bool calls = false;
    ForEachCall(e, [&](const CallExpression& call) {
      if (!calls) {
        Add(diags_, "Function calls not allowed",
            "The default of an optional attribute is written out: no function can be called for "
            "it.",
            call.range);
      }
      calls = true;
    });
    if (calls) return std::nullopt;
    Diagnostics found;
    const Value value = Evaluate(e, EmptyScope(), found);
    const bool failed = found.HasErrors();
    diags_.Append(std::move(found));
    if (failed) return std::nullopt;
    ConversionError error;
    auto converted = Convert(value, type, &error);
    if (!converted) {
      Add(diags_, "Invalid default value for optional attribute",
          fmt::format("The default does not fit the type of the attribute: {}.", error.ToString()),
          e.range);
    }
    return converted;
  }

  std::optional<Type> ReadObject(const Expression& argument, const CallExpression& call,
                                 TypeDefaults& defaults) {
    if (argument.kind != ExpressionKind::kObject) {
      Add(diags_, kInvalidType, std::string(MissingArgument("object")), argument.range, call.range);
      return std::nullopt;
    }
    std::vector<ObjectAttribute> attributes;
    bool failed = false;
    for (const parser::ObjectItem& item : As<parser::ObjectExpression>(argument).items) {
      if (!item.key_is_bare_name || item.key->kind != ExpressionKind::kLiteral) {
        Add(diags_, kInvalidType,
            "Attributes of an object type are named with bare names: { name = string }.",
            item.key->range, argument.range);
        failed = true;
        continue;
      }
      const std::string_view name = As<parser::Literal>(*item.key).text;
      const bool repeated = std::any_of(attributes.begin(), attributes.end(),
                                        [&](const ObjectAttribute& a) { return a.name == name; });
      if (repeated) {
        Add(diags_, kInvalidType,
            fmt::format("This object type has the attribute \"{}\" already.", name),
            item.key->range, argument.range);
        failed = true;
        continue;
      }
      const Expression* type_expression = item.value;
      const Expression* default_expression = nullptr;
      bool optional = false;
      if (item.value->kind == ExpressionKind::kCall &&
          As<CallExpression>(*item.value).name == "optional") {
        const auto& modifier = As<CallExpression>(*item.value);
        optional = true;
        if (modifier.arguments.empty() || modifier.arguments.size() > 2) {
          Add(diags_, kInvalidType,
              "optional() takes the attribute's type and, if there is one, its default: "
              "optional(string, "
              "\"x\").",
              Join(modifier.open_range, modifier.close_range), modifier.range);
          failed = true;
          continue;
        }
        type_expression = modifier.arguments[0];
        if (modifier.arguments.size() == 2) default_expression = modifier.arguments[1];
      }
      TypeDefaults inner;
      const auto type = Read(*type_expression, inner);
      if (!type) {
        failed = true;
        continue;
      }
      attributes.push_back({std::string(name), *type, optional});
      if (!inner.empty()) defaults.children.push_back({std::string(name), std::move(inner)});
      if (default_expression != nullptr) {
        if (auto value = ReadDefault(*default_expression, *type)) {
          defaults.values.emplace_back(name, std::move(*value));
        }
      }
    }
    if (failed) return std::nullopt;
    const Type type = Type::Object(std::move(attributes));
    defaults.type = type;
    return type;
  }

  Diagnostics& diags_;
};

// The text of "string" as old configurations have it; nullopt when it is no quoted text.
std::optional<std::string_view> QuotedText(const Expression& e) {
  if (e.kind == ExpressionKind::kLiteral) {
    const auto& literal = As<parser::Literal>(e);
    if (literal.literal == parser::LiteralKind::kString) return literal.text;
    return std::nullopt;
  }
  if (e.kind != ExpressionKind::kTemplate) return std::nullopt;
  const auto& text = As<parser::Template>(e);
  if (text.parts.size() > 1) return std::nullopt;
  if (text.parts.empty()) return std::string_view();
  return QuotedText(*text.parts[0]);
}

}  // namespace

std::optional<Type> ParseTypeConstraint(const Expression& expression, TypeDefaults* defaults,
                                        Diagnostics& diags) {
  if (const auto quoted = QuotedText(expression)) {
    if (*quoted == "string" || *quoted == "list" || *quoted == "map") {
      const std::string suggestion =
          *quoted == "string" ? "string" : fmt::format("{}(string)", *quoted);
      Add(diags, "Invalid quoted type constraints",
          fmt::format("Types are written without quotes: {}.", suggestion), expression.range);
    } else {
      Add(diags, "Invalid legacy variable type hint",
          "Types are written without quotes, such as string or list(string).", expression.range);
    }
    return std::nullopt;
  }
  const std::string_view keyword = AsKeyword(expression);
  if (keyword == "list") return Type::List(Type::Dynamic());
  if (keyword == "map") return Type::Map(Type::Dynamic());
  TypeDefaults found;
  const auto type = Reader(diags).Read(expression, found);
  if (type && defaults != nullptr && !found.empty()) *defaults = std::move(found);
  return type;
}

}  // namespace tkn::lang
