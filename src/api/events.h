// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <set>
#include <vector>

#include "api/context.h"
#include "base/source.h"
#include "catalog/segment.h"

namespace ronin::api {

/// WebSocket /api/events: everything that changes, as `{"type","at",…}`; on connect first the
/// present state. Changes of a camera within 200 ms become one message. Thread: main.
class Events {
 public:
  explicit Events(const ApiContext& context);

  /// A camera was added or changed.
  void CameraChanged(int64_t id);
  void CameraRemoved(int64_t id);
  /// What is wrong has changed.
  void AlarmsChanged();
  /// A file was opened or closed.
  void RecordingChanged(const Segment& segment);
  /// A run of retention has come on; at most a few messages a second, and always the last one.
  void RetentionChanged(const retention::Sweeper::Progress& progress);
  /// The user's preferences are others; who wants them asks for them.
  void PreferencesChanged(int64_t version);
  /// Files are moved to an archive, or no more.
  void Moving(const retention::MoveProgress& progress);

 private:
  void Opened(std::shared_ptr<http::WebSocket> socket);
  std::string State() const;
  std::string AlarmsNow() const;
  void SendChanges();
  void SendRetention();
  void Broadcast(const std::string& text);

  std::string MovingText(const retention::MoveProgress& progress) const;

  const ApiContext& context_;
  // Shared with the server, which closes them.
  std::vector<std::shared_ptr<http::WebSocket>> sockets_;
  std::set<int64_t> changed_;
  Source send_;
  retention::Sweeper::Progress retention_;  // the newest
  Source send_retention_;
  Source send_alarms_;
  Source ping_;
  Source measure_;
};

}  // namespace ronin::api
