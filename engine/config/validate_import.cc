#include "engine/config/import_target.h"
#include "engine/config/validator.h"
#include "engine/lang/evaluate.h"
#include "engine/value/convert.h"

namespace tkn::config {

void Validator::CheckImport(const ModuleNode& node, const ImportBlock& import, Diagnostics& own) {
  const ValidationScope scope = ScopeOf(node);
  if (!import.to_resource.module.empty() && tree_.FindResource(import.to_resource) == nullptr) {
    own.Add({.summary = "Configuration for import target does not exist",
             .detail = "There is no block for " + import.to_resource.ToString() +
                       ". Write one in that module, or import to a resource that exists.",
             .subject = import.to_range});
    return;
  }
  const Resource* const block = tree_.FindResource(import.to_resource);
  if (block != nullptr && import.provider) {
    own.Add({.summary = "Invalid import provider argument",
             .detail = "There is a block for " + import.to_resource.ToString() +
                       ", and its own \"provider\" says which configuration the import asks. Here "
                       "the argument is for imports that have their block generated.",
             .subject = import.provider_range});
    return;
  }
  Type keys = Type::String();  // of each.key
  if (import.for_each != nullptr) {
    const std::optional<Value> value = Evaluate(*import.for_each, scope, own);
    if (!value) return;
    const Type type = value->type();
    if (type.IsDynamic()) keys = type;
    if (type.IsList() || type.IsTuple()) keys = Type::Number();
    if (!type.IsDynamic() && !type.IsCollection() && !type.IsTuple() && !type.IsObject()) {
      own.Add(
          {.summary = "Invalid for_each argument",
           .detail = "\"for_each\" of an import goes through a map, a set or a list; this is a " +
                     type.FriendlyName() + ".",
           .subject = import.for_each->range});
      return;
    }
  }
  const ValidationScope each = ScopeOf(node, {.has_each = import.for_each != nullptr});
  if (block != nullptr && !CheckImportKey(import, *block, keys, each, own)) return;
  if (import.id == nullptr) return;
  bool refers_to_itself = false;
  lang::ForEachTraversal(*import.id, [&](const parser::Traversal& traversal) {
    const ReferenceTarget* target = node.module->TargetOf(traversal);
    if (target == nullptr || target->kind != lang::ReferenceKind::kResource ||
        target->index == kNone ||
        import.to_resource !=
            ConfigResource{node.path, node.module->resources[target->index].name}) {
      return;
    }
    refers_to_itself = true;
    own.Add({.summary = "Invalid import id argument",
             .detail = "The id is needed to know what " + import.to_resource.ToString() +
                       " is, so it cannot come from that resource itself.",
             .subject = ReferenceRange(traversal, target->steps_used)});
  });
  if (refers_to_itself) return;
  const std::optional<Value> evaluated = Evaluate(*import.id, each, own);
  if (!evaluated) return;
  const Value& id = *evaluated;
  const auto invalid = [&](const char* summary, std::string why) {
    own.Add({.summary = summary, .detail = std::move(why), .subject = import.id->range});
  };
  ConversionError error;
  const auto text = Convert(id, Type::String(), &error);
  if (!text)
    return invalid("Incorrect value type",
                   "The id of an object is a text: " + error.ToString() + ".");
  if (!text->IsKnown()) return;
  if (text->IsNull())
    return invalid("Invalid import id argument",
                   "The id is null. Say which object is to be imported.");
  if (text->UnmarkDeep().AsString().empty()) {
    invalid("Invalid import id argument", "The id is empty. Say which object is to be imported.");
  }
}

// Whether the key that it imports to is one that instances of the block have.
bool Validator::CheckImportKey(const ImportBlock& import, const Resource& block, const Type& keys,
                               const ValidationScope& each, Diagnostics& own) {
  const WrittenKey key = KeyOfTarget(import);
  const auto invalid = [&](const std::string& why) {
    own.Add({.summary = "Invalid import 'to' expression",
             .detail = import.to_resource.ToString() + " " + why,
             .subject = import.to_range});
    return false;
  };
  bool is_text = key.kind == WrittenKey::Kind::kText;
  bool is_number = key.kind == WrittenKey::Kind::kNumber;
  if (key.expression != nullptr) {
    bool is_each_key = false, fine = true;
    lang::ForEachTraversal(*key.expression, [&](const parser::Traversal& traversal) {
      if (traversal.root != "each" || traversal.steps.empty()) return;
      const parser::Step& step = traversal.steps.front();
      if (step.text == "key")
        is_each_key = key.expression->kind == parser::ExpressionKind::kTraversal;
      if (step.text == "key" || step.text == "value") return;
      own.Add({.summary = "Unsupported attribute",
               .detail = "The \"each\" object has each.key and each.value, and nothing else.",
               .subject = step.range});
      fine = false;
    });
    if (!fine) return false;
    const std::optional<Value> value = Evaluate(*key.expression, each, own);
    if (!value) return false;
    const Type type = is_each_key ? keys : value->type();
    is_text = type == Type::String();
    is_number = type == Type::Number();
  }
  if (is_text && block.for_each == nullptr)
    return invalid("has no for_each, so none of its objects has a key of text.");
  if (is_number && block.count == nullptr)
    return invalid("has no count, so none of its objects has a number.");
  if (key.kind != WrittenKey::Kind::kNone) return true;
  if (block.count != nullptr)
    return invalid("has count: say which of its objects, as in " + import.to_resource.ToString() +
                   "[0].");
  if (block.for_each != nullptr)
    return invalid("has for_each: say which of its objects, as in " +
                   import.to_resource.ToString() + "[\"a\"].");
  return true;
}

}  // namespace tkn::config
