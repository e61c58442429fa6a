// SPDX-License-Identifier: MIT
#include "demo/pump.h"

#include <algorithm>
#include <chrono>
#include <pthread.h>
#include <utility>

#include "demo/camera_stream.h"

namespace ronin::demo {
namespace {

using Instant = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

}  // namespace

Pump::Pump() : thread_([this] { Run(); }) { pthread_setname_np(thread_.native_handle(), "pump"); }

Pump::~Pump() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Pump::Add(std::shared_ptr<CameraStream> stream) {
  {
    const std::lock_guard lock(mutex_);
    streams_.push_back(std::move(stream));
  }
  wake_.notify_all();
}

int64_t Pump::NextDue() const {
  int64_t due = INT64_MAX;
  for (const auto& stream : streams_) due = std::min(due, stream->NextDue());
  return due;
}

void Pump::Run() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    if (streams_.empty()) {
      wake_.wait(lock);
      continue;
    }
    const Instant due{std::chrono::nanoseconds(NextDue())};
    const Instant now = std::chrono::steady_clock::now();
    if (now < due) {
      wake_.wait_until(lock, due);
      continue;
    }
    const auto streams = streams_;
    lock.unlock();
    for (const auto& stream : streams) stream->SendDue(now.time_since_epoch().count());
    lock.lock();
  }
}

}  // namespace ronin::demo
