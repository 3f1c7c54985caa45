#pragma once

#include <memory>
#include <string>

#include "cli/session.h"
#include "engine/render/progress_json.h"

namespace tkn::cli {

// What `init` tells: people, or with -json programs, in the stream that plan and apply have.
class InitView {
 public:
  InitView(Session& session, bool json);

  bool json() const { return stream_ != nullptr; }
  // The next thing that is looked at. `code` names it in the stream.
  void Begin(const std::string& code, const std::string& what);
  void Module(const std::string& path, const std::string& directory);
  void Provider(const std::string& source);
  void EmptyDirectory();
  void Success();
  // Returns the exit code.
  int Finish(Diagnostics diags);

 private:
  Session& session_;
  std::unique_ptr<render::JsonStream> stream_;
};

}  // namespace tkn::cli
