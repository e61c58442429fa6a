// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/stream_id.h"

namespace ronin {

enum class SegmentState {
  kRecording,  ///< its file is being written; has no end yet
  kComplete,   ///< closed in order
  kRecovered,  ///< found after a crash or without a row; its end comes from the file
  kMissing,    ///< its file is gone
};

/// "recording", "complete", "recovered" or "missing".
std::string_view ToString(SegmentState state);

struct SegmentVideo {
  std::string codec;  ///< "h264", "h265", …
  int width = 0;      ///< pixels; 0: not known
  int height = 0;     ///< pixels; 0: not known
  bool operator==(const SegmentVideo&) const = default;
};

struct SegmentAudio {
  std::string codec;       ///< "aac", "opus", …
  int sample_rate_hz = 0;  ///< 0: not known
  int channels = 0;        ///< 0: not known
  bool operator==(const SegmentAudio&) const = default;
};

/// The camera's own clock, by what it reported; evidence only, no recorded time depends on it.
struct CameraClock {
  Micros offset{};              ///< the camera's time less ours where the file begins
  std::optional<Micros> drift;  ///< by how much more where it ends; nothing: not known
  bool operator==(const CameraClock&) const = default;
};

/// What is known of a file when it is created.
struct SegmentStart {
  int64_t camera_id = 0;
  StreamKind stream = StreamKind::kMain;
  int64_t volume_id = 0;  ///< from Catalog::EnsureVolume
  std::string rel_path;   ///< below the volume's root, never absolute
  WallTime start{};       ///< UTC of the first frame
  std::optional<SegmentVideo> video;
  std::optional<SegmentAudio> audio;        ///< nothing: no audio track
  std::optional<CameraClock> camera_clock;  ///< nothing: it reported none
  /// How often our clock had been set by more than 2 s: times are comparable within an epoch.
  /// Nothing: not known.
  std::optional<int64_t> clock_epoch;
  bool operator==(const SegmentStart&) const = default;
};

/// A closed file on its way from one volume to another. A value; any thread.
struct FileMove {
  int64_t segment_id = 0;
  int64_t from_volume_id = 0;
  std::string from_path;  ///< below the volume's root
  int64_t to_volume_id = 0;
  std::string to_path;  ///< below the volume's root
  bool operator==(const FileMove&) const = default;
};

/// When something was recorded, and nothing else of a segment.
struct SegmentSpan {
  WallTime start{};
  std::optional<WallTime> end;    ///< as Segment::end
  std::optional<int64_t> frames;  ///< as Segment::frames
  SegmentState state = SegmentState::kRecording;
};

/// One recorded file. A value; any thread.
struct Segment : SegmentStart {
  int64_t id = 0;
  std::optional<WallTime> end;  ///< end of the last frame; nothing while recording, or unknown
  int64_t size_bytes = 0;
  std::optional<int64_t> frames;  ///< of video; nothing while recording, or unknown
  SegmentState state = SegmentState::kRecording;
  bool is_protected = false;  ///< retention keeps it
  bool is_suspect = false;    ///< the disk failed while it was written: parts may be damaged
  bool operator==(const Segment&) const = default;
};

}  // namespace ronin
