// Packed requests and answers: one buffer in, one buffer out, little-endian, every read bounds-checked.
#pragma once
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <vector>

namespace tidemark {

// An answer that may grow to megabytes and is then handed to JavaScript without a copy, hence malloc.
class Answer {
 public:
  Answer() = default;
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  ~Answer() { std::free(data_); }

  // Returns the offset of `length` fresh bytes; their content is undefined.
  size_t grow(size_t length) {
    if (length > capacity_ - size_) {
      size_t wanted = capacity_ * 2 > size_ + length ? capacity_ * 2 : size_ + length;
      void* moved = std::realloc(data_, wanted);
      if (moved == nullptr) throw std::bad_alloc();
      data_ = static_cast<uint8_t*>(moved);
      capacity_ = wanted;
    }
    size_t at = size_;
    size_ += length;
    return at;
  }
  void shrink(size_t size) { size_ = size; }
  uint8_t* at(size_t offset) { return data_ + offset; }
  size_t size() const { return size_; }
  void u32(uint32_t value) { put(&value, sizeof value); }
  void u64(uint64_t value) { put(&value, sizeof value); }
  void put(const void* bytes, size_t length) {
    size_t offset = grow(length);
    if (length > 0) std::memcpy(data_ + offset, bytes, length);
  }
  template <typename T>
  void set(size_t offset, T value) {
    std::memcpy(data_ + offset, &value, sizeof value);
  }
  uint8_t* release() {
    uint8_t* out = data_;
    data_ = nullptr;
    size_ = capacity_ = 0;
    return out;
  }

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

class Request {
 public:
  Request(const uint8_t* data, size_t size) : data_(data), size_(size) {}

  template <typename T>
  T take() {
    T value{};
    if (size_ - at_ < sizeof value) {
      broken_ = true;
      return value;
    }
    std::memcpy(&value, data_ + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  const uint8_t* bytes(size_t length) {
    if (size_ - at_ < length) {
      broken_ = true;
      return nullptr;
    }
    const uint8_t* out = data_ + at_;
    at_ += length;
    return out;
  }
  // [u32 count][u32 byte length][count NUL-terminated strings]
  std::vector<const char*> strings() {
    uint32_t count = take<uint32_t>();
    uint32_t length = take<uint32_t>();
    const char* blob = reinterpret_cast<const char*>(bytes(length));
    std::vector<const char*> out;
    if (blob == nullptr || count > length) {
      broken_ = broken_ || count > 0;
      return out;
    }
    out.reserve(count);
    const char* end = blob + length;
    while (out.size() < count && blob < end) {
      const char* stop = static_cast<const char*>(std::memchr(blob, 0, static_cast<size_t>(end - blob)));
      if (stop == nullptr) break;
      out.push_back(blob);
      blob = stop + 1;
    }
    if (out.size() != count) broken_ = true;
    return out;
  }
  bool broken() const { return broken_; }

 private:
  const uint8_t* data_;
  size_t size_;
  size_t at_ = 0;
  bool broken_ = false;
};

}  // namespace tidemark
