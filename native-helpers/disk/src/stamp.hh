// What lstat says, as a fixed record of 64 bytes; the decoder is src/engine/local/node-disk-stamps.ts.
#pragma once
#include <sys/stat.h>

#include <cstdint>

namespace tidemark {

struct StampRecord {
  uint32_t error = 0;  // errno; the rest is zero then
  uint32_t mode = 0;
  uint64_t device = 0;
  uint64_t inode = 0;
  int64_t birth_ns = 0;  // 0 where the file system reports none
  uint64_t size = 0;
  int64_t mtime_ns = 0;
  int64_t ctime_ns = 0;
  uint32_t links = 0;
  uint32_t padding = 0;
};
static_assert(sizeof(StampRecord) == 64, "decoded by offset in TypeScript");

constexpr unsigned kStampMask = STATX_BASIC_STATS | STATX_BTIME;

StampRecord stamp_of(const struct statx& found);
// statx without following a link in the last component; an empty `leaf` means the folder `fd` itself.
int look_at(int fd, const char* leaf, struct statx* found);
StampRecord look(int fd, const char* leaf);
// The same object with nothing of its content or metadata changed.
bool same_state(const StampRecord& a, const StampRecord& b);
bool same_object(const StampRecord& a, const StampRecord& b);

}  // namespace tidemark
