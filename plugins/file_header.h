// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "box_writer.h"
#include "moof_view.h"

namespace ronin_plugin {

/// Whose file it is, for its header. A value.
struct FileOrigin {
  std::array<uint8_t, 16> camera = {};  ///< UUID; zeros: not said
  uint64_t connection = 0;              ///< which connection of that camera; 0: not said
  bool sub_stream = false;
  bool operator==(const FileOrigin&) const = default;
};

/// The 16 bytes of a UUID in the usual text form; nothing for another text.
std::optional<std::array<uint8_t, 16>> ParseUuid(std::string_view text);

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

  /// The stream's time of the file's zero, in µs.
  int64_t zero_us() const;

 private:
  struct Track {
    uint32_t id;
    uint32_t timescale;
    uint64_t base = 0;
  };
  const Track* Find(uint32_t id) const;
  std::vector<Track> tracks_;
};

/// The header of a file: the init segment with a `uuid` box at the end of `moov` that says whose it
/// is and, where `utc_us` is known, when its zero was: 16 bytes
/// 6d4f0f4e-0e0c-4c5e-9f3e-52c1f9a87b10, version and flags (flag 1: the time is UTC; 2: sub
/// stream), camera (16 bytes), connection (8), µs since 1970 (8).
Bytes FileHeader(const Bytes& init, const FileOrigin& origin, std::optional<int64_t> utc_us);

}  // namespace ronin_plugin
