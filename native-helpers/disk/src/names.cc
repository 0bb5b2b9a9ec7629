// Changing names: renames, folders, links, removals.
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "operations.hh"

namespace tidemark {

namespace {

// Values shared with src/engine/local/node-disk-calls.ts.
enum How : uint32_t { kPlain = 0, kNoReplace = 1, kExchange = 2, kLink = 3 };

struct RenameRecord {
  uint32_t error = 0;
  uint32_t padding = 0;
  StampRecord to;
  StampRecord from;  // exchange only: what came out
};

int rename_at(const Place& from, const Place& to, unsigned flags) {
  return syscall(SYS_renameat2, from.folder, from.leaf, to.folder, to.leaf, flags) == 0 ? 0 : errno;
}

// Attributes of the user's own (tags, access lists) belong to the place, not to the version: carry them over.
// Through /proc so that neither file need be opened; nothing of it is worth failing an apply for.
void carry_attributes(const Place& from, const Place& to) {
  char source[64 + 256];
  char target[64 + 256];
  std::snprintf(source, sizeof source, "/proc/self/fd/%d/%s", from.folder, from.leaf);
  std::snprintf(target, sizeof target, "/proc/self/fd/%d/%s", to.folder, to.leaf);
  char names[4096];
  ssize_t length = llistxattr(source, names, sizeof names);
  for (ssize_t at = 0; at < length; at += static_cast<ssize_t>(std::strlen(names + at)) + 1) {
    const char* name = names + at;
    if (std::strncmp(name, "user.", 5) != 0 && std::strcmp(name, "system.posix_acl_access") != 0) continue;
    char value[4096];
    ssize_t size = lgetxattr(source, name, value, sizeof value);
    if (size >= 0) (void)lsetxattr(target, name, value, static_cast<size_t>(size), 0);
  }
}

// The staged file takes over who may read and write the file it replaces; its own execute bit stays.
void carry_permissions(const Place& staged, const struct statx& mine, const Place& path, const struct statx& old) {
  if (mine.stx_uid != old.stx_uid || mine.stx_gid != old.stx_gid) {
    (void)fchownat(staged.folder, staged.leaf, old.stx_uid, old.stx_gid, AT_SYMLINK_NOFOLLOW);
  }
  mode_t mode = old.stx_mode & 0666;
  if ((mine.stx_mode & 0100) != 0) {
    mode |= (old.stx_mode & 0100) != 0 ? old.stx_mode & 0111 : 0100 | ((old.stx_mode & 0044) >> 2);
  }
  if ((mine.stx_mode & 07777) != mode) (void)fchmodat(staged.folder, staged.leaf, mode, 0);
  carry_attributes(path, staged);
}

// A folder took the path in the last instant and was swapped out: it returns, whatever stands there by now. EEXIST is
// the answer to the exchange as a whole.
int put_back(const Place& staged, const Place& path) {
  for (int attempt = 0; attempt < 32; attempt += 1) {
    unsigned flags = attempt % 2 == 0 ? RENAME_EXCHANGE : RENAME_NOREPLACE;
    if (rename_at(staged, path, flags) == 0) return EEXIST;
  }
  return EIO;
}

// Swaps a staged file with the file at `path`. A folder that took the path meanwhile is left where it is.
RenameRecord exchange(const Place& staged, const Place& path) {
  RenameRecord out;
  struct statx mine;
  struct statx old;
  int error = look_at(staged.folder, staged.leaf, &mine);
  if (error == 0) error = look_at(path.folder, path.leaf, &old);
  if (error == 0 && S_ISDIR(old.stx_mode)) error = EEXIST;
  if (error == 0) {
    if (S_ISREG(mine.stx_mode) && S_ISREG(old.stx_mode)) carry_permissions(staged, mine, path, old);
    error = rename_at(staged, path, RENAME_EXCHANGE);
  }
  if (error == 0) {
    out.from = look(staged.folder, staged.leaf);
    out.to = look(path.folder, path.leaf);
    // Replaced or removed by the user right after: what we know of our file still answers for it.
    if (out.to.error != 0) out.to = stamp_of(mine);
    if (out.from.error == 0 && S_ISDIR(out.from.mode)) error = put_back(staged, path);
  }
  out.error = static_cast<uint32_t>(error);
  return out;
}

RenameRecord rename_one(Beneath& beneath, const char* from_path, const char* to_path, uint32_t how) {
  RenameRecord out;
  Place from = beneath.place(from_path);
  Place to = beneath.place(to_path);
  int error = from.error != 0 ? from.error : to.error;
  if (error == 0 && how == kExchange) return exchange(from, to);
  if (error == 0) {
    if (how == kLink) {
      error = linkat(from.folder, from.leaf, to.folder, to.leaf, 0) == 0 ? 0 : errno;
    } else {
      error = rename_at(from, to, how == kNoReplace ? RENAME_NOREPLACE : 0);
    }
  }
  if (error == 0) out.to = look(to.folder, to.leaf);
  if (error == 0 && (out.to.error != 0 || S_ISDIR(out.to.mode))) beneath.forget();
  out.error = static_cast<uint32_t>(error);
  return out;
}

}  // namespace

// In: paths (the user's file, our staged file).
int carry_over(Beneath& beneath, Request& request, Answer&) {
  std::vector<const char*> paths = request.strings();
  if (request.broken() || paths.size() != 2) return EINVAL;
  Place path = beneath.place(paths[0]);
  Place staged = beneath.place(paths[1]);
  if (path.error != 0 || staged.error != 0) return path.error != 0 ? path.error : staged.error;
  struct statx mine;
  struct statx old;
  int error = look_at(staged.folder, staged.leaf, &mine);
  if (error == 0) error = look_at(path.folder, path.leaf, &old);
  if (error == 0 && S_ISREG(mine.stx_mode) && S_ISREG(old.stx_mode)) carry_permissions(staged, mine, path, old);
  return error;
}

// In: paths (from, to, from, to, …), [u32 how] per pair. Out: rename records, in order.
int rename_many(Beneath& beneath, Request& request, Answer& answer) {
  std::vector<const char*> paths = request.strings();
  std::vector<uint32_t> how(paths.size() / 2);
  for (uint32_t& one : how) one = request.take<uint32_t>();
  if (request.broken() || paths.size() % 2 != 0) return EINVAL;
  for (size_t i = 0; i < how.size(); i += 1) {
    RenameRecord record = rename_one(beneath, paths[2 * i], paths[2 * i + 1], how[i]);
    answer.put(&record, sizeof record);
  }
  return 0;
}

// In: paths, [u32 mode]. Out: stamps.
int make_folders(Beneath& beneath, Request& request, Answer& answer) {
  std::vector<const char*> paths = request.strings();
  uint32_t mode = request.take<uint32_t>();
  if (request.broken()) return EINVAL;
  for (const char* path : paths) {
    Place place = beneath.place(path);
    StampRecord stamp;
    int error = place.error;
    if (error == 0 && mkdirat(place.folder, place.leaf, mode) != 0) error = errno;
    if (error == 0) stamp = look(place.folder, place.leaf);
    if (error != 0) stamp.error = static_cast<uint32_t>(error);
    answer.put(&stamp, sizeof stamp);
  }
  return 0;
}

// In: paths (link, target). Out: stamp.
int make_link(Beneath& beneath, Request& request, Answer& answer) {
  std::vector<const char*> paths = request.strings();
  if (request.broken() || paths.size() != 2) return EINVAL;
  Place place = beneath.place(paths[0]);
  if (place.error != 0) return place.error;
  if (symlinkat(paths[1], place.folder, place.leaf) != 0) return errno;
  StampRecord stamp = look(place.folder, place.leaf);
  answer.put(&stamp, sizeof stamp);
  return 0;
}

// In: paths, [u32 1 for folders]. Out: [u32 errno] each.
int remove_many(Beneath& beneath, Request& request, Answer& answer) {
  std::vector<const char*> paths = request.strings();
  int flags = request.take<uint32_t>() != 0 ? AT_REMOVEDIR : 0;
  if (request.broken()) return EINVAL;
  for (const char* path : paths) {
    Place place = beneath.place(path);
    int error = place.error;
    if (error == 0 && unlinkat(place.folder, place.leaf, flags) != 0) error = errno;
    if (error == 0 && flags != 0) beneath.forget();
    answer.u32(static_cast<uint32_t>(error));
  }
  return 0;
}

// In: path, [u32 mode].
int change_mode(Beneath& beneath, Request& request, Answer&) {
  std::vector<const char*> paths = request.strings();
  uint32_t mode = request.take<uint32_t>();
  if (request.broken() || paths.size() != 1) return EINVAL;
  Place place = beneath.place(paths[0]);
  if (place.error != 0) return place.error;
  return fchmodat(place.folder, place.leaf, mode, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno;
}

}  // namespace tidemark
