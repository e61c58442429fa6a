// SPDX-License-Identifier: MIT
#include "base/worker.h"

#include <pthread.h>

namespace ronin {

Worker::Worker(std::string name) : name_(std::move(name)), thread_([this] { Run(); }) {
  pthread_setname_np(thread_.native_handle(), name_.substr(0, 15).c_str());
}

Worker::~Worker() { Stop(); }

bool Worker::Post(std::function<void()> job) {
  {
    std::lock_guard lock(mutex_);
    if (ending_) return false;
    jobs_.push_back(std::move(job));
    depth_.fetch_add(1, std::memory_order_relaxed);
  }
  wake_.notify_one();
  return true;
}

void Worker::Stop() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Worker::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    std::function<void()> job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    job = nullptr;  // its captures die here, not under the lock
    depth_.fetch_sub(1, std::memory_order_relaxed);
    lock.lock();
  }
}

}  // namespace ronin
