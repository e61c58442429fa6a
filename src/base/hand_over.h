// SPDX-License-Identifier: MIT
#pragma once

// What one thread gives to another by way of GLib or GStreamer. They do that in order, but
// ThreadSanitizer does not see it, since they are built without it. Nothing in other builds.

#if defined(__SANITIZE_THREAD__)
extern "C" void __tsan_release(void* address);
extern "C" void __tsan_acquire(void* address);
#endif

namespace ronin {

/// Called by who gives `what` away, last, before it does.
inline void HandOver([[maybe_unused]] void* what) noexcept {
#if defined(__SANITIZE_THREAD__)
  __tsan_release(what);
#endif
}

/// Called by who gets it, first.
inline void TakeOver([[maybe_unused]] void* what) noexcept {
#if defined(__SANITIZE_THREAD__)
  __tsan_acquire(what);
#endif
}

}  // namespace ronin
