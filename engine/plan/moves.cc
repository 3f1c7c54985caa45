#include "engine/plan/moves.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "engine/graph/graph.h"

namespace tkn::plan {
namespace {

using Steps = std::vector<ModuleStep>;

bool HasKey(const TargetAddress& target) {
  if (target.resource) return target.key && !target.key->IsNone();
  return !target.module.steps().empty() && !target.module.steps().back().key.IsNone();
}

// The part of an end that both its module and, for modules, itself stand in: for "does it lie
// within" questions.
ModulePath FullPath(const ModulePath& module, const TargetAddress& target) {
  ModulePath path = module;
  for (const ModuleStep& step : target.module.steps()) path.push_back(step.name);
  return path;
}

bool IsPrefix(const ModulePath& prefix, const ModulePath& path) {
  return prefix.size() <= path.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

// `inner` lies in the module that `outer` names.
bool IsNestedWithin(const ModulePath& inner_module, const TargetAddress& inner,
                    const ModulePath& outer_module, const TargetAddress& outer) {
  if (outer.resource) return false;
  const ModulePath inner_path = FullPath(inner_module, inner),
                   outer_path = FullPath(outer_module, outer);
  if (!IsPrefix(outer_path, inner_path)) return false;
  return inner.resource || inner_path.size() > outer_path.size();
}

bool SameEnd(const ModulePath& a_module, const TargetAddress& a, const ModulePath& b_module,
             const TargetAddress& b) {
  if (a.resource != b.resource || FullPath(a_module, a) != FullPath(b_module, b)) return false;
  if (a.resource) return !HasKey(a) || !HasKey(b) || a.key == b.key;
  return !HasKey(a) || !HasKey(b) || a.module.steps().back().key == b.module.steps().back().key;
}

bool DependsOn(const MoveStatement& a, const MoveStatement& b) {
  return SameEnd(a.module, a.from, b.module, b.to) ||
         IsNestedWithin(a.module, a.from, b.module, b.to) ||
         IsNestedWithin(a.module, a.to, b.module, b.to) ||
         IsNestedWithin(b.module, b.from, a.module, a.from) ||
         IsNestedWithin(b.module, b.to, a.module, a.from);
}

std::string EndText(const MoveStatement& statement, const TargetAddress& end) {
  std::string text;
  for (const std::string& name : statement.module) text += "module." + name + ".";
  return text + end.ToString();
}

}  // namespace

std::optional<Address> MovedAddress(const MoveStatement& statement, const Address& address) {
  const Steps& steps = address.module.steps();
  const Steps& from = statement.from.module.steps();
  const std::size_t scope = statement.module.size();
  if (steps.size() < scope + from.size()) return std::nullopt;
  for (std::size_t i = 0; i < scope; ++i) {
    if (steps[i].name != statement.module[i]) return std::nullopt;
  }
  const bool is_module = !statement.from.resource;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (steps[scope + i].name != from[i].name) return std::nullopt;
    const bool any_key = is_module && statement.moves_all && i + 1 == from.size();
    if (!any_key && steps[scope + i].key != from[i].key) return std::nullopt;
  }
  Steps moved(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(scope));
  for (const ModuleStep& step : statement.to.module.steps()) moved.push_back(step);
  if (is_module) {
    if (from.empty()) return std::nullopt;
    if (statement.moves_all) moved.back().key = steps[scope + from.size() - 1].key;
    moved.insert(moved.end(), steps.begin() + static_cast<std::ptrdiff_t>(scope + from.size()),
                 steps.end());
    return Address{ModuleAddress(std::move(moved)), address.resource, address.key};
  }
  if (steps.size() != scope + from.size() || address.resource != *statement.from.resource) {
    return std::nullopt;
  }
  InstanceKey key = address.key;
  if (!statement.moves_all) {
    if (address.key != statement.from.key.value_or(InstanceKey())) return std::nullopt;
    key = statement.to.key.value_or(InstanceKey());
  }
  return Address{ModuleAddress(std::move(moved)), *statement.to.resource, std::move(key)};
}

Moves::Moves(const config::ModuleTree& tree) : tree_(tree) {
  for (const auto& node : tree.nodes()) {
    for (const config::MovedBlock& block : node->module->moved) {
      statements_.push_back({.module = node->path,
                             .from = block.from,
                             .to = block.to,
                             .range = block.range,
                             .moves_all = !HasKey(block.from) && !HasKey(block.to)});
    }
  }
}

// Without a moved block of its own, a single object becomes [0] when `count` appears, and back when
// it goes.
void Moves::AddImplied(const PriorState& prior) {
  const state::Snapshot& snapshot = prior.snapshot();
  const auto& objects = snapshot.objects;
  const bool any_counts = std::ranges::any_of(tree_.nodes(), [](const auto& node) {
    return std::ranges::any_of(node->module->resources, &config::Resource::count);
  });
  for (std::size_t begin = 0; begin < objects.size();) {
    const Address& first = objects[begin].address;
    std::size_t end = begin + 1;
    while (end < objects.size() && objects[end].address.module == first.module &&
           objects[end].address.resource == first.resource) {
      ++end;
    }
    const bool bare = first.key.IsNone();
    const bool zero = first.key.IsIndex() && first.key.index() == 0;
    if (((bare && any_counts) || zero) && first.resource.mode == ResourceMode::kManaged) {
      const config::Resource* block = tree_.FindResource({first.module.Path(), first.resource});
      const InstanceKey from_key = first.key;
      InstanceKey to_key;
      bool moves = false;
      if (block != nullptr && bare && block->count != nullptr) {
        to_key = InstanceKey(std::int64_t{0});
        moves = true;
        for (std::size_t i = begin; i < end; ++i) moves = moves && objects[i].address.key != to_key;
      } else if (block != nullptr && zero && block->count == nullptr &&
                 block->for_each == nullptr) {
        moves = true;  // a bare one would have come first
      }
      if (moves) {
        MoveStatement implied{.module = {}, .is_implied = true};
        implied.from = {first.module, first.resource, from_key};
        implied.to = {first.module, first.resource, to_key};
        statements_.push_back(std::move(implied));
      }
    }
    begin = end;
  }
}

// The order to apply them in: what a statement takes up must have got there before. Where they go
// in a circle there is none.
std::vector<const MoveStatement*> Moves::Sort() {
  std::vector<const MoveStatement*> explicits, sorted;
  for (const MoveStatement& statement : statements_) {
    if (!statement.is_implied) explicits.push_back(&statement);
  }
  const std::size_t count = explicits.size();
  graph::Graph graph;
  graph.AddMany(count);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      if (i != j && DependsOn(*explicits[i], *explicits[j])) {
        graph.Connect(static_cast<graph::Vertex>(i), static_cast<graph::Vertex>(j));
      }
    }
  }
  graph.Freeze();
  for (const auto& cycle : graph.FindCycles()) {
    auto& members = cycles_.emplace_back();
    for (const graph::Vertex v : cycle) members.push_back(explicits[v]);
  }
  if (!cycles_.empty()) return {};
  std::vector<std::size_t> waiting(count);
  std::set<graph::Vertex> ready;  // the first one written goes first
  for (std::size_t i = 0; i < count; ++i) {
    waiting[i] = graph.DependenciesOf(static_cast<graph::Vertex>(i)).size();
    if (waiting[i] == 0) ready.insert(static_cast<graph::Vertex>(i));
  }
  while (!ready.empty()) {
    const graph::Vertex next = *ready.begin();
    ready.erase(ready.begin());
    sorted.push_back(explicits[next]);
    for (const graph::Vertex d : graph.DependantsOf(next)) {
      if (--waiting[d] == 0) ready.insert(d);
    }
  }
  // Implied ones touch one resource that nothing else is said about: they come last, in any order.
  for (const MoveStatement& statement : statements_) {
    if (statement.is_implied) sorted.push_back(&statement);
  }
  return sorted;
}

