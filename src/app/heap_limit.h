// SPDX-License-Identifier: MIT
#pragma once

namespace ronin::app {

/// As many heaps as processors, and two at least. glibc makes eight for each processor, and gives
/// a thread to the next one; media come in and go out by other threads all the time, so each heap
/// grows to the worst of its moments and stays full of holes: half as much memory again after a
/// day. Call before there are threads.
void KeepHeapsFew();

/// What is large leaves with the last who uses it, and the free end of a heap goes back to the
/// system. glibc raises both limits with what is freed, up to 32 and 64 MiB, and from then on large
/// things leave holes in the heaps: 16 cameras that reconnect and are looked at had 66 MiB after
/// 20 minutes, rising, instead of 57. Call before there are threads.
void GiveFreeMemoryBack();

/// GLib before 2.76 keeps small things in pages of its own, which seldom become free as a whole:
/// the same 16 cameras had 51 MiB without them. It asks the environment once, before main, so the
/// program begins anew with G_SLICE in it; not when that is set already, and not when it cannot.
/// Call first of all, with what main was given.
void LeaveSmallThingsToMalloc(char** argv);

}  // namespace ronin::app
