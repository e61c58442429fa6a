// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include "base/mailbox.h"
#include "base/worker.h"

namespace ronin {

/// Runs `job()` on the worker and `reply(result)` on the owner's thread; the reply is dropped when
/// the owner is gone. Both are copied, so they hold shared or plain values only.
template <typename Job, typename Reply>
void Ask(Worker& worker, const Mailbox& owner, Job job, Reply reply) {
  worker.Post([job = std::move(job), reply = std::move(reply), sender = owner.sender()]() mutable {
    auto result = job();
    sender.Post([reply = std::move(reply), result = std::move(result)]() mutable {
      reply(std::move(result));
    });
  });
}

}  // namespace ronin
