#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tkn::cli {

// Command-line flags by the rules of Go's flag package, which Terraform's users know: -name,
// --name, -name=value, -name value (not for bools), and everything from the first word that is no
// flag on is an argument.
class FlagSet {
 public:
  void Bool(std::string name, bool* target);
  void String(std::string name, std::string* target);
  void Int(std::string name, int* target);
  void Strings(std::string name, std::vector<std::string>* target);
  // "10s", "1m30s": seconds.
  void Duration(std::string name, double* seconds);
  // For flags whose order among each other matters. `set` returns an error text or "".
  void Custom(std::string name, bool is_bool, std::function<std::string(std::string_view)> set);

  // On success fills `arguments`; otherwise returns the error in Go's words, which people search
  // for.
  [[nodiscard]] std::string Parse(const std::vector<std::string>& words,
                                  std::vector<std::string>& arguments) const;
  std::vector<std::string> Names() const;

 private:
  struct Flag {
    std::string name;
    bool is_bool = false;
    std::function<std::string(std::string_view)> set;
  };
  const Flag* Find(std::string_view name) const;
  std::vector<Flag> flags_;
};

}  // namespace tkn::cli
