// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>

#include "base/clock.h"

namespace ronin::camera {

/// What an RTCP sender report says (RFC 3550, 6.4.1): one instant on two clocks of the camera.
struct SenderReport {
  uint32_t ssrc = 0;      ///< of the track
  uint64_t ntp = 0;       ///< its wall clock: seconds since 1900 as 32.32 bits; 0: it has none
  uint32_t rtp_time = 0;  ///< the clock of the track's RTP timestamps
};

/// The time of an NTP timestamp. Its seconds wrap every 136 years; the nearest to `now` is meant.
/// Nothing when it is none, or the time since the camera was switched on, as RFC 3550 allows.
std::optional<WallTime> WallTimeOfNtp(uint64_t ntp, WallTime now);

/// How far the camera's own clock is from ours, as its sender reports say. Evidence only, and no
/// recorded time depends on it: such clocks are set, stand in 1970, or reports are missing or
/// wrong.
///
/// A report pairs the camera's clock with RTP time, the next packet pairs RTP time with media time,
/// and its frame media time with UTC. So it does not matter how late a report comes.
/// Threads: Take on the one that reads RTCP; Packet and Frame on the video's streaming thread; the
/// rest on any.
class SenderClock {
 public:
  /// What one report told.
  struct Reading {
    Micros offset{};      ///< the camera's time less ours
    uint64_t number = 0;  ///< of the reading, from 1
    unsigned epoch = 0;   ///< as epoch() then
  };

  void Take(const SenderReport& report);

  /// Whether the next packet is to be told. Cheap: asked for each packet.
  bool expects_packet() const { return expects_packet_; }
  /// @param pts_ns      media time of the packet, as the camera has it
  /// @param clock_rate  of RTP time, Hz
  void Packet(uint32_t ssrc, uint32_t rtp_time, uint64_t pts_ns, unsigned clock_rate);

  /// A frame: its media time as the camera has it, as it is recorded, and the UTC of that.
  void Frame(uint64_t said_ns, uint64_t recorded_ns, WallTime taken);

  /// The first and the newest reading of this epoch; nothing: no report was understood yet.
  std::optional<Reading> first() const;
  std::optional<Reading> newest() const;
  /// How often our clock was set by more than 2 s: readings of different epochs do not compare.
  unsigned epoch() const { return epoch_; }

 private:
  struct Pair {
    uint64_t ntp = 0;
    int64_t media_us = 0;  // of the same instant
  };
  void Forget();

  std::atomic<bool> expects_packet_{false};
  std::atomic<unsigned> epoch_{0};
  mutable std::mutex mutex_;  // guards what follows
  SenderReport report_;       // the newest
  std::optional<Reading> first_;
  std::optional<Reading> newest_;

  // Streaming thread.
  uint64_t readings_ = 0;
  std::optional<Pair> pair_;      // waits for a frame
  uint64_t shift_ns_ = 0;         // of the newest frame: recorded less said
  std::optional<Micros> mapped_;  // … its UTC less media time
};

}  // namespace ronin::camera
