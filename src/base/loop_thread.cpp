// SPDX-License-Identifier: MIT
#include "base/loop_thread.h"

#include <pthread.h>

namespace ronin {

LoopThread::LoopThread(const char* name)
    : context_(Adopt(g_main_context_new())),
      loop_(Adopt(g_main_loop_new(context_.Get(), FALSE))),
      thread_([this] { g_main_loop_run(loop_.Get()); }) {
  pthread_setname_np(thread_.native_handle(), name);
}

LoopThread::~LoopThread() {
  // From inside the loop: a quit before it runs would be lost. Before all others, of which one may
  // always be ready.
  GSource* quit = g_idle_source_new();
  g_source_set_priority(quit, G_PRIORITY_HIGH);
  g_source_set_callback(
      quit,
      [](gpointer loop) noexcept -> gboolean {
        g_main_loop_quit(static_cast<GMainLoop*>(loop));
        return G_SOURCE_REMOVE;
      },
      loop_.Get(), nullptr);
  g_source_attach(quit, context_.Get());
  g_source_unref(quit);
  thread_.join();
}

}  // namespace ronin
