// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <gst/gst.h>

#include "base/clock.h"

namespace ronin::recording {

/// How far the newest file of a recording has come, from what roninfilesink says of it. Value.
class FileGrowth {
 public:
  void Open(std::string path) {
    path_ = std::move(path);
    counted_ = 0;
    first_.reset();
    length_ = {};
  }

  /// A fragment is on its way to the disk.
  void Fragment(const GstStructure* fragment) {
    guint64 time = 0;
    guint64 duration = 0;
    guint64 offset = 0;
    guint64 size = 0;
    gst_structure_get(fragment, "time", G_TYPE_UINT64, &time, "duration", G_TYPE_UINT64, &duration,
                      "offset", G_TYPE_UINT64, &offset, "size", G_TYPE_UINT64, &size, nullptr);
    Size(offset + size);
    if (!first_) first_ = time;
    length_ = Micros(int64_t(time + duration - *first_) * 1'000'000 / kTimescale);
  }

  /// @param file_size  of the file, as far as it is written
  void Size(uint64_t file_size) {
    if (file_size > counted_) bytes_ += file_size - std::exchange(counted_, file_size);
  }

  const std::string& path() const { return path_; }
  Micros length() const { return length_; }  ///< of the newest file
  uint64_t bytes() const { return bytes_; }  ///< of all files

 private:
  static constexpr int64_t kTimescale = 90000;  // of ronincmafmux

  std::string path_;
  uint64_t bytes_ = 0;
  uint64_t counted_ = 0;           // of the newest file, in `bytes_`
  std::optional<uint64_t> first_;  // time of its first fragment
  Micros length_{};
};

}  // namespace ronin::recording
