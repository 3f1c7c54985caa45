#include <cmath>

#include "engine/lang/functions/entry.h"

namespace tkn::lang {

namespace {

constexpr std::size_t kMaxRange = 1024;

FunctionResult FromFloat(double value) {
  if (std::isnan(value)) return CallError("there is no result for these numbers");
  return Value::Number(Number::FromDouble(value));
}

// Powers by squaring the mantissa, exponents apart. The last digits differ from the correctly
// rounded std::pow(), and Terraform prints those of this method.
double Power(double x, double y) {
  if (y == 0 || x == 1) return 1;
  if (y == 1) return x;
  if (std::isnan(x) || std::isnan(y) || std::isinf(x) || std::isinf(y) || x == 0) {
    return std::pow(x, y);
  }
  if (y == 0.5) return std::sqrt(x);
  if (y == -0.5) return 1 / std::sqrt(x);
  double whole = 0;
  double fraction = std::modf(std::fabs(y), &whole);
  if (fraction != 0 && x < 0) return std::nan("");
  if (whole >= 9.223372036854775808e18) return std::pow(x, y);
  double result = 1;
  long exponent = 0;
  if (fraction != 0) {
    if (fraction > 0.5) {
      fraction -= 1;
      whole += 1;
    }
    result = std::exp(fraction * std::log(x));
  }
  int exponent_of_x = 0;
  double mantissa = std::frexp(x, &exponent_of_x);
  long square_exponent = exponent_of_x;
  for (auto bits = static_cast<std::int64_t>(whole); bits != 0; bits >>= 1) {
    if (square_exponent < -(1 << 12) || square_exponent > (1 << 12)) {
      exponent += square_exponent;  // over- or underflow, whatever follows
      break;
    }
    if ((bits & 1) != 0) {
      result *= mantissa;
      exponent += square_exponent;
    }
    mantissa *= mantissa;
    square_exponent *= 2;
    if (mantissa < 0.5) {
      mantissa += mantissa;
      --square_exponent;
    }
  }
  if (y < 0) {
    result = 1 / result;
    exponent = -exponent;
  }
  return std::ldexp(result, static_cast<int>(exponent));
}

FunctionResult Extreme(Arguments a, bool largest) {
  if (a.empty()) return CallError("must pass at least one number");
  const Value* best = &a[0];
  for (const Value& value : a.subspan(1)) {
    const bool better =
        largest ? value.AsNumber() > best->AsNumber() : value.AsNumber() < best->AsNumber();
    if (better) best = &value;
  }
  return *best;
}

FunctionResult ParseInteger(Arguments a, Type, const CallContext& context) {
  const auto base = a[1].AsNumber().ToInt64();
  if (!base) return ArgumentError(1, std::string(kNotWhole));
  if (*base < 2 || *base > 62) {
    return ArgumentError(1, "base must be a whole number between 2 and 62 inclusive");
  }
  const std::string_view text = a[0].AsString();
  const auto problem = [&] {
    return ArgumentError(
        0, fmt::format("{} is not a whole number in base {}", Shown(text, context), *base));
  };
  const bool negative = text.starts_with('-');
  const std::string_view digits = negative || text.starts_with('+') ? text.substr(1) : text;
  if (digits.empty()) return problem();
  for (const char c : digits) {
    if ((c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')) return problem();
  }
  const auto number = Number::ParseInteger(digits, static_cast<int>(*base));
  if (!number) return problem();
  return Value::Number(negative ? -*number : *number);
}

FunctionResult Range(Arguments a, Type type, const CallContext&) {
  if (a.empty() || a.size() > 3) return CallError("must have one, two, or three arguments");
  const Number zero;
  const Number start = a.size() == 1 ? zero : a[0].AsNumber();
  const Number end = a.size() == 1 ? a[0].AsNumber() : a[1].AsNumber();
  const bool down = end < start;
  const Number step = a.size() == 3 ? a[2].AsNumber() : Number(down ? -1 : 1);
  if (step.Sign() > 0 && down) {
    return ArgumentError(1, "end must be greater than start when step is positive");
  }
  if (step.Sign() < 0 && end > start) {
    return ArgumentError(1, "end must be less than start when step is negative");
  }
  std::vector<Value> values;
  for (Number number = start; down ? number > end : number < end; number = number + step) {
    if (values.size() == kMaxRange) {
      return CallError(
          fmt::format("this comes to more than {} numbers; bring start and end nearer together or "
                      "use a larger step",
                      kMaxRange));
    }
    values.push_back(Value::Number(number));
  }
  return Value::List(type.element(), std::move(values));
}

}  // namespace

void AddNumberFunctions(FunctionTable& table) {
  const Parameter number = NumberParameter("num", "The number.");
  const Parameter numbers = NumberParameter("numbers", "One or more numbers.");
  table.Add({.name = "abs",
             .description = "A number without its sign.",
             .parameters = {number},
             .result = Type::Number(),
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               return Value::Number(a[0].AsNumber().Abs());
             }});
  table.Add({.name = "ceil",
             .description = "The smallest whole number that is not below the given one.",
             .parameters = {number},
             .result = Type::Number(),
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               return Value::Number(a[0].AsNumber().Ceil());
             }});
  table.Add({.name = "floor",
             .description = "The largest whole number that is not above the given one.",
             .parameters = {number},
             .result = Type::Number(),
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               return Value::Number(a[0].AsNumber().Floor());
             }});
  table.Add({.name = "log",
             .description = "The logarithm of a number, as a floating point number.",
             .parameters = {number, NumberParameter("base", "The base of the logarithm.")},
             .result = Type::Number(),
             .body = [](Arguments a, Type, const CallContext&) {
               return FromFloat(std::log(a[0].AsNumber().ToDouble()) /
                                std::log(a[1].AsNumber().ToDouble()));
             }});
  table.Add({.name = "max",
             .description = "The largest of some numbers.",
             .variadic = numbers,
             .result = Type::Number(),
             .body = [](Arguments a, Type, const CallContext&) { return Extreme(a, true); }});
  table.Add({.name = "min",
             .description = "The smallest of some numbers.",
             .variadic = numbers,
             .result = Type::Number(),
             .body = [](Arguments a, Type, const CallContext&) { return Extreme(a, false); }});
  table.Add({.name = "parseint",
             .description = "Reads a text as a whole number in some base.",
             .parameters = {AnyParameter("number", "The text: digits and perhaps a sign."),
                            NumberParameter("base", "The base, from 2 to 62.")},
             .result_type = [](Arguments a) -> FunctionType {
               if (a[0].type() != Type::String()) {
                 return ArgumentError(0, fmt::format("first argument must be a string, not {}",
                                                     a[0].type().FriendlyName()));
               }
               return Type::Number();
             },
             .body = ParseInteger});
  table.Add({.name = "pow",
             .description = "A number raised to a power, as a floating point number.",
             .parameters = {number, NumberParameter("power", "The exponent.")},
             .result = Type::Number(),
             .body = [](Arguments a, Type, const CallContext&) {
               return FromFloat(Power(a[0].AsNumber().ToDouble(), a[1].AsNumber().ToDouble()));
             }});
  table.Add(
      {.name = "range",
       .description = "A list of numbers from a start to before an end.",
       .variadic = NumberParameter("params", "The end; or start and end; or start, end and step."),
       .result = Type::List(Type::Number()),
       .body = Range});
  table.Add({.name = "signum",
             .description = "-1, 0 or 1: the sign of a whole number.",
             .parameters = {number},
             .result = Type::Number(),
             .body = [](Arguments a, Type, const CallContext&) -> FunctionResult {
               if (!a[0].AsNumber().ToInt64()) return CallError(std::string(kNotWhole));
               return Value::Number(std::int64_t{a[0].AsNumber().Sign()});
             }});
}

}  // namespace tkn::lang
