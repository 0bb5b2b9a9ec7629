// Observing: listings, stamps, link targets.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>

#include "operations.hh"

namespace tidemark {

namespace {

struct Dirent64 {
  uint64_t inode;
  int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

struct Name {
  uint64_t inode;
  uint32_t offset;
  uint32_t length;
};

// Reads all names into `blob` (NUL-terminated each).
int read_names(int fd, std::vector<Name>* names, std::vector<char>* blob) {
  alignas(8) static thread_local char buffer[128 * 1024];
  for (;;) {
    long got = syscall(SYS_getdents64, fd, buffer, sizeof buffer);
    if (got < 0) return errno;
    if (got == 0) return 0;
    for (long at = 0; at < got;) {
      const Dirent64* entry = reinterpret_cast<const Dirent64*>(buffer + at);
      at += entry->length;
      const char* name = entry->name;
      if (name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'))) continue;
      size_t length = std::strlen(name);
      names->push_back({entry->inode, static_cast<uint32_t>(blob->size()), static_cast<uint32_t>(length)});
      blob->insert(blob->end(), name, name + length + 1);
    }
  }
}

// One pass: errno, or 0 with the answer packed. EAGAIN when the folder changed under it.
int list_once(int fd, Answer& answer) {
  size_t start = answer.size();
  StampRecord before = look(fd, "");
  if (before.error != 0) return static_cast<int>(before.error);
  std::vector<Name> names;
  std::vector<char> blob;
  if (lseek(fd, 0, SEEK_SET) < 0) return errno;
  int error = read_names(fd, &names, &blob);
  if (error != 0) return error;
  // Inode order: on a cold cache this turns a seek per entry into one sweep over the inode table.
  std::sort(names.begin(), names.end(), [](const Name& a, const Name& b) {
    return a.inode != b.inode ? a.inode < b.inode : a.offset < b.offset;
  });
  answer.u32(static_cast<uint32_t>(names.size()));
  answer.u32(0);
  answer.put(&before, sizeof before);
  size_t stamps = answer.grow(names.size() * sizeof(StampRecord));
  for (size_t i = 0; i < names.size(); i += 1) {
    StampRecord stamp = look(fd, blob.data() + names[i].offset);
    if (stamp.error != 0) {
      answer.shrink(start);
      // Gone since its name was read: the folder changed. Anything else: one doubt spoils the listing.
      return stamp.error == ENOENT ? EAGAIN : static_cast<int>(stamp.error);
    }
    answer.set(stamps + i * sizeof stamp, stamp);
  }
  for (const Name& name : names) {
    answer.put(blob.data() + name.offset, name.length);
    answer.put("/", 1);
  }
  StampRecord after = look(fd, "");
  if (same_state(before, after)) return 0;
  answer.shrink(start);
  return after.error != 0 ? static_cast<int>(after.error) : EAGAIN;
}

}  // namespace

// [u32 count][u32 0][folder stamp][count stamps][names, each followed by '/']. A rename inside the folder while it is
// read can hide an object that was there all along, so a listing counts only if the folder's own stamp stood still.
int list_folder(Beneath& beneath, Request& request, Answer& answer) {
  std::vector<const char*> paths = request.strings();
  if (request.broken() || paths.size() != 1) return EINVAL;
  Fd fd;
  int error = beneath.open_folder(paths[0], &fd);
  for (int attempt = 0; error == 0 && attempt < 3; attempt += 1) {
    int outcome = list_once(fd.get(), answer);
    if (outcome != EAGAIN) return outcome;
  }
  return error != 0 ? error : EAGAIN;
}

int look_many(Beneath& beneath, Request& request, Answer& answer) {
  std::vector<const char*> paths = request.strings();
  if (request.broken()) return EINVAL;
  for (const char* path : paths) {
    Place place = beneath.place(path);
    StampRecord stamp;
    if (place.error != 0) {
      stamp.error = static_cast<uint32_t>(place.error);
    } else {
      stamp = look(place.folder, place.leaf);
    }
    answer.put(&stamp, sizeof stamp);
  }
  return 0;
}

// [stamp][target bytes]
int read_link(Beneath& beneath, Request& request, Answer& answer) {
  std::vector<const char*> paths = request.strings();
  if (request.broken() || paths.size() != 1) return EINVAL;
  Place place = beneath.place(paths[0]);
  if (place.error != 0) return place.error;
  for (int attempt = 0; attempt < 8; attempt += 1) {
    StampRecord before = look(place.folder, place.leaf);
    if (before.error != 0) return static_cast<int>(before.error);
    char target[PATH_MAX];
    ssize_t length = readlinkat(place.folder, place.leaf, target, sizeof target);
    if (length < 0) return errno;
    StampRecord after = look(place.folder, place.leaf);
    // A link cannot be changed in place, only replaced: the same object means the same target.
    if (!same_object(before, after)) continue;
    answer.put(&after, sizeof after);
    answer.put(target, static_cast<size_t>(length));
    return 0;
  }
  return EAGAIN;
}

}  // namespace tidemark
