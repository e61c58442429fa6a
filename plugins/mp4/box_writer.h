// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ronin_plugin {

/// Bytes that are being written.
using Bytes = std::vector<uint8_t>;

/// Writes ISO BMFF boxes (ISO/IEC 14496-12, 4.2), all numbers big-endian. Boxes nest: each Box ends
/// where it goes out of scope, and its size is put in then. Value; not thread-safe.
class BoxWriter {
 public:
  explicit BoxWriter(Bytes& out) : out_(out) {}

  class Box {
   public:
    Box(BoxWriter& writer, std::string_view type);
    ~Box();
    Box(const Box&) = delete;
    Box& operator=(const Box&) = delete;

   private:
    BoxWriter& writer_;
    size_t start_;
  };

  /// Begins a FullBox (4.2.2): `Box box(writer, type)` and then Version().
  void Version(uint8_t version, uint32_t flags) { U32(uint32_t(version) << 24 | flags); }

  void U8(unsigned value) { out_.push_back(uint8_t(value)); }
  void U16(unsigned value);
  void U32(uint32_t value);
  void U64(uint64_t value);
  void Zeros(size_t count) { out_.insert(out_.end(), count, 0); }
  void Text(std::string_view text) { out_.insert(out_.end(), text.begin(), text.end()); }
  void Raw(const uint8_t* data, size_t size) { out_.insert(out_.end(), data, data + size); }
  void Raw(const Bytes& bytes) { Raw(bytes.data(), bytes.size()); }

  size_t size() const { return out_.size(); }
  /// Puts a number in that was not known before.
  void PatchU32(size_t at, uint32_t value);

 private:
  Bytes& out_;
};

}  // namespace ronin_plugin
