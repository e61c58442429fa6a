// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ronin {

/// The number that a box's four letters are: Fourcc("moov").
constexpr uint32_t Fourcc(const char (&text)[5]) {
  uint32_t out = 0;
  for (int i = 0; i < 4; ++i) out = out << 8 | static_cast<unsigned char>(text[i]);
  return out;
}

/// Reads big-endian numbers from bytes that nobody vouches for. Behind the end everything is 0 and
/// ok() is false for ever. A value; the bytes outlive it.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  uint8_t U8() { return uint8_t(Number(1)); }
  uint16_t U16() { return uint16_t(Number(2)); }
  uint32_t U24() { return uint32_t(Number(3)); }
  uint32_t U32() { return uint32_t(Number(4)); }
  uint64_t U64() { return Number(8); }
  void Skip(size_t bytes) { (void)Take(bytes); }
  std::string_view Take(size_t bytes);

  bool ok() const { return ok_; }
  std::string_view rest() const { return bytes_; }

 private:
  uint64_t Number(size_t bytes);

  std::string_view bytes_;
  bool ok_ = true;
};

/// A box inside another one.
struct Box {
  uint32_t type = 0;
  std::string_view body;
};

/// Takes the first box off `rest`. Nothing when `rest` is empty or does not begin with a whole box;
/// then it is left as it is.
std::optional<Box> NextBox(std::string_view& rest);

/// The first box of that type directly inside `body`.
std::optional<Box> FindBox(std::string_view body, uint32_t type);

}  // namespace ronin
