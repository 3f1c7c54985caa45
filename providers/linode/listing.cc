#include "providers/linode/listing.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "engine/value/json.h"
#include "providers/linode/answer.h"
#include "providers/linode/instant.h"
#include "providers/linode/password.h"
#include "providers/linode/path_template.h"

namespace tkn::linode {
namespace {

Schema MakeSchema(const ListingDefinition& definition) {
  std::vector<ObjectAttribute> one;
  for (const AttributeSchema& attribute : definition.attributes) {
    one.push_back({attribute.name, attribute.type});
  }
  NestedBlock filter{.name = "filter", .nesting = Nesting::kSet, .block = {}};
  filter.block.attributes = {{.name = "name",
                              .type = Type::String(),
                              .required = true,
                              .description = "The attribute to choose by."},
                             {.name = "values",
                              .type = Type::List(Type::String()),
                              .required = true,
                              .description = "One of these must match."},
                             {.name = "match_by",
                              .type = Type::String(),
                              .optional = true,
                              .description = "exact (default), substring or regex."}};
  Schema schema;
  schema.block.attributes = {{.name = "id", .type = Type::String(), .computed = true},
                             {.name = definition.items,
                              .type = Type::List(Type::Object(std::move(one))),
                              .computed = true}};
  if (definition.ordered) {
    schema.block.attributes.push_back({.name = "order",
                                       .type = Type::String(),
                                       .optional = true,
                                       .description = "asc or desc (default)."});
    schema.block.attributes.push_back({.name = "order_by",
                                       .type = Type::String(),
                                       .optional = true,
                                       .description = "The attribute to sort by."});
  }
  if (definition.latest) {
    schema.block.attributes.push_back({.name = "latest",
                                       .type = Type::Bool(),
                                       .optional = true,
                                       .description = "Only the newest."});
  }
  schema.block.blocks.push_back(std::move(filter));
  schema.block.Finish();
  return schema;
}

enum class Match { kExact, kSubstring, kRegex };

std::optional<Match> MatchOf(const std::string& text) {
  if (text.empty() || text == "exact") return Match::kExact;
  if (text == "substring" || text == "sub") return Match::kSubstring;
  if (text == "regex" || text == "re") return Match::kRegex;
  return std::nullopt;
}

struct Filter {
  std::string name;
  std::vector<std::string> values;
  Match match = Match::kExact;
};

bool Has(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// As users write it in `values`.
std::string AsText(const Value& value) {
  if (value.type() == Type::String()) return std::string(value.AsString());
  if (value.type() == Type::Bool()) return value.AsBool() ? "true" : "false";
  if (value.type() == Type::Number()) return value.AsNumber().ToString();
  return "";
}

bool Matches(const Filter& filter, const Value& value) {
  if (!IsGiven(value)) return false;
  if (value.type().IsCollection()) {
    return std::any_of(value.elements().begin(), value.elements().end(),
                       [&](const Value& element) { return Matches(filter, element); });
  }
  const std::string text = AsText(value);
  return std::any_of(filter.values.begin(), filter.values.end(), [&](const std::string& wanted) {
    switch (filter.match) {
      case Match::kExact:
        return text == wanted;
      case Match::kSubstring:
        return text.find(wanted) != std::string::npos;
      case Match::kRegex:
        return RE2::PartialMatch(text, RE2(wanted, RE2::Quiet));
    }
    return false;
  });
}

class Listing final : public DataSource {
 public:
  explicit Listing(ListingDefinition definition)
      : DataSource(definition.type, MakeSchema(definition)), definition_(std::move(definition)) {}

  void Validate(const Value& config, Diagnostics& diags) const override {
    const Value blocks = config.Attribute("filter");
    if (IsGiven(blocks)) {
      for (const Value& block : blocks.elements()) ValidateFilter(block, diags);
    }
    if (!definition_.ordered) return;
    const Value order = config.Attribute("order");
    if (IsGiven(order) && order.AsString() != "asc" && order.AsString() != "desc") {
      AddError(diags, "Invalid Attribute Value Match",
               "Attribute order value must be one of: [\"asc\" \"desc\"], got: \"" +
                   std::string(order.AsString()) + "\"",
               ".order");
    }
    const Value order_by = config.Attribute("order_by");
    if (IsGiven(order_by) && !Has(definition_.api_filters, std::string(order_by.AsString()))) {
      AddError(diags, "Invalid order_by", Unfilterable(std::string(order_by.AsString())),
               ".order_by");
    }
  }

  Value Read(const Value& config, Context& context) const override {
    Record record(type(), config);
    const std::vector<Filter> filters = FiltersOf(config);
    const auto asked = AskedOf(record, filters, context.diags);
    if (!asked) return Value::Null(type());
    const ListAnswer answer =
        context.client.List(FillPath(definition_.path, record), *asked, context.limits);
    if (!answer.ok()) {
      AddError(context.diags, definition_.error_summary, answer.error->text);
      return Value::Null(type());
    }
    const Type one = record.TypeOf(definition_.items).element();
    std::vector<Value> items;
    for (const Value& found : answer.items) {
      Record item(one, Shape(found, one));
      if (definition_.finish != nullptr) definition_.finish(found, item);
      Value value = item.ToValue();
      const bool fits = std::all_of(filters.begin(), filters.end(), [&](const Filter& filter) {
        return IsAsked(filter) || Matches(filter, value.Attribute(filter.name));
      });
      if (fits) items.push_back(std::move(value));
    }
    if (definition_.latest && IsGiven(record["latest"]) && record["latest"].AsBool()) {
      KeepNewest(items);
    }
    record.Set(definition_.items, Value::List(one, std::move(items)));
    record.SetText("id", PasswordHash(ToJson(config.Attribute("filter"))));
    return record.ToValue();
  }

 private:
  std::string Unfilterable(const std::string& name) const {
    std::vector<std::string> all = definition_.api_filters;
    all.insert(all.end(), definition_.local_filters.begin(), definition_.local_filters.end());
    std::sort(all.begin(), all.end());
    std::string list;
    for (const std::string& valid : all) list += (list.empty() ? "" : ", ") + valid;
    return "\"" + name + "\" is not a filterable field. Valid filters: " + list;
  }

  void ValidateFilter(const Value& block, Diagnostics& diags) const {
    if (!IsGiven(block)) return;
    const Value name = block.Attribute("name");
    if (IsGiven(name) && !Has(definition_.api_filters, std::string(name.AsString())) &&
        !Has(definition_.local_filters, std::string(name.AsString()))) {
      AddError(diags, "Invalid filter", Unfilterable(std::string(name.AsString())), ".filter");
    }
    const Value match_by = block.Attribute("match_by");
    const auto match = IsGiven(match_by) ? MatchOf(std::string(match_by.AsString()))
                                         : std::optional(Match::kExact);
    if (!match) {
      AddError(diags, "Invalid Attribute Value Match",
               "Attribute match_by value must be one of: [\"exact\" \"substring\" \"sub\" "
               "\"regex\" \"re\"], got: \"" +
                   std::string(match_by.AsString()) + "\"",
               ".filter");
    }
    const Value values = block.Attribute("values");
    if (match != Match::kRegex || !IsGiven(values)) return;
    for (const Value& value : values.elements()) {
      if (!IsGiven(value)) continue;
      const RE2 pattern(std::string(value.AsString()), RE2::Quiet);
      if (pattern.ok()) continue;
      AddError(diags, "Invalid filter",
               "\"" + std::string(value.AsString()) +
                   "\" is no regular expression: " + pattern.error() + ".",
               ".filter");
    }
  }

  static std::vector<Filter> FiltersOf(const Value& config) {
    std::vector<Filter> filters;
    const Value blocks = config.Attribute("filter");
    if (!IsGiven(blocks)) return filters;
    for (const Value& block : blocks.elements()) {
      const Record record(block.type(), block);
      Filter filter{.name = record.Text("name"), .values = {}};
      filter.match = MatchOf(record.Text("match_by")).value_or(Match::kExact);
      if (record.IsGiven("values")) {
        for (const Value& value : record["values"].elements()) {
          if (IsGiven(value)) filter.values.emplace_back(value.AsString());
        }
      }
      filters.push_back(std::move(filter));
    }
    return filters;
  }

  bool IsAsked(const Filter& filter) const {
    return filter.match == Match::kExact && Has(definition_.api_filters, filter.name);
  }

  // A value as the API has it in this field: numbers and bools are converted from the text.
  std::optional<Value> Typed(const Filter& filter, const std::string& text,
                             Diagnostics& diags) const {
    for (const AttributeSchema& attribute : definition_.attributes) {
      if (attribute.name != filter.name) continue;
      Type type = attribute.type;
      if (type.IsList() || type.IsSet()) type = type.element();
      if (type == Type::String()) break;
      Value value = Shape(Value::String(text), type);
      if (!value.IsNull()) return value;
      AddError(diags, "Invalid filter",
               "\"" + text + "\" can't be a value of \"" + filter.name + "\", which is a " +
                   (type == Type::Bool() ? "bool." : "number."));
      return std::nullopt;
    }
    return Value::String(text);
  }

  // For X-Filter; null when there is nothing to say.
  std::optional<Value> AskedOf(const Record& record, const std::vector<Filter>& filters,
                               Diagnostics& diags) const {
    std::vector<Value> all;
    for (const Filter& filter : filters) {
      if (!IsAsked(filter)) continue;
      std::vector<Value> any;
      for (const std::string& text : filter.values) {
        const auto value = Typed(filter, text, diags);
        if (!value) return std::nullopt;
        any.push_back(Value::Object({{filter.name, *value}}));
      }
      all.push_back(Value::Object({{"+or", Value::Tuple(std::move(any))}}));
    }
    std::vector<Value::Entry> parts;
    if (!all.empty()) parts.emplace_back("+and", Value::Tuple(std::move(all)));
    if (definition_.ordered) {
      const std::string order = record.Text("order");
      parts.emplace_back("+order", Value::String(order.empty() ? "desc" : order));
      if (record.IsGiven("order_by")) parts.emplace_back("+order_by", record["order_by"]);
    }
    return parts.empty() ? Value() : Value::Object(std::move(parts));
  }

  static void KeepNewest(std::vector<Value>& items) {
    const auto created = [](const Value& item) {
      const Value text = item.Attribute("created");
      const auto instant =
          IsGiven(text) ? Instant::ParseRfc3339(text.AsString()) : std::optional<Instant>();
      return instant ? instant->seconds : 0;
    };
    const auto newest =
        std::max_element(items.begin(), items.end(),
                         [&](const Value& a, const Value& b) { return created(a) < created(b); });
    if (newest != items.end()) items = {*newest};
  }

  const ListingDefinition definition_;
};

}  // namespace

std::unique_ptr<DataSource> MakeListing(ListingDefinition definition) {
  return std::make_unique<Listing>(std::move(definition));
}

}  // namespace tkn::linode
