// SPDX-License-Identifier: MIT
#include "app/exit_guard.h"

#include <pthread.h>
#include <utility>

#include <unistd.h>

namespace ronin::app {

void ExitGuard::Arm(std::chrono::milliseconds limit, std::function<int()> report) {
  thread_ = std::thread([this, limit, report = std::move(report)] {
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, limit, [this] { return disarmed_; })) return;
    _exit(report());
  });
  pthread_setname_np(thread_.native_handle(), "exit-guard");
}

void ExitGuard::Disarm() {
  {
    std::lock_guard lock(mutex_);
    disarmed_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

}  // namespace ronin::app
