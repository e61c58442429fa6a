// SPDX-License-Identifier: MIT
/**
 * SECTION:element-roninfragmux
 * @title: roninfragmux
 * @short_description: the "muxer" that lets splitmuxsink switch files between finished fragments
 *
 * Takes the output of #ronincmafmux and makes files of it: first the header, which is the init
 * segment of the caps with a box that says whose file it is, then the fragments with their times
 * moved so that the file begins at 0. The header is written once, whatever comes.
 *
 * Changed caps (another picture size, other parameter sets, an audio track that came) are refused,
 * on which splitmuxsink ends the file and begins another. A file's state ends with READY.
 *
 * Fragments pass by reference; only their heads (some hundred bytes and the audio) are copied.
 *
 * |[
 * gst-launch-1.0 -e videotestsrc is-live=true num-buffers=90 ! x264enc key-int-max=15 ! h264parse ! ronincmafmux ! files.video splitmuxsink name=files muxer=roninfragmux sink=roninfilesink max-size-time=1000000000 location=clip-%02d.mp4
 * ]|
 *
 * The source is live, as a camera is: with one that is not, gst-launch-1.0 sometimes does not see
 * the end of splitmuxsink, with any muxer. It goes on to PLAYING while the pipeline still says
 * that it is PAUSED, after which GstBin takes itself for PAUSED and keeps the EOS (GStreamer 1.22).
 *
 * Since: 0.2
 */
#include "gstroninfragmux.h"

#include <optional>

#include "file_header.h"
#include "mp4/moof_view.h"

GST_DEBUG_CATEGORY_STATIC(ronin_frag_mux_debug);
#define GST_CAT_DEFAULT ronin_frag_mux_debug

namespace {

enum { PROP_0, PROP_CAMERA_ID, PROP_CONNECTION, PROP_SUB_STREAM };

GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("video_%u", GST_PAD_SINK, GST_PAD_REQUEST,
                            GST_STATIC_CAPS("video/quicktime, variant=(string)iso-fragmented"));
GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS,
                            GST_STATIC_CAPS("video/quicktime, variant=(string)iso-fragmented"));

}  // namespace

struct GstRoninFragMuxPrivate {
  // Of the file; streaming thread, and state changes while that thread is stopped.
  ronin_plugin::Bytes init;                      ///< empty before the first caps
  std::optional<ronin_plugin::FileTimes> times;  ///< of that init segment
  bool begun = false;                            ///< the header was written

  // Under the object lock.
  ronin_plugin::FileOrigin origin;
};

struct _GstRoninFragMux {
  GstElement parent;
  GstPad* src;
  GstPad* sink;  // none before it is requested
  GstRoninFragMuxPrivate* priv;
};

G_DEFINE_TYPE(GstRoninFragMux, gst_ronin_frag_mux, GST_TYPE_ELEMENT)
GST_ELEMENT_REGISTER_DEFINE(roninfragmux, "roninfragmux", GST_RANK_NONE, GST_TYPE_RONIN_FRAG_MUX)

/// The init segment in caps; empty when there is none.
static ronin_plugin::Bytes init_of(const GstCaps* caps) {
  const GstStructure* s = gst_caps_get_structure(caps, 0);
  const GValue* headers = gst_structure_get_value(s, "streamheader");
  if (headers == nullptr || !GST_VALUE_HOLDS_ARRAY(headers) ||
      gst_value_array_get_size(headers) == 0) {
    return {};
  }
  GstBuffer* buffer = gst_value_get_buffer(gst_value_array_get_value(headers, 0));
  GstMapInfo map;
  if (buffer == nullptr || gst_buffer_map(buffer, &map, GST_MAP_READ) == FALSE) return {};
  ronin_plugin::Bytes out(map.data, map.data + map.size);
  gst_buffer_unmap(buffer, &map);
  return out;
}

static gboolean take_caps(GstRoninFragMux* self, const GstCaps* caps) {
  auto& priv = *self->priv;
  const ronin_plugin::Bytes init = init_of(caps);
  if (!priv.init.empty()) return init == priv.init ? TRUE : FALSE;
  priv.times = ronin_plugin::FileTimes::FromInit(init);
  if (!priv.times) {
    GST_WARNING_OBJECT(self, "caps without an init segment: %s",
                       gst_structure_get_name(gst_caps_get_structure(caps, 0)));
    return FALSE;
  }
  priv.init = init;
  GstCaps* out = gst_static_pad_template_get_caps(&src_template);
  gst_pad_push_event(self->src, gst_event_new_caps(out));
  gst_caps_unref(out);
  return TRUE;
}

