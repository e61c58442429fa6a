// SPDX-License-Identifier: MIT
#include "http/hang_up_watch.h"

#include <sys/poll.h>

namespace ronin::http {
namespace {

struct PollSource {
  GSource parent;
  GPollFD poll;
};

gboolean Ready(GSource* source) noexcept {
  return reinterpret_cast<PollSource*>(source)->poll.revents != 0;
}

gboolean Prepare(GSource*, gint* timeout) noexcept {
  *timeout = -1;
  return FALSE;
}

gboolean Dispatch(GSource*, GSourceFunc callback, gpointer data) noexcept {
  callback(data);
  return G_SOURCE_REMOVE;
}

GSourceFuncs kFunctions = {Prepare, Ready, Dispatch, nullptr, nullptr, nullptr};

}  // namespace

void HangUpWatch::Start(int fd, std::function<void()> gone) {
  Cancel();
  source_ = g_source_new(&kFunctions, sizeof(PollSource));
  auto* poll_source = reinterpret_cast<PollSource*>(source_);
  poll_source->poll = {fd, POLLRDHUP | POLLHUP | POLLERR, 0};
  g_source_add_poll(source_, &poll_source->poll);
  using Callback = std::function<void()>;
  g_source_set_callback(
      source_,
      [](gpointer data) noexcept -> gboolean {
        (*static_cast<Callback*>(data))();
        return G_SOURCE_REMOVE;
      },
      new Callback(std::move(gone)),
      [](gpointer data) noexcept { delete static_cast<Callback*>(data); });
  g_source_attach(source_, nullptr);
}

void HangUpWatch::Cancel() noexcept {
  if (source_ == nullptr) return;
  GSource* source = std::exchange(source_, nullptr);
  g_source_destroy(source);
  g_source_unref(source);
}

}  // namespace ronin::http
