// Loaded into tkn with LD_PRELOAD by kill_calls.py: ends the process with SIGKILL at its Kth call
// that writes, syncs, sends or receives.
//
//   TKN_DIE_AT=K      0 or absent: never
//   TKN_DIE_WHEN      before (the call does not take place), half (a write of half the bytes, where
//   there are several),
//                     after (it took place, and nobody came to know its result)
//   TKN_DIE_COUNT     a file that gets the number of calls when the process ends by itself, by
//   _exit
//
// Only the process that is called "tkn" counts, and not what it forks: provisioners' shells have
// another name or id.

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

enum class When { kBefore, kHalf, kAfter };

std::atomic<long> calls{0};
long die_at = 0;
When when = When::kBefore;
pid_t counted = 0;  // 0: nobody is

__attribute__((constructor)) void Start() {
  if (std::strcmp(program_invocation_short_name, "tkn") != 0) return;
  counted = getpid();
  if (const char* at = std::getenv("TKN_DIE_AT")) die_at = std::atol(at);
  const char* text = std::getenv("TKN_DIE_WHEN");
  if (text && std::strcmp(text, "half") == 0) when = When::kHalf;
  if (text && std::strcmp(text, "after") == 0) when = When::kAfter;
}

void WriteCount() {
  const char* path = std::getenv("TKN_DIE_COUNT");
  if (!counted || counted != getpid() || !path) return;
  char text[32];
  const int size = std::snprintf(text, sizeof text, "%ld\n", calls.load());
  const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return;
  syscall(SYS_write, file, text, size);  // not through write(), which is ours
  close(file);
}

// Whether this call is the last one.
bool IsLast() {
  if (!counted || counted != getpid()) return false;
  return calls.fetch_add(1) + 1 == die_at;
}

[[noreturn]] void Die() {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

template <class Function>
Function Real(const char* name) {
  void* found = dlsym(RTLD_NEXT, name);
  if (!found) std::abort();
  return reinterpret_cast<Function>(found);
}

// `half` is what happens instead of the call when it is cut in two.
template <class Half, class Whole>
auto Call(Half half, Whole whole) {
  const bool last = IsLast();
  if (last && when == When::kBefore) Die();
  if (last && when == When::kHalf) {
    static_cast<void>(half());
    Die();
  }
  const auto result = whole();
  if (last) Die();
  return result;
}

int Nothing() { return 0; }

}  // namespace

#define REAL(name) Real<decltype(&::name)>(#name)

extern "C" {

ssize_t write(int file, const void* data, size_t size) {
  return Call([&] { return REAL(write)(file, data, size / 2); },
              [&] { return REAL(write)(file, data, size); });
}
ssize_t pwrite(int file, const void* data, size_t size, off_t at) {
  return Call([&] { return REAL(pwrite)(file, data, size / 2, at); },
              [&] { return REAL(pwrite)(file, data, size, at); });
}
ssize_t pwrite64(int file, const void* data, size_t size, off64_t at) {
  return Call([&] { return REAL(pwrite64)(file, data, size / 2, at); },
              [&] { return REAL(pwrite64)(file, data, size, at); });
}
ssize_t writev(int file, const struct iovec* parts, int count) {
  return Call([&] { return REAL(writev)(file, parts, count / 2); },
              [&] { return REAL(writev)(file, parts, count); });
}
int fsync(int file) {
  return Call(Nothing, [&] { return REAL(fsync)(file); });
}
int fdatasync(int file) {
  return Call(Nothing, [&] { return REAL(fdatasync)(file); });
}
int ftruncate(int file, off_t size) noexcept {
  return Call(Nothing, [&] { return REAL(ftruncate)(file, size); });
}
int ftruncate64(int file, off64_t size) noexcept {
  return Call(Nothing, [&] { return REAL(ftruncate64)(file, size); });
}
int unlink(const char* path) noexcept {
  return Call(Nothing, [&] { return REAL(unlink)(path); });
}
int rename(const char* from, const char* to) noexcept {
  return Call(Nothing, [&] { return REAL(rename)(from, to); });
}
int link(const char* from, const char* to) noexcept {
  return Call(Nothing, [&] { return REAL(link)(from, to); });
}

void _exit(int code) {
  WriteCount();
  syscall(SYS_exit_group, code);
  __builtin_unreachable();
}

ssize_t send(int socket, const void* data, size_t size, int flags) {
  return Call([&] { return REAL(send)(socket, data, size / 2, flags); },
              [&] { return REAL(send)(socket, data, size, flags); });
}
ssize_t sendto(int socket, const void* data, size_t size, int flags, const struct sockaddr* to,
               socklen_t length) {
  return Call([&] { return REAL(sendto)(socket, data, size / 2, flags, to, length); },
              [&] { return REAL(sendto)(socket, data, size, flags, to, length); });
}
ssize_t sendmsg(int socket, const struct msghdr* message, int flags) {
  return Call(Nothing, [&] { return REAL(sendmsg)(socket, message, flags); });
}
ssize_t recv(int socket, void* data, size_t size, int flags) {
  return Call(Nothing, [&] { return REAL(recv)(socket, data, size, flags); });
}
ssize_t recvfrom(int socket, void* data, size_t size, int flags, struct sockaddr* from,
                 socklen_t* length) {
  return Call(Nothing, [&] { return REAL(recvfrom)(socket, data, size, flags, from, length); });
}
ssize_t recvmsg(int socket, struct msghdr* message, int flags) {
  return Call(Nothing, [&] { return REAL(recvmsg)(socket, message, flags); });
}
// Files are read without effect on anybody; what comes through a socket or a pipe is gone once it
// is read.
ssize_t read(int file, void* data, size_t size) {
  struct stat info {};
  if (fstat(file, &info) != 0 || !(S_ISSOCK(info.st_mode) || S_ISFIFO(info.st_mode)))
    return REAL(read)(file, data, size);
  return Call(Nothing, [&] { return REAL(read)(file, data, size); });
}

}  // extern "C"
