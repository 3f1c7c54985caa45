#include "provisioners/file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "provisioners/remote_machine.h"

namespace tkn::provisioners {
namespace {

namespace fs = std::filesystem;

constexpr char kSummary[] = "file provisioner error";

std::string ModeOf(const fs::path& path) {
  std::error_code error;
  const auto mode = static_cast<unsigned>(fs::status(path, error).permissions()) & 0777u;
  char text[8];
  std::snprintf(text, sizeof text, "%04o", error ? 0644u : mode);
  return text;
}

class Uploader {
 public:
  Uploader(RemoteMachine& machine, Diagnostics& diags) : machine_(machine), diags_(diags) {}

  bool Text(std::string_view content, const std::string& destination, bool secret) {
    return Done(machine_.Upload(destination, secret ? "0600" : "0644", TextInput(content)));
  }

  bool Path(const std::string& source, const std::string& destination) {
    std::error_code error;
    if (!fs::exists(source, error))
      return Fail("There is no file or directory \"" + source + "\" to send.");
    if (!fs::is_directory(source, error)) return File(source, destination);
    // A slash at the end means what is in the directory, without one the directory itself goes
    // along.
    std::string target = destination;
    if (!source.ends_with('/')) {
      if (!target.ends_with('/')) target += '/';
      target += fs::path(source).filename().string();
    }
    return Directory(source, target);
  }

 private:
  bool Fail(std::string detail) {
    diags_.Add({.summary = kSummary, .detail = std::move(detail)});
    return false;
  }
  bool Done(const std::string& error) { return error.empty() || Fail("Upload failed: " + error); }

  bool File(const fs::path& source, std::string destination) {
    std::ifstream file(source, std::ios::binary);
    if (!file)
      return Fail("\"" + source.string() + "\" could not be read: " + std::strerror(errno));
    // As scp does: into a directory that is there already, under its own name.
    const auto probe = machine_.Run("[ -d " + ShellQuote(destination) + " ]", {}, {});
    if (!probe.error.empty()) return Fail(probe.error);
    if (probe.exit_status == 0) {
      if (!destination.ends_with('/')) destination += '/';
      destination += source.filename().string();
    }
    return Done(machine_.Upload(destination, ModeOf(source), [&file](char* data, std::size_t size) {
      file.read(data, static_cast<std::streamsize>(size));
      return static_cast<std::size_t>(file.gcount());
    }));
  }

  bool Directory(const fs::path& source, const std::string& destination) {
    const auto made = machine_.Run("mkdir -p " + ShellQuote(destination), {}, {});
    if (!made.error.empty() || made.exit_status != 0) {
      return Fail("The directory \"" + destination + "\" could not be made on the machine. " +
                  made.error);
    }
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(source, error)) {
      const std::string target =
          destination + (destination.ends_with('/') ? "" : "/") + entry.path().filename().string();
      if (entry.is_directory(error) ? !Directory(entry.path(), target)
                                    : !File(entry.path(), target))
        return false;
    }
    return !error ||
           Fail("The directory \"" + source.string() + "\" could not be read: " + error.message());
  }

  RemoteMachine& machine_;
  Diagnostics& diags_;
};

class FileProvisioner final : public Provisioner {
 public:
  FileProvisioner() {
    schema_.attributes = {{.name = "source", .type = Type::String(), .optional = true},
                          {.name = "content", .type = Type::String(), .optional = true},
                          {.name = "destination", .type = Type::String(), .required = true}};
    schema_.Finish();
  }

  const BlockSchema& GetSchema() const override { return schema_; }

  void Validate(const Value& config, Diagnostics& diags) const override {
    const Value source = config.Attribute("source");
    const Value content = config.Attribute("content");
    if (!source.IsKnown() || !content.IsKnown()) return;
    if (source.IsNull() != content.IsNull()) return;
    diags.Add({.summary = "Invalid file provisioner configuration",
               .detail = source.IsNull()
                             ? "Either \"source\" (a file or directory) or \"content\" (a text) "
                               "says what to send."
                             : "\"source\" and \"content\" exclude each other: leave one out."});
  }

  void Run(const Request& request, Diagnostics& diags) const override {
    Diagnostics invalid;
    Validate(request.config, invalid);
    const bool failed = invalid.HasErrors();
    diags.Append(std::move(invalid));
    if (failed) return;
    const auto connection = DecodeConnection(request.connection, kSummary, diags);
    if (!connection) return;
    const auto machine = RemoteMachine::Connect(*connection, request, kSummary, diags);
    if (!machine) return;
    Uploader uploader(*machine, diags);
    const std::string destination(request.config.Attribute("destination").AsString());
    const Value content = request.config.Attribute("content");
    if (!content.IsNull()) {
      (void)uploader.Text(content.AsString(), destination, request.secret);
    } else {
      (void)uploader.Path(std::string(request.config.Attribute("source").AsString()), destination);
    }
  }

 private:
  BlockSchema schema_;
};

}  // namespace

std::unique_ptr<const Provisioner> MakeFile() { return std::make_unique<FileProvisioner>(); }

}  // namespace tkn::provisioners
