#pragma once

#include "providers/linode/crud.h"

// What a CrudDefinition says before anything is asked of the API. Pure.
namespace tkn::linode {

Schema SchemaOf(const CrudDefinition& definition);
void ValidateFields(const CrudDefinition& definition, const Value& config, Diagnostics& diags);
PlanResponse PlanFields(const CrudDefinition& definition, const Schema& schema,
                        const PlanRequest& request);
// The JSON of a create (prior null) or an update.
Value BodyOf(const CrudDefinition& definition, const Record& record, const Value& prior);
// "Failed to update X (%)" with the id.
std::string WithId(const std::string& text, const std::string& id);
// The field's name in the JSON.
const std::string& FieldOf(const CrudField& field);

}  // namespace tkn::linode
