#include "cli/flags.h"

#include <catch2/catch.hpp>

namespace tkn::cli {
namespace {

struct Parsed {
  bool flag = false;
  std::string text;
  int number = 0;
  double seconds = 0;
  std::vector<std::string> list;
  std::vector<std::string> arguments;
  std::string error;
};

Parsed Parse(std::vector<std::string> words) {
  Parsed p;
  FlagSet flags;
  flags.Bool("yes", &p.flag);
  flags.String("text", &p.text);
  flags.Int("n", &p.number);
  flags.Duration("wait", &p.seconds);
  flags.Strings("var", &p.list);
  p.error = flags.Parse(words, p.arguments);
  return p;
}

TEST_CASE("flags follow Go's rules", "[flags]") {
  CHECK(Parse({"-yes"}).flag);
  CHECK(Parse({"--yes"}).flag);
  CHECK_FALSE(Parse({"-yes=false"}).flag);
  CHECK(Parse({"-text", "a"}).text == "a");
  CHECK(Parse({"-text=a=b"}).text == "a=b");
  CHECK(Parse({"-text="}).text.empty());
  CHECK(Parse({"-n=-3"}).number == -3);
  CHECK(Parse({"-wait=1m30s"}).seconds == 90);
  CHECK(Parse({"-wait=0"}).seconds == 0);
  CHECK(Parse({"-var", "a=1", "-var=b=2"}).list == std::vector<std::string>{"a=1", "b=2"});
}

TEST_CASE("the first word that is no flag ends the flags", "[flags]") {
  const Parsed p = Parse({"-yes", "plan.out", "-n=3"});
  CHECK(p.arguments == std::vector<std::string>{"plan.out", "-n=3"});
  CHECK(p.number == 0);
  CHECK(Parse({"--", "-yes"}).arguments == std::vector<std::string>{"-yes"});
  CHECK(Parse({"-"}).arguments == std::vector<std::string>{"-"});
}

TEST_CASE("wrong flags are told in Go's words", "[flags]") {
  CHECK(Parse({"-foo"}).error == "flag provided but not defined: -foo");
  CHECK(Parse({"-text"}).error == "flag needs an argument: -text");
  CHECK(Parse({"-yes=maybe"}).error == "invalid boolean value \"maybe\" for -yes: parse error");
  CHECK(Parse({"-n=x"}).error == "invalid value \"x\" for flag -n: parse error");
  CHECK(Parse({"-wait=5"}).error == "invalid value \"5\" for flag -wait: parse error");
  CHECK(Parse({"---x"}).error == "bad flag syntax: ---x");
}

}  // namespace
}  // namespace tkn::cli
