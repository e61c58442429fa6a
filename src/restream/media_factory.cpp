// SPDX-License-Identifier: MIT
#include "restream/media_factory.h"

#include <string>
#include <utility>

#include "base/log.h"
#include "base/text.h"

namespace ronin::restream {
namespace {

using namespace std::chrono_literals;

/// Of a media from its making to its end.
struct Media {
  std::shared_ptr<Feed> feed;      // shared with the camera's probes
  std::shared_ptr<Viewer> viewer;  // shared with the feed
  Tracks tracks;
};
using MediaPtr = std::shared_ptr<Media>;

void DropMedia(gpointer data, GClosure*) noexcept { delete static_cast<MediaPtr*>(data); }

bool IsNamed(const GRef<GstCaps>& caps, const char* name) {
  return gst_structure_has_name(gst_caps_get_structure(caps.Get(), 0), name) != FALSE;
}

const char* VideoPayloader(const GRef<GstCaps>& caps) {
  if (IsNamed(caps, "video/x-h264")) return "rtph264pay config-interval=-1";
  if (IsNamed(caps, "video/x-h265")) return "rtph265pay config-interval=-1";
  return nullptr;
}

const char* AudioPayloader(const GRef<GstCaps>& caps) {
  if (IsNamed(caps, "audio/mpeg")) return "rtpmp4gpay";
  if (IsNamed(caps, "audio/x-opus")) return "rtpopuspay";
  return nullptr;
}

std::string SourceText(const char* name, const char* payloader, int index) {
  return Concat("appsrc name=", name, " is-live=true format=time max-bytes=0 ! ", payloader,
                " name=pay", index, " pt=", 96 + index, ' ');
}

GRef<GstElement> Child(GstElement* bin, const char* name) {
  return Adopt(gst_bin_get_by_name(GST_BIN(bin), name));
}

void SetCaps(GstElement* bin, const char* name, const GRef<GstCaps>& caps) {
  if (const auto source = Child(bin, name)) g_object_set(source.Get(), "caps", caps.Get(), nullptr);
}

/// Sources and payloaders for what the stream has now; nullptr: it has nothing.
GstElement* MakeElement(Feed& feed) {
  const auto tracks = feed.Await(0ms);
  const char* video = tracks ? VideoPayloader(tracks->video) : nullptr;
  if (video == nullptr) return nullptr;
  const char* audio = tracks->audio ? AudioPayloader(tracks->audio) : nullptr;
  const std::string text = Concat("( ", SourceText("video", video, 0),
                                  audio != nullptr ? SourceText("audio", audio, 1) : "", ")");
  GErrorPtr error;
  GstElement* out = gst_parse_launch(text.c_str(), Out(error));
  if (out == nullptr) {
    log::Warning("restream", Concat("a stream cannot be sent: ", error ? error->message : ""));
    return nullptr;
  }
  SetCaps(out, "video", tracks->video);
  if (audio != nullptr) SetCaps(out, "audio", tracks->audio);
  return out;
}

/// Makes each sink send at once: frames come when they are due. The property `sync` does not
/// serve, since each PLAY sets it again.
void OnElementAdded(GstBin*, GstBin*, GstElement* element, gpointer) noexcept {
  constexpr gint64 kLongAgo = -G_MAXINT64 / 2;
  if (!GST_OBJECT_FLAG_IS_SET(element, GST_ELEMENT_FLAG_SINK)) return;
  if (g_object_class_find_property(G_OBJECT_GET_CLASS(element), "ts-offset") == nullptr) return;
  g_object_set(element, "ts-offset", kLongAgo, nullptr);
}

/// Packets leave with their true running time, by which rtpbin writes its sender reports.
void SetTrueTime(GstBuffer* packet) {
  const GstClockTime time = GST_BUFFER_PTS(packet);
  if (GST_CLOCK_TIME_IS_VALID(time)) {
    GST_BUFFER_PTS(packet) = time > Viewer::kHead ? time - Viewer::kHead : 0;
  }
}

GstPadProbeReturn OnPackets(GstPad*, GstPadProbeInfo* info, gpointer) noexcept {
  if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0) {
    GstBufferList* list = gst_buffer_list_make_writable(GST_PAD_PROBE_INFO_BUFFER_LIST(info));
    for (guint i = 0; i < gst_buffer_list_length(list); ++i) {
      SetTrueTime(gst_buffer_list_get_writable(list, i));
    }
    GST_PAD_PROBE_INFO_DATA(info) = list;
  } else {
    GstBuffer* packet = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
    SetTrueTime(packet);
    GST_PAD_PROBE_INFO_DATA(info) = packet;
  }
  return GST_PAD_PROBE_OK;
}

/// The payloaders run: now frames are taken. Thread of the source.
void OnNeedData(GstElement* source, guint, gpointer data) noexcept {
  const MediaPtr media = *static_cast<MediaPtr*>(data);
  g_signal_handlers_disconnect_by_func(source, reinterpret_cast<gpointer>(OnNeedData), data);
  media->feed->Attach(media->viewer, media->tracks);
}

void OnUnprepared(GstRTSPMedia*, gpointer data) noexcept {
  const Media& media = **static_cast<MediaPtr*>(data);
  media.feed->Detach(media.viewer.get());
}

/// The connection that is asked on, in its own thread.
GRef<GSocket> CurrentSocket() {
  const GstRTSPContext* context = gst_rtsp_context_get_current();
  if (context == nullptr || context->conn == nullptr) return {};
  return Share(gst_rtsp_connection_get_read_socket(context->conn));
}

void Connect(gpointer instance, const char* signal, GCallback callback, const MediaPtr& media) {
  g_signal_connect_data(instance, signal, callback, new MediaPtr(media), DropMedia,
                        GConnectFlags(0));
}

void Configure(const std::shared_ptr<Feed>& feed, GstRTSPMedia* media) {
  const GRef<GstElement> bin = Adopt(gst_rtsp_media_get_element(media));
  auto video = Child(bin.Get(), "video");
  auto audio = Child(bin.Get(), "audio");
  auto shared = std::make_shared<Media>();
  shared->feed = feed;
  const auto caps_of = [](const GRef<GstElement>& source) {
    GstCaps* caps = nullptr;
    if (source) g_object_get(source.Get(), "caps", &caps, nullptr);
    return caps == nullptr ? GRef<GstCaps>() : Adopt(caps);
  };
  shared->tracks = {.video = caps_of(video), .audio = caps_of(audio)};
  shared->viewer = std::make_shared<Viewer>(video, audio, CurrentSocket(), feed->most_of_viewer());
  for (const char* name : {"pay0", "pay1"}) {
    const auto payloader = Child(bin.Get(), name);
    if (!payloader) continue;
    const GRef<GstPad> pad = Adopt(gst_element_get_static_pad(payloader.Get(), "src"));
    gst_pad_add_probe(pad.Get(),
                      GstPadProbeType(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST),
                      OnPackets, nullptr, nullptr);
  }
  const GRef<GstElement> pipeline =
      Adopt(reinterpret_cast<GstElement*>(gst_object_get_parent(GST_OBJECT(bin.Get()))));
  g_signal_connect(pipeline.Get(), "deep-element-added", G_CALLBACK(OnElementAdded), nullptr);
  Connect(video.Get(), "need-data", G_CALLBACK(OnNeedData), shared);
  Connect(media, "unprepared", G_CALLBACK(OnUnprepared), shared);
}

}  // namespace
}  // namespace ronin::restream

