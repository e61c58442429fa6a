// SPDX-License-Identifier: MIT
#include "demo/elements.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace ronin::demo {
namespace {

struct Provider {
  std::string_view element;
  std::string_view package;  // of Debian
};

constexpr std::string_view kBase = "gstreamer1.0-plugins-base";
constexpr std::string_view kGood = "gstreamer1.0-plugins-good";
constexpr std::string_view kBad = "gstreamer1.0-plugins-bad";
constexpr std::array kProviders = {
    Provider{"videotestsrc", kBase},
    Provider{"audiotestsrc", kBase},
    Provider{"audioconvert", kBase},
    Provider{"textoverlay", kBase},
    Provider{"appsrc", kBase},
    Provider{"x264enc", "gstreamer1.0-plugins-ugly"},
    Provider{"x265enc", kBad},
    Provider{"h265parse", kBad},
    Provider{"avenc_aac", "gstreamer1.0-libav"},
    Provider{"voaacenc", kBad},
    Provider{"aacparse", kGood},
    Provider{"mulawenc", kGood},
    Provider{"alawenc", kGood},
    Provider{"rtph264pay", kGood},
    Provider{"rtph265pay", kGood},
    Provider{"rtpmp4gpay", kGood},
    Provider{"rtppcmupay", kGood},
    Provider{"rtppcmapay", kGood},
    Provider{"rtpbin", kGood},
};

std::string_view PackageOf(std::string_view element) {
  const auto* found = std::find_if(kProviders.begin(), kProviders.end(),
                                   [&](const Provider& p) { return p.element == element; });
  return found == kProviders.end() ? "gstreamer1.0-tools" : found->package;
}

bool Installed(const char* name) {
  return GstPtr<GstElementFactory>(gst_element_factory_find(name)) != nullptr;
}

}  // namespace

Status RequireElements(std::initializer_list<const char*> names) {
  std::string missing;
  for (const char* name : names) {
    if (Installed(name)) continue;
    missing += Concat(missing.empty() ? "" : ", ", name, " (package ", PackageOf(name), ")");
  }
  if (missing.empty()) return {};
  return Fail(ErrorKind::kUnsupported, Concat("GStreamer elements are not installed: ", missing));
}

const char* FirstInstalled(std::initializer_list<const char*> names) {
  const auto* found = std::find_if(names.begin(), names.end(), Installed);
  return found == names.end() ? *(names.end() - 1) : *found;
}

Result<GstPtr<GstElement>> ParsePipeline(const std::string& text) {
  GErrorPtr error;
  GstElement* raw =
      gst_parse_launch_full(text.c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, Out(error));
  if (raw == nullptr) return Fail(ErrorFromGError(error.get(), "build a pipeline"));
  return GstPtr<GstElement>(GST_ELEMENT(gst_object_ref_sink(raw)));
}

Status RunToEnd(GstElement* pipeline) {
  const GstPtr<GstBus> bus(gst_element_get_bus(pipeline));
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  const std::unique_ptr<GstMessage, FreeWith<gst_message_unref>> message(gst_bus_timed_pop_filtered(
      bus.get(), GST_CLOCK_TIME_NONE, GstMessageType(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  gst_element_set_state(pipeline, GST_STATE_NULL);
  if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS) return {};
  GErrorPtr error;
  gst_message_parse_error(message.get(), Out(error), nullptr);
  return Fail(ErrorFromGError(error.get(), "encode a clip"));
}

}  // namespace ronin::demo
