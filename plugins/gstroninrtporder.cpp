// SPDX-License-Identifier: MIT
/**
 * SECTION:element-roninrtporder
 * @title: roninrtporder
 * @short_description: order and times of RTP packets that came by TCP, without a thread
 *
 * Takes the place of rtpjitterbuffer in an rtpbin that gets its packets by TCP: give it to the
 * signal #GstRtpBin::request-jitterbuffer. By TCP nothing is lost or late on its own, so nothing
 * has to be waited for by a timer; what there is to do, it does in the thread that brings the
 * packets. A hand-over for each packet of 1,400 bytes is what rtpjitterbuffer costs most by.
 *
 * Packets get the time at which the first of them came, and from there on what their timestamps
 * say. They leave in the order of their sequence numbers: one that others are missing before waits
 * for these, for 32 packets or 100 ms. Packets with a payload type of unknown clock rate are
 * dropped. RTCP on `sink_rtcp` is discarded: nothing here follows the camera's clock.
 *
 * It asks for caps by a signal `request-pt-map`, as rtpjitterbuffer does, which is how rtpbin knows
 * it. The property `latency` is there because rtpbin sets it; it has no effect.
 *
 * |[
 * gst-launch-1.0 videotestsrc num-buffers=60 ! x264enc ! rtph264pay ! roninrtporder ! rtph264depay ! fakesink
 * ]|
 *
 * Since: 0.2
 */
#include "gstroninrtporder.h"

#include "rtp_order.h"
#include "rtp_time.h"

GST_DEBUG_CATEGORY_STATIC(ronin_rtp_order_debug);
#define GST_CAT_DEFAULT ronin_rtp_order_debug

namespace {

enum { PROP_0, PROP_LATENCY };

guint request_pt_map;  // the signal

constexpr gsize kHeader = 12;

GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
                                                             GST_STATIC_CAPS("application/x-rtp"));
GstStaticPadTemplate rtcp_template = GST_STATIC_PAD_TEMPLATE(
    "sink_rtcp", GST_PAD_SINK, GST_PAD_REQUEST, GST_STATIC_CAPS("application/x-rtcp"));
GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS,
                                                            GST_STATIC_CAPS("application/x-rtp"));

}  // namespace

struct GstRoninRtpOrderPrivate {
  // Of the stream; streaming thread, and state changes while that thread is stopped.
  ronin_plugin::RtpOrder order;
  ronin_plugin::RtpTime time;
  int payload_type = -1;  ///< that `time` has its rate from
  int stray_type = -1;    ///< the last one that nobody knows
  int caps_type = -1;     ///< of the sink's caps; -1: they do not say
  int caps_rate = 0;      ///< the same; 0: they do not say

  // Under the object lock.
  guint latency = 0;
};

struct _GstRoninRtpOrder {
  GstElement parent;
  GstPad* src;
  GstPad* rtcp;  // none before it is requested
  GstRoninRtpOrderPrivate* priv;
};

G_DEFINE_TYPE(GstRoninRtpOrder, gst_ronin_rtp_order, GST_TYPE_ELEMENT)
GST_ELEMENT_REGISTER_DEFINE(roninrtporder, "roninrtporder", GST_RANK_NONE, GST_TYPE_RONIN_RTP_ORDER)

/// Of caps; 0 when they do not say.
static int clock_rate_of(const GstCaps* caps) {
  int rate = 0;
  gst_structure_get_int(gst_caps_get_structure(caps, 0), "clock-rate", &rate);
  return rate;
}

/// Of packets of that type; 0: nobody knows.
static int find_rate(GstRoninRtpOrder* self, int payload_type) {
  const auto& priv = *self->priv;
  GstCaps* caps = nullptr;
  g_signal_emit(self, request_pt_map, 0, guint(payload_type), &caps);
  if (caps == nullptr) {
    return priv.caps_type < 0 || priv.caps_type == payload_type ? priv.caps_rate : 0;
  }
  const int rate = clock_rate_of(caps);
  gst_caps_unref(caps);
  return rate;
}

