// SPDX-License-Identifier: MIT
#include "base/main_thread.h"

#include <atomic>
#include <thread>

namespace ronin {
namespace {

std::atomic<std::thread::id> main_thread;

}  // namespace

void SetMainThread() { main_thread = std::this_thread::get_id(); }

bool OnMainThread() {
  const std::thread::id id = main_thread;
  return id == std::thread::id() || id == std::this_thread::get_id();
}

}  // namespace ronin