void Moves::Apply(PriorState& prior) {
  AddImplied(prior);
  const std::vector<const MoveStatement*> sorted = Sort();
  if (sorted.empty()) return;

  auto& objects = prior.objects();
  std::vector<const Address*> moved(objects.size(), nullptr);
  std::unordered_map<std::string, std::vector<std::size_t>> by_resource;
  std::unordered_set<Address> occupied;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    by_resource[objects[i].address->resource.ToString()].push_back(i);
    occupied.insert(*objects[i].address);
  }
  std::vector<std::size_t> everything(objects.size());
  for (std::size_t i = 0; i < objects.size(); ++i) everything[i] = i;

  bool any = false;
  for (const MoveStatement* const next : sorted) {
    const MoveStatement& statement = *next;
    std::vector<std::size_t> candidates =
        statement.from.resource ? by_resource[statement.from.resource->ToString()] : everything;
    // What was there before this statement blocks it; what it brings itself does not.
    struct Pending {
      std::size_t object;
      Address to;
    };
    std::vector<Pending> pending;
    for (const std::size_t i : candidates) {
      const Address& now = moved[i] != nullptr ? *moved[i] : *objects[i].address;
      std::optional<Address> to = MovedAddress(statement, now);
      if (!to || *to == now) continue;
      pending.push_back({i, std::move(*to)});
    }
    std::vector<Pending> go;
    for (Pending& move : pending) {
      const Address& now =
          moved[move.object] != nullptr ? *moved[move.object] : *objects[move.object].address;
      if (occupied.contains(move.to)) {
        if (!statement.is_implied) blocked_.push_back({move.to, now});
        continue;
      }
      go.push_back(std::move(move));
    }
    for (Pending& move : go) {
      const Address& now =
          moved[move.object] != nullptr ? *moved[move.object] : *objects[move.object].address;
      occupied.erase(now);
    }
    for (Pending& move : go) {
      occupied.insert(move.to);
      by_resource[move.to.resource.ToString()].push_back(move.object);
      addresses_.push_back(std::move(move.to));
      moved[move.object] = &addresses_.back();
      any = true;
    }
  }
  // Moved there and back: not moved.
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (moved[i] != nullptr && *moved[i] == *objects[i].address) moved[i] = nullptr;
  }
  if (any) prior.Move(moved);
}

