// SPDX-License-Identifier: MIT
#include "api/onvif_sessions.h"

#include <utility>

#include "base/text.h"
#include "onvif/device_url.h"

namespace ronin::api {
namespace {

constexpr int kMostRequests = 8;
constexpr std::chrono::seconds kRefusedFor{100};  // three times in five minutes, as for streams

std::string SessionKey(const CameraRecord& camera, bool allow_loopback) {
  // A line feed is in none of them.
  return Concat(camera.onvif_url.value_or(""), "\n", camera.username, "\n", camera.password, "\n",
                allow_loopback);
}

}  // namespace

OnvifSessions::~OnvifSessions() {
  // Requests hold their session, and its device holds them.
  for (auto& [id, entry] : entries_) entry.session->device.reset();
}

void OnvifSessions::ForgetRemoved() {
  std::erase_if(entries_, [this](const auto& item) {
    return item.second.session->running == 0 && context_.cameras.Find(item.first) == nullptr;
  });
  std::erase_if(refusals_, [now = context_.clock.Mono()](const auto& item) {
    return item.second.until <= now;
  });
}

void OnvifSessions::NoteRefusal(int64_t camera_id, const Entry& entry,
                                const onvif::Failure& failure) {
  if (failure.code != "unauthorized") return;
  refusals_[camera_id] = {entry.made_for, failure, context_.clock.Mono() + kRefusedFor};
}

void OnvifSessions::Enter(const CameraRecord& camera, onvif::Then<SessionPtr> then) {
  ForgetRemoved();
  const auto url = onvif::ParseDeviceUrl(camera.onvif_url.value_or(""));
  if (!url) {
    then(
        onvif::Failed("not_supported",
                      "This camera has no ONVIF address; find it by discovery, or set onvif_url."));
    return;
  }
  const std::string key = SessionKey(camera, context_.allow_loopback_cameras);
  const auto refusal = refusals_.find(camera.id);
  if (refusal != refusals_.end() && refusal->second.made_for == key) {
    then(onvif::Failed(refusal->second.failure));
    return;
  }
  Entry& entry = entries_[camera.id];
  if (!entry.session || entry.made_for != key) {
    // Requests that wait for the old one to open are answered by it.
    if (entry.session && !entry.waiting.empty()) {
      then(onvif::Failed("busy", "The camera was changed just now; try again in a moment."));
      return;
    }
    entry = Entry{.made_for = key, .session = std::make_shared<Session>()};
    entry.session->device = std::make_unique<onvif::Device>(
        *url, onvif::SoapClient::Options{.clock = context_.clock,
                                         .credentials = {camera.username, camera.password},
                                         .allow_loopback = context_.allow_loopback_cameras});
    entry.session->device->Open(
        [this, id = camera.id, session = entry.session](const onvif::Outcome<bool>& opened) {
          Opened(id, session, opened);
        });
  }
  if (entry.session->running == kMostRequests) {
    then(onvif::Failed("busy", "The camera has not done what it was told before; try again."));
    return;
  }
  ++entry.session->running;
  if (entry.open) {
    then(entry.session);
  } else {
    entry.waiting.push_back(std::move(then));
  }
}

void OnvifSessions::Opened(int64_t camera_id, const SessionPtr& session,
                           const onvif::Outcome<bool>& opened) {
  const auto found = entries_.find(camera_id);
  if (found == entries_.end() || found->second.session != session) return;
  found->second.open = opened.has_value();
  const auto waiting = std::exchange(found->second.waiting, {});
  if (!opened) {
    NoteRefusal(camera_id, found->second, opened.error());
    entries_.erase(found);
  }
  for (const auto& then : waiting) {
    if (opened) {
      then(session);
    } else {
      then(onvif::Failed(opened.error()));
    }
  }
}

void OnvifSessions::Leave(int64_t camera_id, const SessionPtr& session,
                          const onvif::Failure* failure) {
  --session->running;
  if (failure == nullptr || failure->code == "not_supported" || failure->code == "not_found") {
    return;
  }
  const auto found = entries_.find(camera_id);
  if (found == entries_.end() || found->second.session != session) return;
  NoteRefusal(camera_id, found->second, *failure);
  // Its end ends the timer that would stop a move; the camera does that itself then.
  entries_.erase(found);
}

}  // namespace ronin::api
