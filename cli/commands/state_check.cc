#include <algorithm>
#include <ctime>

#include "cli/commands/commands.h"
#include "cli/state_access.h"
#include "engine/plan/timestamp.h"
#include "engine/render/json_writer.h"
#include "engine/value/json.h"
#include "state/sqlite/maintenance.h"

namespace tkn::cli {

const char* const kStateCheckHelp = R"(
state check [options]

  Looks the state over: whether the file is whole and nobody else may read
  it, whether calls of a killed run are open, how old tokens are and when
  they expire. Changes nothing and asks no provider.

Options:
  -expiry-within=720h    Warn of what expires within this time.
  -detailed-exitcode     Exit with 0 when all is well, 1 for damage, 2 for
                         something to see to.
  -json                  As JSON.
  -state=FILE            Read another state file.
)";

namespace {

constexpr std::int64_t kDay = 86400;

struct Token {
  std::string address;
  std::optional<std::int64_t> created;
  std::optional<std::int64_t> expiry;  // none: it never expires
};

std::optional<std::int64_t> TimeOf(const Value& value) {
  if (value.IsNull()) return std::nullopt;
  std::tm utc{};
  const std::string text(value.AsString());
  if (strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &utc) == nullptr) return std::nullopt;
  return timegm(&utc);
}

// What has an "expiry" is something that grants access for a time.
std::vector<Token> TokensOf(const state::Snapshot& snapshot) {
  static const Type kTimes =
      Type::Object({{"created", Type::String()}, {"expiry", Type::String()}});
  std::vector<Token> tokens;
  for (const state::StoredObject& object : snapshot.objects) {
    if (object.address.resource.mode != ResourceMode::kManaged) continue;
    if (object.attributes_json.find("\"expiry\":") == std::string::npos) continue;
    std::string unused;
    const auto value = FromJson(object.attributes_json, kTimes, &unused);
    if (!value || value->IsNull()) continue;
    std::string name = object.address.ToString();
    if (!object.deposed_key.empty()) name += " (deposed object " + object.deposed_key + ")";
    tokens.push_back(
        {std::move(name), TimeOf(value->Attribute("created")), TimeOf(value->Attribute("expiry"))});
  }
  return tokens;
}

enum class Lifetime { kGood, kSoon, kExpired };

Lifetime LifetimeOf(const Token& token, std::int64_t now, std::int64_t within) {
  // Far ahead is how the API says "never".
  if (!token.expiry || *token.expiry - now > within) return Lifetime::kGood;
  return *token.expiry <= now ? Lifetime::kExpired : Lifetime::kSoon;
}

const char* Word(Lifetime lifetime) {
  return lifetime == Lifetime::kGood ? "good" : lifetime == Lifetime::kSoon ? "soon" : "expired";
}

std::string Days(std::int64_t seconds) { return std::to_string(seconds / kDay) + " days"; }

std::string TokenText(const Token& token, std::int64_t now, std::int64_t within) {
  std::string out = "  " + token.address + ": ";
  if (token.created) out += Days(now - *token.created) + " old, ";
  if (!token.expiry) return out + "never expires\n";
  const std::string when = plan::Rfc3339(*token.expiry);
  switch (LifetimeOf(token, now, within)) {
    case Lifetime::kGood:
      return out + "expires " + when + "\n";
    case Lifetime::kSoon:
      return out + "EXPIRES SOON: " + when + ", in " + Days(*token.expiry - now) + "\n";
    case Lifetime::kExpired:
      return out + "EXPIRED " + when + "\n";
  }
  return out;
}

}  // namespace

int RunStateCheck(Session& session, const std::vector<std::string>& words) {
  FlagSet flags;
  StateFlags state_flags;
  bool json = false;
  bool detailed = false;
  double within_seconds = 30.0 * kDay;
  flags.String("state", &state_flags.state);
  flags.Bool("json", &json);
  flags.Bool("detailed-exitcode", &detailed);
  flags.Duration("expiry-within", &within_seconds);
  std::vector<std::string> arguments;
  if (!session.ParseFlags(flags, words, arguments)) return 1;
  Diagnostics diags;
  const auto path = DatabaseOfDirectory(session, state_flags, diags);
  const auto problems = path ? state::FindDamage(*path, diags) : std::nullopt;
  if (!problems) return session.Finish(std::move(diags));
  // A damaged file may be readable in part, and then what it says is worth telling.
  Diagnostics reading;
  const auto store = OpenStateOfDirectory(session, state_flags, false, reading);
  const auto snapshot = store ? store->Read(reading) : nullptr;
  const auto intents = store ? store->OpenIntents(reading) : std::vector<state::Intent>();
  const auto tokens = snapshot ? TokensOf(*snapshot) : std::vector<Token>();
  const std::int64_t now = std::time(nullptr);
  const auto within = static_cast<std::int64_t>(within_seconds);
  const auto pressing =
      std::count_if(tokens.begin(), tokens.end(), [now, within](const Token& token) {
        return LifetimeOf(token, now, within) != Lifetime::kGood;
      });
  const bool damaged = !problems->empty() || reading.HasErrors();
  if (json) {
    render::JsonWriter out;
    out.BeginObject();
    out.Key("problems").BeginArray();
    for (const std::string& problem : *problems) out.Text(problem);
    out.EndArray();
    out.Key("open_intents").Int(static_cast<std::int64_t>(intents.size()));
    out.Key("tokens").BeginArray();
    for (const Token& token : tokens) {
      out.BeginObject();
      out.Key("address").Text(token.address);
      for (const auto& [name, time] :
           {std::pair{"created", token.created}, std::pair{"expiry", token.expiry}}) {
        out.Key(name);
        if (time) {
          out.Text(plan::Rfc3339(*time));
        } else {
          out.Null();
        }
      }
      out.Key("lifetime").Text(Word(LifetimeOf(token, now, within)));
      out.EndObject();
    }
    out.EndArray();
    out.EndObject();
    session.terminal().Out(out.text() + "\n");
  } else {
    std::string out = "File:    " + *path;
    out += problems->empty() ? ", whole and private\n" : "\n";
    for (const std::string& problem : *problems) out += "  PROBLEM: " + problem + "\n";
    if (snapshot) {
      out += "State:   serial " + std::to_string(snapshot->serial) + ", " +
             std::to_string(snapshot->objects.size()) + " objects\n";
    }
    out += "Intents: " + (intents.empty() ? std::string("none open\n")
                                          : std::to_string(intents.size()) +
                                                " OPEN (see \"tkn state intents\")\n");
    out += "Tokens:  " + std::to_string(tokens.size()) + "\n";
    for (const Token& token : tokens) out += TokenText(token, now, within);
    session.terminal().Out(out);
    session.Show(std::move(reading));
  }
  session.Show(std::move(diags));
  if (damaged) return 1;
  return detailed && (!intents.empty() || pressing > 0) ? 2 : 0;
}

}  // namespace tkn::cli
