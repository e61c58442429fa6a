// SPDX-License-Identifier: MIT
#include "mp4/fragment_index.h"

#include <algorithm>
#include <limits>

namespace ronin_plugin {
namespace {

using Box = BoxWriter::Box;

constexpr uint8_t kIndexBox[16] = {0x5b, 0x1e, 0x7c, 0x52, 0x93, 0xa4, 0x4f, 0x0b,
                                   0x8d, 0x57, 0x0a, 0x6c, 0xf2, 0xd1, 0xe3, 0xb4};

}  // namespace

/// Sizes have four bytes; a fragment with more is none of a recording.
void FragmentIndex::Grow(uint64_t bytes) {
  constexpr uint64_t kMost = std::numeric_limits<uint32_t>::max();
  uint32_t& size = entries_.back().size;
  size = uint32_t(size + std::min(bytes, kMost - size));
}

void FragmentIndex::Add(uint64_t offset, uint64_t moof_offset, uint64_t size, uint32_t track,
                        uint64_t time, bool keyframe) {
  if (entries_.empty()) {
    first_offset_ = offset;
    first_time_ = time;
    track_ = track;
  } else if (offset > end_) {
    Grow(offset - end_);
  }
  end_ = offset + size;
  if (track != track_) {  // of a file whose tracks have fragments of their own
    Grow(size);
    return;
  }
  constexpr uint64_t kMost = std::numeric_limits<uint32_t>::max();
  const uint64_t since = time > first_time_ ? time - first_time_ : 0;
  entries_.push_back({uint32_t(std::min(since, kMost)), 0, keyframe ? 1U : 0U});
  Grow(size);
  if (keyframe) keyframes_.push_back({time, offset + moof_offset});
}

Bytes FragmentIndex::Write() const {
  Bytes out;
  BoxWriter w(out);
  {
    const Box uuid(w, "uuid");
    w.Raw(kIndexBox, sizeof kIndexBox);
    w.Version(0, 0);
    w.U64(first_offset_);
    w.U64(first_time_);
    w.U32(uint32_t(entries_.size()));
    for (const Entry& entry : entries_) {
      w.U32(entry.time);
      w.U32(entry.size);
      w.U32(entry.flags);
    }
  }
  const size_t start = w.size();
  size_t size_at = 0;
  {
    const Box mfra(w, "mfra");
    {
      const Box tfra(w, "tfra");
      w.Version(1, 0);
      w.U32(track_);
      w.U32(0);  // numbers of traf, trun and sample in a byte each
      w.U32(uint32_t(keyframes_.size()));
      for (const Keyframe& keyframe : keyframes_) {
        w.U64(keyframe.time);
        w.U64(keyframe.moof);
        w.U8(1);
        w.U8(1);
        w.U8(1);
      }
    }
    const Box mfro(w, "mfro");
    w.Version(0, 0);
    size_at = w.size();
    w.U32(0);
  }
  w.PatchU32(size_at, uint32_t(w.size() - start));
  return out;
}

}  // namespace ronin_plugin
