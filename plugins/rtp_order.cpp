// SPDX-License-Identifier: MIT
#include "rtp_order.h"

namespace ronin_plugin {
namespace {

/// From -32768 to 32767.
int Distance(uint16_t from, uint16_t to) { return int16_t(uint16_t(to - from)); }

}  // namespace

std::vector<GstBuffer*> RtpOrder::Put(uint16_t number, GstBuffer* buffer, int64_t now_us) {
  std::vector<GstBuffer*> out;
  const int ahead = Distance(*due_, number);
  if (BeginsAnew(number, ahead)) {
    out = Flush();
    out.push_back(buffer);
    due_ = uint16_t(number + 1);
    late_ = 0;
    return out;
  }
  if (waiting_.empty()) {
    base_ = *due_;
    waiting_since_us_ = now_us;
  }
  if (ahead < 0 || !waiting_.emplace(Distance(base_, number), buffer).second) {
    gst_buffer_unref(buffer);
  }
  TakeDue(&out);
  while (!waiting_.empty() &&
         (waiting_.size() >= kMostWaiting || now_us - waiting_since_us_ >= kLongestWaitUs)) {
    SkipMissing();
    TakeDue(&out);
    waiting_since_us_ = now_us;
  }
  return out;
}

/// Whether it is no packet of the count that there is.
bool RtpOrder::BeginsAnew(uint16_t number, int ahead) {
  if (ahead < -kFar || ahead > kFar) return true;
  if (ahead >= 0) {
    late_ = 0;
    return false;
  }
  late_ = late_ > 0 && number == uint16_t(last_late_ + 1) ? late_ + 1 : 1;
  last_late_ = number;
  return late_ >= kLateInARow;
}

std::vector<GstBuffer*> RtpOrder::Flush() {
  std::vector<GstBuffer*> out;
  while (!waiting_.empty()) {
    SkipMissing();
    TakeDue(&out);
  }
  return out;
}

void RtpOrder::Reset() {
  for (const auto& [distance, buffer] : waiting_) gst_buffer_unref(buffer);
  waiting_.clear();
  due_.reset();
  late_ = 0;
}

void RtpOrder::SkipMissing() { due_ = uint16_t(base_ + waiting_.begin()->first); }

void RtpOrder::TakeDue(std::vector<GstBuffer*>* out) {
  while (!waiting_.empty() && uint16_t(base_ + waiting_.begin()->first) == *due_) {
    out->push_back(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    due_ = uint16_t(*due_ + 1);
  }
}

}  // namespace ronin_plugin
