// SPDX-License-Identifier: MIT
#include "live/chunk_log.h"

namespace ronin::live {

void ChunkLog::Add(const Chunk& chunk) {
  if (chunk.key) Clear();
  if (gop_.empty() && !chunk.key) return;  // its beginning is not here
  bytes_ += g_bytes_get_size(chunk.bytes.Get());
  gop_.push_back(chunk);
  if (bytes_ > most_bytes_) Clear();
}

void ChunkLog::Clear() {
  gop_.clear();
  bytes_ = 0;
}

}  // namespace ronin::live
