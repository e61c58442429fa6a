// SPDX-License-Identifier: MIT
#include "demo/clip_encoder.h"

#include <array>
#include <cstdio>
#include <cstring>

#include <gst/video/video.h>

#include "base/text.h"
#include "demo/bar_code.h"
#include "demo/elements.h"

namespace ronin::demo {
namespace {

/// Changes pictures on their way from the source to the encoder. Streaming thread.
struct Painter {
  GstVideoInfo info;
  int fps = 0;
  GstElement* clock = nullptr;  // borrowed from the pipeline, which outlives the probe
};

uint64_t IndexOf(const GstBuffer* buffer, int fps) {
  return (GST_BUFFER_PTS(buffer) * uint64_t(fps) + GST_SECOND / 2) / GST_SECOND;
}

/// Black rows of no colour under the bar code.
void ClearColour(GstVideoFrame* frame, int plane, int luma_rows) {
  auto* data = static_cast<uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(frame, plane));
  const int rows = (luma_rows + 1) / 2;
  std::memset(data, 128, size_t(rows * GST_VIDEO_FRAME_PLANE_STRIDE(frame, plane)));
}

GstPadProbeReturn PaintBarCode(GstPad*, GstPadProbeInfo* probe, gpointer data) noexcept {
  const auto* painter = static_cast<const Painter*>(data);
  GstBuffer* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(probe));
  GST_PAD_PROBE_INFO_DATA(probe) = buffer;
  GstVideoFrame frame;
  if (!gst_video_frame_map(&frame, &painter->info, buffer, GST_MAP_READWRITE)) {
    return GST_PAD_PROBE_DROP;
  }
  const int height = GST_VIDEO_FRAME_HEIGHT(&frame);
  DrawBarCode({static_cast<uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, 0)),
               GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0), GST_VIDEO_FRAME_WIDTH(&frame), height},
              uint32_t(IndexOf(buffer, painter->fps)));
  ClearColour(&frame, 1, height / kBarCodeHeightDivisor);
  ClearColour(&frame, 2, height / kBarCodeHeightDivisor);
  gst_video_frame_unmap(&frame);
  return GST_PAD_PROBE_OK;
}

/// Shows the seconds of the minute and their tenths: the clip is played in phase with them.
GstPadProbeReturn SetClockText(GstPad*, GstPadProbeInfo* probe, gpointer data) noexcept {
  const auto* painter = static_cast<const Painter*>(data);
  const uint64_t tenths =
      IndexOf(GST_PAD_PROBE_INFO_BUFFER(probe), painter->fps) * 10 / uint64_t(painter->fps);
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), ":%02d.%d", int(tenths / 10 % 60), int(tenths % 10));
  g_object_set(painter->clock, "text", text.data(), nullptr);
  return GST_PAD_PROBE_OK;
}

std::string EncoderText(const ClipSpec& spec) {
  if (spec.video == VideoCodec::kH264) {
    return Concat("x264enc threads=1 aud=true byte-stream=true bframes=0 speed-preset=superfast ",
                  "tune=zerolatency key-int-max=", spec.fps, " bitrate=", spec.kbit,
                  " option-string=scenecut=0:min-keyint=", spec.fps, ":open-gop=0 ! ",
                  "video/x-h264,profile=main,stream-format=byte-stream,alignment=au");
  }
  // Not repeat-headers=1: the element (1.22) then puts uninitialised bytes into its first buffer.
  return Concat("x265enc speed-preset=ultrafast tune=zerolatency key-int-max=", spec.fps,
                " bitrate=", spec.kbit, " option-string=info=0:bframes=0:",
                "scenecut=0:open-gop=0:pools=1:frame-threads=1:min-keyint=", spec.fps,
                " ! h265parse config-interval=-1 ! ",
                "video/x-h265,stream-format=byte-stream,alignment=au");
}

std::string PipelineText(const ClipSpec& spec) {
  const bool scene = spec.kind == ClipKind::kScene;
  const std::string overlay =
      " valignment=top shaded-background=true font-desc=\"Sans Bold 14\" auto-resize=true ! ";
  return Concat("videotestsrc name=source num-buffers=", spec.frames(), " ! ",
                "video/x-raw,format=I420,width=", spec.width, ",height=", spec.height,
                ",framerate=", spec.fps, "/1 ! ",
                scene ? "textoverlay name=label halignment=left" + overlay : std::string(),
                scene ? "textoverlay name=clock halignment=right" + overlay : std::string(),
                EncoderText(spec), " ! filesink name=file");
}

