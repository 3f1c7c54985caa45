#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "parser/diagnostic.h"

namespace SQLite {
class Database;
class Exception;
class Statement;
}  // namespace SQLite

namespace tkn::state {

inline constexpr std::int32_t kApplicationId = 0x746b6e53;  // "tknS"

// Element i brings a file from user_version i to i + 1; the first is schema.sql. A new file goes
// through all of them, so that a file's schema doesn't depend on its age.
std::span<const std::string_view> Migrations();

// An open database of ours, configured and of the newest version. For one thread at a time. Its
// methods, and the statements it gives out, throw SQLite::Exception.
class Connection {
 public:
  struct Options {
    bool read_only = false;
    bool create = false;  // where there is no file
    std::span<const std::string_view> migrations = Migrations();
  };
  // nullptr and an error; or nullptr alone when there is no file, or only an empty one, and it need
  // not be created.
  static std::unique_ptr<Connection> Open(const std::string& path, const Options& options,
                                          Diagnostics& diags);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Compiled once per text, which must be a literal: its address is its name. Ready to be bound.
  SQLite::Statement& Prepare(const char* sql);
  SQLite::Database& database() { return *database_; }
  std::int64_t LastRowId() const;
  int Changes() const;

  // Remembers what the file holds within this transaction; whether it still holds that.
  void NoteContent();
  bool HoldsWhatWasNoted();

  void Begin();  // IMMEDIATE: a writer finds out at once that another one is at work
  void Commit();
  // False: the transaction could not be undone here, and the connection must not be used again.
  // Closing it undoes it.
  [[nodiscard]] bool Rollback() noexcept;

 private:
  explicit Connection(std::unique_ptr<SQLite::Database> database);
  static std::unique_ptr<SQLite::Database> OpenDatabase(const std::string& path,
                                                        const Options& options);
  static void Create(const std::string& path, const Options& options);
  void Configure(bool read_only);
  bool Check(const std::string& path, const Options& options, bool* is_new, Diagnostics& diags);
  void Migrate(const Options& options);

  std::unique_ptr<SQLite::Database> database_;
  std::unordered_map<const char*, std::unique_ptr<SQLite::Statement>> statements_;

  struct Content {
    std::int64_t others;  // changes with each commit of another connection
    int own;              // rows that this one changed
    bool operator==(const Content&) const = default;
  };
  Content CurrentContent();
  std::optional<Content> noted_;
};

// What went wrong, in words for the owner of the file, with what to do about it. No row's content
// is in it.
enum class Doing : std::uint8_t { kReading, kWriting };
Diagnostic DatabaseFailed(const SQLite::Exception& error, int system_errno, const std::string& path,
                          Doing doing);
// errno of the call that failed last on this connection, 0 if none did.
int SystemErrno(const SQLite::Database& database);

}  // namespace tkn::state
