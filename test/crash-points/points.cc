// Stands between a process and its system calls on files below one folder: counts them, names them, and at a chosen
// one ends the process, fails the call, or makes a write short. Loaded by LD_PRELOAD; told what to do through a file
// that both sides map, so that it can be armed and healed while the process runs. Built by point-shim.ts.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>

namespace {

// Kinds of calls, as bits; point-shim.ts has the same list.
enum : uint32_t { kOpen = 1, kCreate = 2, kWrite = 4, kName = 8, kRemove = 16, kMeta = 32, kSync = 64, kRead = 128, kLook = 256 };
enum : uint32_t { kCount = 0, kKill = 1, kFail = 2, kShort = 3, kTornKill = 4 };

struct Control {
  std::atomic<uint32_t> armed, kinds, at, action, error, sticky, count, fired, log_used, seen, distinct, last;
  uint32_t spare[4];
  char log[1];
};

constexpr size_t kSize = 1 << 20;
constexpr size_t kLog = kSize - 64;

Control* control = nullptr;
char below[PATH_MAX];
size_t below_length = 0;
using Syscall = long (*)(long, ...);
Syscall real_syscall = nullptr;

template <typename... Args>
long raw(long number, Args... args) {
  if (real_syscall == nullptr) real_syscall = reinterpret_cast<Syscall>(dlsym(RTLD_NEXT, "syscall"));
  return real_syscall(number, args...);
}

__attribute__((constructor)) void begin() {
  const char* file = getenv("TIDEMARK_POINTS");
  const char* folder = getenv("TIDEMARK_POINTS_BELOW");
  if (file == nullptr || folder == nullptr) return;
  below_length = strlen(folder);
  if (below_length >= sizeof below) return;
  memcpy(below, folder, below_length + 1);
  int fd = static_cast<int>(raw(SYS_openat, AT_FDCWD, file, O_RDWR | O_CLOEXEC, 0));
  if (fd < 0) return;
  void* map = mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  raw(SYS_close, fd);
  if (map != MAP_FAILED) control = static_cast<Control*>(map);
}

bool is_ours(const char* path) {
  return strncmp(path, below, below_length) == 0 && (path[below_length] == '/' || path[below_length] == '\0');
}

bool path_of(int fd, char* out, size_t size) {
  char link[40];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t got = raw(SYS_readlinkat, AT_FDCWD, link, out, size - 1);
  if (got <= 0) return false;
  out[got] = '\0';
  return true;
}

bool path_at(int folder, const char* path, char* out, size_t size) {
  if (path == nullptr) return false;
  if (*path == '/') return static_cast<size_t>(snprintf(out, size, "%s", path)) < size;
  char base[PATH_MAX];
  if (folder == AT_FDCWD) {
    if (raw(SYS_getcwd, base, sizeof base) <= 0) return false;
  } else if (!path_of(folder, base, sizeof base)) {
    return false;
  }
  return static_cast<size_t>(snprintf(out, size, *path == '\0' ? "%s" : "%s/%s", base, path)) < size;
}

void note(uint32_t kind, const char* call, const char* path) {
  char line[PATH_MAX + 64];
  int length = snprintf(line, sizeof line, "%u %s %s\n", kind, call, path + below_length);
  if (length <= 0 || static_cast<size_t>(length) >= sizeof line) return;
  uint32_t at = control->log_used.fetch_add(static_cast<uint32_t>(length));
  if (at + static_cast<uint32_t>(length) < kLog) memcpy(control->log + at, line, static_cast<size_t>(length));
}

[[noreturn]] void die() {
  for (;;) {
    raw(SYS_kill, raw(SYS_getpid), SIGKILL);
    raw(SYS_pause);
  }
}

uint32_t hash_of(const char* call, const char* path) {
  uint32_t hash = 2166136261u;
  for (const char* at = call; *at != '\0'; at += 1) hash = (hash ^ static_cast<unsigned char>(*at)) * 16777619u;
  for (const char* at = path; *at != '\0'; at += 1) hash = (hash ^ static_cast<unsigned char>(*at)) * 16777619u;
  return hash == 0 ? 1 : hash;
}

enum class Fate { kPass, kFail, kHalf, kHalfThenDie };

Fate decide(uint32_t kind, const char* call, const char* path) {
  if (control == nullptr || control->armed.load() == 0 || !is_ours(path)) return Fate::kPass;
  control->seen.fetch_add(1);
  if ((control->kinds.load() & kind) == 0) return Fate::kPass;
  if (control->distinct.load() != 0) {
    uint32_t word = hash_of(call, path);
    if (control->last.exchange(word) == word) return Fate::kPass;
  }
  uint32_t number = control->count.fetch_add(1) + 1;
  note(kind, call, path);
  uint32_t at = control->at.load();
  if (at == 0 || (control->sticky.load() != 0 ? number < at : number != at)) return Fate::kPass;
  control->fired.fetch_add(1);
  switch (control->action.load()) {
    case kKill: die();
    case kFail: errno = static_cast<int>(control->error.load()); return Fate::kFail;
    case kShort: return Fate::kHalf;
    case kTornKill: return Fate::kHalfThenDie;
    default: return Fate::kPass;
  }
}

// What a process says on its standard streams is not among its files.
Fate decide_fd(uint32_t kind, const char* call, int fd) {
  if (control == nullptr || control->armed.load() == 0 || fd <= 2) return Fate::kPass;
  int saved = errno;
  char path[PATH_MAX];
  bool known = path_of(fd, path, sizeof path);
  errno = saved;
  return known ? decide(kind, call, path) : Fate::kPass;
}

Fate decide_at(uint32_t kind, const char* call, int folder, const char* name) {
  if (control == nullptr || control->armed.load() == 0) return Fate::kPass;
  int saved = errno;
  char path[PATH_MAX + 300];
  bool known = path_at(folder, name, path, sizeof path);
  errno = saved;
  return known ? decide(kind, call, path) : Fate::kPass;
}

// A call that has no half: where half of one was asked for it is done whole, and the process ends if that was asked for.
template <typename Result, typename Do>
Result whole(Fate fate, Do run) {
  if (fate == Fate::kFail) return static_cast<Result>(-1);
  Result done = static_cast<Result>(run());
  if (fate == Fate::kHalfThenDie) die();
  return done;
}

template <typename Do>
ssize_t half(Fate fate, size_t length, Do run) {
  if (fate == Fate::kFail) return -1;
  size_t part = fate == Fate::kPass || length < 2 ? length : length / 2;
  ssize_t done = run(part);
  if (fate == Fate::kHalfThenDie) die();
  return done;
}

uint32_t kind_of_open(int flags) {
  return (flags & (O_CREAT | O_TRUNC)) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? kCreate : kOpen;
}

int open_at(const char* call, int folder, const char* path, int flags, mode_t mode) {
  return whole<int>(decide_at(kind_of_open(flags), call, folder, path),
                    [&] { return raw(SYS_openat, folder, path, flags, mode); });
}

int rename_at(const char* call, int from, const char* a, int to, const char* b, unsigned flags) {
  return whole<int>(decide_at(kName, call, to, b), [&] { return raw(SYS_renameat2, from, a, to, b, flags); });
}

ssize_t gather(const char* call, int fd, const iovec* parts, int count, off_t offset, bool placed) {
  Fate fate = decide_fd(kWrite, call, fd);
  if (fate == Fate::kPass || count == 0) {
    return placed ? raw(SYS_pwritev, fd, parts, count, static_cast<long>(offset), 0L) : raw(SYS_writev, fd, parts, count);
  }
  // Half of a gathered write: the first half of its first part.
  return half(fate, parts[0].iov_len, [&](size_t part) -> ssize_t {
    return placed ? raw(SYS_pwrite64, fd, parts[0].iov_base, part, static_cast<long>(offset))
                  : raw(SYS_write, fd, parts[0].iov_base, part);
  });
}

}  // namespace

