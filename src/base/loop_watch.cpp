// SPDX-License-Identifier: MIT
#include "base/loop_watch.h"

#include <algorithm>

namespace ronin {
namespace {

constexpr int64_t kMinuteUs = 60'000'000;

}  // namespace

/// A source that is never ready: it is asked before the loop sleeps, and when it has woken up.
struct LoopWatch::Hook {
  GSource base;
  LoopWatch* watch;

  static gboolean Prepare(GSource* source, gint* timeout) noexcept {
    *timeout = -1;
    reinterpret_cast<Hook*>(source)->watch->Sleeps();
    return FALSE;
  }
  static gboolean Check(GSource* source) noexcept {
    reinterpret_cast<Hook*>(source)->watch->Woke();
    return FALSE;
  }
  static gboolean Dispatch(GSource*, GSourceFunc, gpointer) noexcept { return G_SOURCE_CONTINUE; }
};

LoopWatch::LoopWatch() : minute_us_(g_get_monotonic_time()) {
  static GSourceFuncs functions = {Hook::Prepare, Hook::Check, Hook::Dispatch,
                                   nullptr,       nullptr,     nullptr};
  source_ = g_source_new(&functions, sizeof(Hook));
  reinterpret_cast<Hook*>(source_)->watch = this;
  // Before all others: behind one that is ready, a lower one is not asked.
  g_source_set_priority(source_, G_MININT);
  g_source_attach(source_, nullptr);
}

LoopWatch::~LoopWatch() {
  g_source_destroy(source_);
  g_source_unref(source_);
}

void LoopWatch::Woke() { woke_us_ = g_get_monotonic_time(); }

void LoopWatch::Sleeps() {
  if (woke_us_ == 0) return;
  const int64_t now = g_get_monotonic_time();
  const Micros took(now - woke_us_);
  woke_us_ = 0;
  turns_.Add(took);
  if (now - minute_us_ >= kMinuteUs) {
    minute_before_ = now - minute_us_ < 2 * kMinuteUs ? this_minute_ : Micros(0);
    this_minute_ = Micros(0);
    minute_us_ = now;
  }
  this_minute_ = std::max(this_minute_, took);
}

Micros LoopWatch::longest() const { return std::max(this_minute_, minute_before_); }

}  // namespace ronin
