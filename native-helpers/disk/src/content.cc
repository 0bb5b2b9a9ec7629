// Reading and writing whole small files in batches.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "operations.hh"

namespace tidemark {

namespace {

StampRecord failed(int error) {
  StampRecord out;
  out.error = static_cast<uint32_t>(error);
  return out;
}

// Appends the file's bytes to the answer. Only regular files are ever opened: opening a pipe or a device can hang
// or have effects. EBUSY: not what it was a moment ago.
StampRecord read_one(Beneath& beneath, const char* path, uint64_t limit, Answer& answer) {
  Place place = beneath.place(path);
  if (place.error != 0) return failed(place.error);
  StampRecord before = look(place.folder, place.leaf);
  if (before.error != 0) return before;
  if (!S_ISREG(before.mode)) return failed(EBUSY);
  if (before.size > limit) return failed(EAGAIN);
  Fd fd(openat(place.folder, place.leaf, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd.open()) return failed(errno == ELOOP ? EBUSY : errno);
  size_t start = answer.size();
  size_t wanted = static_cast<size_t>(before.size);
  answer.grow(wanted);
  size_t done = 0;
  while (done < wanted) {
    ssize_t got = pread(fd.get(), answer.at(start + done), wanted - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      int error = errno;
      answer.shrink(start);
      return failed(error);
    }
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  StampRecord after = look(fd.get(), "");
  if (done == wanted && same_state(before, after)) return after;
  answer.shrink(start);
  return failed(EBUSY);
}

int write_fully(int fd, const uint8_t* bytes, size_t length) {
  while (length > 0) {
    ssize_t put = write(fd, bytes, length);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return errno;
    bytes += put;
    length -= static_cast<size_t>(put);
  }
  return 0;
}

struct StageItem {
  const char* path;
  const uint8_t* bytes;
  uint32_t length;
  bool executable;
  int64_t mtime_ns;
};

StampRecord stage_one(Beneath& beneath, const StageItem& item) {
  Place place = beneath.place(item.path);
  if (place.error != 0) return failed(place.error);
  int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  // The process's umask decides the rest, as it would for a file the user saves.
  mode_t mode = item.executable ? 0777 : 0666;
  Fd fd(openat(place.folder, place.leaf, flags, mode));
  if (!fd.open() && errno == EEXIST) {
    // A leftover of the same name is replaced, never written into: it may be open elsewhere.
    if (unlinkat(place.folder, place.leaf, 0) != 0) return failed(errno);
    fd = Fd(openat(place.folder, place.leaf, flags, mode));
  }
  if (!fd.open()) return failed(errno);
  int error = write_fully(fd.get(), item.bytes, item.length);
  struct timespec times[2] = {{0, UTIME_OMIT},
                              {static_cast<time_t>(item.mtime_ns / 1000000000), item.mtime_ns % 1000000000}};
  if (times[1].tv_nsec < 0) {
    times[1].tv_nsec += 1000000000;
    times[1].tv_sec -= 1;
  }
  if (error == 0 && futimens(fd.get(), times) != 0) error = errno;
  if (error == 0) return look(fd.get(), "");
  unlinkat(place.folder, place.leaf, 0);
  return failed(error);
}

}  // namespace

// In: paths, [u64 limit each]. Out: [count stamps][bytes of the successful ones, in order; sizes are in the stamps].
int read_small_many(Beneath& beneath, Request& request, Answer& answer) {
  std::vector<const char*> paths = request.strings();
  uint64_t limit = request.take<uint64_t>();
  if (request.broken()) return EINVAL;
  size_t stamps = answer.grow(paths.size() * sizeof(StampRecord));
  for (size_t i = 0; i < paths.size(); i += 1) {
    StampRecord stamp = read_one(beneath, paths[i], limit, answer);
    answer.set(stamps + i * sizeof stamp, stamp);
  }
  return 0;
}

// In: paths, per item [u32 length][u32 executable][i64 mtime], then the bytes one after the other. Out: stamps.
int stage_many(Beneath& beneath, Request& request, Answer& answer) {
  std::vector<const char*> paths = request.strings();
  std::vector<StageItem> items;
  items.reserve(paths.size());
  for (const char* path : paths) {
    StageItem item{path, nullptr, request.take<uint32_t>(), false, 0};
    item.executable = request.take<uint32_t>() != 0;
    item.mtime_ns = request.take<int64_t>();
    items.push_back(item);
  }
  for (StageItem& item : items) item.bytes = request.bytes(item.length);
  if (request.broken()) return EINVAL;
  for (const StageItem& item : items) {
    StampRecord stamp = stage_one(beneath, item);
    answer.put(&stamp, sizeof stamp);
  }
  return 0;
}

}  // namespace tidemark
