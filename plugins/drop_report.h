// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include <gst/gst.h>

namespace ronin_plugin {

/// Buffers that were dropped one after the other. All times in ns.
struct DropRun {
  guint64 frames = 0;
  guint64 bytes = 0;
  GstClockTime start = GST_CLOCK_TIME_NONE;  ///< lowest PTS, NONE when none had one
  GstClockTime end = GST_CLOCK_TIME_NONE;    ///< highest PTS with its duration where that is known
  GstClockTime since = 0;                    ///< monotonic clock, when the run began
};

/// Counts what is dropped and says when to tell it: when a run ends, and every second while it
/// lasts. A second part of a run holds only what came since the first, so the parts add up.
/// Not thread-safe.
class DropReport {
 public:
  /// Takes note of a buffer that is dropped at `now` (monotonic, ns). Borrows it.
  void Add(GstBuffer* buffer, GstClockTime now);

  /// What has to be told now, if anything.
  ///
  /// @param ended  whether the run has come to its end
  std::optional<DropRun> Take(bool ended, GstClockTime now);

  /// All frames since the beginning.
  guint64 frames() const { return frames_; }

 private:
  DropRun run_;            ///< what was not told yet
  bool running_ = false;   ///< since run_.since
  GstClockTime told_ = 0;  ///< when a part of this run was last told, or when it began
  guint64 frames_ = 0;
};

}  // namespace ronin_plugin
