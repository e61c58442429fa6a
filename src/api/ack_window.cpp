// SPDX-License-Identifier: MIT
#include "api/ack_window.h"

#include <algorithm>

namespace ronin::api {

using namespace std::chrono_literals;

void AckWindow::Restart() { *this = {}; }

void AckWindow::Sent(uint64_t bytes, MonoTime now) {
  constexpr auto kTogether = 50ms;  // so few marks are enough
  sent_ += bytes;
  if (!marks_.empty() && now - marks_.back().at < kTogether) {
    marks_.back().end = sent_;
  } else {
    marks_.push_back({sent_, now});
  }
}

void AckWindow::Acked(uint64_t total) {
  acked_ = std::max(acked_, std::min(total, sent_));
  while (!marks_.empty() && marks_.front().end <= acked_ + kSlack) marks_.pop_front();
}

Micros AckWindow::Age(MonoTime now) const {
  return marks_.empty() || outstanding() <= kSlack ? Micros{} : now - marks_.front().at;
}

}  // namespace ronin::api
