// SPDX-License-Identifier: MIT
#include "box_boundary.h"

#include <algorithm>
#include <cstring>

namespace ronin_plugin {
namespace {

constexpr uint32_t Type(const char (&name)[5]) {
  return uint32_t(uint8_t(name[0])) << 24 | uint32_t(uint8_t(name[1])) << 16 |
         uint32_t(uint8_t(name[2])) << 8 | uint8_t(name[3]);
}

uint64_t BigEndian(const uint8_t* bytes, size_t count) {
  uint64_t out = 0;
  for (size_t i = 0; i < count; ++i) out = out << 8 | bytes[i];
  return out;
}

/// These belong to the fragment that follows them; `moov` to the first, so that no file has only a
/// header, so the file is not cut after them.
bool LeadsAFragment(uint32_t type) {
  return type == Type("ftyp") || type == Type("moov") || type == Type("styp") ||
         type == Type("prft") || type == Type("emsg") || type == Type("sidx") ||
         type == Type("moof");
}

}  // namespace

/// Reads the header once enough of it has come; false if more is needed.
bool BoxBoundary::HeaderComplete() {
  if (header_size_ < 8) return false;
  uint64_t size = BigEndian(header_, 4);
  if (size == 1 && header_size_ < 16) return false;
  type_ = uint32_t(BigEndian(header_ + 4, 4));
  if (size == 1) size = BigEndian(header_ + 8, 8);
  if (size < header_size_) {
    lost_ = true;  // "until the end of the file" (0), or no box at all
    return true;
  }
  left_ = size - header_size_;
  in_box_ = true;
  return true;
}

BoxBoundary::Seen BoxBoundary::Feed(const uint8_t* data, size_t size) {
  Seen seen;
  while (size > 0 && !lost_) {
    if (!in_box_) {
      header_[header_size_++] = *data++;
      --size;
      if (!HeaderComplete()) continue;
    }
    const size_t step = size_t(std::min<uint64_t>(left_, size));
    data += step;
    size -= step;
    left_ -= step;
    if (in_box_ && left_ == 0) {
      in_box_ = false;
      header_size_ = 0;
      if (type_ == Type("mdat")) ++seen.fragments;
      seen.complete = size == 0 && !LeadsAFragment(type_);
    }
  }
  if (lost_) seen.complete = true;
  return seen;
}

}  // namespace ronin_plugin
