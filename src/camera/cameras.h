// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "camera/camera.h"

namespace ronin::camera {

/// All cameras that are running. Thread: main.
class Cameras {
 public:
  /// @param context  its references outlive this
  explicit Cameras(Camera::Context context) : context_(std::move(context)) {
    context_.pace = &pace_;
    context_.passwords = &passwords_;
  }

  /// How long to wait for pictures; also for connections that are up.
  void SetTimeouts(Camera::Settings settings) { context_.settings = settings; }

  /// Starts a camera that was stored; `record.id` must be new. False after StopAll().
  bool Add(CameraRecord record);
  /// Gives a camera another configuration; what flows goes on unless that needs a new connection.
  /// False when there is no camera with that id.
  bool Change(CameraRecord record);
  /// Stops a camera and forgets it; `done` runs on main once its files are closed. False, without
  /// calling `done`, when there is no such camera.
  bool Remove(int64_t id, std::function<void()> done);
  /// Stops all; `done` runs on main, once, after the last. Nothing may be added any more.
  void StopAll(std::function<void()> done);

  /// How often passwords were refused, to be shared with who else sends them.
  PasswordTries& passwords() { return passwords_; }

  /// Whether each has been given its first turn to connect.
  bool AllBegun() const;
  /// How many parts of pipelines have not ended in time: connections, recordings, live views.
  size_t Stuck() const { return context_.reaper.Stuck(); }

  Camera* Find(int64_t id) const;    ///< borrowed; nullptr when there is none
  std::vector<Camera*> All() const;  ///< borrowed, ascending by id

 private:
  void Stopped(int64_t id);

  ConnectPace pace_;
  PasswordTries passwords_;
  Camera::Context context_;
  std::map<int64_t, std::unique_ptr<Camera>> cameras_;
  std::map<int64_t, std::unique_ptr<Camera>> stopping_;  // removed, but still closing their files
  std::function<void()> all_stopped_;
  Mailbox mailbox_;
};

}  // namespace ronin::camera
