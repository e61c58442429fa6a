// SPDX-License-Identifier: MIT
#include "api/metrics_view.h"

#include "api/camera_metrics.h"
#include "base/process_figures.h"

namespace ronin::api {
namespace {

using enum MetricType;

void WriteProgram(MetricsText& text, const MetricsSources& sources) {
  text.Begin("ronin_build_info", kGauge, "1, with the version of the recorder.")
      .Add(1, {{"version", sources.context.version}});
  text.Begin("ronin_start_time_seconds", kGauge, "When the recorder was started, since 1970, UTC.")
      .Add(double(ToMicros(sources.started)) / 1e6);
  const ProcessFigures process = ReadProcessFigures();
  text.Begin("ronin_process_cpu_seconds_total", kCounter, "Processor time of all threads.")
      .Add(process.cpu_s);
  const auto gauge = [&](const char* name, const char* help, const std::optional<int64_t>& value) {
    if (value) text.Begin(name, kGauge, help).Add(double(*value));
  };
  gauge("ronin_process_resident_memory_bytes", "Memory in use.", process.resident_bytes);
  gauge("ronin_process_heap_used_bytes", "Memory that the program has asked for.",
        process.heap_used_bytes);
  gauge("ronin_process_heap_free_bytes",
        "Memory that the program gave back and that lies between what it still has.",
        process.heap_free_bytes);
  gauge("ronin_process_threads", "Threads.", process.threads);
  gauge("ronin_process_open_fds", "Open files and connections.", process.open_descriptors);
  gauge("ronin_process_max_fds", "How many files and connections may be open.",
        process.most_descriptors);
  text.Begin("ronin_main_loop_turn_seconds", kHistogram,
             "How long the main loop worked before it looked for news again; all else waits.")
      .Add(sources.loop.turns());
  text.Begin("ronin_main_loop_longest_turn_seconds", kGauge,
             "The longest of these in the last one to two minutes.")
      .Add(double(sources.loop.longest().count()) / 1e6);
}

/// How many files there are in each state, and how large they are.
void WriteSegments(MetricsText& text, const std::vector<SegmentTotal>& totals) {
  const auto write = [&](const char* name, const char* help, int64_t SegmentTotal::*value) {
    text.Begin(name, kGauge, help);
    for (const SegmentState state : {SegmentState::kRecording, SegmentState::kComplete,
                                     SegmentState::kRecovered, SegmentState::kMissing}) {
      int64_t sum = 0;
      for (const SegmentTotal& total : totals) {
        if (total.state == state) sum += total.*value;
      }
      text.Add(double(sum), {{"state", ToString(state)}});
    }
  };
  write("ronin_catalog_segments", "Recorded files, by state.", &SegmentTotal::files);
  write("ronin_catalog_segment_bytes",
        "Size of the recorded files, by state; of those that are being written it is not known.",
        &SegmentTotal::size_bytes);
}

void WriteCatalog(MetricsText& text, const MetricsSources& sources) {
  const ApiContext& context = sources.context;
  if (sources.database != nullptr) WriteSegments(text, sources.database->totals);
  text.Begin("ronin_catalog_rows_waiting", kGauge,
             "Changes of the catalog that it could not take yet; recording goes on.")
      .Add(double(context.rows.waiting()));
  text.Begin("ronin_catalog_write_seconds", kHistogram,
             "How long the catalog took for each change.")
      .Add(context.rows.writes());
  text.Begin("ronin_database_jobs_waiting", kGauge,
             "Work for the database thread that waits or runs.")
      .Add(double(context.database.depth()));
}

void WriteVolumes(MetricsText& text, const MetricsSources& sources) {
  const auto& volumes = sources.context.volumes.all();
  const auto write = [&](const char* name, MetricType type, const char* help, auto sample) {
    text.Begin(name, type, help);
    for (const auto& gate : volumes) sample(*gate, MetricLabels{{"volume", gate->root()}});
  };
  write("ronin_volume_state", kGauge, "1 for the state of the storage folder, 0 for all others.",
        [&](const VolumeGate& gate, const MetricLabels& labels) {
          for (const char* state : {"ok", "full", "read_only", "missing", "error"}) {
            text.Add(ToString(gate.state()) == state ? 1 : 0, labels.With("state", state));
          }
        });
  write("ronin_volume_size_bytes", kGauge, "Size of the file system of the storage folder.",
        [&](const VolumeGate& gate, const MetricLabels& labels) {
          const FreeSpace& space = gate.space();
          if (space.total_bytes > 0) text.Add(double(space.total_bytes), labels);
        });
  write("ronin_volume_free_bytes", kGauge, "What the recorder may still write there.",
        [&](const VolumeGate& gate, const MetricLabels& labels) {
          const FreeSpace& space = gate.space();
          if (space.total_bytes > 0) text.Add(double(space.free_bytes), labels);
        });
  write("ronin_volume_sync_failures_total", kCounter,
        "How often the disk did not take what was written to it.",
        [&](const VolumeGate& gate, const MetricLabels& labels) {
          text.Add(double(gate.sync_failures()), labels);
        });
  write(
      "ronin_volume_sync_seconds", kHistogram,
      "How long it took to bring what was recorded to the disk itself.",
      [&](const VolumeGate& gate, const MetricLabels& labels) { text.Add(gate.syncs(), labels); });
}

void WriteAlarmCounts(MetricsText& text, const Alarms& alarms) {
  text.Begin("ronin_alarm", kGauge, "Alarms of each kind that there are now.");
  for (const AlarmKind kind : kAlarmKinds) {
    text.Add(double(alarms.Count(kind)), {{"kind", ToString(kind)}});
  }
}

void WriteHttp(MetricsText& text, const http::Server::Stats& stats) {
  text.Begin("ronin_http_requests_total", kCounter,
             "Requests that were answered, by route and status; other: the web page's files, and "
             "what was refused or not found.");
  for (const auto& [answer, count] : stats.answers) {
    const auto& [pattern, status] = answer;
    text.Add(double(count),
             {{"route", pattern.empty() ? "other" : pattern}, {"code", std::to_string(status)}});
  }
  text.Begin("ronin_http_connections", kGauge, "Open connections, WebSockets included.")
      .Add(double(stats.connections));
  text.Begin("ronin_http_web_sockets", kGauge, "Open WebSockets.").Add(double(stats.web_sockets));
  text.Begin("ronin_http_accepted_connections_total", kCounter, "Connections that were taken.")
      .Add(double(stats.accepted));
  text.Begin("ronin_http_refused_connections_total", kCounter,
             "Connections that were closed at once: too many, or too few descriptors left.")
      .Add(double(stats.refused));
  text.Begin("ronin_http_timed_out_connections_total", kCounter,
             "Connections that were closed because the client was too slow.")
      .Add(double(stats.timed_out));
}

}  // namespace

std::string MetricsOf(const MetricsSources& sources) {
  MetricsText text;
  WriteProgram(text, sources);
  WriteCameraMetrics(text, sources);
  WriteCatalog(text, sources);
  WriteVolumes(text, sources);
  WriteAlarmCounts(text, sources.context.alarms);
  WriteHttp(text, sources.context.server.stats());
  return std::move(text).Text();
}

}  // namespace ronin::api
