// SPDX-License-Identifier: MIT
#include "mp4/box_reader.h"

#include <algorithm>

namespace ronin_plugin {

uint64_t BoxReader::Number(size_t bytes) {
  if (bytes > end_ - at_) {
    at_ = Fail();
    return 0;
  }
  uint64_t out = 0;
  for (size_t i = 0; i < bytes; ++i) out = out << 8 | data_[at_ + i];
  at_ += bytes;
  return out;
}

void BoxReader::Raw(uint8_t* to, size_t bytes) {
  const size_t from = at_;
  Skip(bytes);
  if (ok_) std::copy_n(data_ + from, bytes, to);
}

std::optional<BoxReader::Box> BoxReader::Next() {
  constexpr size_t kHeader = 8;
  if (end_ - at_ < kHeader) return std::nullopt;
  Box out;
  out.begin = at_;
  uint64_t size = U32();
  out.type = U32();
  if (size == 1) size = U64();
  out.body = at_;
  if (!ok_ || size < out.body - out.begin || size > end_ - out.begin) {
    ok_ = false;
    at_ = out.begin;
    return std::nullopt;
  }
  out.end = out.begin + size_t(size);
  at_ = out.end;
  return out;
}

}  // namespace ronin_plugin
