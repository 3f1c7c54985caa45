#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace tkn::state {

// Permissions of everything that may hold secrets.
inline constexpr int kOwnerOnly = 0600;

// "." for a path without one.
std::string DirectoryOf(const std::string& path);

// Makes names in the directory of `path` durable. 0, or errno.
[[nodiscard]] int SyncDirectoryOf(const std::string& path);

// Puts a file with this content at `path`, durably, for its owner alone; the directories above it
// are made. Written beside it first: a kill, or a disk without room, leaves the whole file or none
// there. Leaves a file that is there already as it is. Throws SQLite::Exception, with errno set.
void CreateFileAtOnce(const std::string& path, std::span<const unsigned char> content);

}  // namespace tkn::state
