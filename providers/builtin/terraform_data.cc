#include "providers/builtin/terraform_data.h"

#include <array>
#include <cstdio>
#include <random>
#include <utility>
#include <vector>

#include "engine/value/json.h"
#include "engine/value/per_thread.h"

namespace tkn::providers::terraform_data {
namespace {

Value Make(Value id, Value input, Value output, Value triggers) {
  static const Type type = MakeSchema().block.ImpliedType();
  return Value::ObjectOf(type,
                         {std::move(id), std::move(input), std::move(output), std::move(triggers)});
}

// 128 random bits in the layout of a UUID, without version bits, as Terraform writes them.
std::string RandomId() {
  // One for each thread: making one asks the processor what it is, which under virtualisation takes
  // longer than everything else here.
  std::random_device& source = *PerThread<std::random_device>();
  std::array<unsigned, 4> words{};
  for (unsigned& word : words) word = source();
  std::array<char, 37> text{};
  const int length = std::snprintf(text.data(), text.size(), "%08x-%04x-%04x-%04x-%04x%08x",
                                   words[0], words[1] >> 16, words[1] & 0xffffU, words[2] >> 16,
                                   words[2] & 0xffffU, words[3]);
  return std::string(text.data(), static_cast<std::size_t>(length));
}

// What `output` will be is known only after the apply, but its type and whether it is null are
// those of the input.
Value PlannedOutput(const Value& input) {
  if (input.IsKnown() && input.IsNull()) return input;
  return Value::Unknown(input.type());
}

}  // namespace

Schema MakeSchema() {
  Schema schema;
  schema.block.attributes = {
      {.name = "id", .type = Type::String(), .computed = true},
      {.name = "input", .type = Type::Dynamic(), .optional = true},
      {.name = "output", .type = Type::Dynamic(), .computed = true},
      {.name = "triggers_replace", .type = Type::Dynamic(), .optional = true},
  };
  schema.block.Finish();
  return schema;
}

void Validate(const Value& config, Diagnostics& diags) {
  for (const char* name : {"id", "output"}) {
    const Value* const value = config.Find(name);
    if (value->IsKnown() && value->IsNull()) continue;
    diags.Add({.summary = "\"" + std::string(name) + "\" attribute is read-only"});
  }
}

PlanResponse Plan(const PlanRequest& request) {
  PlanResponse response;
  if (request.proposed_new.IsNull()) {
    response.planned = {request.proposed_new, request.prior.private_bytes};
    return response;
  }
  const Value& prior = request.prior.value;
  const Value input = request.proposed_new.Attribute("input");
  const Value triggers = request.proposed_new.Attribute("triggers_replace");
  const Value new_id = Value::Unknown(Type::String(), Refinement{.not_null = true});

  if (prior.IsNull()) {
    response.planned.value = Make(new_id, input, PlannedOutput(input), triggers);
    return response;
  }
  response.planned.private_bytes = request.prior.private_bytes;
  // Types count too: toset(["a"]) is not ["a"].
  const bool same_triggers = prior.Attribute("triggers_replace").RawEquals(triggers);
  const bool same_input = prior.Attribute("input").RawEquals(input);
  if (!same_triggers) {
    response.requires_replace.push_back({PathStep::Attribute("triggers_replace")});
    response.planned.value = Make(new_id, input, PlannedOutput(input), triggers);
  } else {
    response.planned.value =
        Make(prior.Attribute("id"), input,
             same_input ? prior.Attribute("output") : Value::Unknown(input.type()), triggers);
  }
  return response;
}

ApplyResponse Apply(const ApplyRequest& request) {
  const Value& planned = request.planned.value;
  if (planned.IsNull()) return {request.planned};
  const Value id = planned.Attribute("id");
  const Value input = planned.Attribute("input");
  return {{Make(id.IsKnown() ? id : Value::String(RandomId()), input, input,
                planned.Attribute("triggers_replace")),
           request.planned.private_bytes}};
}

ImportedObject Import(const std::string& id) {
  const Value nothing = Value::Null(Type::Dynamic());
  return {"terraform_data", {Make(Value::String(id), nothing, nothing, nothing), ""}};
}

std::optional<Object> Move(const std::string& from_provider, const std::string& from_type,
                           const std::string& json, Diagnostics& diags) {
  static constexpr std::string_view kNull = "hashicorp/null";
  if (!std::string_view(from_provider).ends_with(kNull)) {
    diags.Add({.summary = "Unsupported source provider for move operation",
               .detail = "A terraform_data can take over objects of the provider hashicorp/null, "
                         "not of " +
                         from_provider + "."});
    return std::nullopt;
  }
  if (from_type != "null_resource") {
    diags.Add(
        {.summary = "Unsupported source resource type for move operation",
         .detail = "A terraform_data can take over a null_resource, not a " + from_type + "."});
    return std::nullopt;
  }
  const Type old_type =
      Type::Object({{"id", Type::String()}, {"triggers", Type::Map(Type::String())}});
  std::string error;
  const std::optional<Value> old = FromJson(json, old_type, &error);
  if (!old) {
    diags.Add({.summary = "Failed to decode source resource state",
               .detail = "The state of the null_resource can't be read: " + error});
    return std::nullopt;
  }
  const Value nothing = Value::Null(Type::Dynamic());
  Value triggers = nothing;
  if (const Value map = old->Attribute("triggers"); !map.IsNull()) {
    // `triggers_replace = { a = "b" }` is an object: a map would differ from it and replace.
    std::vector<Value::Entry> entries;
    for (std::size_t i = 0; i < map.Length(); ++i) {
      entries.emplace_back(map.KeyAt(i), map.elements()[i]);
    }
    triggers = Value::Object(std::move(entries));
  }
  return Object{Make(old->Attribute("id"), nothing, nothing, triggers), ""};
}

}  // namespace tkn::providers::terraform_data
