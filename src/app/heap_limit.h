// SPDX-License-Identifier: MIT
#pragma once

namespace ronin::app {

/// As many heaps as processors, and two at least. glibc makes eight for each processor, and gives
/// a thread to the next one; media come in and go out by other threads all the time, so each heap
/// grows to the worst of its moments and stays full of holes: half as much memory again after a
/// day. Call before there are threads.
void KeepHeapsFew();

}  // namespace ronin::app