// --- The factory, as GObject wants it
// -------------------------------------------------------------

struct RoninRestreamFactory {
  GstRTSPMediaFactory parent;
  std::shared_ptr<ronin::restream::Feed>* feed;
};

struct RoninRestreamFactoryClass {
  GstRTSPMediaFactoryClass parent;
};

G_DEFINE_TYPE(RoninRestreamFactory, ronin_restream_factory, GST_TYPE_RTSP_MEDIA_FACTORY)

static void ronin_restream_factory_finalize(GObject* object) {
  delete reinterpret_cast<RoninRestreamFactory*>(object)->feed;
  G_OBJECT_CLASS(ronin_restream_factory_parent_class)->finalize(object);
}

static void ronin_restream_factory_class_init(RoninRestreamFactoryClass* type) {
  G_OBJECT_CLASS(type)->finalize = ronin_restream_factory_finalize;
  auto* factory = GST_RTSP_MEDIA_FACTORY_CLASS(type);
  // Not only create_element: without an element, which is no mistake when the camera has just gone,
  // the construct of the library warns of a broken program.
  factory->construct = [](GstRTSPMediaFactory* self, const GstRTSPUrl*) noexcept -> GstRTSPMedia* {
    GstElement* element =
        ronin::restream::MakeElement(**reinterpret_cast<RoninRestreamFactory*>(self)->feed);
    if (element == nullptr) return nullptr;
    GstRTSPMedia* media = gst_rtsp_media_new(element);
    gst_rtsp_media_collect_streams(media);
    GST_RTSP_MEDIA_FACTORY_GET_CLASS(self)->create_pipeline(self, media);
    return media;
  };
  factory->configure = [](GstRTSPMediaFactory* self, GstRTSPMedia* media) noexcept {
    GST_RTSP_MEDIA_FACTORY_CLASS(ronin_restream_factory_parent_class)->configure(self, media);
    ronin::restream::Configure(*reinterpret_cast<RoninRestreamFactory*>(self)->feed, media);
  };
}

static void ronin_restream_factory_init(RoninRestreamFactory* self) {
  self->feed = new std::shared_ptr<ronin::restream::Feed>();
}

namespace ronin::restream {

GRef<GstRTSPMediaFactory> MakeMediaFactory(const std::shared_ptr<Feed>& feed) {
  auto* self =
      static_cast<RoninRestreamFactory*>(g_object_new(ronin_restream_factory_get_type(), nullptr));
  *self->feed = feed;
  auto* factory = GST_RTSP_MEDIA_FACTORY(self);
  gst_rtsp_media_factory_set_shared(factory, FALSE);
  gst_rtsp_media_factory_set_protocols(
      factory, GstRTSPLowerTrans(GST_RTSP_LOWER_TRANS_TCP | GST_RTSP_LOWER_TRANS_UDP));
  gst_rtsp_media_factory_add_role(factory, kViewerRole, GST_RTSP_PERM_MEDIA_FACTORY_ACCESS,
                                  G_TYPE_BOOLEAN, TRUE, GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT,
                                  G_TYPE_BOOLEAN, TRUE, nullptr);
  return Adopt(factory);
}

}  // namespace ronin::restream
