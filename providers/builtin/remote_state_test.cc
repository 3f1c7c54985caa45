#include "providers/builtin/remote_state.h"

#include <catch2/catch.hpp>

namespace tkn::providers {
namespace {

const Value kNothing = Value::Null(Type::Dynamic());

Value Config(Value backend, Value config = kNothing, Value defaults = kNothing,
             Value workspace = Value::Null(Type::String())) {
  return Value::Object({{"backend", backend},
                        {"config", config},
                        {"defaults", defaults},
                        {"outputs", kNothing},
                        {"workspace", workspace}});
}

Value At(const std::string& path) { return Value::Object({{"path", Value::String(path)}}); }
const Value kLocal = Value::String("local");

// Remembers where it was asked to look.
struct FakeReader {
  std::optional<std::vector<Value::Entry>> answer{};
  RemoteStateLocation asked{};
  RemoteStateReader Reader() {
    return [this](const RemoteStateLocation& location, Diagnostics&) {
      asked = location;
      return answer;
    };
  }
};

TEST_CASE("outputs come from the state, defaults fill what it lacks") {
  FakeReader state{.answer = std::vector<Value::Entry>{{"a", Value::Number(1)}}};
  Diagnostics diags;
  const Value defaults = Value::Object({{"a", Value::String("da")}, {"z", Value::String("dz")}});
  const Value read =
      remote_state::Read(Config(kLocal, At("p/x.tfstate"), defaults), state.Reader(), diags);
  CHECK(diags.empty());
  CHECK(state.asked.file == "p/x.tfstate");
  CHECK(read.Attribute("outputs").RawEquals(
      Value::Object({{"a", Value::Number(1)}, {"z", Value::String("dz")}})));
}

TEST_CASE("where a state lies follows path, workspace and workspace_dir") {
  struct Row {
    Value config;
    Value workspace;
    const char* file;
    const char* default_file;
  };
  const Value none = Value::Null(Type::String());
  const Row rows[] = {
      {kNothing, none, "terraform.tfstate", "terraform.tfstate"},
      {At(""), Value::String(""), "terraform.tfstate", "terraform.tfstate"},
      {At("x"), Value::String("default"), "x", "x"},
      {At("x"), Value::String("w"), "terraform.tfstate.d/w/terraform.tfstate", "x"},
      {Value::Object({{"workspace_dir", Value::String("ws")}}), Value::String("w"),
       "ws/w/terraform.tfstate", "terraform.tfstate"},
  };
  for (const Row& row : rows) {
    FakeReader state{.answer = std::vector<Value::Entry>{}};
    Diagnostics diags;
    remote_state::Read(Config(kLocal, row.config, kNothing, row.workspace), state.Reader(), diags);
    CHECK(diags.empty());
    CHECK(state.asked.file == row.file);
    CHECK(state.asked.default_file == row.default_file);
  }
}

TEST_CASE("a state that isn't there is an error, defaults or not") {
  FakeReader state;
  Diagnostics diags;
  const Value read =
      remote_state::Read(Config(kLocal, At("x"), Value::EmptyObject()), state.Reader(), diags);
  CHECK(read.IsNull());
  REQUIRE(diags.size() == 1);
  CHECK(diags[0].summary == "Unable to find remote state");
}

TEST_CASE("what can be seen before reading is refused by validation") {
  struct Row {
    const char* name;
    Value config;
    const char* summary;  // null: valid
    const char* path;
  };
  const Row rows[] = {
      {"local", Config(kLocal), nullptr, ""},
      {"unknown backend name", Config(Value::Unknown(Type::String())), nullptr, ""},
      {"unknown config", Config(kLocal, Value::Dynamic()), nullptr, ""},
      {"unknown path", Config(kLocal, Value::Object({{"path", Value::Unknown(Type::String())}})),
       nullptr, ""},
      {"a number for a path", Config(kLocal, Value::Object({{"path", Value::Number(1)}})), nullptr,
       ""},
      {"no such backend", Config(Value::String("nope")), "Invalid backend configuration",
       ".backend"},
      {"a removed one", Config(Value::String("etcd")), "Invalid backend configuration", ".backend"},
      {"null backend", Config(Value::Null(Type::String())), "Invalid backend configuration",
       ".backend"},
      {"unexpected argument", Config(kLocal, Value::Object({{"foo", Value::Number(1)}})),
       "Invalid backend configuration", ".config"},
      {"not an object", Config(kLocal, Value::Number(5)), "Invalid backend configuration",
       ".config"},
      {"path is a list", Config(kLocal, Value::Object({{"path", Value::Tuple({kLocal})}})),
       "Invalid backend configuration", ".config"},
      {"defaults are no object", Config(kLocal, kNothing, Value::Number(5)),
       "Invalid default values", ".defaults"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Diagnostics diags;
    remote_state::Validate(row.config, diags);
    REQUIRE(diags.size() == (row.summary == nullptr ? 0 : 1));
    if (row.summary == nullptr) continue;
    CHECK(diags[0].summary == row.summary);
    CHECK(diags[0].attribute_path == row.path);
  }
}

TEST_CASE("a backend that tkn can't read is valid, and refused when read") {
  FakeReader state;
  Diagnostics diags;
  const Value config = Config(Value::String("s3"));
  remote_state::Validate(config, diags);
  CHECK(diags.empty());
  CHECK(remote_state::Read(config, state.Reader(), diags).IsNull());
  REQUIRE(diags.size() == 1);
  CHECK(diags[0].summary == "Unsupported backend");
}

}  // namespace
}  // namespace tkn::providers
