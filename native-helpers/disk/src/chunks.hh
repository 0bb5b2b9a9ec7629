// Chunk ends, bit for bit as specified in src/core/manifest/chunk-boundaries.ts.
#pragma once
#include <cstddef>
#include <cstdint>

namespace tidemark {

struct ChunkingParameters {
  uint32_t min;
  uint32_t mean;
  uint32_t max;
};

// What must be kept between pieces of one file.
struct ChunkState {
  uint32_t length = 0;  // bytes of the open chunk seen so far
  uint32_t hash = 0;
};

// Writes the ends found in this piece, relative to its start, and returns how many; at most `room` (the caller gives
// length / min + 1, which is always enough).
size_t find_chunk_ends(const uint8_t* bytes, size_t length, const ChunkingParameters& parameters, ChunkState& state,
                       uint32_t* ends, size_t room);

}  // namespace tidemark
