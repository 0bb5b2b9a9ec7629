#include "chunks.hh"

#include <array>

namespace tidemark {

namespace {

constexpr size_t kWindow = 32;
constexpr size_t kLanes = 4;
// Long stretches for chunks; short ones for sub-chunks, whose cuts lie close together.
constexpr size_t kLongLane = 4096;
constexpr size_t kShortLane = 256;

constexpr std::array<uint32_t, 256> make_gear() {
  std::array<uint32_t, 256> table{};
  uint32_t state = 0x74696465u;
  for (auto& entry : table) {
    state += 0x9e3779b9u;
    uint32_t z = state;
    z = (z ^ (z >> 16)) * 0x21f0aaadu;
    z = (z ^ (z >> 15)) * 0x735a2d97u;
    entry = z ^ (z >> 15);
  }
  return table;
}
constexpr std::array<uint32_t, 256> kGear = make_gear();

uint32_t top_bits(uint32_t count) { return 0xffffffffu << (32 - count); }

// Masks of at least this many high bits hit rarely enough that looking far ahead is seldom in vain.
constexpr uint32_t kRareMask = 0xffffffffu << (32 - 17);

inline uint32_t step(uint32_t hash, uint8_t byte) { return (hash << 1) + kGear[byte]; }

// Hash after the byte at `at - 1`, from the 32 bytes before `at`: the hash remembers no more.
uint32_t warm(const uint8_t* bytes, size_t at) {
  uint32_t hash = 0;
  for (size_t i = at - kWindow; i < at; i += 1) hash = step(hash, bytes[i]);
  return hash;
}

// Four stretches side by side: one stretch alone is bound by the latency of its own additions. Returns the position
// after the first byte that cuts, or 0, having looked at exactly kLanes * kLane bytes from `at`; `hash` is that before `at`.
template <size_t kLane>
size_t find_in_lanes(const uint8_t* bytes, size_t at, uint32_t mask, uint32_t& hash) {
  const uint8_t* a = bytes + at;
  const uint8_t* b = a + kLane;
  const uint8_t* c = b + kLane;
  const uint8_t* d = c + kLane;
  uint32_t ha = hash;
  uint32_t hb = warm(bytes, at + kLane);
  uint32_t hc = warm(bytes, at + 2 * kLane);
  uint32_t hd = warm(bytes, at + 3 * kLane);
  size_t first_b = 0, first_c = 0, first_d = 0;
  for (size_t i = 0; i < kLane; i += 1) {
    ha = step(ha, a[i]);
    hb = step(hb, b[i]);
    hc = step(hc, c[i]);
    hd = step(hd, d[i]);
    if ((ha & mask) == 0) return at + i + 1;
    if ((hb & mask) == 0 && first_b == 0) first_b = at + kLane + i + 1;
    if ((hc & mask) == 0 && first_c == 0) first_c = at + 2 * kLane + i + 1;
    if ((hd & mask) == 0 && first_d == 0) first_d = at + 3 * kLane + i + 1;
  }
  if (first_b != 0) return first_b;
  if (first_c != 0) return first_c;
  if (first_d != 0) return first_d;
  hash = hd;
  return 0;
}

// The position after the first byte in [from, to) that cuts, or 0 with `hash` advanced to `to`.
size_t find(const uint8_t* bytes, size_t from, size_t to, uint32_t mask, uint32_t& hash) {
  size_t at = from;
  while (to - at >= kLanes * kLongLane && mask >= kRareMask) {
    size_t cut = find_in_lanes<kLongLane>(bytes, at, mask, hash);
    if (cut != 0) return cut;
    at += kLanes * kLongLane;
  }
  while (to - at >= kLanes * kShortLane) {
    size_t cut = find_in_lanes<kShortLane>(bytes, at, mask, hash);
    if (cut != 0) return cut;
    at += kLanes * kShortLane;
  }
  uint32_t rolling = hash;
  for (; at < to; at += 1) {
    rolling = step(rolling, bytes[at]);
    if ((rolling & mask) == 0) return at + 1;
  }
  hash = rolling;
  return 0;
}

size_t least(size_t a, int64_t b) {
  if (b < 0) return 0;
  return a < static_cast<uint64_t>(b) ? a : static_cast<size_t>(b);
}

}  // namespace

size_t find_chunk_ends(const uint8_t* bytes, size_t length, const ChunkingParameters& parameters, ChunkState& state,
                       uint32_t* ends, size_t room) {
  uint32_t bits = 31 - static_cast<uint32_t>(__builtin_clz(parameters.mean));
  uint32_t hard = top_bits(bits + 2 < 31 ? bits + 2 : 31);
  uint32_t easy = top_bits(bits >= 3 ? bits - 2 : 1);
  size_t count = 0;
  size_t from = 0;
  while (from < length && count < room) {
    // Where the open chunk began, relative to this piece: negative when it began in an earlier one.
    int64_t start = static_cast<int64_t>(from) - state.length;
    int64_t first = start + parameters.min - static_cast<int64_t>(kWindow);
    size_t at = least(length, first > static_cast<int64_t>(from) ? first : static_cast<int64_t>(from));
    for (size_t silent = least(length, start + parameters.min - 1); at < silent; at += 1) {
      state.hash = step(state.hash, bytes[at]);
    }
    size_t cut = 0;
    size_t target = least(length, start + parameters.mean - 1);
    if (at < target) {
      cut = find(bytes, at, target, hard, state.hash);
      at = target;
    }
    if (cut == 0) {
      size_t limit = least(length, start + parameters.max);
      if (at < limit) cut = find(bytes, at, limit, easy, state.hash);
      if (cut == 0 && static_cast<int64_t>(limit) == start + parameters.max) cut = limit;
    }
    if (cut == 0) {
      state.length = static_cast<uint32_t>(static_cast<int64_t>(length) - start);
      return count;
    }
    ends[count] = static_cast<uint32_t>(cut);
    count += 1;
    state = ChunkState{};
    from = cut;
  }
  return count;
}

}  // namespace tidemark
