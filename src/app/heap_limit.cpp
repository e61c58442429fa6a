// SPDX-License-Identifier: MIT
#include "app/heap_limit.h"

#include <algorithm>
#include <malloc.h>
#include <thread>

namespace ronin::app {

void KeepHeapsFew() { mallopt(M_ARENA_MAX, std::max(2, int(std::thread::hardware_concurrency()))); }

void GiveFreeMemoryBack() {
  constexpr int kLargeBytes = 128 << 10;  // glibc's own, which stands still once it was set
  constexpr int kFreeEndBytes = 512 << 10;
  mallopt(M_MMAP_THRESHOLD, kLargeBytes);
  mallopt(M_TRIM_THRESHOLD, kFreeEndBytes);
}

}  // namespace ronin::app