/// False: it is not of the stream, whose times go on as they are.
static bool follow_type(GstRoninRtpOrder* self, int payload_type) {
  auto& priv = *self->priv;
  if (payload_type == priv.stray_type) return false;
  const int rate = find_rate(self, payload_type);
  if (rate <= 0) {
    priv.stray_type = payload_type;
    GST_WARNING_OBJECT(self, "no clock rate of payload %d", payload_type);
    return false;
  }
  priv.payload_type = payload_type;
  priv.time.SetRate(rate);
  return true;
}

static GstClockTime running_time(GstRoninRtpOrder* self) {
  GstClock* clock = gst_element_get_clock(GST_ELEMENT(self));
  if (clock == nullptr) return 0;
  const GstClockTime now = gst_clock_get_time(clock);
  const GstClockTime base = gst_element_get_base_time(GST_ELEMENT(self));
  gst_object_unref(clock);
  return now > base ? now - base : 0;
}

/// Gives the packet its time and lets it go.
static GstFlowReturn send(GstRoninRtpOrder* self, GstBuffer* buffer) {
  auto& priv = *self->priv;
  guint8 head[kHeader];
  gst_buffer_extract(buffer, 0, head, kHeader);
  const int payload_type = head[1] & 0x7f;
  if (payload_type != priv.payload_type && !follow_type(self, payload_type)) {
    gst_buffer_unref(buffer);
    return GST_FLOW_OK;
  }
  const guint32 stamp = GST_READ_UINT32_BE(head + 4);
  auto time = priv.time.At(stamp);
  if (!time) time = priv.time.Begin(stamp, running_time(self));
  buffer = gst_buffer_make_writable(buffer);
  GST_BUFFER_PTS(buffer) = *time;
  GST_BUFFER_DTS(buffer) = GST_CLOCK_TIME_NONE;
  return gst_pad_push(self->src, buffer);
}

/// All of them, also when one fails: they are owned.
static GstFlowReturn send_all(GstRoninRtpOrder* self, const std::vector<GstBuffer*>& buffers) {
  GstFlowReturn out = GST_FLOW_OK;
  for (GstBuffer* buffer : buffers) {
    const GstFlowReturn flow = send(self, buffer);
    if (out == GST_FLOW_OK) out = flow;
  }
  return out;
}

static GstFlowReturn gst_ronin_rtp_order_chain(GstPad*, GstObject* parent, GstBuffer* buffer) {
  auto* self = GST_RONIN_RTP_ORDER(parent);
  auto& order = self->priv->order;
  guint8 number[2];
  if (gst_buffer_get_size(buffer) < kHeader || gst_buffer_extract(buffer, 2, number, 2) != 2) {
    gst_buffer_unref(buffer);
    return GST_FLOW_OK;
  }
  const guint16 sequence = GST_READ_UINT16_BE(number);
  if (order.IsDue(sequence)) return send(self, buffer);
  return send_all(self, order.Put(sequence, buffer, g_get_monotonic_time()));
}

static GstFlowReturn discard(GstPad*, GstObject*, GstBuffer* buffer) {
  gst_buffer_unref(buffer);
  return GST_FLOW_OK;
}

static gboolean gst_ronin_rtp_order_sink_event(GstPad* pad, GstObject* parent, GstEvent* event) {
  auto* self = GST_RONIN_RTP_ORDER(parent);
  auto& priv = *self->priv;
  switch (GST_EVENT_TYPE(event)) {
    case GST_EVENT_CAPS: {
      GstCaps* caps = nullptr;
      gst_event_parse_caps(event, &caps);
      priv.caps_rate = clock_rate_of(caps);
      priv.caps_type = -1;
      gst_structure_get_int(gst_caps_get_structure(caps, 0), "payload", &priv.caps_type);
      priv.stray_type = -1;
      break;
    }
    case GST_EVENT_EOS:
      send_all(self, priv.order.Flush());
      break;
    case GST_EVENT_FLUSH_STOP:
      priv.order.Reset();
      break;
    default:
      break;
  }
  return gst_pad_event_default(pad, parent, event);
}

static gboolean drop_event(GstPad*, GstObject*, GstEvent* event) {
  gst_event_unref(event);
  return TRUE;
}

