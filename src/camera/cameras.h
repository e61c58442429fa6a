// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "camera/camera.h"

namespace ronin::camera {

/// All cameras that are running, with both streams of each. Thread: main.
class Cameras {
 public:
  /// @param context  its references outlive this
  explicit Cameras(Camera::Context context) : context_(std::move(context)) {
    context_.pace = &pace_;
    context_.passwords = &passwords_;
    context_.sub_pace = &sub_pace_;
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

  /// Whether each main stream has been given its first turn to connect.
  bool AllBegun() const;
  /// How many parts of pipelines have not ended in time: connections, recordings, live views.
  size_t Stuck() const { return context_.reaper.Stuck(); }

  /// Borrowed; nullptr when there is no such camera. A sub stream is there for each camera, though
  /// it may have no address.
  Camera* Find(StreamId id) const;
  std::vector<Camera*> All() const;  ///< the main streams; borrowed, ascending by id
  size_t Connected() const;          ///< how many streams are to be connected, of both kinds

 private:
  /// The two streams of one camera.
  struct Pair {
    Pair(CameraRecord record, const Camera::Context& context)
        : main(record, StreamKind::kMain, context),
          sub(std::move(record), StreamKind::kSub, context) {}

    Camera main;
    Camera sub;
    int running = 2;
  };
  void StreamStopped(int64_t id, const std::function<void()>& done);
  void Stopped(int64_t id);

  ConnectPace pace_;
  PasswordTries passwords_;
  ConnectPace sub_pace_{ConnectPace::kSub};
  Camera::Context context_;
  std::map<int64_t, std::unique_ptr<Pair>> cameras_;
  std::map<int64_t, std::unique_ptr<Pair>> stopping_;  // removed, but still closing their files
  std::function<void()> all_stopped_;
  Mailbox mailbox_;
};

}  // namespace ronin::camera
