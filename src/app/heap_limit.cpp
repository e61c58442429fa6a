// SPDX-License-Identifier: MIT
#include "app/heap_limit.h"

#include <algorithm>
#include <malloc.h>
#include <thread>

namespace ronin::app {

void KeepHeapsFew() { mallopt(M_ARENA_MAX, std::max(2, int(std::thread::hardware_concurrency()))); }

}  // namespace ronin::app
