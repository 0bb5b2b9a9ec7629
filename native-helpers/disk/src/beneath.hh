// Reaching paths below the sync root so that no symlink is followed and nothing outside is touched, whatever
// other programs rename meanwhile: the kernel does the walk (openat2), we only ever use (folder fd, last name).
#pragma once
#include <array>
#include <string>
#include <vector>

#include "stamp.hh"

namespace tidemark {

// A file descriptor that closes itself.
class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd();
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  int release();

 private:
  int fd_;
};

// The root as remembered by the caller: where it was and which object it was.
struct RootIdentity {
  uint64_t device = 0;
  uint64_t inode = 0;
  int64_t birth_ns = 0;
  std::string path;
};

// A path split for an *at call. `error` is an errno, else `folder` and `leaf` are valid while the batch lives.
struct Place {
  int error = 0;
  int folder = -1;
  const char* leaf = "";
};

class Beneath {
 public:
  // Opens the root for the length of one batch: it is not held between batches, so a volume can be unmounted.
  // Fails with ENOENT when the path leads to another object than the remembered one (RULES: unmounted, replaced).
  explicit Beneath(const RootIdentity& root);
  int error() const { return error_; }
  int root() const { return root_.get(); }
  Place place(const char* path);
  // After a folder was renamed or removed by this batch, what was cached for its path is another folder.
  void forget() { parents_.clear(); }
  // Opens a folder itself for reading its entries or flushing it.
  int open_folder(const char* path, Fd* out);

 private:
  struct Parent {
    std::string path;
    Fd fd;
  };
  int parent_fd(const char* path, size_t length, int* out);

  Fd root_;
  int error_ = 0;
  std::vector<Parent> parents_;
  size_t next_ = 0;
  size_t last_ = 0;
};

// ENOENT also when the root is not a folder.
int identify_root(const char* path, RootIdentity* out);

}  // namespace tidemark
