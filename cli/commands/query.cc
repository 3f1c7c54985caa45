#include "state/sqlite/query.h"

#include <algorithm>
#include <map>
#include <set>

#include "cli/commands/commands.h"
#include "cli/operation.h"
#include "cli/state_access.h"
#include "engine/render/json_writer.h"
#include "engine/value/json.h"
#include "engine/value/text.h"

namespace tkn::cli {

const char* const kQueryHelp = R"(
query [options] "SELECT ..."

  Runs one SELECT on the state, over these views (see docs/state.md):

    resources   workspace address module mode type name key deposed provider
                status schema_version attributes dependencies
    outputs     workspace name value type sensitive
    workspaces  name lineage serial terraform_version objects
    operations  workspace serial command who version started finished
                objects_changed
    intents     workspace address deposed action provider planned started
                serial

  "attributes" is JSON: json_extract(attributes, '$.label') reads a part.
  Sensitive values are hidden, and nothing can be changed.

Options:
  -json                  As JSON: an array of objects.
  -state=FILE            Query another state file.
)";

namespace {

constexpr std::string_view kHidden = "(sensitive value)";

bool HoldsSecrets(const AttributeSchema& attribute) {
  return attribute.sensitive || attribute.write_only ||
         (attribute.nested && attribute.nested->ContainsSensitive());
}

// The arguments at the top of each type whose values, or parts of them, its schema calls sensitive.
class SchemaMask {
 public:
  explicit SchemaMask(const plan::Schemas& schemas) : schemas_(schemas) {}

  std::string operator()(std::string_view provider, std::string_view mode, std::string_view type,
                         std::string attributes) {
    const std::set<std::string>& hidden = Hidden(provider, mode, type);
    if (hidden.empty()) return attributes;
    std::string unused;
    const auto value = FromJsonImplied(attributes, &unused);
    // What can't be read can't be masked in part.
    if (!value || value->IsNull() || !value->type().IsObject()) return JsonQuote(kHidden);
    render::JsonWriter out;
    out.BeginObject();
    for (std::size_t i = 0; i < value->Length(); ++i) {
      const std::string name(value->KeyAt(i));
      const Value& element = value->elements()[i];
      out.Key(name);
      if (hidden.contains(name) && !element.IsNull()) {
        out.Text(kHidden);
      } else {
        out.Raw(ToJson(element));
      }
    }
    out.EndObject();
    return out.text();
  }

 private:
  const std::set<std::string>& Hidden(std::string_view provider, std::string_view mode,
                                      std::string_view type) {
    const std::string key =
        std::string(provider) + " " + std::string(mode) + " " + std::string(type);
    const auto [place, is_new] = known_.try_emplace(key);
    if (!is_new) return place->second;
    const auto address = ProviderConfigAddress::Parse(provider);
    const Schema* schema =
        address ? schemas_.ResourceSchema(
                      address->provider,
                      mode == "data" ? ResourceMode::kData : ResourceMode::kManaged, type)
                : nullptr;
    if (schema == nullptr) return place->second;
    for (const AttributeSchema& attribute : schema->block.attributes) {
      if (HoldsSecrets(attribute)) place->second.insert(attribute.name);
    }
    for (const NestedBlock& block : schema->block.blocks) {
      if (block.block.ContainsSensitive()) place->second.insert(block.name);
    }
    return place->second;
  }

  const plan::Schemas& schemas_;
  std::map<std::string, std::set<std::string>> known_;
};

std::string ResultJson(const state::QueryResult& result) {
  render::JsonWriter out;
  out.BeginArray();
  for (const auto& row : result.rows) {
    out.BeginObject();
    for (std::size_t i = 0; i < row.size(); ++i) {
      out.Key(result.columns[i]);
      switch (row[i].kind) {
        case state::QueryCell::Kind::kNull:
          out.Null();
          break;
        case state::QueryCell::Kind::kNumber:
          // SQLite's infinities have no JSON.
          if (row[i].text.find("Inf") != std::string::npos) {
            out.Text(row[i].text);
          } else {
            out.Raw(row[i].text);
          }
          break;
        case state::QueryCell::Kind::kText:
          out.Text(row[i].text);
          break;
      }
    }
    out.EndObject();
  }
  out.EndArray();
  return out.text() + "\n";
}

// Columns side by side; control characters can't play tricks with the terminal.
std::string ResultText(const state::QueryResult& result) {
  std::vector<std::vector<std::string>> table{result.columns};
  for (const auto& row : result.rows) {
    auto& line = table.emplace_back();
    for (const state::QueryCell& cell : row) {
      std::string text = cell.text;
      for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
      }
      line.push_back(std::move(text));
    }
  }
  std::vector<std::size_t> widths(result.columns.size());
  for (const auto& line : table) {
    for (std::size_t i = 0; i < line.size(); ++i)
      widths[i] = std::max(widths[i], GraphemeCount(line[i]));
  }
  std::string out;
  for (const auto& line : table) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      out += line[i];
      if (i + 1 < line.size()) out.append(widths[i] - GraphemeCount(line[i]) + 2, ' ');
    }
    out += "\n";
  }
  return out;
}

}  // namespace

int RunQuery(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  bool json = false;
  flags.String("state", &state_flags.state);
  flags.Bool("json", &json);
  std::vector<std::string> arguments;
  if (!session.ParseFlags(flags, words, arguments, 1,
                          "Exactly one argument expected: the query, in quotes."))
    return 1;
  Diagnostics diags;
  if (arguments.empty()) {
    diags.Add({.summary = "Exactly one argument expected",
               .detail = "Give the query in quotes: tkn query \"SELECT address FROM resources\""});
    return session.Finish(std::move(diags));
  }
  Operation operation(session);
  const auto path = DatabaseOfDirectory(session, state_flags, diags);
  SchemaMask mask(operation.schemas());
  const auto result =
      path ? state::QueryDatabase(*path, arguments[0], std::ref(mask), diags) : std::nullopt;
  if (!result) return session.Finish(std::move(diags));
  session.terminal().Out(json ? ResultJson(*result) : ResultText(*result));
  return session.Finish(std::move(diags));
}

}  // namespace tkn::cli
