#pragma once

#include "providers/provider.h"

// The types that a FakeCloud offers unless a test brings its own.
namespace tkn::providers::fake {

// fake_thing: every flavour of attribute and every nesting of blocks. `zone` and the blocks named
// `disk` force a new object; `revision` counts updates, so it is unknown whenever an update is
// planned.
Schema ThingSchema();
// fake_node: id, name (required), links (list of string), value (dynamic), output (dynamic,
// computed), for graphs.
Schema NodeSchema();
// data fake_lookup: name (required), found (computed string).
Schema LookupSchema();
// ephemeral fake_secret: name (required), secret (computed, sensitive).
Schema SecretSchema();
// provider: token (sensitive), region, both optional.
Schema ProviderSchema();

Schemas DefaultSchemas();

}  // namespace tkn::providers::fake
