// SPDX-License-Identifier: MIT
#include "recording/hole_watch.h"

#include <algorithm>
#include <utility>

namespace ronin::recording {

void HoleWatch::Look(const Picture& picture) {
  const auto later = [](const Picture& a, const Picture& b) { return a.pts_ns < b.pts_ns; };
  held_.insert(std::upper_bound(held_.begin(), held_.end(), picture, later), picture);
  if (held_.size() <= kHeld) return;
  const Picture first = held_.front();
  held_.erase(held_.begin());
  Shown(first);
}

void HoleWatch::Flush() {
  for (const Picture& picture : std::exchange(held_, {})) Shown(picture);
  if (suspect_) on_hole_(suspect_->hole);
  suspect_.reset();
  last_.reset();
}

void HoleWatch::Shown(const Picture& picture) {
  const auto before = std::exchange(last_, picture);
  if (!before || picture.pts_ns <= before->pts_ns) return;
  const uint64_t interval = picture.pts_ns - before->pts_ns;
  const uint64_t usual = Usual();
  const bool is_long = usual > 0 && interval > usual * 5 / 2;
  if (suspect_) {
    const bool slower = is_long && suspect_->interval < kLong && interval < kLong;
    if (slower) {
      learned_ = 0;  // this is the usual interval from now on
    } else {
      on_hole_(suspect_->hole);
    }
    suspect_.reset();
    if (slower) return Learn(interval);
  }
  if (!is_long) return Learn(interval);
  const Micros frame(int64_t(usual / 1000));
  suspect_ = {{std::min(before->utc + frame, picture.utc), picture.utc, picture.lost_before},
              interval};
}

uint64_t HoleWatch::Usual() const {
  const size_t count = std::min(learned_, kIntervals);
  if (count < kEnough) return 0;
  auto sorted = intervals_;
  const auto middle = sorted.begin() + int64_t(count / 2);
  std::nth_element(sorted.begin(), middle, sorted.begin() + int64_t(count));
  return *middle;
}

void HoleWatch::Learn(uint64_t interval) { intervals_[learned_++ % kIntervals] = interval; }

}  // namespace ronin::recording