extern "C" {

#define MODE_OF(flags)                                             \
  mode_t mode = 0;                                                 \
  if (((flags) & O_CREAT) != 0 || ((flags) & O_TMPFILE) == O_TMPFILE) { \
    va_list rest;                                                  \
    va_start(rest, flags);                                         \
    mode = va_arg(rest, mode_t);                                   \
    va_end(rest);                                                  \
  }

int open(const char* path, int flags, ...) { MODE_OF(flags) return open_at("open", AT_FDCWD, path, flags, mode); }
int open64(const char* path, int flags, ...) { MODE_OF(flags) return open_at("open", AT_FDCWD, path, flags, mode); }
int openat(int folder, const char* path, int flags, ...) { MODE_OF(flags) return open_at("open", folder, path, flags, mode); }
int openat64(int folder, const char* path, int flags, ...) { MODE_OF(flags) return open_at("open", folder, path, flags, mode); }
int creat(const char* path, mode_t mode) { return open_at("open", AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char* path, mode_t mode) { return creat(path, mode); }

ssize_t write(int fd, const void* bytes, size_t length) {
  return half(decide_fd(kWrite, "write", fd), length, [&](size_t part) { return raw(SYS_write, fd, bytes, part); });
}
// The head of a frame in SQLite's log that ends a transaction says how many pages the database then has; others say 0.
bool ends_transaction(const void* bytes, size_t length) {
  uint32_t pages = 0;
  if (length == 24) memcpy(&pages, static_cast<const char*>(bytes) + 4, sizeof pages);
  return pages != 0;
}

ssize_t pwrite64(int fd, const void* bytes, size_t length, off64_t offset) {
  const char* call = ends_transaction(bytes, length) ? "pwrite-commit" : "pwrite";
  return half(decide_fd(kWrite, call, fd), length,
              [&](size_t part) { return raw(SYS_pwrite64, fd, bytes, part, static_cast<long>(offset)); });
}
ssize_t pwrite(int fd, const void* bytes, size_t length, off_t offset) { return pwrite64(fd, bytes, length, offset); }
ssize_t writev(int fd, const iovec* parts, int count) { return gather("writev", fd, parts, count, 0, false); }
ssize_t pwritev(int fd, const iovec* parts, int count, off_t offset) { return gather("pwritev", fd, parts, count, offset, true); }
ssize_t pwritev64(int fd, const iovec* parts, int count, off64_t offset) { return gather("pwritev", fd, parts, count, offset, true); }
ssize_t copy_file_range(int in, off64_t* in_at, int out, off64_t* out_at, size_t length, unsigned flags) {
  return half(decide_fd(kWrite, "copy_file_range", out), length,
              [&](size_t part) { return raw(SYS_copy_file_range, in, in_at, out, out_at, part, flags); });
}
ssize_t sendfile(int out, int in, off_t* at, size_t length) {
  return half(decide_fd(kWrite, "sendfile", out), length, [&](size_t part) { return raw(SYS_sendfile, out, in, at, part); });
}
ssize_t sendfile64(int out, int in, off64_t* at, size_t length) { return sendfile(out, in, at, length); }
int fallocate(int fd, int mode, off_t from, off_t length) {
  return whole<int>(decide_fd(kWrite, "fallocate", fd), [&] { return raw(SYS_fallocate, fd, mode, from, length); });
}
int fallocate64(int fd, int mode, off64_t from, off64_t length) { return fallocate(fd, mode, from, length); }
int posix_fallocate(int fd, off_t from, off_t length) { return fallocate(fd, 0, from, length) == 0 ? 0 : errno; }
int posix_fallocate64(int fd, off64_t from, off64_t length) { return posix_fallocate(fd, from, length); }

int ioctl(int fd, unsigned long request, ...) {
  va_list rest;
  va_start(rest, request);
  void* more = va_arg(rest, void*);
  va_end(rest);
  bool clones = request == FICLONE || request == FICLONERANGE;
  Fate fate = clones ? decide_fd(kWrite, "ioctl", fd) : Fate::kPass;
  return whole<int>(fate, [&] { return raw(SYS_ioctl, fd, request, more); });
}

int rename(const char* a, const char* b) { return rename_at("rename", AT_FDCWD, a, AT_FDCWD, b, 0); }
int renameat(int from, const char* a, int to, const char* b) { return rename_at("rename", from, a, to, b, 0); }
int renameat2(int from, const char* a, int to, const char* b, unsigned flags) { return rename_at("rename", from, a, to, b, flags); }
int mkdirat(int folder, const char* path, mode_t mode) {
  return whole<int>(decide_at(kName, "mkdir", folder, path), [&] { return raw(SYS_mkdirat, folder, path, mode); });
}
int mkdir(const char* path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }
int linkat(int from, const char* a, int to, const char* b, int flags) {
  return whole<int>(decide_at(kName, "link", to, b), [&] { return raw(SYS_linkat, from, a, to, b, flags); });
}
int link(const char* a, const char* b) { return linkat(AT_FDCWD, a, AT_FDCWD, b, 0); }
int symlinkat(const char* target, int folder, const char* path) {
  return whole<int>(decide_at(kName, "symlink", folder, path), [&] { return raw(SYS_symlinkat, target, folder, path); });
}
int symlink(const char* target, const char* path) { return symlinkat(target, AT_FDCWD, path); }
int unlinkat(int folder, const char* path, int flags) {
  const char* call = (flags & AT_REMOVEDIR) != 0 ? "rmdir" : "unlink";
  return whole<int>(decide_at(kRemove, call, folder, path), [&] { return raw(SYS_unlinkat, folder, path, flags); });
}
int unlink(const char* path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char* path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int ftruncate64(int fd, off64_t size) {
  return whole<int>(decide_fd(kMeta, "ftruncate", fd), [&] { return raw(SYS_ftruncate, fd, size); });
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }
int fchmod(int fd, mode_t mode) {
  return whole<int>(decide_fd(kMeta, "chmod", fd), [&] { return raw(SYS_fchmod, fd, mode); });
}
int fchmodat(int folder, const char* path, mode_t mode, int flags) {
  static auto real = reinterpret_cast<int (*)(int, const char*, mode_t, int)>(dlsym(RTLD_NEXT, "fchmodat"));
  return whole<int>(decide_at(kMeta, "chmod", folder, path), [&] { return real(folder, path, mode, flags); });
}
int chmod(const char* path, mode_t mode) {
  return whole<int>(decide_at(kMeta, "chmod", AT_FDCWD, path), [&] { return raw(SYS_fchmodat, AT_FDCWD, path, mode); });
}
int fchown(int fd, uid_t owner, gid_t group) {
  return whole<int>(decide_fd(kMeta, "chown", fd), [&] { return raw(SYS_fchown, fd, owner, group); });
}
int futimens(int fd, const timespec times[2]) {
  return whole<int>(decide_fd(kMeta, "utimensat", fd), [&] { return raw(SYS_utimensat, fd, nullptr, times, 0); });
}
int utimensat(int folder, const char* path, const timespec times[2], int flags) {
  Fate fate = path == nullptr ? decide_fd(kMeta, "utimensat", folder) : decide_at(kMeta, "utimensat", folder, path);
  return whole<int>(fate, [&] { return raw(SYS_utimensat, folder, path, times, flags); });
}

int fsync(int fd) {
  return whole<int>(decide_fd(kSync, "fsync", fd), [&] { return raw(SYS_fsync, fd); });
}
int fdatasync(int fd) {
  return whole<int>(decide_fd(kSync, "fdatasync", fd), [&] { return raw(SYS_fdatasync, fd); });
}
int syncfs(int fd) {
  return whole<int>(decide_fd(kSync, "syncfs", fd), [&] { return raw(SYS_syncfs, fd); });
}

ssize_t read(int fd, void* into, size_t length) {
  return whole<ssize_t>(decide_fd(kRead, "read", fd), [&] { return raw(SYS_read, fd, into, length); });
}
ssize_t pread64(int fd, void* into, size_t length, off64_t offset) {
  return whole<ssize_t>(decide_fd(kRead, "pread", fd),
                        [&] { return raw(SYS_pread64, fd, into, length, static_cast<long>(offset)); });
}
ssize_t pread(int fd, void* into, size_t length, off_t offset) { return pread64(fd, into, length, offset); }
ssize_t readlinkat(int folder, const char* path, char* into, size_t size) {
  return whole<ssize_t>(decide_at(kLook, "readlink", folder, path),
                        [&] { return raw(SYS_readlinkat, folder, path, into, size); });
}
int statx(int folder, const char* path, int flags, unsigned mask, struct statx* found) {
  bool by_fd = path == nullptr || *path == '\0';
  Fate fate = by_fd && folder >= 0 ? decide_fd(kLook, "statx", folder) : decide_at(kLook, "statx", folder, path);
  return whole<int>(fate, [&] { return raw(SYS_statx, folder, path, flags, mask, found); });
}

// What has no wrapper that everybody uses. All other numbers pass as they are.
long syscall(long number, ...) {
  va_list rest;
  va_start(rest, number);
  long a[6];
  for (long& each : a) each = va_arg(rest, long);
  va_end(rest);
  const char* second = reinterpret_cast<const char*>(a[1]);
  auto run = [&] { return raw(number, a[0], a[1], a[2], a[3], a[4], a[5]); };
  switch (number) {
    case SYS_renameat2:
      return whole<long>(decide_at(kName, "rename", static_cast<int>(a[2]), reinterpret_cast<const char*>(a[3])), run);
    case SYS_openat2:
      return whole<long>(decide_at(kOpen, "openat2", static_cast<int>(a[0]), second), run);
    case SYS_getdents64:
      return whole<long>(decide_fd(kLook, "getdents", static_cast<int>(a[0])), run);
    case SYS_statx: {
      bool by_fd = second == nullptr || *second == '\0';
      int folder = static_cast<int>(a[0]);
      return whole<long>(by_fd && folder >= 0 ? decide_fd(kLook, "statx", folder) : decide_at(kLook, "statx", folder, second), run);
    }
    default:
      return run();
  }
}
}
