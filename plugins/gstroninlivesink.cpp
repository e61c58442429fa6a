// SPDX-License-Identifier: MIT
/**
 * SECTION:element-roninlivesink
 * @title: roninlivesink
 * @short_description: hands fragmented MP4 to its owner, piece by piece
 *
 * The end of a live view: takes what `ronincmafmux fragment-duration=0` makes and gives it away as
 * it is, init segments by #GstRoninLiveSink::init and chunks (a fragment of one frame) by
 * #GstRoninLiveSink::chunk. Both are called on the streaming thread, in order; a chunk comes after
 * the init segment that it needs, and what comes before any is discarded. What is neither, such as
 * `free` boxes, is left out.
 *
 * It has no clock and no preroll: buffers are given away in PAUSED as in PLAYING, at once, so it
 * changes its state at once, too, and never holds up who brings them. What waits, and how much of
 * it, is its owner's affair, who must not block either.
 *
 * Cost: none; buffers are lent by reference, without a copy. No thread, no latency.
 *
 * |[
 * gst-launch-1.0 -e videotestsrc num-buffers=60 ! x264enc key-int-max=15 ! h264parse ! ronincmafmux fragment-duration=0 ! roninlivesink
 * ]|
 *
 * Since: 0.3
 */
#include "gstroninlivesink.h"

#include <atomic>
#include <cstring>

GST_DEBUG_CATEGORY_STATIC(ronin_live_sink_debug);
#define GST_CAT_DEFAULT ronin_live_sink_debug

namespace {

enum { PROP_0, PROP_CHUNKS };
enum { SIGNAL_INIT, SIGNAL_CHUNK, SIGNALS };

guint signals[SIGNALS];

GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
                            GST_STATIC_CAPS("video/quicktime, variant=(string)iso-fragmented"));

}  // namespace

struct _GstRoninLiveSink {
  GstElement parent;
  gboolean begun;                ///< streaming thread: an init segment has come
  std::atomic<guint64>* chunks;  ///< owned: given away since PAUSED
};

G_DEFINE_TYPE(GstRoninLiveSink, gst_ronin_live_sink, GST_TYPE_ELEMENT)
GST_ELEMENT_REGISTER_DEFINE(roninlivesink, "roninlivesink", GST_RANK_NONE, GST_TYPE_RONIN_LIVE_SINK)

/// The four letters of the buffer's first box.
static bool begins_with(GstBuffer* buffer, const char* type) {
  char letters[4];
  return gst_buffer_extract(buffer, 4, letters, sizeof letters) == sizeof letters &&
         std::memcmp(letters, type, sizeof letters) == 0;
}

static GstFlowReturn gst_ronin_live_sink_chain(GstPad*, GstObject* parent, GstBuffer* buffer) {
  auto* self = GST_RONIN_LIVE_SINK(parent);
  if (GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_HEADER) != FALSE) {
    if (begins_with(buffer, "ftyp")) {
      self->begun = TRUE;
      g_signal_emit(self, signals[SIGNAL_INIT], 0, buffer);
    }
  } else if (self->begun != FALSE) {
    ++*self->chunks;
    g_signal_emit(self, signals[SIGNAL_CHUNK], 0, buffer);
  } else {
    GST_WARNING_OBJECT(self, "a chunk before any init segment is left out");
  }
  gst_buffer_unref(buffer);
  return GST_FLOW_OK;
}

static gboolean gst_ronin_live_sink_event(GstPad*, GstObject* parent, GstEvent* event) {
  if (GST_EVENT_TYPE(event) == GST_EVENT_EOS) {
    GstMessage* message = gst_message_new_eos(parent);
    gst_message_set_seqnum(message, gst_event_get_seqnum(event));
    gst_element_post_message(GST_ELEMENT(parent), message);
  }
  gst_event_unref(event);
  return TRUE;
}

static GstStateChangeReturn gst_ronin_live_sink_change_state(GstElement* element,
                                                             GstStateChange change) {
  auto* self = GST_RONIN_LIVE_SINK(element);
  if (change == GST_STATE_CHANGE_READY_TO_PAUSED) {
    self->begun = FALSE;
    *self->chunks = 0;
  }
  return GST_ELEMENT_CLASS(gst_ronin_live_sink_parent_class)->change_state(element, change);
}

static void gst_ronin_live_sink_get_property(GObject* object, guint id, GValue* value,
                                             GParamSpec* pspec) {
  if (id == PROP_CHUNKS) {
    g_value_set_uint64(value, *GST_RONIN_LIVE_SINK(object)->chunks);
  } else {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void gst_ronin_live_sink_init(GstRoninLiveSink* self) {
  self->chunks = new std::atomic<guint64>(0);
  GstPad* pad = gst_pad_new_from_static_template(&sink_template, "sink");
  gst_pad_set_chain_function(pad, gst_ronin_live_sink_chain);
  gst_pad_set_event_function(pad, gst_ronin_live_sink_event);
  gst_element_add_pad(GST_ELEMENT(self), pad);
  GST_OBJECT_FLAG_SET(self, GST_ELEMENT_FLAG_SINK);
}

static void gst_ronin_live_sink_finalize(GObject* object) {
  delete GST_RONIN_LIVE_SINK(object)->chunks;
  G_OBJECT_CLASS(gst_ronin_live_sink_parent_class)->finalize(object);
}

static void gst_ronin_live_sink_class_init(GstRoninLiveSinkClass* klass) {
  auto* object_class = G_OBJECT_CLASS(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  GST_DEBUG_CATEGORY_INIT(ronin_live_sink_debug, "roninlivesink", 0, "the end of a live view");

  object_class->get_property = gst_ronin_live_sink_get_property;
  object_class->finalize = gst_ronin_live_sink_finalize;
  g_object_class_install_property(
      object_class, PROP_CHUNKS,
      g_param_spec_uint64("chunks", "Chunks", "Chunks given away since going to PAUSED (0 = none)",
                          0, G_MAXUINT64, 0,
                          GParamFlags(int(G_PARAM_READABLE) | int(G_PARAM_STATIC_STRINGS))));

  /**
   * GstRoninLiveSink::init:
   * @buffer: (transfer none): `ftyp moov`
   *
   * A stream begins, or goes on as another one. Streaming thread; must not block.
   */
  signals[SIGNAL_INIT] =
      g_signal_new("init", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, nullptr, nullptr,
                   nullptr, G_TYPE_NONE, 1, GST_TYPE_BUFFER | G_SIGNAL_TYPE_STATIC_SCOPE);
  /**
   * GstRoninLiveSink::chunk:
   * @buffer: (transfer none): `[prft] moof mdat`, with the flags and times of ronincmafmux
   *
   * A frame. Streaming thread; must not block.
   */
  signals[SIGNAL_CHUNK] =
      g_signal_new("chunk", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, nullptr, nullptr,
                   nullptr, G_TYPE_NONE, 1, GST_TYPE_BUFFER | G_SIGNAL_TYPE_STATIC_SCOPE);

  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_set_static_metadata(element_class, "RoninNVR live sink", "Sink",
                                        "Hands fragmented MP4 to its owner, piece by piece",
                                        "The RoninNVR developers");
  element_class->change_state = gst_ronin_live_sink_change_state;
}
