// SPDX-License-Identifier: MIT
#include "demo/server_thread.h"

#include <pthread.h>

namespace ronin::demo {

ServerThread::ServerThread()
    : context_(Adopt(g_main_context_new())),
      loop_(Adopt(g_main_loop_new(context_.Get(), FALSE))),
      thread_([this] { g_main_loop_run(loop_.Get()); }) {
  pthread_setname_np(thread_.native_handle(), "rtsp-accept");
}

ServerThread::~ServerThread() {
  // From inside the loop: a quit before it runs would be lost.
  GSource* quit = g_idle_source_new();
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

}  // namespace ronin::demo
