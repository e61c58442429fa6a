// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/alarms.h"
#include "base/clock.h"
#include "base/mailbox.h"
#include "base/worker.h"
#include "camera/cameras.h"
#include "camera/probes.h"
#include "catalog/catalog.h"
#include "config/camera_store.h"
#include "config/ledger_store.h"
#include "config/protection_store.h"
#include "config/setting_store.h"
#include "config/volume_store.h"
#include "http/server.h"
#include "live/hls_streams.h"
#include "live/live_hub.h"
#include "live/ll_streams.h"
#include "live/snapshots.h"
#include "recording/recorders.h"
#include "recording/segment_rows.h"
#include "recording/write_rates.h"
#include "retention/file_mover.h"
#include "retention/footage_deleter.h"
#include "retention/recording_deleter.h"
#include "retention/sweeper.h"
#include "storage/served_files.h"
#include "storage/volumes.h"
#include "talk/talks.h"

namespace ronin::api {

/// What the resources of the API work on; all of it outlives them. Thread: main.
struct ApiContext {
  const Clock& clock;
  http::Server& server;
  CameraStore& camera_store;    ///< used on `database` only
  LedgerStore& ledger_store;    ///< used on `database` only
  SettingStore& settings;       ///< used on `database` only
  VolumeStore& volume_store;    ///< used on `database` only
  ProtectionStore& protection;  ///< used on `database` only
  Catalog& catalog;             ///< used on `database` only
  Worker& database;
  camera::Cameras& cameras;
  camera::Probes& probes;
  recording::Recorders& recorders;
  const recording::SegmentRows& rows;
  live::HlsStreams& live;
  live::LiveHub& hub;
  live::LlStreams& low_latency;
  live::Snapshots& snapshots;
  talk::Talks& talks;
  Worker& pictures;  ///< draws pipelines
  Volumes& volumes;
  Alarms& alarms;
  const recording::WriteRates& rates;
  std::function<uint64_t(const VolumeGate&)> reserve;  ///< how much is kept free there
  retention::FootageDeleter& footage;
  retention::RecordingDeleter& recording_deleter;
  retention::Sweeper& sweeper;
  ServedFiles& served;
  retention::FileMover& mover;
  std::string version;
  std::string time_zone;                         ///< IANA name of the site
  recording::RecordingBranch::Settings files{};  ///< how long files and their fragments are
  bool allow_loopback_cameras = false;
  std::chrono::milliseconds undo{30'000};  ///< how long a removed camera can be restored
};

}  // namespace ronin::api
