// SPDX-License-Identifier: MIT
#pragma once

#include <list>

#include "base/clock.h"
#include "base/result.h"
#include "gst/gst_ref.h"

namespace ronin::live {

/// Pictures that were decoded, and keyframes that could not be, so that none is decoded twice: one
/// for each camera and width. The oldest go when there are too many. Value; thread: its owner's.
class JpegCache {
 public:
  static constexpr size_t kMostBytes = 32u << 20;
  static constexpr size_t kMostPictures = 400;

  struct Picture {
    Result<GRef<GBytes>> jpeg;
    WallTime taken{};  ///< of its keyframe
  };

  void Put(int64_t camera_id, int width, Picture picture);
  /// Until the next call; nullptr when there is none.
  const Picture* Find(int64_t camera_id, int width) const;
  void Drop(int64_t camera_id);
  size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    int64_t camera_id;
    int width;
    Picture picture;
    size_t bytes() const { return picture.jpeg ? g_bytes_get_size(picture.jpeg->Get()) : 0; }
  };
  template <typename Which>
  void Erase(Which which);

  std::list<Entry> entries_;  // the oldest first
  size_t bytes_ = 0;
};

}  // namespace ronin::live
