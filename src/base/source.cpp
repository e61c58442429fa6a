// SPDX-License-Identifier: MIT
#include "base/source.h"

#include <memory>

#include <glib-unix.h>

namespace ronin {

Source& Source::operator=(Source&& other) noexcept {
  if (this != &other) {
    Cancel();
    source_ = std::exchange(other.source_, nullptr);
  }
  return *this;
}

void Source::Cancel() noexcept {
  if (source_ == nullptr) return;
  GSource* source = std::exchange(source_, nullptr);
  g_source_destroy(source);
  g_source_unref(source);
}

bool Source::active() const noexcept {
  return source_ != nullptr && g_source_is_destroyed(source_) == FALSE;
}

Source Source::Attach(GSource* source, std::function<bool()> callback) {
  using Callback = std::function<bool()>;
  g_source_set_callback(
      source,
      [](gpointer data) noexcept -> gboolean {
        return (*static_cast<Callback*>(data))() ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
      },
      new Callback(std::move(callback)),
      [](gpointer data) noexcept { delete static_cast<Callback*>(data); });
  g_source_attach(source, nullptr);
  Source out;
  out.source_ = source;
  return out;
}

Source Source::After(Millis delay, std::function<void()> callback) {
  return Attach(g_timeout_source_new(guint(delay.count() < 0 ? 0 : delay.count())),
                [callback = std::move(callback)] {
                  callback();
                  return false;
                });
}

Source Source::Every(Millis interval, std::function<void()> callback) {
  return Attach(g_timeout_source_new(guint(interval.count())), [callback = std::move(callback)] {
    callback();
    return true;
  });
}

Source Source::OnFd(int fd, GIOCondition conditions, std::function<bool(GIOCondition)> callback) {
  using Callback = std::function<bool(GIOCondition)>;
  GSource* source = g_unix_fd_source_new(fd, conditions);
  const GUnixFDSourceFunc run = [](gint, GIOCondition condition,
                                   gpointer data) noexcept -> gboolean {
    return (*static_cast<Callback*>(data))(condition) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
  };
  g_source_set_callback(source, G_SOURCE_FUNC(run), new Callback(std::move(callback)),
                        [](gpointer data) noexcept { delete static_cast<Callback*>(data); });
  g_source_attach(source, nullptr);
  Source out;
  out.source_ = source;
  return out;
}

Source Source::OnSignal(int signal_number, std::function<void()> callback) {
  return Attach(g_unix_signal_source_new(signal_number), [callback = std::move(callback)] {
    callback();
    return true;
  });
}

}  // namespace ronin
