// Durability, and what works on one file at a time: opening, finishing, copying ranges.
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "operations.hh"

namespace tidemark {

namespace {

constexpr size_t kCopyBuffer = 1024 * 1024;

int copy_by_hand(int source, off_t from, int target, off_t to, uint64_t length) {
  std::vector<uint8_t> buffer(kCopyBuffer);
  while (length > 0) {
    size_t want = length < kCopyBuffer ? static_cast<size_t>(length) : kCopyBuffer;
    ssize_t got = pread(source, buffer.data(), want, from);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) return ENODATA;
    for (ssize_t put = 0; put < got;) {
      ssize_t one = pwrite(target, buffer.data() + put, static_cast<size_t>(got - put), to + put);
      if (one < 0 && errno == EINTR) continue;
      if (one < 0) return errno;
      put += one;
    }
    from += got;
    to += got;
    length -= static_cast<uint64_t>(got);
  }
  return 0;
}

// Which way the bytes went, for the probe: 1 shared extents, 2 copied inside the kernel, 3 read and written.
enum Way : uint32_t { kReflink = 1, kKernelCopy = 2, kByHand = 3 };

int copy_some(int source, uint64_t from, int target, uint64_t to, uint64_t length, Way* way) {
  struct file_clone_range range = {source, from, length, to};
  *way = kReflink;
  if (ioctl(target, FICLONERANGE, &range) == 0) return 0;
  *way = kKernelCopy;
  off_t at = static_cast<off_t>(from);
  off_t put_at = static_cast<off_t>(to);
  while (length > 0) {
    ssize_t got = copy_file_range(source, &at, target, &put_at, length, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EIO)) return errno;
    // 0 is the end of the file, but some file systems also say it for ranges they cannot copy: try by hand.
    if (got <= 0) break;
    length -= static_cast<uint64_t>(got);
  }
  if (length == 0) return 0;
  *way = kByHand;
  return copy_by_hand(source, at, target, put_at, length);
}

}  // namespace

// In: paths. Out: [u32 errno] each. Writeback of all is started first so that the flushes wait together.
int flush_many(Beneath& beneath, Request& request, Answer& answer) {
  std::vector<const char*> paths = request.strings();
  if (request.broken()) return EINVAL;
  std::vector<Fd> files;
  std::vector<int> errors;
  for (const char* path : paths) {
    Place place = beneath.place(path);
    int error = place.error;
    Fd fd;
    if (error == 0) {
      StampRecord stamp = look(place.folder, place.leaf);
      error = static_cast<int>(stamp.error);
      if (error == 0 && S_ISDIR(stamp.mode)) {
        error = beneath.open_folder(path, &fd);
      } else if (error == 0 && S_ISREG(stamp.mode)) {
        fd = Fd(openat(place.folder, place.leaf, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        if (!fd.open()) error = errno;
        if (fd.open()) (void)sync_file_range(fd.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
      }
      // A link has no content of its own: flushing its folder makes it durable.
    }
    files.push_back(std::move(fd));
    errors.push_back(error);
  }
  for (size_t i = 0; i < files.size(); i += 1) {
    if (files[i].open() && fsync(files[i].get()) != 0) errors[i] = errno;
    answer.u32(static_cast<uint32_t>(errors[i]));
  }
  return 0;
}

int flush_all(Beneath& beneath, Request&, Answer&) {
  Fd fd;
  int error = beneath.open_folder("", &fd);
  if (error != 0) return error;
  return syncfs(fd.get()) == 0 ? 0 : errno;
}

// In: path, [u32 1 to write, creating it or keeping what is there]. Out: [u32 fd][u32 0][stamp].
int open_file(Beneath& beneath, Request& request, Answer& answer) {
  std::vector<const char*> paths = request.strings();
  bool writing = request.take<uint32_t>() != 0;
  if (request.broken() || paths.size() != 1) return EINVAL;
  Place place = beneath.place(paths[0]);
  if (place.error != 0) return place.error;
  // Never open what is not a regular file: a pipe could hang, a device could act.
  StampRecord before = look(place.folder, place.leaf);
  if (before.error != 0 && !(writing && before.error == ENOENT)) return static_cast<int>(before.error);
  if (before.error == 0 && !S_ISREG(before.mode)) return EBUSY;
  int flags = (writing ? O_RDWR | O_CREAT : O_RDONLY) | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  Fd fd(openat(place.folder, place.leaf, flags, 0666));
  if (!fd.open()) return errno == ELOOP ? EBUSY : errno;
  StampRecord stamp = look(fd.get(), "");
  if (stamp.error != 0) return static_cast<int>(stamp.error);
  if (!S_ISREG(stamp.mode)) return EBUSY;
  answer.u32(static_cast<uint32_t>(fd.release()));
  answer.u32(0);
  answer.put(&stamp, sizeof stamp);
  return 0;
}

// In: [u32 fd][u32 executable][u64 size][i64 mtime]. Out: stamp. The caller closes.
int finish_file(Beneath&, Request& request, Answer& answer) {
  int fd = static_cast<int>(request.take<uint32_t>());
  bool executable = request.take<uint32_t>() != 0;
  uint64_t size = request.take<uint64_t>();
  int64_t mtime = request.take<int64_t>();
  if (request.broken()) return EINVAL;
  int64_t seconds = mtime / 1000000000;
  int64_t rest = mtime % 1000000000;
  if (rest < 0) {
    rest += 1000000000;
    seconds -= 1;
  }
  struct timespec times[2] = {{0, UTIME_OMIT}, {seconds, rest}};
  struct stat now;
  if (fstat(fd, &now) != 0) return errno;
  // The file was created under the process's umask, so its read bits tell who may execute.
  mode_t mode = now.st_mode & 0666;
  if (executable) mode |= (mode & 0444) >> 2;
  if (ftruncate(fd, static_cast<off_t>(size)) != 0 || fchmod(fd, mode) != 0 || futimens(fd, times) != 0) return errno;
  StampRecord stamp = look(fd, "");
  if (stamp.error != 0) return static_cast<int>(stamp.error);
  answer.put(&stamp, sizeof stamp);
  return 0;
}

// In: path, [u32 target fd][u32 0][u64 source offset][u64 target offset][u64 length]. Out: [u32 way].
int copy_range(Beneath& beneath, Request& request, Answer& answer) {
  std::vector<const char*> paths = request.strings();
  int target = static_cast<int>(request.take<uint32_t>());
  request.take<uint32_t>();
  uint64_t from = request.take<uint64_t>();
  uint64_t to = request.take<uint64_t>();
  uint64_t length = request.take<uint64_t>();
  if (request.broken() || paths.size() != 1) return EINVAL;
  Place place = beneath.place(paths[0]);
  if (place.error != 0) return place.error;
  StampRecord before = look(place.folder, place.leaf);
  if (before.error != 0) return static_cast<int>(before.error);
  if (!S_ISREG(before.mode) || from + length > before.size) return ENODATA;
  Fd source(openat(place.folder, place.leaf, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!source.open()) return errno == ELOOP ? ENODATA : errno;
  Way way = kByHand;
  int error = length == 0 ? 0 : copy_some(source.get(), from, target, to, length, &way);
  answer.u32(way);
  return error;
}

}  // namespace tidemark
