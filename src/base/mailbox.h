// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>

#include <glib.h>

namespace ronin {

/// The way into an object's thread. The owner holds the Mailbox; other threads hold its Sender.
/// A letter is run on the owner's main context, in the order of posting; what arrives after the
/// owner died is dropped. The owner destroys it on the owner's thread.
///
/// A letter must be small and quick. Senders bound what they have under way themselves (one
/// letter per file, per message, per request), since a Mailbox never refuses.
class Mailbox {
  struct State;

 public:
  /// @param context where letters run; nullptr is the default main context
  explicit Mailbox(GMainContext* context = nullptr);
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// Copyable, any thread, may outlive the Mailbox.
  class Sender {
   public:
    /// Any thread; never runs `letter` before it returns.
    void Post(std::function<void()> letter) const;

   private:
    friend class Mailbox;
    explicit Sender(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;  // shared: the last of owner and senders frees it
  };

  Sender sender() const { return Sender(state_); }

  /// Posts to itself: runs `letter` from the loop, after the caller has returned.
  void Post(std::function<void()> letter) const { sender().Post(std::move(letter)); }

 private:
  std::shared_ptr<State> state_;
};

}  // namespace ronin
