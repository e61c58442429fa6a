// SPDX-License-Identifier: MIT
#include "app/heap_limit.h"

#include <algorithm>
#include <cstdlib>
#include <malloc.h>
#include <thread>

#include <glib.h>
#include <unistd.h>

namespace ronin::app {

void KeepHeapsFew() { mallopt(M_ARENA_MAX, std::max(2, int(std::thread::hardware_concurrency()))); }

void GiveFreeMemoryBack() {
  constexpr int kLargeBytes = 128 << 10;  // glibc's own, which stands still once it was set
  constexpr int kFreeEndBytes = 512 << 10;
  mallopt(M_MMAP_THRESHOLD, kLargeBytes);
  mallopt(M_TRIM_THRESHOLD, kFreeEndBytes);
}

void LeaveSmallThingsToMalloc(char** argv) {
  if (glib_check_version(2, 76, 0) == nullptr || std::getenv("G_SLICE") != nullptr) return;
  char program[4096];
  const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  if (length <= 0) return;
  program[length] = '\0';
  setenv("G_SLICE", "always-malloc", 1);
  execv(program, argv);
}

}  // namespace ronin::app
