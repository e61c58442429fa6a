// SPDX-License-Identifier: MIT
/**
 * SECTION:element-ronincmafmux
 * @title: ronincmafmux
 * @short_description: H.264/H.265/AV1 with AAC/Opus to fragmented MP4, a buffer for each fragment
 *
 * Makes an init segment (`ftyp moov`) and then fragments (`[prft] moof mdat`) with all tracks in
 * one `moof`. A new fragment begins at each keyframe, and before one would last longer than
 * #ronincmafmux:fragment-duration; with 0 each frame is a fragment of its own, whose duration is
 * that of the frame before, and the next `tfdt` puts it right.
 *
 * It works in the streaming thread that brings the data and waits for no track: fragments follow
 * the video, audio joins the fragment that lasts when it comes. Only the first init segment waits
 * for an audio pad that was requested and has no caps yet, for #ronincmafmux:audio-wait of video.
 * Audio that begins or changes later comes in with an init segment of its own at the next keyframe;
 * until then it is dropped. Audio that ends leaves the video alone. Audio from before the first
 * video frame is left out.
 *
 * Output: one buffer for each init segment (flag HEADER; also in the caps, as `streamheader`) and
 * for each fragment; MARKER on those that begin with a keyframe, DELTA_UNIT on the others unless
 * #ronincmafmux:delta-units is off, RESYNC on those that begin behind a jump in time. With
 * #ronincmafmux:delta-units off a `free` box (HEADER) follows each fragment: splitmuxsink, which
 * holds back what may be a whole GOP, then holds back that. PTS is the
 * running time of the first frame in decoding order and never goes back. Up to 14 pieces of video
 * memory are passed by reference; audio, which is small, is copied in behind the headers.
 *
 * Time inside the fragments is 64 bit on one axis for all tracks: UTC since 1970 where frames carry
 * a #GstReferenceTimestampMeta `timestamp/x-unix` (then there is a `prft` at each keyframe),
 * running time where not. Decode times are made from presentation times, see decode_times.h.
 *
 * |[
 * gst-launch-1.0 -e videotestsrc num-buffers=60 ! x264enc key-int-max=15 ! h264parse ! ronincmafmux ! filesink location=clip.mp4
 * ]|
 *
 * Since: 0.2
 */
#include "gstronincmafmux.h"

#include <atomic>
#include <cstring>
#include <mutex>

#include "fragmenter.h"

GST_DEBUG_CATEGORY_STATIC(ronin_cmaf_mux_debug);
#define GST_CAT_DEFAULT ronin_cmaf_mux_debug

namespace {

enum { PROP_0, PROP_FRAGMENT_DURATION, PROP_AUDIO_WAIT, PROP_DELTA_UNITS, PROP_AUDIO_DROPPED };

constexpr guint64 kDefaultDuration = 200'000'000;
constexpr guint64 kDefaultAudioWait = 1'000'000'000;

GstStaticPadTemplate video_template = GST_STATIC_PAD_TEMPLATE(
    "video_%u", GST_PAD_SINK, GST_PAD_REQUEST,
    GST_STATIC_CAPS("video/x-h264, stream-format=(string)avc, alignment=(string)au; "
                    "video/x-h265, stream-format=(string)hvc1, alignment=(string)au; "
                    "video/x-av1, stream-format=(string)obu-stream, alignment=(string)tu"));

GstStaticPadTemplate audio_template =
    GST_STATIC_PAD_TEMPLATE("audio_%u", GST_PAD_SINK, GST_PAD_REQUEST,
                            GST_STATIC_CAPS("audio/mpeg, mpegversion=(int)4, "
                                            "stream-format=(string)raw; "
                                            "audio/x-opus, channel-mapping-family=(int)0"));

GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS,
                            GST_STATIC_CAPS("video/quicktime, variant=(string)iso-fragmented"));

}  // namespace

