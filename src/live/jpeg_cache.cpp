// SPDX-License-Identifier: MIT
#include "live/jpeg_cache.h"

#include <utility>

namespace ronin::live {

void JpegCache::Put(int64_t camera_id, int width, Picture picture) {
  Erase([&](const Entry& one) { return one.camera_id == camera_id && one.width == width; });
  entries_.push_back({camera_id, width, std::move(picture)});
  bytes_ += entries_.back().bytes();
  while (bytes_ > kMostBytes || entries_.size() > kMostPictures) {
    bytes_ -= entries_.front().bytes();
    entries_.pop_front();
  }
}

const JpegCache::Picture* JpegCache::Find(int64_t camera_id, int width) const {
  for (const Entry& one : entries_) {
    if (one.camera_id == camera_id && one.width == width) return &one.picture;
  }
  return nullptr;
}

void JpegCache::Drop(int64_t camera_id) {
  Erase([&](const Entry& one) { return one.camera_id == camera_id; });
}

template <typename Which>
void JpegCache::Erase(Which which) {
  std::erase_if(entries_, [&](const Entry& one) {
    if (!which(one)) return false;
    bytes_ -= one.bytes();
    return true;
  });
}

}  // namespace ronin::live