Status CheckSpec(const ClipSpec& spec) {
  const auto bad = [](const char* what) { return Fail(ErrorKind::kInvalidArgument, what); };
  if (spec.width % 2 != 0 || spec.height % 2 != 0) return bad("clip: width and height are odd");
  if (spec.width < 128 || spec.height < 96) return bad("clip: picture is too small");
  if (spec.fps < 1 || spec.fps > 60 || spec.seconds < 1) return bad("clip: no such length or rate");
  if (spec.kind == ClipKind::kScene && spec.seconds != 60) return bad("clip: a scene lasts 60 s");
  if (spec.kind == ClipKind::kNumbered && (spec.width < 512 || spec.height < 240)) {
    return bad("clip: picture is too small for a bar code");
  }
  return {};
}

/// Sets the pattern, and makes it move when it does not by itself.
Status SetPattern(GstElement* source, const std::string& pattern) {
  GParamSpec* property = g_object_class_find_property(G_OBJECT_GET_CLASS(source), "pattern");
  auto* names = static_cast<GEnumClass*>(g_type_class_ref(G_PARAM_SPEC_VALUE_TYPE(property)));
  const GEnumValue* value = g_enum_get_value_by_nick(names, pattern.c_str());
  const int number = value != nullptr ? value->value : -1;
  g_type_class_unref(names);
  if (number < 0) return Fail(ErrorKind::kInvalidArgument, "clip: no such pattern: " + pattern);
  g_object_set(source, "pattern", number, "horizontal-speed", pattern == "ball" ? 0 : 2, nullptr);
  return {};
}

GstPtr<GstElement> Child(GstElement* pipeline, const char* name) {
  return GstPtr<GstElement>(gst_bin_get_by_name(GST_BIN(pipeline), name));
}

}  // namespace

int AudioRate(AudioCodec codec) { return codec == AudioCodec::kAac ? 16000 : 8000; }

Status EncodeVideo(const ClipSpec& spec, const std::filesystem::path& file) {
  const bool h264 = spec.video == VideoCodec::kH264;
  if (auto ok = CheckSpec(spec); !ok) return ok;
  auto ok = RequireElements({"videotestsrc", "textoverlay", h264 ? "x264enc" : "x265enc",
                             h264 ? "x264enc" : "h265parse"});
  if (!ok) return ok;
  auto pipeline = ParsePipeline(PipelineText(spec));
  if (!pipeline) return Fail(pipeline.error());

  const auto source = Child(pipeline->get(), "source");
  const auto clock = Child(pipeline->get(), "clock");
  if (auto set = SetPattern(source.get(), spec.pattern); !set) return set;
  g_object_set(Child(pipeline->get(), "file").get(), "location", file.c_str(), nullptr);
  if (const auto label = Child(pipeline->get(), "label")) {
    g_object_set(label.get(), "text", spec.name.c_str(), nullptr);
  }
  Painter painter{{}, spec.fps, clock.get()};
  gst_video_info_set_format(&painter.info, GST_VIDEO_FORMAT_I420, guint(spec.width),
                            guint(spec.height));
  const GstPtr<GstPad> pad(gst_element_get_static_pad(source.get(), "src"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER,
                    spec.kind == ClipKind::kScene ? SetClockText : PaintBarCode, &painter, nullptr);
  return RunToEnd(pipeline->get());
}

Status EncodeAudio(AudioCodec codec, int seconds, const std::filesystem::path& file) {
  const char* encoder = codec == AudioCodec::kPcmu ? "mulawenc" : "alawenc";
  std::string coding = encoder;
  if (codec == AudioCodec::kAac) {
    encoder = FirstInstalled({"avenc_aac", "voaacenc"});
    coding = Concat(encoder, " bitrate=32000 ! aacparse ! audio/mpeg,stream-format=adts");
  }
  auto ok = RequireElements({"audiotestsrc", "audioconvert", "aacparse", encoder});
  if (!ok) return ok;
  const int rate = AudioRate(codec);
  auto pipeline = ParsePipeline(Concat(
      "audiotestsrc wave=ticks freq=880 sine-periods-per-tick=40 volume=0.1 num-buffers=", seconds,
      " samplesperbuffer=", rate, " ! audio/x-raw,channels=1,rate=", rate, " ! audioconvert ! ",
      coding, " ! filesink name=file"));
  if (!pipeline) return Fail(pipeline.error());
  g_object_set(Child(pipeline->get(), "file").get(), "location", file.c_str(), nullptr);
  return RunToEnd(pipeline->get());
}

}  // namespace ronin::demo
