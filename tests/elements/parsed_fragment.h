// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Reads MP4 for tests with code of its own, so that a mistake of the elements cannot hide itself.
namespace ronin::testing {

/// A box: its type and what is inside; `at` counts from the beginning of the bytes read.
struct ParsedBox {
  std::string type;
  size_t at = 0;
  std::string_view body;
};

/// Bytes as this header reads them; valid as long as they are.
inline std::string_view Text(const std::vector<uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The boxes in `bytes`; an empty list when their sizes do not fit exactly.
std::vector<ParsedBox> ParseBoxes(std::string_view bytes);

/// The inside of the box at a path such as "moov/trak/mdia"; of several alike, the first.
std::optional<std::string_view> FindBody(std::string_view bytes, std::string_view path);

/// A big-endian number of up to 8 bytes at `at`; 0 when the bytes end before.
uint64_t Number(std::string_view bytes, size_t at, size_t size);

struct ParsedTrack {
  uint32_t id = 0;
  uint64_t decode_time = 0;
  bool sync = false;                 ///< its first sample
  std::vector<int64_t> durations;    ///< in units of the track, as the next two
  std::vector<int64_t> offsets;      ///< presentation minus decode time
  std::vector<std::string> samples;  ///< the payload
  int64_t duration() const;          ///< of all samples
  std::vector<int64_t> pts() const;  ///< of each sample
};

struct ParsedFragment {
  uint32_t sequence = 0;
  std::vector<ParsedTrack> tracks;
  std::optional<std::pair<uint64_t, uint64_t>> producer_time;  ///< NTP and media time
  const ParsedTrack* track(uint32_t id) const;
};

/// Reads `[prft] moof mdat` and nothing else; nothing when a sample does not lie in `mdat`, or the
/// samples do not fill it.
std::optional<ParsedFragment> ParseFragment(std::string_view bytes);

}  // namespace ronin::testing
