#pragma once

#include <memory>

#include "engine/lang/scope.h"
#include "engine/plan/make_plan.h"

namespace tkn::plan {

// What expressions mean in the root module when nothing is planned: variables and locals by the
// configuration, resources as the state has them, unknown where it has none. For `console`. The
// inputs must outlive it.
class Console {
 public:
  // Problems of the configuration are in `diags`; what they concern is unknown.
  Console(const PlanInputs& inputs, Diagnostics& diags);
  ~Console();
  const lang::Scope& scope() const;
  // What is wrong with references whatever their values: attributes that the schema does not have,
  // keys of resources that are not repeated.
  void Check(const parser::Expression& expression, Diagnostics& diags) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tkn::plan
