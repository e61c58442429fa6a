// SPDX-License-Identifier: MIT
#include "demo/clip_encoder.h"

#include "base/text.h"
#include "demo/clip_painter.h"
#include "demo/elements.h"
#include "demo/scene.h"

namespace ronin::demo {
namespace {

std::string EncoderText(const ClipSpec& spec) {
  if (spec.video == VideoCodec::kH264) {
    const char* order =
        spec.reordered ? "bframes=2 b-adapt=false b-pyramid=false " : "bframes=0 tune=zerolatency ";
    return Concat("x264enc threads=1 aud=true byte-stream=true speed-preset=superfast ", order,
                  "key-int-max=", spec.gop(), " bitrate=", spec.kbit,
                  " option-string=scenecut=0:min-keyint=", spec.gop(), ":open-gop=0 ! ",
                  "video/x-h264,profile=main,stream-format=byte-stream,alignment=au");
  }
  // Not repeat-headers=1: the element (1.22) then puts uninitialised bytes into its first buffer.
  return Concat("x265enc speed-preset=ultrafast tune=zerolatency key-int-max=", spec.gop(),
                " bitrate=", spec.kbit, " option-string=info=0:bframes=0:",
                "scenecut=0:open-gop=0:pools=1:frame-threads=1:min-keyint=", spec.gop(),
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
  if (spec.gop_s < 1 || spec.seconds % spec.gop_s != 0) return bad("clip: not of whole GOPs");
  if (spec.reordered && (spec.video != VideoCodec::kH264 || spec.gop() % 3 != 1)) {
    return bad("clip: B-frames need H.264 and GOPs of 3 n + 1 pictures");
  }
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

/// A tick begins each buffer of a second, and audiotestsrc (seen in 1.22.0) leaves its first sample
/// as the memory was: avenc_aac never ends when that is no number.
GstPadProbeReturn SilenceFirstSample(GstPad*, GstPadProbeInfo* probe, gpointer) noexcept {
  GstBuffer* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(probe));
  GST_PAD_PROBE_INFO_DATA(probe) = buffer;
  gst_buffer_memset(buffer, 0, 0, sizeof(int16_t));
  return GST_PAD_PROBE_OK;
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
  const bool place = spec.kind == ClipKind::kScene && IsPlace(spec.pattern);
  if (auto set = SetPattern(source.get(), place ? "black" : spec.pattern); !set) return set;
  g_object_set(Child(pipeline->get(), "file").get(), "location", file.c_str(), nullptr);
  if (const auto label = Child(pipeline->get(), "label")) {
    g_object_set(label.get(), "text", spec.name.c_str(), nullptr);
  }
  const ClipPainter painter(spec, source.get(), clock.get());
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
      "audiotestsrc name=source wave=ticks freq=880 sine-periods-per-tick=40 volume=0.1 "
      "num-buffers=",
      seconds, " samplesperbuffer=", rate, " ! audio/x-raw,format=S16LE,channels=1,rate=", rate,
      " ! audioconvert ! ", coding, " ! filesink name=file"));
  if (!pipeline) return Fail(pipeline.error());
  const auto source = Child(pipeline->get(), "source");
  const GstPtr<GstPad> pad(gst_element_get_static_pad(source.get(), "src"));
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, SilenceFirstSample, nullptr, nullptr);
  g_object_set(Child(pipeline->get(), "file").get(), "location", file.c_str(), nullptr);
  return RunToEnd(pipeline->get());
}

}  // namespace ronin::demo
