#include <fmt/format.h>

#include <algorithm>

#include "engine/lang/evaluator.h"
#include "engine/value/convert.h"
#include "parser/start_range.h"
#include "parser/suggest.h"

namespace tkn::lang {

using parser::As;
using parser::CallExpression;
using parser::Expression;
using parser::ExpressionKind;

namespace {

constexpr std::string_view kCore = "core::";
constexpr std::string_view kProvider = "provider::";

std::string Signature(const Function& function) {
  std::string out;
  for (const Parameter& parameter : function.parameters) {
    if (!out.empty()) out += ", ";
    out += parameter.name;
  }
  if (function.variadic) {
    if (!out.empty()) out += ", ";
    out += function.variadic->name;
    out += "...";
  }
  return out;
}

// An argument as the function gets it: written by itself, or an element of one that was expanded.
struct Argument {
  const Expression* expression = nullptr;
  std::optional<Value> value{};
};

void UnknownFunction(const CallExpression& e, const Scope& scope, Diagnostics& diags) {
  Diagnostic diagnostic;
  diagnostic.subject = e.name_range;
  diagnostic.context = e.range;
  const std::string_view name = e.name;
  if (name.find("::") == std::string_view::npos) {
    diagnostic.summary = "Call to unknown function";
    diagnostic.detail = fmt::format("There is no function named \"{}\".{}", name,
                                    DidYouMean(name, scope.functions().Names()));
  } else {
    diagnostic.summary = "Unknown provider function";
    if (!name.starts_with(kProvider)) {
      const std::string_view space = name.substr(0, name.find("::"));
      diagnostic.detail = fmt::format(
          "The function namespace \"{}\" has no \"{}\". Functions of providers are called as "
          "provider::NAME::FUNCTION.",
          space, name.substr(space.size() + 2));
    } else {
      const std::string_view rest = name.substr(kProvider.size());
      const std::size_t split = rest.find("::");
      if (split == std::string_view::npos) {
        diagnostic.detail =
            "After \"provider::\" comes the provider's local name, and then the function's name: "
            "provider::NAME::FUNCTION.";
      } else {
        diagnostic.detail = fmt::format(
            "There is no function named \"{}\" here. The provider \"{}\" must be in this module's "
            "required_providers, and it must have that function.",
            name, rest.substr(0, split));
      }
    }
  }
  diags.Add(std::move(diagnostic));
}

// A name with steps and indexes that are names themselves, in parentheses or not. Null stands for
// one, too.
bool IsNamed(const Expression& e) {
  switch (e.kind) {
    case ExpressionKind::kParentheses:
      return IsNamed(*As<parser::Parentheses>(e).inner);
    case ExpressionKind::kTraversal:
      return true;
    case ExpressionKind::kIndex:
      return IsNamed(*As<parser::IndexExpression>(e).collection) &&
             As<parser::IndexExpression>(e).key->kind == ExpressionKind::kTraversal;
    case ExpressionKind::kSplat:
      return IsNamed(*As<parser::SplatExpression>(e).source);
    case ExpressionKind::kLiteral:
      return As<parser::Literal>(e).literal == parser::LiteralKind::kNull;
    default:
      return false;
  }
}

const Function* FindFunction(std::string_view name, const Scope& scope) {
  if (name.starts_with(kProvider)) {
    const std::string_view rest = name.substr(kProvider.size());
    const std::size_t split = rest.find("::");
    if (split == std::string_view::npos) return nullptr;
    return scope.FindProviderFunction(rest.substr(0, split), rest.substr(split + 2));
  }
  const std::string_view plain = name.starts_with(kCore) ? name.substr(kCore.size()) : name;
  if (plain == "type" && !scope.console_mode()) return nullptr;
  if (plain == "plantimestamp" && scope.console_mode()) return nullptr;  // nothing is planned there
  return scope.functions().Find(name);
}

}  // namespace

bool Evaluator::IsInFor() const {
  return std::ranges::any_of(locals_, [](const Local& local) {
    return local.name != parser::SplatExpression::kSplatItem;
  });
}

Value Evaluator::EvalCall(const CallExpression& e, Diagnostics& diags) {
  const Function* function = FindFunction(e.name, scope_);
  if (function == nullptr) {
    for (const Expression* argument : e.arguments) (void)Eval(*argument, diags);
    UnknownFunction(e, scope_, diags);
    return Value::Dynamic();
  }
  std::vector<Argument> arguments;
  arguments.reserve(e.arguments.size());
  for (const Expression* argument : e.arguments) arguments.push_back({argument, {}});

  if (e.expand_final && !arguments.empty()) {
    const Expression* last = arguments.back().expression;
    Diagnostics found;
    const Value expanded = Eval(*last, found);
    const bool failed = found.HasErrors();
    diags.Append(std::move(found));
    if (failed) return Value::Dynamic();
    const Type type = expanded.type();
    if (!type.IsDynamic() && !type.IsTuple() && !type.IsList() && !type.IsSet()) {
      Fail("Invalid expanding argument value",
           fmt::format("Before \"...\" there must be a tuple, a list or a set, but this is a {}.",
                       type.FriendlyName()),
           last->range, e.range, last, diags);
      return Value::Dynamic();
    }
    if (expanded.IsNull()) {
      Fail("Invalid expanding argument value",
           "What stands before \"...\" is null, so there are no arguments to take from it.",
           last->range, e.range, last, diags);
      return Value::Dynamic();
    }
    if (!expanded.IsKnown()) return Value::Dynamic();
    const auto [sequence, marks] = expanded.Unmark();
    arguments.pop_back();
    arguments.reserve(arguments.size() + sequence.Length());
    for (const Value& element : sequence.elements()) {
      arguments.push_back({last, marks.empty() ? element : element.WithMarks(marks)});
    }
  }

  const auto fail = [&](std::string_view summary, std::string detail, const SourceRange& subject,
                        const Expression& about) {
    Diagnostic diagnostic;
    diagnostic.summary = summary;
    diagnostic.detail = std::move(detail);
    diagnostic.subject = subject;
    diagnostic.context = e.range;
    diagnostic.function_name = e.name;
    if (!IsInFor()) diagnostic.function_signature = Signature(*function);
    Show(about, diagnostic);
    diags.Add(std::move(diagnostic));
  };

  const std::size_t wanted = function->parameters.size();
  if (arguments.size() < wanted) {
    fail("Not enough function arguments",
         fmt::format(
             "Function \"{}\" takes {}{} argument{}, as in {}({}). The argument \"{}\" is missing.",
             e.name, function->variadic ? "at least " : "", wanted, wanted == 1 ? "" : "s", e.name,
             Signature(*function), function->parameters[arguments.size()].name),
         e.close_range, e);
    return Value::Dynamic();
  }
  if (!function->variadic && arguments.size() > wanted) {
    fail("Too many function arguments",
         fmt::format("Function \"{}\" takes only {} argument{}: {}({}).", e.name, wanted,
                     wanted == 1 ? "" : "s", e.name, Signature(*function)),
         parser::StartRange(*arguments[wanted].expression), e);
    return Value::Dynamic();
  }

  std::vector<Value> values;
  values.reserve(arguments.size());
  std::vector<Closure> closures;
  Diagnostics found;
  bool failed = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Parameter& parameter = function->ParameterAt(i);
    const Argument& argument = arguments[i];
    if (parameter.closure) {
      closures.resize(i + 1);
      closures[i].expression = argument.expression;
      closures[i].evaluate = [this, &argument](Diagnostics& more) {
        if (argument.value) return *argument.value;
        ++quiet_;
        Value value = Eval(*argument.expression, more);
        --quiet_;
        return value;
      };
      values.push_back(Value());
      continue;
    }
    if (parameter.named && !IsNamed(*argument.expression)) {
      fail("Invalid function argument",
           fmt::format(
               "Invalid value for \"{}\" parameter: it must be a reference to something that "
               "holds a template. What is written here is evaluated as it stands, without "
               "\"{}\".",
               parameter.name, e.name),
           parser::StartRange(*argument.expression), *argument.expression);
      failed = true;
      continue;
    }
    Value value = argument.value ? *argument.value : Eval(*argument.expression, found);
    if (!parameter.type.IsDynamic() && value.type() != parameter.type) {
      ConversionError error;
      auto converted = Convert(value, parameter.type, &error);
      if (!converted) {
        fail("Invalid function argument",
             fmt::format("Invalid value for \"{}\" parameter: {}.", parameter.name,
                         error.ToString()),
             parser::StartRange(*argument.expression), *argument.expression);
        failed = true;
        continue;
      }
      // How long a set is that has unknown elements nobody knows. Terraform then converts it to a
      // list of what it held before, which the function refuses, though it need not.
      if (!converted->IsKnown() && value.IsKnown() && parameter.type.IsList() &&
          !parameter.type.element().IsDynamic() &&
          value.type().element() != parameter.type.element()) {
        fail("Invalid function argument",
             fmt::format("Invalid value for \"{}\" parameter: {} required, but this is a set with "
                         "elements that are not known yet, each a {}.",
                         parameter.name, parameter.type.element().FriendlyName(),
                         value.type().element().FriendlyName()),
             parser::StartRange(*argument.expression), *argument.expression);
        failed = true;
        continue;
      }
      value = std::move(*converted);
    }
    values.push_back(std::move(value));
  }
  failed = failed || found.HasErrors();
  diags.Append(std::move(found));
  if (failed) return Value::Dynamic();

