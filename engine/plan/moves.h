#pragma once

#include <deque>
#include <vector>

#include "engine/config/config.h"
#include "engine/plan/evaluation.h"
#include "engine/plan/prior_state.h"

namespace tkn::plan {

// A moved block, or what is taken for one: a resource that gained or lost `count` keeps its first
// instance.
struct MoveStatement {
  ModulePath module;  // where it stands
  TargetAddress from{}, to{};
  SourceRange range{};
  bool is_implied = false;
  // Neither end names an instance: all instances move, and keep their keys.
  bool moves_all = false;
};

// Moves objects of the prior state to where the configuration now has them.
class Moves {
 public:
  explicit Moves(const config::ModuleTree& tree);

  // Before the walk. Statements that contradict each other are applied as far as they go, those
  // that go in a circle not at all: Check tells about them.
  void Apply(PriorState& prior);
  // After the walk, when instances are known. False after an error: what was planned, and what went
  // wrong with it, is of no use then.
  [[nodiscard]] bool Check(const Evaluation& evaluation, Diagnostics& diags) const;
  // Of what could not be moved.
  void WarnOfBlocked(Diagnostics& diags) const;
  bool empty() const { return statements_.empty(); }

 private:
  void AddImplied(const PriorState& prior);
  std::vector<const MoveStatement*> Sort();

  const config::ModuleTree& tree_;
  std::vector<MoveStatement> statements_;  // in the order they are written
  std::vector<std::vector<const MoveStatement*>> cycles_;
  std::deque<Address> addresses_;  // new ones; stay where they are
  struct Blocked {
    Address wanted, actual;
  };
  std::vector<Blocked> blocked_;
};

// Where a statement sends an address; nullopt: it does not concern it.
std::optional<Address> MovedAddress(const MoveStatement& statement, const Address& address);

}  // namespace tkn::plan
