// SPDX-License-Identifier: MIT
#include "camera/password_tries.h"

#include <algorithm>
#include <map>
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

void PasswordTries::Began(const RtspSource& source, std::shared_ptr<const PasswordUse> use,
                          MonoTime now) {
  Forget(now);
  if (source.username.empty()) return;  // then none is sent
  if (tries_.size() >= kMostKept) tries_.erase(tries_.begin());
  tries_.push_back({KeyOf(source), now, std::move(use)});
}

std::chrono::milliseconds PasswordTries::Wait(const RtspSource& source, MonoTime now) {
  using std::chrono::milliseconds;
  Forget(now);
  const std::string key = KeyOf(source);
  std::vector<MonoTime> sent;
  bool refused = false;
  for (const Try& one : tries_) {
    const State state = one.use->state;
    if (one.key != key || (state != State::kSent && state != State::kRefused)) continue;
    sent.push_back(one.at);
    refused = refused || state == State::kRefused;
  }
  // Without a refusal, what was never answered is the network's or the camera's fault.
  if (!refused || sent.size() < kMost) return milliseconds(0);
  const MonoTime free = sent[sent.size() - kMost] + kWindow;
  return std::chrono::ceil<milliseconds>(std::max<Micros>(free - now, Micros(0)));
}

void PasswordTries::Forget(MonoTime now) {
  std::map<std::string, MonoTime> accepted;
  for (const Try& one : tries_) {
    if (one.use->state == State::kAccepted) accepted[one.key] = one.at;
  }
  std::erase_if(tries_, [&](const Try& one) {
    const auto right = accepted.find(one.key);
    const bool over = one.use.use_count() == 1;  // the connection is gone
    return now - one.at >= kWindow || (over && one.use->state == State::kNotSent) ||
           (right != accepted.end() && one.at <= right->second);
  });
}

}  // namespace ronin::camera
