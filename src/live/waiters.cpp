// SPDX-License-Identifier: MIT
#include "live/waiters.h"

#include <utility>

#include "base/main_thread.h"

namespace ronin::live {
namespace {

using namespace std::chrono_literals;

Error Unavailable(std::string sentence) {
  return {.kind = ErrorKind::kUnavailable, .message = std::move(sentence)};
}

}  // namespace

void Waiters::ServeOrKeep(Waiter waiter) {
  RONIN_ASSERT_MAIN_THREAD();
  if (waiter.serve()) return;
  if (waiting_.size() >= most_) Sweep();
  if (waiting_.size() >= most_) {
    waiter.fail(Unavailable("Too many viewers wait for this camera; try again."));
    return;
  }
  waiting_.push_back(std::move(waiter));
  if (!sweep_.active()) sweep_ = Source::Every(250ms, [this] { Sweep(); });
}

void Waiters::ServeAll() {
  // A reply may ask again, which adds to the list.
  for (Waiter& one : std::exchange(waiting_, {})) {
    if (!one.serve()) waiting_.push_back(std::move(one));
  }
  if (waiting_.empty()) sweep_.Cancel();
}

void Waiters::FailAll(const Error& error) {
  for (const Waiter& one : std::exchange(waiting_, {})) one.fail(error);
  if (waiting_.empty()) sweep_.Cancel();
}

void Waiters::Sweep() {
  const MonoTime now = clock_.Mono();
  for (Waiter& one : std::exchange(waiting_, {})) {
    if (one.gone() || now >= one.limit) {
      one.fail(Unavailable("The next picture has not come in time; try again in a moment."));
    } else {
      waiting_.push_back(std::move(one));
    }
  }
  if (waiting_.empty()) sweep_.Cancel();
}

}  // namespace ronin::live