static GstPad* gst_ronin_rtp_order_request_new_pad(GstElement* element, GstPadTemplate* templ,
                                                   const gchar*, const GstCaps*) {
  auto* self = GST_RONIN_RTP_ORDER(element);
  if (self->rtcp != nullptr) return nullptr;
  self->rtcp = gst_pad_new_from_template(templ, "sink_rtcp");
  gst_pad_set_chain_function(self->rtcp, discard);
  gst_pad_set_event_function(self->rtcp, drop_event);
  gst_pad_set_active(self->rtcp, TRUE);
  gst_element_add_pad(element, self->rtcp);
  return self->rtcp;
}

static void gst_ronin_rtp_order_release_pad(GstElement* element, GstPad* pad) {
  GST_RONIN_RTP_ORDER(element)->rtcp = nullptr;
  gst_element_remove_pad(element, pad);
}

static GstStateChangeReturn gst_ronin_rtp_order_change_state(GstElement* element,
                                                             GstStateChange change) {
  const auto out =
      GST_ELEMENT_CLASS(gst_ronin_rtp_order_parent_class)->change_state(element, change);
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY) {
    auto& priv = *GST_RONIN_RTP_ORDER(element)->priv;
    priv.order.Reset();
    priv.time = {};
    priv.payload_type = -1;
    priv.stray_type = -1;
  }
  return out;
}

static void gst_ronin_rtp_order_set_property(GObject* object, guint id, const GValue* value,
                                             GParamSpec* spec) {
  auto* self = GST_RONIN_RTP_ORDER(object);
  if (id != PROP_LATENCY) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    return;
  }
  GST_OBJECT_LOCK(self);
  self->priv->latency = g_value_get_uint(value);
  GST_OBJECT_UNLOCK(self);
}

static void gst_ronin_rtp_order_get_property(GObject* object, guint id, GValue* value,
                                             GParamSpec* spec) {
  auto* self = GST_RONIN_RTP_ORDER(object);
  if (id != PROP_LATENCY) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    return;
  }
  GST_OBJECT_LOCK(self);
  g_value_set_uint(value, self->priv->latency);
  GST_OBJECT_UNLOCK(self);
}

static void gst_ronin_rtp_order_finalize(GObject* object) {
  delete GST_RONIN_RTP_ORDER(object)->priv;
  G_OBJECT_CLASS(gst_ronin_rtp_order_parent_class)->finalize(object);
}

static void gst_ronin_rtp_order_class_init(GstRoninRtpOrderClass* klass) {
  auto* object_class = G_OBJECT_CLASS(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  GST_DEBUG_CATEGORY_INIT(ronin_rtp_order_debug, "roninrtporder", 0, "order of RTP packets");
  object_class->set_property = gst_ronin_rtp_order_set_property;
  object_class->get_property = gst_ronin_rtp_order_get_property;
  object_class->finalize = gst_ronin_rtp_order_finalize;
  element_class->request_new_pad = gst_ronin_rtp_order_request_new_pad;
  element_class->release_pad = gst_ronin_rtp_order_release_pad;
  element_class->change_state = gst_ronin_rtp_order_change_state;
  g_object_class_install_property(
      object_class, PROP_LATENCY,
      g_param_spec_uint("latency", "Latency", "no effect; rtpbin sets it (ms)", 0, G_MAXUINT, 0,
                        GParamFlags(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS)));
  request_pt_map = g_signal_new("request-pt-map", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0,
                                nullptr, nullptr, nullptr, GST_TYPE_CAPS, 1, G_TYPE_UINT);
  for (GstStaticPadTemplate* one : {&sink_template, &rtcp_template, &src_template}) {
    gst_element_class_add_static_pad_template(element_class, one);
  }
  gst_element_class_set_static_metadata(
      element_class, "RTP order", "Filter/Network/RTP",
      "Order and times of RTP packets that came by TCP, without a thread", "RoninNVR");
}

static void gst_ronin_rtp_order_init(GstRoninRtpOrder* self) {
  self->priv = new GstRoninRtpOrderPrivate;
  GstPad* sink = gst_pad_new_from_static_template(&sink_template, "sink");
  gst_pad_set_chain_function(sink, gst_ronin_rtp_order_chain);
  gst_pad_set_event_function(sink, gst_ronin_rtp_order_sink_event);
  GST_PAD_SET_PROXY_CAPS(sink);
  gst_element_add_pad(GST_ELEMENT(self), sink);
  self->src = gst_pad_new_from_static_template(&src_template, "src");
  gst_element_add_pad(GST_ELEMENT(self), self->src);
}
