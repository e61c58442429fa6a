// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "mp4/box_writer.h"

namespace ronin_plugin {

/// Where the fragments of a file are, for the end of that file: a `uuid` box with all of them and
/// the `mfra` of the standard with those that decoding can begin with (ISO/IEC 14496-12, 8.8.9).
/// 12 bytes for each fragment. Value; not thread-safe.
///
/// The `uuid` box: 16 bytes 5b1e7c52-93a4-4f0b-8d57-0a6cf2d1e3b4, version and flags, offset of the
/// first fragment (8), its time (8), number of fragments (4), and for each: its time less the first
/// one's (4), its size in bytes with all that stands between it and the next one (4), flags (4; 1:
/// it begins with a keyframe). Times in units of the file's first track.
class FragmentIndex {
 public:
  /// Adds the next fragment, behind the ones before. What lies between it and the one before, and a
  /// fragment of another track than the first one's, count as a part of the one before.
  /// @param offset       of its first box in the file, in bytes
  /// @param moof_offset  of its `moof`, from there
  /// @param size         in bytes
  void Add(uint64_t offset, uint64_t moof_offset, uint64_t size, uint32_t track, uint64_t time,
           bool keyframe);

  bool empty() const { return entries_.empty(); }
  /// Both boxes; `uuid` first.
  Bytes Write() const;

 private:
  struct Entry {
    uint32_t time;
    uint32_t size;
    uint32_t flags;
  };
  struct Keyframe {
    uint64_t time;
    uint64_t moof;
  };
  void Grow(uint64_t bytes);

  uint64_t first_offset_ = 0;
  uint64_t end_ = 0;  // of the last one
  uint64_t first_time_ = 0;
  uint32_t track_ = 1;
  std::vector<Entry> entries_;
  std::vector<Keyframe> keyframes_;
};

}  // namespace ronin_plugin
