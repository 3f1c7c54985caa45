#include "providers/linode/listing.h"
#include "providers/linode/lookup.h"
#include "providers/linode/token.h"

namespace tkn::linode {
namespace {

AttributeSchema Text(const char* name) {
  return {.name = name, .type = Type::String(), .computed = true};
}

void Finish(const Value& /*answer*/, Record& token) {
  for (const char* name : {"created", "expiry"}) token.Set(name, ApiTime(token[name]));
}

}  // namespace

// Without what the listing shows of their secrets.
std::unique_ptr<DataSource> MakeTokensData() {
  return MakeListing(
      {.type = "linode_tokens",
       .path = "profile/tokens",
       .items = "tokens",
       .attributes = {Text("id"), Text("label"), Text("scopes"), Text("created"), Text("expiry")},
       .error_summary = "Failed to list the tokens",
       .api_filters = {"label"},
       .local_filters = {"id", "scopes", "created", "expiry"},
       .finish = &Finish});
}

}  // namespace tkn::linode
