// SPDX-License-Identifier: MIT
#include "demo/synthetic_camera.h"

#include <utility>

#include "base/text.h"
#include "demo/camera_port.h"
#include "demo/camera_stream.h"

namespace ronin::demo {

SyntheticCamera::SyntheticCamera(std::unique_ptr<CameraPort> port,
                                 std::shared_ptr<CameraStream> stream)
    : stream_(std::move(stream)), port_(std::move(port)) {}

SyntheticCamera::~SyntheticCamera() = default;

std::string SyntheticCamera::url() const {
  return Concat("rtsp://", port_->address(), ':', port_->port(), port_->path());
}

uint16_t SyntheticCamera::port() const { return port_->port(); }
ClipRef SyntheticCamera::clip() const { return stream_->clip(); }
int SyntheticCamera::connections() const { return port_->connections().count(); }
int SyntheticCamera::parameter_requests() const { return port_->connections().parameter_requests; }
int SyntheticCamera::players() const { return stream_->players; }
const SentLog& SyntheticCamera::sent() const { return stream_->log; }
SentLog& SyntheticCamera::sent() { return stream_->log; }

void SyntheticCamera::Stall() { stream_->SetStalled(true); }
void SyntheticCamera::Resume() { stream_->SetStalled(false); }
void SyntheticCamera::CloseConnections() { port_->connections().CutAll(); }
void SyntheticCamera::DropFrames(int count) { stream_->DropFrames(count); }
void SyntheticCamera::JumpTime(std::chrono::milliseconds delta) { stream_->JumpTime(delta); }
void SyntheticCamera::FreezeTime(bool frozen) { stream_->FreezeTime(frozen); }
void SyntheticCamera::SetClockError(int ppm) { stream_->SetClockError(ppm); }
void SyntheticCamera::SetMarkers(bool on) { stream_->markers = on; }
void SyntheticCamera::SetReports(bool on) { stream_->reports = on; }
void SyntheticCamera::SetWallClock(std::chrono::milliseconds off) {
  stream_->wall_clock_off_ms = off.count();
}
void SyntheticCamera::SetRefuse(Refusal refusal) { port_->SetRefuse(refusal); }
void SyntheticCamera::StopAudio() { stream_->SetAudio(false); }
void SyntheticCamera::StartAudio() { stream_->SetAudio(true); }

Status SyntheticCamera::SwitchClip(ClipRef clip) { return stream_->SwitchClip(std::move(clip)); }

}  // namespace ronin::demo
