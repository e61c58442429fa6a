// SPDX-License-Identifier: MIT
#include "gst/keyframe_jpeg.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include "base/text.h"
#include "gst/element.h"

namespace ronin::gst {
namespace {

constexpr int kMostPixels = 8192;  // of each side

struct PictureSize {
  int width = 0;
  int height = 0;
};

const char* DecoderOf(const GstStructure* format) {
  if (gst_structure_has_name(format, "video/x-h264") != FALSE) return "avdec_h264";
  if (gst_structure_has_name(format, "video/x-h265") != FALSE) return "avdec_h265";
  return nullptr;
}

/// The size of the JPEG; nothing when the picture is larger than any camera's.
std::optional<PictureSize> SizeOf(const GstStructure* format, int max_width) {
  int width = 0;
  int height = 0;
  int across = 1;
  int down = 1;
  gst_structure_get_int(format, "width", &width);
  gst_structure_get_int(format, "height", &height);
  gst_structure_get_fraction(format, "pixel-aspect-ratio", &across, &down);
  if (width < 1 || height < 1 || width > kMostPixels || height > kMostPixels) return std::nullopt;
  const double shape = across > 0 && down > 0 ? double(across) / down : 1;
  const double wide = width * std::clamp(shape, 0.1, 10.0);
  const double scale = std::min({1.0, max_width / wide, 2.0 * max_width / height});
  const auto even = [](double pixels) { return std::max(2, int(std::lround(pixels / 2)) * 2); };
  return PictureSize{even(wide * scale), even(height * scale)};
}

/// appsrc, decoder, scaler, JPEG encoder, appsink. In NULL again when it dies.
class Chain {
 public:
  Chain() = default;
  Chain(const Chain&) = delete;
  Chain& operator=(const Chain&) = delete;
  ~Chain() { gst_element_set_state(pipeline_.Get(), GST_STATE_NULL); }

  Status Build(const char* decoder, PictureSize size, int quality) {
    // The way over RGB brings the colours into JPEG's range; directly, only the label would change.
    const std::string rgb =
        Concat("video/x-raw,format=RGB,pixel-aspect-ratio=1/1,width=", size.width,
               ",height=", size.height);
    constexpr const char* kFullRange = "video/x-raw,format=I420,colorimetry=(string)1:4:0:0";
    Result<GRef<GstElement>> elements[] = {
        MakeElement("appsrc", "source", {{"format", "time"}}),
        MakeElement(decoder, "decoder", {{"max-threads", "1"}}),
        MakeElement("videoscale", "scale", {{"add-borders", "false"}}),
        MakeElement("videoconvert", "to-rgb"),
        MakeElement("capsfilter", "rgb", {{"caps", rgb}}),
        MakeElement("videoconvert", "to-full-range"),
        MakeElement("capsfilter", "full-range", {{"caps", kFullRange}}),
        MakeElement("jpegenc", "encoder", {{"quality", std::to_string(quality)}}),
        MakeElement("appsink", "sink", {{"sync", "false"}})};
    GstElement* before = nullptr;
    for (auto& element : elements) {
      if (!element) return Fail(element.error());
      gst_bin_add(GST_BIN(pipeline_.Get()), element->Get());
      if (before != nullptr && gst_element_link(before, element->Get()) == FALSE) {
        return Fail(ErrorKind::kInternal, "the elements that make a JPEG do not fit");
      }
      before = element->Get();
    }
    source_ = *elements[0];
    sink_ = *elements[8];
    return {};
  }

  Result<GRef<GstSample>> Run(GstSample* keyframe, std::chrono::nanoseconds limit) {
    gst_element_set_state(pipeline_.Get(), GST_STATE_PLAYING);
    GstBuffer* buffer = gst_buffer_copy(gst_sample_get_buffer(keyframe));
    GST_BUFFER_PTS(buffer) = GST_BUFFER_DTS(buffer) = 0;
    auto* source = GST_APP_SRC(source_.Get());
    gst_app_src_set_caps(source, gst_sample_get_caps(keyframe));
    gst_app_src_push_buffer(source, buffer);  // takes it
    gst_app_src_end_of_stream(source);  // the decoder gives the picture now, not with the next one
    auto* sink = GST_APP_SINK(sink_.Get());
    GRef<GstSample> out = Adopt(gst_app_sink_try_pull_sample(sink, GstClockTime(limit.count())));
    if (out) return out;
    if (gst_app_sink_is_eos(sink) != FALSE || !Complaint().empty()) {
      return Fail(ErrorKind::kCorrupt, "the picture cannot be decoded", Complaint());
    }
    return Fail(ErrorKind::kTimeout, "decoding the picture takes too long");
  }

 private:
  /// What the newest error said; empty: none came.
  std::string Complaint() {
    const GRef<GstBus> bus = Adopt(gst_element_get_bus(pipeline_.Get()));
    if (const auto message = Adopt(gst_bus_pop_filtered(bus.Get(), GST_MESSAGE_ERROR))) {
      complaint_ = ErrorText(message.Get());
    }
    return complaint_;
  }

  const GRef<GstElement> pipeline_ = Share(gst_pipeline_new(nullptr));
  GRef<GstElement> source_;
  GRef<GstElement> sink_;
  std::string complaint_;
};

}  // namespace

Result<GRef<GBytes>> JpegOfKeyframe(GstSample* keyframe, const JpegOptions& options) {
  const GstCaps* caps = gst_sample_get_caps(keyframe);
  if (caps == nullptr || gst_caps_get_size(caps) == 0 || !gst_sample_get_buffer(keyframe)) {
    return Fail(ErrorKind::kUnsupported, "there is no picture");
  }
  const GstStructure* format = gst_caps_get_structure(caps, 0);
  const char* decoder = DecoderOf(format);
  const auto size = SizeOf(format, options.max_width);
  if (decoder == nullptr || !size) {
    return Fail(ErrorKind::kUnsupported, "pictures of this kind or size are not decoded");
  }
  Chain chain;
  if (auto built = chain.Build(decoder, *size, options.quality); !built) {
    return Fail(built.error());
  }
  const auto picture = chain.Run(keyframe, options.limit);
  if (!picture) return Fail(picture.error());
  GstMapInfo map;
  GstBuffer* jpeg = gst_sample_get_buffer(picture->Get());
  if (gst_buffer_map(jpeg, &map, GST_MAP_READ) == FALSE) {
    return Fail(ErrorKind::kInternal, "the JPEG cannot be read");
  }
  GRef<GBytes> out = Adopt(g_bytes_new(map.data, map.size));
  gst_buffer_unmap(jpeg, &map);
  return out;
}

}  // namespace ronin::gst
