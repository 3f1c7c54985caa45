#include <re2/re2.h>

#include "tests/simulator/resources/resources.h"

namespace tkn::simulator {
namespace {

// The fields a script asks its user for: lines like `# <UDF name="x" label="X" default="1" />`.
Json UserDefinedFields(const std::string& script) {
  static const RE2 field(R"((?i)<udf\s([^>]*?)/?>)");
  static const RE2 attribute(R"re((\w+)\s*=\s*"([^"]*)")re");
  Json fields = Json::array();
  re2::StringPiece rest(script);
  std::string attributes;
  while (RE2::FindAndConsume(&rest, field, &attributes)) {
    Json entry = {{"name", ""}, {"label", ""}};
    re2::StringPiece inside(attributes);
    std::string name;
    std::string value;
    while (RE2::FindAndConsume(&inside, attribute, &name, &value)) {
      if (name == "oneof") name = "oneOf";
      if (name == "manyof") name = "manyOf";
      entry[name] = value;
    }
    fields.push_back(std::move(entry));
  }
  return fields;
}

void Fill(Call& call, Object& script) {
  const Json& sent = call.body;
  Json& body = script.body;
  const bool is_new = !body.contains("label");
  Json next = Json::object();
  next["id"] = script.id;
  next["username"] = kUserName;
  next["user_gravatar_id"] = "d41d8cd98f00b204e9800998ecf8427e";
  next["label"] = Text(sent, "label", body.value("label", ""));
  next["description"] = Text(sent, "description", body.value("description", ""));
  next["ordinal"] = body.value("ordinal", 0);
  next["logo_url"] = body.value("logo_url", "");
  next["images"] =
      Has(sent, "images") ? Strings(sent, "images") : body.value("images", Json::array());
  next["deployments_total"] = body.value("deployments_total", 0);
  next["deployments_active"] = body.value("deployments_active", 0);
  next["is_public"] = Flag(sent, "is_public", body.value("is_public", false));
  next["mine"] = true;
  next["created"] = body.value("created", call.world.Now());
  next["updated"] = call.world.Now();
  next["rev_note"] = Text(sent, "rev_note", body.value("rev_note", ""));
  next["script"] = Text(sent, "script", body.value("script", ""));
  CheckLength(next["label"].get<std::string>(), 3, 128, "label");
  const std::string text = next["script"].get<std::string>();
  if (!text.starts_with("#!")) throw BadRequest("Script must begin with a shebang", "script");
  if (next["images"].empty()) throw BadRequest("images is required", "images");
  for (const Json& image : next["images"]) {
    if (image != "any/all" &&
        call.world.FindInCatalogue("images", image.get<std::string>()) == nullptr) {
      throw BadRequest("images is not valid", "images");
    }
  }
  if (!is_new && body.value("is_public", false) && !next["is_public"].get<bool>()) {
    throw BadRequest("A public StackScript cannot be made private", "is_public");
  }
  next["user_defined_fields"] = UserDefinedFields(text);
  body = std::move(next);
}

}  // namespace

void AddStackScripts(Router& router) {
  const RateLimit limit{60, 60};
  AddCrud(router, {.path = "/linode/stackscripts",
                   .collection = "stackscripts",
                   .scope = "stackscripts",
                   .filterable = {"id", "label", "description", "is_public", "mine", "rev_note",
                                  "username", "images", "deployments_total"},
                   .read = limit,
                   .create = Fill,
                   .update = Fill,
                   .remove = [](Call&, Object&) {}});
}

}  // namespace tkn::simulator
