#include "beneath.hh"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tidemark {

namespace {

constexpr size_t kCachedParents = 32;

int open_beneath(int root, const char* path, int flags) {
  struct open_how how;
  std::memset(&how, 0, sizeof how);
  how.flags = static_cast<uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  for (int attempt = 0;; attempt += 1) {
    long fd = syscall(SYS_openat2, root, path, &how, sizeof how);
    if (fd >= 0) return static_cast<int>(fd);
    // EAGAIN: a rename elsewhere raced with the walk and the kernel cannot vouch for it; try again.
    if (errno != EAGAIN && errno != EINTR) return -1;
    if (attempt >= 32) return -1;
  }
}

// A symlink among the components is "not a folder" to us; so is a path that tries to leave the root.
int walk_error(int error) { return error == ELOOP || error == EXDEV ? ENOTDIR : error; }

}  // namespace

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

int Fd::release() {
  int out = fd_;
  fd_ = -1;
  return out;
}

int identify_root(const char* path, RootIdentity* out) {
  Fd fd(::open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd.open()) return errno;
  StampRecord found = look(fd.get(), "");
  if (found.error != 0) return static_cast<int>(found.error);
  out->device = found.device;
  out->inode = found.inode;
  out->birth_ns = found.birth_ns;
  out->path = path;
  return 0;
}

Beneath::Beneath(const RootIdentity& root) {
  root_ = Fd(::open(root.path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root_.open()) {
    error_ = errno == ENOTDIR || errno == ELOOP ? ENOENT : errno;
    return;
  }
  StampRecord found = look(root_.get(), "");
  if (found.error != 0) {
    error_ = static_cast<int>(found.error);
  } else if (found.device != root.device || found.inode != root.inode || found.birth_ns != root.birth_ns) {
    error_ = ENOENT;
  }
  parents_.reserve(kCachedParents);
}

int Beneath::parent_fd(const char* path, size_t length, int* out) {
  std::string_view wanted(path, length);
  if (last_ < parents_.size() && parents_[last_].path == wanted) {
    *out = parents_[last_].fd.get();
    return 0;
  }
  for (size_t i = 0; i < parents_.size(); i += 1) {
    if (parents_[i].path == wanted) {
      last_ = i;
      *out = parents_[i].fd.get();
      return 0;
    }
  }
  std::string folder(wanted);
  int opened = open_beneath(root_.get(), folder.c_str(), O_PATH | O_DIRECTORY);
  if (opened < 0) return walk_error(errno);
  Fd fd(opened);
  *out = fd.get();
  if (parents_.size() < kCachedParents) {
    parents_.push_back({std::move(folder), std::move(fd)});
    last_ = parents_.size() - 1;
  } else {
    // Never the one used last: a rename holds two parents at a time.
    if (next_ == last_) next_ = (next_ + 1) % kCachedParents;
    last_ = next_;
    parents_[next_] = {std::move(folder), std::move(fd)};
    next_ = (next_ + 1) % kCachedParents;
  }
  return 0;
}

Place Beneath::place(const char* path) {
  Place out;
  if (error_ != 0) {
    out.error = error_;
    return out;
  }
  out.folder = root_.get();
  const char* slash = std::strrchr(path, '/');
  out.leaf = slash == nullptr ? path : slash + 1;
  bool root_itself = slash == nullptr && *path == '\0';
  if ((*out.leaf == '\0' && !root_itself) || std::strcmp(out.leaf, ".") == 0 || std::strcmp(out.leaf, "..") == 0) {
    out.error = EINVAL;
    return out;
  }
  if (slash != nullptr) out.error = parent_fd(path, static_cast<size_t>(slash - path), &out.folder);
  return out;
}

int Beneath::open_folder(const char* path, Fd* out) {
  if (error_ != 0) return error_;
  int fd = *path == '\0' ? ::openat(root_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                         : open_beneath(root_.get(), path, O_RDONLY | O_DIRECTORY);
  if (fd < 0) return walk_error(errno);
  *out = Fd(fd);
  return 0;
}

}  // namespace tidemark
