// SPDX-License-Identifier: MIT
#include "base/mailbox.h"

#include <deque>
#include <mutex>

#include "base/g_ref.h"
#include "base/hand_over.h"

namespace ronin {

struct Mailbox::State {
  std::mutex mutex;  // guards all below; never held while a letter runs
  std::deque<std::function<void()>> letters;
  bool alive = true;
  bool scheduled = false;
  GRef<GMainContext> context;

  static void Drain(const std::shared_ptr<State>& state) {
    std::deque<std::function<void()>> batch;
    {
      std::lock_guard lock(state->mutex);
      state->scheduled = false;
      batch.swap(state->letters);
    }
    for (auto& letter : batch) {
      {
        // A letter may destroy the owner, and with it the right to run the rest.
        std::lock_guard lock(state->mutex);
        if (!state->alive) return;
      }
      letter();
    }
  }
};

Mailbox::Mailbox(GMainContext* context) : state_(std::make_shared<State>()) {
  state_->context = Share(context != nullptr ? context : g_main_context_default());
}

Mailbox::~Mailbox() {
  std::deque<std::function<void()>> dropped;  // destroyed without the lock: may own anything
  std::lock_guard lock(state_->mutex);
  state_->alive = false;
  dropped.swap(state_->letters);
}

void Mailbox::Sender::Post(std::function<void()> letter) const {
  std::lock_guard lock(state_->mutex);
  if (!state_->alive) return;
  state_->letters.push_back(std::move(letter));
  if (std::exchange(state_->scheduled, true)) return;
  GSource* source = g_idle_source_new();
  g_source_set_priority(source, G_PRIORITY_DEFAULT);
  auto* shared = new std::shared_ptr<State>(state_);
  HandOver(shared);
  g_source_set_callback(
      source,
      [](gpointer data) noexcept -> gboolean {
        TakeOver(data);
        State::Drain(*static_cast<std::shared_ptr<State>*>(data));
        return G_SOURCE_REMOVE;
      },
      shared, [](gpointer data) noexcept { delete static_cast<std::shared_ptr<State>*>(data); });
  g_source_attach(source, state_->context.Get());
  g_source_unref(source);
}

}  // namespace ronin
