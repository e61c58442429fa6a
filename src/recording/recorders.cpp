// SPDX-License-Identifier: MIT
#include "recording/recorders.h"

#include <algorithm>
#include <utility>

#include "recording/gap_cause.h"

namespace ronin::recording {

Recorders::Recorders(RecorderContext context) : context_(std::move(context)) {
  WaitForNextMinute();
}

/// Schedules change at whole minutes, in every time zone. Asked anew each minute, so that neither a
/// clock that is set nor summer time can make it late by more.
void Recorders::WaitForNextMinute() {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(context_.clock.Now());
  const auto next = std::chrono::floor<std::chrono::minutes>(now) + std::chrono::minutes(1);
  minute_ = Source::After(next - now, [this] {
    WaitForNextMinute();
    ApplyAll();
  });
}

void Recorders::ApplyAll() {
  for (auto& [id, entry] : entries_) Apply(entry, false);
}

void Recorders::SetTimeZone(std::string zone) {
  zone_ = std::move(zone);
  ApplyAll();
}

std::optional<GapCause> Recorders::Unwanted(const CameraRecord& record, StreamKind kind) const {
  if (!record.enabled) return GapCause{GapReason::kStopped, "disabled"};
  const bool sub = kind == StreamKind::kSub;
  if (!record.record || (sub && !record.record_sub)) return GapCause{GapReason::kStopped, ""};
  if (record.schedule && !record.schedule->Wants(context_.clock.Now(), zone_)) {
    return GapCause{GapReason::kSchedule, ""};
  }
  return std::nullopt;
}

/// @param ending  what flows now is about to end
void Recorders::Apply(Entry& entry, bool ending) {
  const auto unwanted = Unwanted(entry.record, entry.kind);
  const bool flows = entry.recorder->recording() && !ending;
  const auto cause = unwanted || flows ? unwanted : entry.down;
  if (cause && context_.ledger != nullptr) {
    const WallTime since = entry.recorder->recorded_until().value_or(context_.clock.Now());
    context_.ledger->Missing({entry.record.id, entry.kind}, since, *cause);
  }
  entry.recorder->Want(!unwanted);
}

/// From when on the ledger has to explain why a stream is not recorded. Harmless for one that it
/// knows already.
void Recorders::Expect(StreamId id, const CameraRecord& record, WallTime since) {
  if (context_.ledger != nullptr) context_.ledger->Expect(id, since, Unwanted(record, id.kind));
}

void Recorders::CameraChanged(const camera::Camera& stream) {
  const CameraRecord& record = stream.record();
  const StreamId id = stream.id();
  const bool sub = id.kind == StreamKind::kSub;
  if (sub && !record.sub_url && !entries_.contains(id)) return;
  Entry& entry = entries_[id];
  entry.record = record;
  entry.kind = id.kind;
  if (!entry.recorder) {
    entry.recorder = std::make_unique<CameraRecorder>(record, id.kind, context_);
    if (sub) {
      // One that the camera has had since it is known here was expected together with the main one.
      Expect(id, record, context_.clock.Now());
    } else {
      Expect(id, record, record.created);
      if (record.sub_url) Expect({record.id, StreamKind::kSub}, record, record.created);
    }
  }
  entry.recorder->Configure(record);
  bool ending = false;
  switch (stream.status()) {
    case camera::CameraStatus::kOnline:
      entry.down.reset();
      break;
    case camera::CameraStatus::kConnecting:
      break;  // why nothing came is still why nothing comes
    case camera::CameraStatus::kOffline:
      ending = true;
      if (stream.last_error()) entry.down = CauseOf(*stream.last_error());
      break;
    case camera::CameraStatus::kDisabled:
      ending = true;
      entry.down = GapCause{GapReason::kStopped, entry.stop_reason};
      break;
  }
  Apply(entry, ending);
}

void Recorders::OnStreamBuilt(camera::Camera& camera, camera::Stream& stream) {
  CameraChanged(camera);
  entries_.at(camera.id()).recorder->StreamBuilt(stream);
}

void Recorders::OnStreamEnding(camera::Camera& camera, camera::Stream&,
                               std::function<void()> done) {
  const auto found = entries_.find(camera.id());
  if (found == entries_.end()) {
    done();
  } else {
    found->second.recorder->StreamEnding(std::move(done));
  }
}

const CameraRecorder* Recorders::Find(StreamId id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : found->second.recorder.get();
}

CameraRecorder* Recorders::Find(StreamId id) {
  return const_cast<CameraRecorder*>(std::as_const(*this).Find(id));
}

bool Recorders::WritesTo(const VolumeGate& gate) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const auto& item) { return item.second.recorder->WritesTo(gate); });
}

void Recorders::VolumesChanged() {
  for (const auto& [id, entry] : entries_) entry.recorder->VolumesChanged();
}

void Recorders::DataLost(const VolumeGate& gate) {
  for (const auto& [id, entry] : entries_) entry.recorder->DataLost(gate);
}

void Recorders::WillStop(int64_t camera_id, const std::string& why) {
  for (const StreamKind kind : {StreamKind::kMain, StreamKind::kSub}) {
    const auto found = entries_.find({camera_id, kind});
    if (found != entries_.end()) found->second.stop_reason = why;
  }
}

void Recorders::Hide(int64_t camera_id) {
  for (const StreamKind kind : {StreamKind::kMain, StreamKind::kSub}) {
    const auto found = entries_.find({camera_id, kind});
    if (found == entries_.end()) continue;
    context_.volumes.ForgetCamera(found->second.record.uuid);
    entries_.erase(found);
  }
}

void Recorders::Forget(int64_t camera_id) {
  Hide(camera_id);
  if (context_.ledger != nullptr) context_.ledger->Forget(camera_id);
}

}  // namespace ronin::recording
