// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "demo/camera_server.h"

namespace ronin::testing {

/// What a FakeCamera plays and how it is reached.
struct FakeCameraOptions {
  demo::ClipSpec clip = demo::NumberedClip();
  demo::CameraOptions camera = {};
};

/// A camera in the test's own process, with a server of its own:
///
///   FakeCamera camera({.clip = demo::NumberedClip(demo::AudioCodec::kAac)});
///   ... connect to camera.url(); camera->Stall(); camera->sent().Last() ...
///
/// The clip is encoded by the first run and kept in RONIN_BUILD_ROOT/test-clips. Throws
/// std::runtime_error when it cannot be made, which fails the test with the reason.
/// Thread: any for the camera's methods; constructor and destructor on one thread.
class FakeCamera {
 public:
  explicit FakeCamera(const FakeCameraOptions& options = {});
  ~FakeCamera();
  FakeCamera(const FakeCamera&) = delete;
  FakeCamera& operator=(const FakeCamera&) = delete;

  demo::SyntheticCamera* operator->() const { return camera_; }
  demo::SyntheticCamera& operator*() const { return *camera_; }

  std::string url() const { return camera_->url(); }
  std::vector<demo::SentFrame> sent() const { return camera_->sent().All(); }
  int clip_frames() const { return camera_->clip()->spec.frames(); }

  void Stall() { camera_->Stall(); }
  void Resume() { camera_->Resume(); }
  void CloseConnections() { camera_->CloseConnections(); }
  void DropFrames(int count) { camera_->DropFrames(count); }
  void JumpTime(std::chrono::milliseconds delta) { camera_->JumpTime(delta); }
  void SetRefuse(demo::Refusal refusal) { camera_->SetRefuse(refusal); }
  void StopAudio() { camera_->StopAudio(); }
  void StartAudio() { camera_->StartAudio(); }

 private:
  demo::CameraServer server_;
  demo::SyntheticCamera* camera_ = nullptr;  // server_'s
};

/// A clip from the same cache, for SwitchClip(). Throws as FakeCamera does.
demo::ClipRef TestClip(const demo::ClipSpec& spec);

}  // namespace ronin::testing