/// When the first picture was taken, in µs since 1970, if it is known.
static std::optional<int64_t> utc_of(GstBuffer* buffer) {
  static GstStaticCaps unix_time = GST_STATIC_CAPS("timestamp/x-unix");
  GstCaps* caps = gst_static_caps_get(&unix_time);
  const auto* meta = gst_buffer_get_reference_timestamp_meta(buffer, caps);
  gst_caps_unref(caps);
  if (meta == nullptr) return std::nullopt;
  return int64_t(meta->timestamp / 1000);
}

static GstFlowReturn push_header(GstRoninFragMux* self, GstBuffer* first,
                                 const ronin_plugin::MoofView& view) {
  GST_OBJECT_LOCK(self);
  ronin_plugin::FileOrigin origin = self->priv->origin;
  GST_OBJECT_UNLOCK(self);
  // Sound may begin before the picture whose time is known.
  if (const auto picture = utc_of(first)) {
    origin.utc_us = *picture - self->priv->times->FirstPictureMicros(view);
  }
  const auto bytes = ronin_plugin::FileHeader(self->priv->init, origin);
  GstBuffer* header = gst_buffer_new_memdup(bytes.data(), bytes.size());
  GST_BUFFER_FLAG_SET(header, GST_BUFFER_FLAG_HEADER);
  GST_BUFFER_PTS(header) = GST_BUFFER_PTS(first);
  return gst_pad_push(self->src, header);
}

/// The fragment with the file's times; its payload shared with `buffer`, which is taken.
static GstBuffer* moved(GstRoninFragMux* self, GstBuffer* buffer,
                        const ronin_plugin::MoofView& view, const GstMapInfo& head) {
  GstBuffer* out = gst_buffer_new_memdup(head.data, head.size);
  GstMapInfo map;
  if (gst_buffer_map(out, &map, GST_MAP_WRITE) != FALSE) {
    self->priv->times->Patch(view, map.data);
    gst_buffer_unmap(out, &map);
  }
  gst_buffer_copy_into(out, buffer, GST_BUFFER_COPY_METADATA, 0, gsize(-1));
  for (guint i = 1; i < gst_buffer_n_memory(buffer); ++i) {
    gst_buffer_append_memory(out, gst_buffer_get_memory(buffer, i));
  }
  return out;
}

static GstFlowReturn gst_ronin_frag_mux_chain(GstPad*, GstObject* parent, GstBuffer* buffer) {
  auto* self = GST_RONIN_FRAG_MUX(parent);
  auto& priv = *self->priv;
  if (GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_HEADER)) {  // it is in the caps as well
    gst_buffer_unref(buffer);
    return GST_FLOW_OK;
  }
  GstMemory* memory = gst_buffer_n_memory(buffer) > 0 ? gst_buffer_peek_memory(buffer, 0) : nullptr;
  GstMapInfo head;
  if (!priv.times || memory == nullptr || gst_memory_map(memory, &head, GST_MAP_READ) == FALSE) {
    gst_buffer_unref(buffer);
    return priv.times ? GST_FLOW_OK : GST_FLOW_NOT_NEGOTIATED;
  }
  const auto view = ronin_plugin::MoofView::Read(head.data, head.size);
  if (!view) {
    gst_memory_unmap(memory, &head);
    gst_buffer_unref(buffer);
    GST_ELEMENT_ERROR(self, STREAM, FORMAT, ("What came is no fragment of ronincmafmux."),
                      (nullptr));
    return GST_FLOW_ERROR;
  }
  GstFlowReturn flow = GST_FLOW_OK;
  if (!priv.begun) {
    priv.begun = true;
    priv.times->Begin(*view);
    flow = push_header(self, buffer, *view);
  }
  GstBuffer* out = flow == GST_FLOW_OK ? moved(self, buffer, *view, head) : nullptr;
  gst_memory_unmap(memory, &head);
  gst_buffer_unref(buffer);
  return out != nullptr ? gst_pad_push(self->src, out) : flow;
}

static gboolean gst_ronin_frag_mux_sink_event(GstPad* pad, GstObject* parent, GstEvent* event) {
  auto* self = GST_RONIN_FRAG_MUX(parent);
  if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return gst_pad_event_default(pad, parent, event);
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  const gboolean taken = take_caps(self, caps);
  gst_event_unref(event);
  return taken;
}