struct GstRoninCmafMuxPrivate {
  /// Held by whoever brings data, while fragments are made and pushed, so that they stay in order.
  /// Taken before nothing else; downstream must not call back in.
  std::mutex stream;
  ronin_plugin::Fragmenter fragmenter;  // under `stream`
  bool started = false;                 // under `stream`: stream-start was sent
  bool ended = false;                   // under `stream`: EOS was sent
  GstFlowReturn flow = GST_FLOW_OK;     // under `stream`: what downstream said last

  std::mutex pads;  // guards the two below; never taken inside `stream`'s pushes
  GstPad* video = nullptr;
  GstPad* audio = nullptr;

  std::atomic<guint64> audio_dropped{0};
  guint64 fragment_duration = kDefaultDuration;  // under the object lock
  guint64 audio_wait = kDefaultAudioWait;        // under the object lock
  gboolean delta_units = TRUE;                   // under the object lock
};

struct _GstRoninCmafMux {
  GstElement parent;
  GstPad* src;
  GstRoninCmafMuxPrivate* priv;
};

G_DEFINE_TYPE(GstRoninCmafMux, gst_ronin_cmaf_mux, GST_TYPE_ELEMENT)
GST_ELEMENT_REGISTER_DEFINE(ronincmafmux, "ronincmafmux", GST_RANK_NONE, GST_TYPE_RONIN_CMAF_MUX)

static bool is_video(GstPad* pad) { return g_str_has_prefix(GST_PAD_NAME(pad), "video") != FALSE; }

/// The running time of a buffer, or nothing when it carries no time.
static std::optional<int64_t> running_time(GstPad* pad, GstClockTime time) {
  if (!GST_CLOCK_TIME_IS_VALID(time)) return std::nullopt;
  std::optional<int64_t> out;
  GstEvent* event = gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0);
  if (event == nullptr) return int64_t(time);
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event, &segment);
  guint64 running = 0;
  const int sign = gst_segment_to_running_time_full(segment, GST_FORMAT_TIME, time, &running);
  if (sign != 0) out = sign * int64_t(running);
  gst_event_unref(event);
  return out;
}

static std::optional<int64_t> utc_of(GstBuffer* buffer) {
  static GstStaticCaps unix_time = GST_STATIC_CAPS("timestamp/x-unix");
  GstCaps* caps = gst_static_caps_get(&unix_time);
  const auto* meta = gst_buffer_get_reference_timestamp_meta(buffer, caps);
  gst_caps_unref(caps);
  if (meta == nullptr) return std::nullopt;
  return int64_t(meta->timestamp);
}

/// Before the first output: who we are and on which time axis.
static void start_stream(GstRoninCmafMux* self, GstPad* from) {
  if (self->priv->started) return;
  self->priv->started = true;
  gchar* id = gst_pad_get_stream_id(from);
  gst_pad_push_event(self->src, gst_event_new_stream_start(id != nullptr ? id : "ronincmafmux"));
  g_free(id);
}

static void announce(GstRoninCmafMux* self, GstPad* from, GstBuffer* init) {
  start_stream(self, from);
  GstCaps* caps =
      gst_caps_new_simple("video/quicktime", "variant", G_TYPE_STRING, "iso-fragmented", nullptr);
  GValue headers = G_VALUE_INIT;
  GValue header = G_VALUE_INIT;
  g_value_init(&headers, GST_TYPE_ARRAY);
  g_value_init(&header, GST_TYPE_BUFFER);
  gst_value_set_buffer(&header, init);
  gst_value_array_append_and_take_value(&headers, &header);
  gst_structure_take_value(gst_caps_get_structure(caps, 0), "streamheader", &headers);
  gst_pad_push_event(self->src, gst_event_new_caps(caps));
  gst_caps_unref(caps);
  GstEvent* had = gst_pad_get_sticky_event(self->src, GST_EVENT_SEGMENT, 0);
  if (had != nullptr) {
    gst_event_unref(had);
    return;
  }
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_pad_push_event(self->src, gst_event_new_segment(&segment));
}

