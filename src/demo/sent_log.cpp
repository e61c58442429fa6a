// SPDX-License-Identifier: MIT
#include "demo/sent_log.h"

#include <utility>

namespace ronin::demo {

constexpr size_t kMostFrames = 200'000;

void SentLog::Add(const SentFrame& frame) {
  const std::lock_guard lock(mutex_);
  frames_.push_back(frame);
  if (frames_.size() > kMostFrames) frames_.pop_front();
  if (listener_) listener_(frame);
}

void SentLog::SetListener(std::function<void(const SentFrame&)> listener) {
  const std::lock_guard lock(mutex_);
  listener_ = std::move(listener);
}

std::vector<SentFrame> SentLog::All() const {
  const std::lock_guard lock(mutex_);
  return {frames_.begin(), frames_.end()};
}

std::optional<SentFrame> SentLog::First() const {
  const std::lock_guard lock(mutex_);
  return frames_.empty() ? std::nullopt : std::optional(frames_.front());
}

std::optional<SentFrame> SentLog::Last() const {
  const std::lock_guard lock(mutex_);
  return frames_.empty() ? std::nullopt : std::optional(frames_.back());
}

size_t SentLog::size() const {
  const std::lock_guard lock(mutex_);
  return frames_.size();
}

}  // namespace ronin::demo
