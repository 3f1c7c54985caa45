#include "cli/commands/init_view.h"

namespace tkn::cli {
namespace {

constexpr const char* kEmpty = "tkn initialized in an empty directory!";
constexpr const char* kSuccess = "tkn has been successfully initialized!";
constexpr const char* kHowToBegin =
    "There are no configuration files here yet: write a .tf file, then \"tkn plan\".";
constexpr const char* kWhatNext =
    "Nothing had to be downloaded. \"tkn plan\" shows what the configuration would\nchange; "
    "there is no need to run init again after changes.";

}  // namespace

InitView::InitView(Session& session, bool json) : session_(session) {
  if (!json) return;
  stream_ = std::make_unique<render::JsonStream>(
      [&session](std::string_view line) { session.terminal().Out(line); });
  stream_->Version();
}

void InitView::Begin(const std::string& code, const std::string& what) {
  if (stream_) {
    stream_->InitOutput(code, what);
  } else {
    session_.terminal().Out(session_.style().Bold(what) + "\n");
  }
}

void InitView::Module(const std::string& path, const std::string& directory) {
  const std::string line = "- " + path + " in " + directory;
  if (stream_) {
    stream_->Log(line);
  } else {
    session_.terminal().Out(line + "\n");
  }
}

void InitView::Provider(const std::string& source) {
  const std::string line = source + " is built in to tkn";
  if (stream_) {
    stream_->Log(line);
  } else {
    session_.terminal().Out("- " + line + "\n");
  }
}

void InitView::EmptyDirectory() {
  if (stream_) {
    stream_->InitOutput("output_init_empty_message", std::string(kEmpty) + " " + kHowToBegin);
  } else {
    session_.terminal().Out(session_.style().Bold(kEmpty) + "\n\n" + kHowToBegin + "\n");
  }
}

void InitView::Success() {
  if (stream_) {
    stream_->InitOutput("output_init_success_message", kSuccess);
    stream_->InitOutput("output_init_success_cli_message", kWhatNext);
  } else {
    session_.terminal().Out("\n" + session_.style().Paint("1;32", kSuccess) + "\n\n" + kWhatNext +
                            "\n");
  }
}

int InitView::Finish(Diagnostics diags) {
  if (!stream_) return session_.Finish(std::move(diags));
  const bool failed = diags.HasErrors();
  stream_->Diagnose(diags, session_.sources());
  return failed ? 1 : 0;
}

}  // namespace tkn::cli
