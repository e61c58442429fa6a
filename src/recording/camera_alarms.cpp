// SPDX-License-Identifier: MIT
#include "recording/camera_alarms.h"

#include <algorithm>

#include "base/text.h"

namespace ronin::recording {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookAtCameras = 1s;
constexpr Micros kDownFor = 60s;
constexpr Micros kUpFor = 10s;

}  // namespace

CameraAlarms::CameraAlarms(const Context& context) : context_(context) {
  timer_ = Source::Every(kLookAtCameras, [this] {
    std::vector<Facts> all;
    for (const camera::Camera* camera : context_.cameras.All()) all.push_back(FactsOf(*camera));
    Look(all);
  });
}

CameraAlarms::Facts CameraAlarms::FactsOf(const camera::Camera& camera) const {
  const CameraRecord& record = camera.record();
  Facts facts{.id = record.id, .sentence = {}};
  if (!record.enabled) return facts;
  AddStream({record.id, StreamKind::kMain}, &facts);
  // Of two streams that are down the main one is told of.
  if (!facts.down) AddStream({record.id, StreamKind::kSub}, &facts);
  return facts;
}

void CameraAlarms::AddStream(StreamId id, Facts* facts) const {
  const camera::Camera* stream = context_.cameras.Find(id);
  const CameraRecorder* recorder = context_.recorders.Find(id);
  if (stream == nullptr || recorder == nullptr || !recorder->wanted()) return;
  if (id.kind == StreamKind::kSub && !stream->record().sub_url) return;
  facts->wanted = true;
  if (recorder->recording() || !context_.volumes.MayRecord()) return;
  facts->down = true;
  const auto& failure = stream->last_error();
  const bool offline = stream->status() != camera::CameraStatus::kOnline;
  facts->refused = offline && failure && failure->code == "unauthorized";
  std::string why = "no picture has come yet.";
  if (recorder->error() && !offline) {
    why = recorder->error()->message;
  } else if (failure && offline) {
    why = failure->message;
  }
  facts->sentence = Concat("Camera ", stream->name(), " is not recorded: ", why);
}

void CameraAlarms::Look(const std::vector<Facts>& all) {
  std::erase_if(watched_, [&](const auto& item) {
    const auto found = std::ranges::find(all, item.first, &Facts::id);
    const bool over = found == all.end() || !found->wanted;
    if (over) context_.alarms.Clear(AlarmKind::kCameraDown, {.camera_id = item.first});
    return over;
  });
  const MonoTime now = context_.clock.Mono();
  for (const Facts& facts : all) {
    if (!facts.wanted) continue;
    Watched& watched =
        watched_
            .try_emplace(facts.id, Watched{HeldCondition(kDownFor, kUpFor),
                                           HeldCondition(Micros(0), kUpFor), std::string()})
            .first->second;
    if (facts.down) watched.sentence = facts.sentence;
    const bool down = watched.down.Look(facts.down, now);
    const bool refused = watched.refused.Look(facts.refused, now);
    // One that was refused stays until it is recorded, whatever it fails with meanwhile.
    const bool raised = down || refused;
    context_.alarms.Put(raised, AlarmKind::kCameraDown, {.camera_id = facts.id}, watched.sentence);
  }
}

}  // namespace ronin::recording
