// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/g_ref.h"

namespace ronin::live {

/// The newest segments of one camera's HLS stream in memory, and the playlist that lists them
/// (RFC 8216). A segment is listed only when it is whole. It goes on over reconnects: numbers rise
/// for ever, and a discontinuity marks where the camera came back.
/// Thread-safe: hlssink2 writes on streaming threads, the API reads on main.
class HlsWindow {
 public:
  /// @param most   bytes of segments: of large ones fewer are kept, and the newest in any case
  /// @param query  behind the name of each segment in the playlist
  explicit HlsWindow(uint64_t most, std::string query = "")
      : most_(most), query_(std::move(query)) {}

  /// A new connection begins; its first frame was at `start`.
  void Begin(WallTime start);
  /// A segment file of this connection is whole.
  void AddSegment(const std::string& name, GRef<GBytes> bytes);
  /// hlssink2 has written its playlist, whose EXTINF lines tell the durations of whole segments.
  /// True if there is something new to show.
  bool TakePlaylist(std::string_view text);

  /// Empty until the first segment is whole.
  /// @param may_block  it says that one can wait for the next
  std::string Playlist(bool may_block = false) const;
  /// The number of the newest segment that is listed; 0 before the first.
  int64_t newest() const;
  /// How long a segment is at most.
  std::chrono::seconds target() const;
  /// Nothing when it is too old or yet to come.
  GRef<GBytes> Segment(int64_t sequence) const;

 private:
  struct Entry {
    int64_t sequence;
    GRef<GBytes> bytes;
    Micros duration;
    WallTime start;
    bool discontinuity;
  };
  void Append(const std::string& name, Micros duration);
  uint64_t Bytes() const;

  static constexpr size_t kListed = 5;
  static constexpr size_t kKept = 9;  // a slow client still gets what an old playlist named

  const uint64_t most_;
  const std::string query_;
  mutable std::mutex mutex_;                     // guards all below
  std::map<std::string, GRef<GBytes>> waiting_;  // whole, but of unknown duration
  std::deque<Entry> entries_;
  std::string last_listed_;  // by hlssink2, in this connection
  WallTime next_start_{};
  int64_t next_sequence_ = 1;
  int64_t gone_discontinuities_ = 0;  // of segments that are no longer kept
  int64_t target_s_ = 1;
  bool discontinuity_ = false;
};

}  // namespace ronin::live
