// SPDX-License-Identifier: MIT
#pragma once

#include "api/alarm_routes.h"
#include "api/camera_control.h"
#include "api/camera_removal.h"
#include "api/camera_routes.h"
#include "api/camera_test_routes.h"
#include "api/camera_transfer.h"
#include "api/context.h"
#include "api/discovery_routes.h"
#include "api/events.h"
#include "api/live_routes.h"
#include "api/live_socket.h"
#include "api/ll_routes.h"
#include "api/metrics_routes.h"
#include "api/openapi_route.h"
#include "api/pipeline_route.h"
#include "api/policy_routes.h"
#include "api/preferences_routes.h"
#include "api/ptz_routes.h"
#include "api/recording_routes.h"
#include "api/snapshot_route.h"
#include "api/storage_routes.h"
#include "api/talk_routes.h"
#include "api/timeline_routes.h"
#include "api/volume_routes.h"

namespace ronin::api {

/// The whole HTTP API on one server. Thread: main.
class Api {
 public:
  /// The context's members outlive it.
  explicit Api(ApiContext context);

  Events& events() { return events_; }
  /// Answers /health with 200 from now on; before, it says 503.
  void SetReady() { ready_ = true; }
  /// What a reload of the settings can change; from the next request on.
  void SetSite(std::string time_zone, bool allow_loopback_cameras, std::chrono::milliseconds undo);

 private:
  void Health(const http::Responder& responder) const;

  ApiContext context_;
  const MonoTime started_;
  bool ready_ = false;
  Events events_;
  CameraRoutes cameras_;
  CameraControl control_;
  CameraRemoval removal_;
  CameraTransfer transfer_;
  DiscoveryRoutes discovery_;
  PtzRoutes ptz_;
  PolicyRoutes policy_;
  PreferencesRoutes preferences_;
  CameraTestRoutes tests_;
  RecordingRoutes recordings_;
  LiveRoutes live_;
  LlRoutes low_latency_;
  LiveSocket live_socket_;
  SnapshotRoute snapshot_;
  TalkRoutes talk_;
  PipelineRoute pipeline_;
  TimelineRoutes timeline_;
  MetricsRoutes metrics_;
  StorageRoutes storage_;
  AlarmRoutes alarms_;
  VolumeRoutes volumes_;
  OpenapiRoute openapi_;
};

}  // namespace ronin::api