namespace {

// Whether the configuration has what stands at this end of the statement, in one instance of the
// module that it stands in. As a whole: with any instances, or none.
bool IsDeclared(const Evaluation& evaluation, const MoveStatement& statement,
                const ModuleAddress& within, const TargetAddress& end) {
  Steps steps = within.steps();
  steps.insert(steps.end(), end.module.steps().begin(), end.module.steps().end());
  if (!end.resource && statement.moves_all) {
    const ModulePath path = FullPath(statement.module, end);
    return evaluation.tree().Find(path) != nullptr;
  }
  const ModuleInstance* module = evaluation.Find(ModuleAddress(std::move(steps)));
  if (module == nullptr || !end.resource) return module != nullptr;
  const std::uint32_t index = module->node->module->FindResource(
      end.resource->mode, end.resource->type, end.resource->name);
  if (index == config::kNone) return false;
  if (statement.moves_all) return true;
  const ResourceValues& resource = module->resources[index];
  return resource.is_expanded &&
         resource.expansion.Find(end.key.value_or(InstanceKey())) != Expansion::npos;
}

std::string EndText(const ModuleAddress& within, const TargetAddress& end) {
  return within.IsRoot() ? end.ToString() : within.ToString() + "." + end.ToString();
}

struct Seen {
  std::string from, to;
};
// Statements so far, by whether they move something as a whole and the address of one end.
using SeenByEnd = std::map<std::pair<bool, std::string>, Seen>;
struct EndsSeen {
  SeenByEnd from, to;
};

// What is wrong with a statement in one instance of its module, and with the ends that it shares
// with those before it.
void CheckStatement(const Evaluation& evaluation, const MoveStatement& statement,
                    const ModuleAddress& within, EndsSeen& seen, Diagnostics& diags) {
  const std::string from = EndText(within, statement.from), to = EndText(within, statement.to);
  if (from == to) {
    diags.Add({.summary = "Redundant move statement",
               .detail = "Both ends are " + from + ", so nothing moves. Remove this block.",
               .subject = statement.range});
    return;
  }
  if (IsDeclared(evaluation, statement, within, statement.from)) {
    diags.Add({.summary = "Moved object still exists",
               .detail = "This says that " + from + " is now " + to +
                         ", but the configuration still has the former. Remove or rename that "
                         "block, or remove this one.",
               .subject = statement.range});
  }
  // What moves as a whole is another thing than one instance of that name.
  const auto check = [&](SeenByEnd& ends, const std::string& end, const char* rule) {
    const auto [first, is_new] = ends.try_emplace({statement.moves_all, end}, Seen{from, to});
    if (is_new || (first->second.from == from && first->second.to == to)) return;
    diags.Add({.summary = "Ambiguous move statements",
               .detail = "Another moved block says that " + first->second.from + " has become " +
                         first->second.to + ", and this one that " + from + " has become " + to +
                         ". " + rule,
               .subject = statement.range});
  };
  check(seen.from, from, "One thing can move to one place only.");
  check(seen.to, to, "One place can take in one thing only.");
}

}  // namespace

bool Moves::Check(const Evaluation& evaluation, Diagnostics& diags) const {
  Diagnostics errors;
  EndsSeen seen;
  for (const MoveStatement& statement : statements_) {
    const config::ModuleNode* scope =
        statement.is_implied ? nullptr : evaluation.tree().Find(statement.module);
    if (scope == nullptr) continue;
    for (const auto& instance : evaluation.InstancesOf(*scope))
      CheckStatement(evaluation, statement, instance->address, seen, errors);
  }
  if (errors.empty()) {
    for (const auto& cycle : cycles_) {
      std::string list;
      for (const MoveStatement* statement : cycle) {
        list += "\n  - " + EndText(*statement, statement->from) + " -> " +
                EndText(*statement, statement->to);
      }
      errors.Add({.summary = "Cyclic dependency in move statements",
                  .detail = "These moved blocks send objects in a circle, so there is no place "
                            "where they could end:" +
                            list,
                  .subject = cycle.front()->range});
    }
  }
  const bool ok = errors.empty();
  diags.Append(std::move(errors));
  return ok;
}

void Moves::WarnOfBlocked(Diagnostics& diags) const {
  if (blocked_.empty()) return;
  std::string list;
  for (const Blocked& blocked : blocked_) {
    list +=
        "\n  - " + blocked.actual.ToString() + " could not move to " + blocked.wanted.ToString();
  }
  diags.Add(
      {.severity = Severity::kWarning,
       .summary = "Unresolved resource instance address changes",
       .detail = "Some moved blocks want objects where the state has others already, so "
                 "these stay where they are:" +
                 list +
                 "\n\nThe plan deals with them by that address. To settle it, move or remove one "
                 "of the two with the state commands."});
}

}  // namespace tkn::plan
