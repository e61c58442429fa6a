// SPDX-License-Identifier: MIT
#include "camera/password_tries.h"

#include <algorithm>
#include <utility>

#include "base/g_ref.h"
#include "base/text.h"
#include "camera/camera_url.h"
#include "camera/rtsp_pipeline.h"

namespace ronin::camera {
namespace {

using State = PasswordUse::State;

/// Stands for the password and where it goes to; no copy of it is kept.
std::string KeyOf(const RtspSource& source) {
  const auto url = ParseCameraUrl(source.url);
  const std::string text = Concat(url ? url->host : source.url, '\0', url ? url->port : 0, '\0',
                                  source.username, '\0', source.password);
  const GCharPtr hash(
      g_compute_checksum_for_string(G_CHECKSUM_SHA256, text.data(), gssize(text.size())));
  return hash.get();
}

}  // namespace

bool PasswordUse::Send() {
  State now = state_;
  while (now != State::kEnded && now != State::kUnanswered) {
    if (state_.compare_exchange_weak(now, State::kSent)) return true;
  }
  return false;
}

void PasswordUse::Refused() {
  if (!Go(State::kSent, State::kRefused)) Go(State::kUnanswered, State::kRefused);
}

void PasswordUse::Accepted(bool described) {
  if (Go(State::kSent, State::kAccepted) || Go(State::kUnanswered, State::kAccepted)) return;
  if (described) Go(State::kPending, State::kNotNeeded);
}

void PasswordUse::Ended() {
  if (Go(State::kPending, State::kEnded) || Go(State::kNotNeeded, State::kEnded)) return;
  Go(State::kSent, State::kUnanswered);
}

void PasswordTries::Began(const RtspSource& source, std::shared_ptr<const PasswordUse> use,
                          MonoTime now) {
  Forget(now);
  if (source.username.empty()) return;  // then none is sent
  if (tries_.size() >= kMostKept) tries_.erase(tries_.begin());
  tries_.push_back({KeyOf(source), now, std::move(use)});
}

std::chrono::milliseconds PasswordTries::Wait(const RtspSource& source, MonoTime now, size_t most) {
  using std::chrono::milliseconds;
  Forget(now);
  const std::string key = KeyOf(source);
  bool known_good = false;
  size_t under_way = 0;
  std::vector<MonoTime> refused;
  std::vector<MonoTime>
      unanswered;  // without a refusal that is the network's or the camera's fault
  for (const Try& one : tries_) {
    if (one.key != key) continue;
    const State state = one.use->state();
    if (state == State::kAccepted) refused.clear();
    if (state == State::kRefused) refused.push_back(one.at);
    if (state == State::kUnanswered) unanswered.push_back(one.at);
    if (state == State::kPending || state == State::kSent) ++under_way;
    known_good = state == State::kAccepted || (known_good && state != State::kRefused);
  }
  if (known_good) return milliseconds(0);
  std::vector<MonoTime> counted = refused;
  if (!refused.empty()) counted.insert(counted.end(), unanswered.begin(), unanswered.end());
  if (counted.size() < most) {
    return counted.size() + under_way < most ? milliseconds(0) : kSoon;
  }
  std::ranges::sort(counted);
  const MonoTime free = counted[counted.size() - most] + kWindow;
  return std::chrono::ceil<milliseconds>(free - now);
}

void PasswordTries::Forget(MonoTime now) {
  std::erase_if(tries_, [&](const Try& one) {
    const State state = one.use->state();
    return now - one.at >= kWindow || state == State::kNotNeeded || state == State::kEnded;
  });
}

}  // namespace ronin::camera