static GstPad* gst_ronin_frag_mux_request_new_pad(GstElement* element, GstPadTemplate* templ,
                                                  const gchar* name, const GstCaps*) {
  auto* self = GST_RONIN_FRAG_MUX(element);
  if (self->sink != nullptr) return nullptr;
  self->sink = gst_pad_new_from_template(templ, name != nullptr ? name : "video_0");
  gst_pad_set_chain_function(self->sink, gst_ronin_frag_mux_chain);
  gst_pad_set_event_function(self->sink, gst_ronin_frag_mux_sink_event);
  gst_pad_set_active(self->sink, TRUE);
  gst_element_add_pad(element, self->sink);
  return self->sink;
}

static void gst_ronin_frag_mux_release_pad(GstElement* element, GstPad* pad) {
  auto* self = GST_RONIN_FRAG_MUX(element);
  if (self->sink == pad) self->sink = nullptr;
  gst_pad_set_active(pad, FALSE);
  gst_element_remove_pad(element, pad);
}

static GstStateChangeReturn gst_ronin_frag_mux_change_state(GstElement* element,
                                                            GstStateChange change) {
  const auto result =
      GST_ELEMENT_CLASS(gst_ronin_frag_mux_parent_class)->change_state(element, change);
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY) {
    auto& priv = *GST_RONIN_FRAG_MUX(element)->priv;
    priv.init.clear();
    priv.times.reset();
    priv.begun = false;
  }
  return result;
}

static void gst_ronin_frag_mux_set_property(GObject* object, guint id, const GValue* value,
                                            GParamSpec* pspec) {
  auto* self = GST_RONIN_FRAG_MUX(object);
  auto& origin = self->priv->origin;
  GST_OBJECT_LOCK(self);
  switch (id) {
    case PROP_CAMERA_ID: {
      const gchar* text = g_value_get_string(value);
      const auto uuid = ronin_plugin::ParseUuid(text != nullptr ? text : "");
      origin.camera = uuid.value_or(decltype(origin.camera){});
      break;
    }
    case PROP_CONNECTION:
      origin.connection = g_value_get_uint64(value);
      break;
    case PROP_SUB_STREAM:
      origin.sub_stream = g_value_get_boolean(value) != FALSE;
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
  GST_OBJECT_UNLOCK(self);
}

static void gst_ronin_frag_mux_init(GstRoninFragMux* self) {
  self->priv = new GstRoninFragMuxPrivate();
  self->sink = nullptr;
  self->src = gst_pad_new_from_static_template(&src_template, "src");
  gst_pad_use_fixed_caps(self->src);
  gst_element_add_pad(GST_ELEMENT(self), self->src);
}

static void gst_ronin_frag_mux_finalize(GObject* object) {
  delete GST_RONIN_FRAG_MUX(object)->priv;
  G_OBJECT_CLASS(gst_ronin_frag_mux_parent_class)->finalize(object);
}

static void install_properties(GObjectClass* klass) {
  const auto set = GParamFlags(G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
  g_object_class_install_property(
      klass, PROP_CAMERA_ID,
      g_param_spec_string("camera-id", "Camera", "UUID of the camera, for the file's header", "",
                          set));
  g_object_class_install_property(
      klass, PROP_CONNECTION,
      g_param_spec_uint64("connection", "Connection",
                          "Which connection of the camera, for the file's header; RoninNVR "
                          "says when it began, in microseconds since 1970 (0 = not said)",
                          0, G_MAXUINT64, 0, set));
  g_object_class_install_property(
      klass, PROP_SUB_STREAM,
      g_param_spec_boolean("sub-stream", "Sub stream", "It is the camera's second stream", FALSE,
                           set));
}

static void gst_ronin_frag_mux_class_init(GstRoninFragMuxClass* klass) {
  auto* object_class = G_OBJECT_CLASS(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  GST_DEBUG_CATEGORY_INIT(ronin_frag_mux_debug, "roninfragmux", 0, "files out of fragments");

  object_class->set_property = gst_ronin_frag_mux_set_property;
  object_class->finalize = gst_ronin_frag_mux_finalize;
  install_properties(object_class);

  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(element_class, "RoninNVR fragment muxer", "Codec/Muxer",
                                        "Makes files out of finished MP4 fragments",
                                        "The RoninNVR developers");
  element_class->request_new_pad = gst_ronin_frag_mux_request_new_pad;
  element_class->release_pad = gst_ronin_frag_mux_release_pad;
  element_class->change_state = gst_ronin_frag_mux_change_state;
}
