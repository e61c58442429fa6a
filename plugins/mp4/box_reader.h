// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace ronin_plugin {

/// Four letters as the number that they are in a file.
constexpr uint32_t FourCc(const char (&text)[5]) {
  uint32_t out = 0;
  for (int i = 0; i < 4; ++i) out = out << 8 | static_cast<unsigned char>(text[i]);
  return out;
}

/// Reads big-endian numbers and boxes from bytes, never beyond their end: there everything is 0 and
/// ok() is false from then on. Positions count from the first byte. Value; the bytes outlive it.
class BoxReader {
 public:
  BoxReader(const uint8_t* data, size_t begin, size_t end) : data_(data), at_(begin), end_(end) {}

  struct Box {
    uint32_t type = 0;
    size_t begin = 0;  ///< of the header
    size_t body = 0;   ///< behind it
    size_t end = 0;
  };
  /// The next box, which must lie inside whole. Nothing at the end.
  std::optional<Box> Next();
  /// A reader of the inside of `box`.
  BoxReader Inside(const Box& box) const { return {data_, box.body, box.end}; }

  uint32_t U32() { return uint32_t(Number(4)); }
  uint64_t U64() { return Number(8); }
  /// Copies the next bytes; nothing of them when they are too few.
  void Raw(uint8_t* to, size_t bytes);
  void Skip(size_t bytes) { at_ = bytes <= end_ - at_ ? at_ + bytes : Fail(); }
  size_t at() const { return at_; }
  bool ok() const { return ok_; }

 private:
  uint64_t Number(size_t bytes);
  size_t Fail() {
    ok_ = false;
    return end_;
  }

  const uint8_t* data_;
  size_t at_;
  size_t end_;
  bool ok_ = true;
};

}  // namespace ronin_plugin
