// SPDX-License-Identifier: MIT
#include "app/pipeline_command.h"

#include <charconv>
#include <cstdio>

#include "base/source.h"
#include "base/text.h"
#include "camera/camera_error.h"
#include "camera/camera_url.h"
#include "camera/rtsp_pipeline.h"
#include "config/camera_store.h"

namespace ronin::app {
namespace {

using namespace std::chrono_literals;

Result<camera::RtspSource> FindSource(const std::string& target, const Settings& settings) {
  int64_t id = 0;
  const auto [end, error] = std::from_chars(target.data(), target.data() + target.size(), id);
  if (error != std::errc() || end != target.data() + target.size()) {
    auto url = camera::ParseCameraUrl(target);
    if (!url) return tl::unexpected(url.error());
    return camera::RtspSource{
        .url = url->url, .username = url->username, .password = url->password};
  }
  auto record = ReadCamera(settings.data_dir + "/config.db", id);
  if (!record) return tl::unexpected(record.error());
  return camera::SourceOf(*record, StreamKind::kMain);
}

/// Lets the camera show what it sends: until both announced tracks have come, or time is up.
Status Look(camera::RtspPipeline& pipeline, std::string* failure) {
  const auto facts = pipeline.facts();
  bool time_up = false;
  const Source limit = Source::After(5s, [&] { time_up = true; });
  const Source tick = Source::Every(50ms, [] {});
  pipeline.Play();
  while (!time_up && failure->empty()) {
    g_main_context_iteration(nullptr, TRUE);
    const bool video = facts->last_video_us != 0;
    if (video && (!facts->audio_offered || facts->last_audio_us != 0)) return {};
  }
  if (facts->last_video_us != 0) return {};
  return Fail(ErrorKind::kUnavailable,
              failure->empty() ? "no picture came within five seconds" : *failure);
}

}  // namespace

int RunPipelineCommand(const Options& options, const Settings& settings) {
  const auto source = FindSource(options.pipeline_target, settings);
  if (!source) {
    std::fprintf(stderr, "ronin-nvr: %s\n", source.error().Text().c_str());
    return 2;
  }
  const SystemClock clock;
  std::string failure;
  auto pipeline = camera::RtspPipeline::Create(*source, clock, [&](GstMessage* message) {
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR && failure.empty()) {
      failure = camera::ErrorFromMessage(message, clock.Now()).message;
    }
  });
  const Status looked =
      pipeline ? Look(**pipeline, &failure) : Status(tl::unexpected(pipeline.error()));
  if (!looked) {
    std::fprintf(stderr, "ronin-nvr: %s\n", looked.error().Text().c_str());
    return 1;
  }
  const auto facts = (*pipeline)->facts();
  std::unique_lock lock(facts->mutex);
  const std::string line =
      camera::LaunchLine(*source, facts->video_encoding, facts->audio_encoding,
                         settings.segment_duration, settings.fragment, "clip-%03d.mp4");
  lock.unlock();
  std::puts(line.c_str());
  return 0;
}

}  // namespace ronin::app
