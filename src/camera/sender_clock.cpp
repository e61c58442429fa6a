// SPDX-License-Identifier: MIT
#include "camera/sender_clock.h"

#include <cmath>
#include <cstdlib>
#include <utility>

namespace ronin::camera {
namespace {

constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kYearUs = 365 * 86'400 * kSecondUs;
constexpr int64_t kFrom1900To1970Us = 2'208'988'800 * kSecondUs;
constexpr int64_t kEraUs = (int64_t(1) << 32) * kSecondUs;
// A report is sent beside the packets of its time. One that speaks of another is nonsense, or of
// before a jump.
constexpr int64_t kMostApartUs = 10 * kSecondUs;
constexpr Micros kClockStep{2 * kSecondUs};

}  // namespace

std::optional<WallTime> WallTimeOfNtp(uint64_t ntp, WallTime now) {
  if (ntp == 0) return std::nullopt;
  const auto since_era =
      int64_t(ntp >> 32U) * kSecondUs + int64_t(((ntp & 0xffffffffU) * kSecondUs) >> 32U);
  const int64_t in_first_era = since_era - kFrom1900To1970Us;
  const auto eras = std::llround(double(ToMicros(now) - in_first_era) / double(kEraUs));
  const int64_t out = in_first_era + eras * kEraUs;
  if (since_era < kYearUs && std::abs(out - ToMicros(now)) > kYearUs) return std::nullopt;
  return FromMicros(out);
}

void SenderClock::Take(const SenderReport& report) {
  const std::lock_guard lock(mutex_);
  report_ = report;
  expects_packet_ = true;
}

void SenderClock::Packet(uint32_t ssrc, uint32_t rtp_time, uint64_t pts_ns, unsigned clock_rate) {
  SenderReport report;
  {
    const std::lock_guard lock(mutex_);
    report = report_;
    expects_packet_ = false;
  }
  if (report.ssrc != ssrc || clock_rate == 0) return;
  // The difference of two timestamps is right across their wrap.
  const auto ticks = int64_t(int32_t(report.rtp_time - rtp_time));
  const int64_t apart_us = ticks * kSecondUs / int64_t(clock_rate);
  if (std::abs(apart_us) > kMostApartUs) return;
  pair_ = Pair{report.ntp, int64_t(pts_ns / 1000) + apart_us};
}

void SenderClock::Frame(uint64_t said_ns, uint64_t recorded_ns, WallTime taken) {
  const uint64_t shift = recorded_ns - said_ns;
  const bool steady = shift == std::exchange(shift_ns_, shift);
  const Micros mapped = taken.time_since_epoch() - Micros(int64_t(recorded_ns / 1000));
  const Micros before = std::exchange(mapped_, mapped).value_or(mapped);
  const auto pair = std::exchange(pair_, std::nullopt);
  if (std::chrono::abs(mapped - before) > kClockStep) Forget();
  // A frame with a time of its own tells nothing; the next report does.
  if (!pair || !steady) return;
  const auto camera = WallTimeOfNtp(pair->ntp, taken);
  if (!camera) return;
  const Micros since(int64_t(said_ns / 1000) - pair->media_us);
  const std::lock_guard lock(mutex_);
  newest_ = Reading{*camera + since - taken, ++readings_, epoch_};
  if (!first_) first_ = newest_;
}

/// Our clock was set.
void SenderClock::Forget() {
  const std::lock_guard lock(mutex_);
  ++epoch_;
  first_.reset();
  newest_.reset();
}

std::optional<SenderClock::Reading> SenderClock::first() const {
  const std::lock_guard lock(mutex_);
  return first_;
}

std::optional<SenderClock::Reading> SenderClock::newest() const {
  const std::lock_guard lock(mutex_);
  return newest_;
}

}  // namespace ronin::camera
