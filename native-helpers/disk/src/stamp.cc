#include "stamp.hh"

#include <fcntl.h>
#include <sys/sysmacros.h>

#include <cerrno>

namespace tidemark {

namespace {
int64_t nanoseconds(const struct statx_timestamp& time) {
  return static_cast<int64_t>(time.tv_sec) * 1000000000 + time.tv_nsec;
}
}  // namespace

StampRecord stamp_of(const struct statx& found) {
  StampRecord out;
  out.mode = found.stx_mode;
  out.device = makedev(found.stx_dev_major, found.stx_dev_minor);
  out.inode = found.stx_ino;
  out.birth_ns = (found.stx_mask & STATX_BTIME) != 0 ? nanoseconds(found.stx_btime) : 0;
  out.size = found.stx_size;
  out.mtime_ns = nanoseconds(found.stx_mtime);
  out.ctime_ns = nanoseconds(found.stx_ctime);
  out.links = found.stx_nlink;
  return out;
}

int look_at(int fd, const char* leaf, struct statx* found) {
  // AT_NO_AUTOMOUNT: listing a folder must not mount what is only promised there.
  int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (*leaf == '\0' ? AT_EMPTY_PATH : 0);
  return statx(fd, leaf, flags, kStampMask, found) == 0 ? 0 : errno;
}

StampRecord look(int fd, const char* leaf) {
  struct statx found;
  int error = look_at(fd, leaf, &found);
  if (error == 0) return stamp_of(found);
  StampRecord failed;
  failed.error = static_cast<uint32_t>(error);
  return failed;
}

bool same_object(const StampRecord& a, const StampRecord& b) {
  return a.error == 0 && b.error == 0 && a.device == b.device && a.inode == b.inode && a.birth_ns == b.birth_ns;
}

bool same_state(const StampRecord& a, const StampRecord& b) {
  return same_object(a, b) && a.mode == b.mode && a.size == b.size && a.mtime_ns == b.mtime_ns &&
         a.ctime_ns == b.ctime_ns;
}

}  // namespace tidemark
