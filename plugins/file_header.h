// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mp4/box_writer.h"
#include "mp4/file_origin.h"
#include "mp4/moof_view.h"

namespace ronin_plugin {

/// Moves fragments from the stream's time axis to that of a file, which begins at 0 with the first
/// frame of whichever track is first. Value; not thread-safe.
class FileTimes {
 public:
  /// @param init  the stream's init segment. Nothing when it is none.
  static std::optional<FileTimes> FromInit(const Bytes& init);

  /// Takes the first fragment's times as the beginning of the file.
  void Begin(const MoofView& first);

  /// Writes the file's times into the head that `view` was read from.
  void Patch(const MoofView& view, uint8_t* head) const;

  /// After Begin() with the same fragment: from the file's zero to its first picture, in µs.
  int64_t FirstPictureMicros(const MoofView& first) const;

 private:
  struct Track {
    uint32_t id;
    uint32_t timescale;
    uint64_t base = 0;
  };
  const Track* Find(uint32_t id) const;
  std::vector<Track> tracks_;
};

/// The header of a file: the init segment with the origin's box at the end of `moov`.
Bytes FileHeader(const Bytes& init, const FileOrigin& origin);

}  // namespace ronin_plugin
