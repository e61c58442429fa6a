// SPDX-License-Identifier: MIT
#include "support/main_loop.h"

#include <glib.h>

namespace ronin::testing {

bool PumpUntil(const std::function<bool()>& done, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  // Wakes the loop now and then, so that conditions set by other threads are seen.
  const guint tick = g_timeout_add(
      5, [](gpointer) noexcept -> gboolean { return G_SOURCE_CONTINUE; }, nullptr);
  bool ok = done();
  while (!ok && std::chrono::steady_clock::now() < end) {
    g_main_context_iteration(nullptr, TRUE);
    ok = done();
  }
  g_source_remove(tick);
  return ok;
}

}  // namespace ronin::testing
