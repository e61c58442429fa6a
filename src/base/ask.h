// SPDX-License-Identifier: MIT
#pragma once

#include <future>
#include <memory>
#include <utility>

#include "base/mailbox.h"
#include "base/result.h"
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

/// Runs `job`, which gives a Result, on the worker and waits for it. Not for main, nor for the
/// worker itself. Errors: those of the job; kUnavailable when the worker is ending.
template <typename Job>
auto AskAndWait(Worker& worker, Job job) -> decltype(job()) {
  const auto done = std::make_shared<std::promise<decltype(job())>>();  // the job may outlive us
  auto answer = done->get_future();
  if (!worker.Post([done, job = std::move(job)]() mutable { done->set_value(job()); })) {
    return Fail(ErrorKind::kUnavailable, "the recorder is ending");
  }
  return answer.get();
}

}  // namespace ronin