/// Pushes what is ready. `stream` is held.
static GstFlowReturn push_ready(GstRoninCmafMux* self, GstPad* from) {
  auto& priv = *self->priv;
  priv.audio_dropped = priv.fragmenter.audio_dropped();
  while (auto output = priv.fragmenter.Take()) {
    if (priv.flow != GST_FLOW_OK) {
      gst_buffer_unref(output->buffer);
      continue;
    }
    if (output->init) announce(self, from, output->buffer);
    priv.flow = gst_pad_push(self->src, output->buffer);
  }
  return priv.flow;
}

static GstFlowReturn gst_ronin_cmaf_mux_chain(GstPad* pad, GstObject* parent, GstBuffer* buffer) {
  auto* self = GST_RONIN_CMAF_MUX(parent);
  const auto pts = running_time(
      pad, GST_BUFFER_PTS_IS_VALID(buffer) ? GST_BUFFER_PTS(buffer) : GST_BUFFER_DTS(buffer));
  // Over RTP the two are the same, whatever the order of the frames.
  auto dts = running_time(pad, GST_BUFFER_DTS(buffer));
  if (dts && dts >= pts) dts.reset();
  std::lock_guard lock(self->priv->stream);
  if (!pts || self->priv->ended) {
    GST_WARNING_OBJECT(pad, "a frame without a time cannot be stored");
    gst_buffer_unref(buffer);
    return self->priv->ended ? GST_FLOW_EOS : GST_FLOW_OK;
  }
  if (is_video(pad)) {
    self->priv->fragmenter.Video(
        {.buffer = buffer,
         .pts = *pts,
         .keyframe = GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT) == FALSE,
         .dts = dts,
         .resync = GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_RESYNC) != FALSE,
         .utc_ns = utc_of(buffer)});
  } else {
    self->priv->fragmenter.Audio(
        {.buffer = buffer,
         .pts = *pts,
         .duration_ns = GST_BUFFER_DURATION_IS_VALID(buffer) ? GST_BUFFER_DURATION(buffer) : 0});
  }
  return push_ready(self, pad);
}

static gboolean take_caps(GstRoninCmafMux* self, GstPad* pad, const GstCaps* caps) {
  const auto track = ronin_plugin::TrackFromCaps(caps);
  if (!track) {
    GST_WARNING_OBJECT(pad, "caps that cannot be stored: %s",
                       gst_structure_get_name(gst_caps_get_structure(caps, 0)));
    return FALSE;
  }
  std::lock_guard lock(self->priv->stream);
  if (is_video(pad)) {
    self->priv->fragmenter.SetVideo(*track);
  } else {
    self->priv->fragmenter.SetAudio(*track);
  }
  push_ready(self, pad);
  return TRUE;
}

static void end_stream(GstRoninCmafMux* self, GstPad* pad) {
  std::lock_guard lock(self->priv->stream);
  if (self->priv->ended) return;
  self->priv->ended = true;
  self->priv->fragmenter.Finish();
  push_ready(self, pad);
  start_stream(self, pad);
  gst_pad_push_event(self->src, gst_event_new_eos());
}

static void flush(GstRoninCmafMux* self) {
  std::lock_guard lock(self->priv->stream);
  self->priv->fragmenter.Flush();
  self->priv->ended = false;
  self->priv->flow = GST_FLOW_OK;
}