  const CallContext context{scope_, e.range, template_depth_, closures, false};
  FunctionResult result = CallFunction(*function, values, context);
  if (Value* value = std::get_if<Value>(&result)) return std::move(*value);
  const FunctionError& error = std::get<FunctionError>(result);
  const std::size_t index = static_cast<std::size_t>(error.argument);
  const bool names_parameter =
      error.argument >= 0 && (index < wanted || function->variadic.has_value());
  if (names_parameter && index < arguments.size()) {
    const Expression& argument = *arguments[index].expression;
    fail("Invalid function argument",
         fmt::format("Invalid value for \"{}\" parameter: {}.", function->ParameterAt(index).name,
                     error.message),
         parser::StartRange(argument), argument);
  } else if (names_parameter) {
    fail("Invalid function argument",
         fmt::format("Invalid value for \"{}\" parameter: {}.", function->ParameterAt(index).name,
                     error.message),
         parser::StartRange(e), e);
  } else {
    fail("Error in function call",
         fmt::format("Call to function \"{}\" failed: {}.", e.name, error.message),
         parser::StartRange(e), e);
  }
  return Value::Dynamic();
}

FunctionResult CallFunction(const Function& function, std::span<const Value> given,
                            const CallContext& context) {
  std::vector<Value> plain;  // the arguments without marks, once there is one with marks
  MarkSet marks;
  std::span<const Value> arguments = given;
  bool any_unknown = false;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const Parameter& parameter = function.ParameterAt(i);
    if (parameter.closure) continue;
    if (!parameter.allow_marked && given[i].ContainsMarked()) {
      if (plain.empty()) {
        plain.assign(given.begin(), given.end());
        arguments = plain;
      }
      marks = marks.Union(given[i].AllMarks());
      plain[i] = given[i].UnmarkDeep();
    }
    const Value& argument = arguments[i];
    if (argument.IsNull() && !parameter.allow_null) {
      return FunctionError{static_cast<int>(i), "argument must not be null"};
    }
    if (argument.type().IsDynamic() && !parameter.allow_dynamic) return Value::Dynamic();
    if (!argument.IsKnown() && !parameter.allow_unknown) any_unknown = true;
  }
  Type type = function.result;
  if (function.result_type != nullptr) {
    FunctionType computed = function.result_type(arguments);
    if (auto* error = std::get_if<FunctionError>(&computed)) return std::move(*error);
    type = std::get<Type>(computed);
  }
  Value result;
  if (any_unknown) {
    result = Value::Unknown(type);
  } else {
    CallContext discreet = context;
    discreet.sensitive = std::any_of(given.begin(), given.end(), [](const Value& v) {
      return v.ContainsMark(MarkKind::kSensitive) || v.ContainsMark(MarkKind::kEphemeral);
    });
    FunctionResult computed = function.body(arguments, type, discreet);
    if (std::holds_alternative<FunctionError>(computed)) return computed;
    result = std::move(std::get<Value>(computed));
  }
  if (function.never_null && !result.IsKnown() && !result.type().IsDynamic() &&
      !result.IsDefinitelyNotNull()) {
    const auto [unknown, result_marks] = result.Unmark();
    Refinement refinement;
    if (const Refinement* known = unknown.refinement()) refinement = *known;
    refinement.not_null = true;
    result = Value::Unknown(type.IsDynamic() ? unknown.type() : type, std::move(refinement))
                 .WithMarks(result_marks);
  }
  return marks.empty() ? result : result.WithMarks(marks);
}

}  // namespace tkn::lang
