// SPDX-License-Identifier: MIT
#include "api/camera_metrics.h"

#include <array>
#include <optional>

#include "api/json_views.h"

namespace ronin::api {
namespace {

using camera::CameraStatus;
using recording::CoverageSums;

using Value = std::optional<double>;  // nothing: not known

/// Everything that is known of one stream of a camera at the moment; of the main one also what is
/// known of the camera as a whole.
struct CameraFigures {
  MetricLabels camera_labels;
  MetricLabels labels;
  std::string_view status;
  const camera::Camera& camera;
  bool online = false;
  bool recording = false;
  bool wanted = false;
  recording::CameraRecorder::Figures totals;
  uint64_t frames_lost = 0;
  std::optional<double> frame_age_s;
  std::optional<camera::StreamMeter::Reading> stream;  // while it is online
  const CoverageSums* day = nullptr;
  std::optional<int64_t> stored_bytes;
};

double Seconds(Micros time) { return double(time.count()) / 1e6; }

CameraFigures FiguresOf(const camera::Camera& camera, const MetricsSources& sources) {
  const int64_t id = camera.record().id;
  const auto* recorder = sources.context.recorders.Find(camera.id());
  const MetricLabels labels{{"camera_id", std::to_string(id)}, {"camera", camera.record().name}};
  CameraFigures out{.camera_labels = labels,
                    .labels = labels.With("stream", ToString(camera.kind())),
                    .status = StatusOf(camera, recorder),
                    .camera = camera};
  out.online = camera.status() == CameraStatus::kOnline;
  out.recording = out.status == "recording";
  if (recorder != nullptr) {
    out.wanted = recorder->wanted();
    out.totals = recorder->totals();
    out.frames_lost = recorder->frames_lost();
  }
  if (const auto frame = camera.last_frame()) {
    out.frame_age_s = Seconds(sources.context.clock.Mono() - *frame);
  }
  if (out.online && camera.facts()) out.stream = camera.facts()->meter.Read();
  if (sources.database == nullptr || camera.kind() == StreamKind::kSub) return out;
  if (const auto day = sources.database->days.find(id); day != sources.database->days.end()) {
    out.day = &day->second;
  }
  out.stored_bytes = 0;
  for (const SegmentTotal& total : sources.database->totals) {
    const bool there = total.camera_id == id && total.state != SegmentState::kMissing;
    if (there) *out.stored_bytes += total.size_bytes;
  }
  return out;
}

/// A metric with one sample for each stream of which it is known, or for each camera.
struct Figure {
  const char* name;
  MetricType type;
  const char* help;
  Value (*value)(const CameraFigures&);
  bool of_camera = false;
};

constexpr std::array kFigures = {
    Figure{"ronin_camera_online", MetricType::kGauge, "1 while pictures come from the camera.",
           [](const CameraFigures& c) -> Value { return c.online ? 1 : 0; }},
    Figure{"ronin_camera_recording", MetricType::kGauge,
           "1 while what the camera sends is being written.",
           [](const CameraFigures& c) -> Value { return c.recording ? 1 : 0; }},
    Figure{"ronin_camera_recording_wanted", MetricType::kGauge,
           "1 while the camera is to be recorded: it is switched on, and its schedule says so.",
           [](const CameraFigures& c) -> Value { return c.wanted ? 1 : 0; }},
    Figure{"ronin_camera_recorded_frames_total", MetricType::kCounter,
           "Video frames given to files.",
           [](const CameraFigures& c) -> Value { return double(c.totals.frames); }},
    Figure{"ronin_camera_recorded_bytes_total", MetricType::kCounter, "Bytes given to files.",
           [](const CameraFigures& c) -> Value { return double(c.totals.bytes); }},
    Figure{"ronin_camera_lost_frames_total", MetricType::kCounter,
           "Video frames that came and could not be stored: the disk or the machine was too slow.",
           [](const CameraFigures& c) -> Value { return double(c.frames_lost); }},
    Figure{"ronin_camera_connection_attempts_total", MetricType::kCounter,
           "How often a connection to the camera was begun.",
           [](const CameraFigures& c) -> Value { return double(c.camera.attempts()); }},
    Figure{"ronin_camera_reconnects_total", MetricType::kCounter,
           "How often the picture came back after it had been lost.",
           [](const CameraFigures& c) -> Value { return double(c.camera.reconnects()); }},
    Figure{"ronin_camera_stalls_total", MetricType::kCounter,
           "How often the picture stood still for too long while the connection was up.",
           [](const CameraFigures& c) -> Value { return double(c.camera.stalls()); }},
    Figure{"ronin_camera_last_frame_age_seconds", MetricType::kGauge,
           "Time since the newest video frame came.",
           [](const CameraFigures& c) -> Value { return c.frame_age_s; }},
    Figure{"ronin_camera_stream_bytes_per_second", MetricType::kGauge,
           "What the video takes on the network, measured over the last seconds.",
           [](const CameraFigures& c) -> Value {
             if (!c.stream) return std::nullopt;
             return double(c.stream->bitrate_bps) / 8;
           }},
    Figure{"ronin_camera_stream_frames_per_second", MetricType::kGauge,
           "Frame rate of the video, measured over the last seconds.",
           [](const CameraFigures& c) -> Value {
             if (!c.stream) return std::nullopt;
             return c.stream->fps;
           }},
    Figure{"ronin_camera_stored_bytes", MetricType::kGauge,
           "Size of all recordings of the camera, without the files that are being written.",
           [](const CameraFigures& c) -> Value {
             if (!c.stored_bytes) return std::nullopt;
             return double(*c.stored_bytes);
           },
           true},
    Figure{"ronin_camera_day_recorded_seconds", MetricType::kGauge,
           "How much of the last 24 hours is recorded.",
           [](const CameraFigures& c) -> Value {
             if (c.day == nullptr) return std::nullopt;
             return Seconds(c.day->recorded);
           },
           true},
    Figure{"ronin_camera_day_coverage_ratio", MetricType::kGauge,
           "Of the last 24 hours, the share that is recorded of what was to be recorded, 0 to 1.",
           [](const CameraFigures& c) -> Value {
             return c.day != nullptr ? RecordedShare(*c.day) : std::nullopt;
           },
           true}};

}  // namespace

void WriteCameraMetrics(MetricsText& text, const MetricsSources& sources) {
  std::vector<CameraFigures> cameras;
  for (const camera::Camera* camera : sources.context.cameras.All()) {
    cameras.push_back(FiguresOf(*camera, sources));
    if (!camera->record().sub_url) continue;
    const StreamId sub(camera->record().id, StreamKind::kSub);
    cameras.push_back(FiguresOf(*sources.context.cameras.Find(sub), sources));
  }
  text.Begin("ronin_camera_status", MetricType::kGauge,
             "1 for the status in which the stream is, 0 for all others.");
  for (const CameraFigures& one : cameras) {
    for (const char* status :
         {"disabled", "idle", "connecting", "online", "recording", "offline"}) {
      text.Add(one.status == status ? 1 : 0, one.labels.With("status", status));
    }
  }
  for (const Figure& figure : kFigures) {
    text.Begin(figure.name, figure.type, figure.help);
    for (const CameraFigures& one : cameras) {
      const auto value = figure.value(one);
      if (value) text.Add(*value, figure.of_camera ? one.camera_labels : one.labels);
    }
  }
  text.Begin("ronin_camera_day_missing_seconds", MetricType::kGauge,
             "How much of the last 24 hours is not recorded, by reason.");
  for (const CameraFigures& one : cameras) {
    if (one.day == nullptr) continue;
    for (const GapReason reason : kGapReasons) {
      const auto found = one.day->missing.find(reason);
      const double missing = found == one.day->missing.end() ? 0 : Seconds(found->second);
      text.Add(missing, one.camera_labels.With("reason", ToString(reason)));
    }
  }
}

}  // namespace ronin::api