static gboolean gst_ronin_cmaf_mux_sink_event(GstPad* pad, GstObject* parent, GstEvent* event) {
  auto* self = GST_RONIN_CMAF_MUX(parent);
  gboolean done = TRUE;
  switch (GST_EVENT_TYPE(event)) {
    case GST_EVENT_CAPS: {
      GstCaps* caps = nullptr;
      gst_event_parse_caps(event, &caps);
      done = take_caps(self, pad, caps);
      break;
    }
    case GST_EVENT_EOS:
      // The video is what the file is about; audio may end before it.
      if (is_video(pad)) {
        end_stream(self, pad);
      } else {
        std::lock_guard lock(self->priv->stream);
        self->priv->fragmenter.ExpectAudio(false);
      }
      break;
    case GST_EVENT_FLUSH_STOP:
      if (is_video(pad)) flush(self);
      [[fallthrough]];
    case GST_EVENT_FLUSH_START:
      if (is_video(pad)) return gst_pad_event_default(pad, parent, event);
      break;
    default:  // stream-start and segment are our own; tags, gaps and the rest mean nothing here
      break;
  }
  gst_event_unref(event);
  return done;
}

static GstPad* gst_ronin_cmaf_mux_request_new_pad(GstElement* element, GstPadTemplate* templ,
                                                  const gchar*, const GstCaps*) {
  auto* self = GST_RONIN_CMAF_MUX(element);
  auto& priv = *self->priv;
  const bool video = std::strcmp(GST_PAD_TEMPLATE_NAME_TEMPLATE(templ), "video_%u") == 0;
  std::unique_lock lock(priv.pads);
  GstPad*& slot = video ? priv.video : priv.audio;
  if (slot != nullptr) return nullptr;  // one track of each kind
  GstPad* pad = gst_pad_new_from_template(templ, video ? "video_0" : "audio_0");
  slot = pad;
  lock.unlock();
  gst_pad_set_chain_function(pad, gst_ronin_cmaf_mux_chain);
  gst_pad_set_event_function(pad, gst_ronin_cmaf_mux_sink_event);
  if (!video) {
    std::lock_guard stream(priv.stream);
    priv.fragmenter.ExpectAudio(true);
  }
  gst_pad_set_active(pad, TRUE);
  gst_element_add_pad(element, pad);
  return pad;
}

static void gst_ronin_cmaf_mux_release_pad(GstElement* element, GstPad* pad) {
  auto& priv = *GST_RONIN_CMAF_MUX(element)->priv;
  {
    std::lock_guard lock(priv.pads);
    if (priv.video == pad) priv.video = nullptr;
    if (priv.audio == pad) priv.audio = nullptr;
  }
  if (!is_video(pad)) {
    std::lock_guard stream(priv.stream);
    priv.fragmenter.ExpectAudio(false);
  }
  gst_pad_set_active(pad, FALSE);
  gst_element_remove_pad(element, pad);
}

static GstStateChangeReturn gst_ronin_cmaf_mux_change_state(GstElement* element,
                                                            GstStateChange change) {
  auto* self = GST_RONIN_CMAF_MUX(element);
  if (change == GST_STATE_CHANGE_READY_TO_PAUSED) {
    GST_OBJECT_LOCK(self);
    const ronin_plugin::Fragmenter::Settings settings{
        self->priv->fragment_duration, self->priv->delta_units != FALSE, self->priv->audio_wait};
    GST_OBJECT_UNLOCK(self);
    std::lock_guard lock(self->priv->stream);
    self->priv->fragmenter.Configure(settings);
  }
  const auto result =
      GST_ELEMENT_CLASS(gst_ronin_cmaf_mux_parent_class)->change_state(element, change);
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY) {
    std::lock_guard lock(self->priv->stream);
    self->priv->fragmenter.Reset();
    self->priv->started = self->priv->ended = false;
    self->priv->flow = GST_FLOW_OK;
  }
  return result;
}

