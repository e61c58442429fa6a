// SPDX-License-Identifier: MIT
#include "decode_times.h"

#include <algorithm>

namespace ronin_plugin {

int64_t DecodeTimes::Next(int64_t pts, int64_t frame_ns) {
  if (count_ > 0 && (pts - newest_[count_ - 1] > kJump || newest_[0] - pts > kJump)) count_ = 0;
  const auto begin = newest_.begin();
  const auto end = begin + ptrdiff_t(count_);
  const auto later = size_t(end - std::upper_bound(begin, end, pts));
  depth_ = std::max(depth_, std::min(later, kMaxDepth));
  if (count_ == newest_.size()) {
    if (later < count_) {  // the smallest one makes room
      std::rotate(begin, begin + 1, end);
      --count_;
    }
  }
  if (count_ < newest_.size()) {
    const auto at = std::upper_bound(begin, begin + ptrdiff_t(count_), pts);
    std::move_backward(at, begin + ptrdiff_t(count_), begin + ptrdiff_t(count_) + 1);
    *at = pts;
    ++count_;
  }
  const int64_t missing = depth_ < count_ ? 0 : int64_t(depth_ + 1 - count_);
  const int64_t wanted = newest_[missing == 0 ? count_ - 1 - depth_ : 0] - missing * frame_ns;
  last_ = started_ ? std::max(wanted, last_ + kStep) : wanted;
  started_ = true;
  return last_;
}

}  // namespace ronin_plugin
