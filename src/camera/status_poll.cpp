// SPDX-License-Identifier: MIT
#include "camera/status_poll.h"

#include <algorithm>

#include "camera/camera_url.h"

namespace ronin::camera {
namespace {

using namespace std::chrono_literals;

constexpr auto kTurn = 125ms;

}  // namespace

StatusPoll::StatusPoll(Cameras& cameras, const Clock& clock, std::chrono::seconds interval)
    : cameras_(cameras),
      clock_(clock),
      interval_(interval),
      tick_(Source::Every(kTurn, [this] { Tick(); })) {}

/// Asks the camera that has waited longest, if any is due.
void StatusPoll::Tick() {
  const MonoTime now = clock_.Mono();
  std::erase_if(entries_, [this](const auto& item) {
    const Camera* camera = cameras_.Find(item.first);
    return camera == nullptr || !camera->rests();
  });
  const Camera* next = nullptr;
  for (const Camera* camera : cameras_.All()) {
    if (!camera->rests()) continue;
    Entry& entry = entries_.try_emplace(camera->record().id, now).first->second;
    if (entry.asking || entry.due > now) continue;
    if (next == nullptr || entry.due < entries_.at(next->record().id).due) next = camera;
  }
  const auto asked = std::ranges::count_if(entries_, [](const auto& i) { return i.second.asking; });
  if (next != nullptr && size_t(asked) < kMost) Ask(*next, entries_.at(next->record().id));
}

void StatusPoll::Ask(const Camera& camera, Entry& entry) {
  entry.due = clock_.Mono() + interval_;
  const auto url = ParseCameraUrl(camera.record().url);
  if (!url) return;
  entry.asking = true;
  entry.ping.Start(url->host, url->port, camera.record().url.starts_with("rtsps:"),
                   [this, id = camera.record().id](bool answers) { Answered(id, answers); });
}

void StatusPoll::Answered(int64_t id, bool answers) {
  entries_.at(id).asking = false;
  Camera* camera = cameras_.Find(id);
  if (camera != nullptr && camera->rests()) camera->Seen({answers, clock_.Now()});
}

}  // namespace ronin::camera
