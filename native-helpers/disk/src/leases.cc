// Who else has a file open: the kernel grants a lease on it, or says why not (fcntl(2)).
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>

#include "operations.hh"

namespace tidemark {

namespace {

// Never opens what is not a regular file: a pipe could hang, a device could act.
int open_regular(Beneath& beneath, const char* path, Fd* out) {
  Place place = beneath.place(path);
  if (place.error != 0) return place.error;
  StampRecord before = look(place.folder, place.leaf);
  if (before.error != 0) return static_cast<int>(before.error);
  if (!S_ISREG(before.mode)) return EBUSY;
  *out = Fd(openat(place.folder, place.leaf, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  return out->open() ? 0 : errno;
}

// 0 when it was granted (and is given back). Someone opening the file in the instant we hold the lease would get us
// SIGIO, which ends a process: choose a signal whose default is to be ignored.
int try_lease(int fd, int kind) {
  if (fcntl(fd, F_SETSIG, SIGURG) != 0) return errno;
  if (fcntl(fd, F_SETLEASE, kind) != 0) return errno;
  (void)fcntl(fd, F_SETLEASE, F_UNLCK);
  return 0;
}

// On a network file system it is the server that grants leases, as it sees fit: a refusal tells nothing about writers.
bool grants_by_itself(int fd) {
  constexpr uint32_t kNfs = 0x6969, kSmb = 0x517b, kCifs = 0xff534d42, kSmb2 = 0xfe534d42;
  struct statfs system;
  if (fstatfs(fd, &system) != 0) return false;
  uint32_t type = static_cast<uint32_t>(system.f_type);
  return type != kNfs && type != kSmb && type != kCifs && type != kSmb2;
}

bool is_being_written(Beneath& beneath, const char* path) {
  Fd fd;
  // A read lease is refused with EAGAIN while somebody has the file open for writing; readers do not matter.
  if (open_regular(beneath, path, &fd) != 0 || try_lease(fd.get(), F_RDLCK) != EAGAIN) return false;
  return grants_by_itself(fd.get());
}

}  // namespace

// In: path. Out: [u32 1 when nobody else has the file open]: a write lease is granted only on a file with no other
// open descriptor or mapping.
int try_write_lease(Beneath& beneath, Request& request, Answer& answer) {
  std::vector<const char*> paths = request.strings();
  if (request.broken() || paths.size() != 1) return EINVAL;
  Fd fd;
  int error = open_regular(beneath, paths[0], &fd);
  if (error != 0) return error;
  answer.u32(try_lease(fd.get(), F_WRLCK) == 0 ? 1 : 0);
  return 0;
}

// In: paths. Out: [u32 1 when it is known that somebody has the file open for writing] each. Whatever else keeps a
// lease from being granted (another owner's file, a file system without leases) means that it is not known.
int being_written_many(Beneath& beneath, Request& request, Answer& answer) {
  std::vector<const char*> paths = request.strings();
  if (request.broken()) return EINVAL;
  for (const char* path : paths) answer.u32(is_being_written(beneath, path) ? 1 : 0);
  return 0;
}

}  // namespace tidemark
