// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mp4/box_reader.h"
#include "mp4/box_writer.h"

namespace ronin_plugin {

using Uuid = std::array<uint8_t, 16>;

/// The 16 bytes of a UUID in the usual text form; nothing for another text.
std::optional<Uuid> ParseUuid(std::string_view text);
/// The usual text form, in small letters.
std::string UuidText(const Uuid& uuid);

/// Whose file it is, for its header. A value.
///
/// In the file it is a `uuid` box at the end of `moov`: 16 bytes
/// 6d4f0f4e-0e0c-4c5e-9f3e-52c1f9a87b10, version and flags (flag 1: the time is UTC; 2: sub
/// stream), camera (16 bytes), connection (8), µs since 1970 (8).
struct FileOrigin {
  Uuid camera = {};               ///< zeros: not said
  uint64_t connection = 0;        ///< which connection of that camera; 0: not said
  bool sub_stream = false;        ///< else the main one
  std::optional<int64_t> utc_us;  ///< when the file's zero was; nothing: not known

  Bytes Write() const;
  /// From the inside of `moov`; nothing when it has no such box, or one of another version.
  static std::optional<FileOrigin> Read(BoxReader moov);

  bool operator==(const FileOrigin&) const = default;
};

}  // namespace ronin_plugin