static void gst_ronin_cmaf_mux_set_property(GObject* object, guint id, const GValue* value,
                                            GParamSpec* pspec) {
  auto* self = GST_RONIN_CMAF_MUX(object);
  GST_OBJECT_LOCK(self);
  switch (id) {
    case PROP_FRAGMENT_DURATION:
      self->priv->fragment_duration = g_value_get_uint64(value);
      break;
    case PROP_AUDIO_WAIT:
      self->priv->audio_wait = g_value_get_uint64(value);
      break;
    case PROP_DELTA_UNITS:
      self->priv->delta_units = g_value_get_boolean(value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
  GST_OBJECT_UNLOCK(self);
}

static void gst_ronin_cmaf_mux_get_property(GObject* object, guint id, GValue* value,
                                            GParamSpec* pspec) {
  auto* self = GST_RONIN_CMAF_MUX(object);
  if (id == PROP_AUDIO_DROPPED) {
    g_value_set_uint64(value, self->priv->audio_dropped);
    return;
  }
  GST_OBJECT_LOCK(self);
  switch (id) {
    case PROP_FRAGMENT_DURATION:
      g_value_set_uint64(value, self->priv->fragment_duration);
      break;
    case PROP_AUDIO_WAIT:
      g_value_set_uint64(value, self->priv->audio_wait);
      break;
    case PROP_DELTA_UNITS:
      g_value_set_boolean(value, self->priv->delta_units);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
  GST_OBJECT_UNLOCK(self);
}

static void gst_ronin_cmaf_mux_init(GstRoninCmafMux* self) {
  self->priv = new GstRoninCmafMuxPrivate();
  self->src = gst_pad_new_from_static_template(&src_template, "src");
  gst_pad_use_fixed_caps(self->src);
  gst_element_add_pad(GST_ELEMENT(self), self->src);
}

static void gst_ronin_cmaf_mux_finalize(GObject* object) {
  delete GST_RONIN_CMAF_MUX(object)->priv;
  G_OBJECT_CLASS(gst_ronin_cmaf_mux_parent_class)->finalize(object);
}

static void install_properties(GObjectClass* klass) {
  const auto both =
      GParamFlags(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
  g_object_class_install_property(
      klass, PROP_FRAGMENT_DURATION,
      g_param_spec_uint64("fragment-duration", "Fragment duration",
                          "Longest fragment in ns, of several frames (0 = one for each frame)", 0,
                          60'000'000'000, kDefaultDuration, both));
  g_object_class_install_property(
      klass, PROP_AUDIO_WAIT,
      g_param_spec_uint64("audio-wait", "Audio wait",
                          "How much video, in ns, the first init segment waits for an audio pad "
                          "without caps",
                          0, 60'000'000'000, kDefaultAudioWait, both));
  g_object_class_install_property(
      klass, PROP_DELTA_UNITS,
      g_param_spec_boolean(
          "delta-units", "Delta units",
          "Mark fragments that do not begin with a keyframe as DELTA_UNIT; without, "
          "splitmuxsink holds back nothing instead of a GOP, and who uses it "
          "says where files may end",
          TRUE, both));
  g_object_class_install_property(
      klass, PROP_AUDIO_DROPPED,
      g_param_spec_uint64("audio-dropped", "Audio dropped", "Audio frames that could not be stored",
                          0, G_MAXUINT64, 0,
                          GParamFlags(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
}

static void gst_ronin_cmaf_mux_class_init(GstRoninCmafMuxClass* klass) {
  auto* object_class = G_OBJECT_CLASS(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  GST_DEBUG_CATEGORY_INIT(ronin_cmaf_mux_debug, "ronincmafmux", 0, "fragmented MP4 muxer");

  object_class->set_property = gst_ronin_cmaf_mux_set_property;
  object_class->get_property = gst_ronin_cmaf_mux_get_property;
  object_class->finalize = gst_ronin_cmaf_mux_finalize;
  install_properties(object_class);

  gst_element_class_add_static_pad_template(element_class, &video_template);
  gst_element_class_add_static_pad_template(element_class, &audio_template);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(element_class, "RoninNVR fragmenting muxer", "Codec/Muxer",
                                        "Makes fragmented MP4, a buffer for each fragment",
                                        "The RoninNVR developers");
  element_class->request_new_pad = gst_ronin_cmaf_mux_request_new_pad;
  element_class->release_pad = gst_ronin_cmaf_mux_release_pad;
  element_class->change_state = gst_ronin_cmaf_mux_change_state;
}
