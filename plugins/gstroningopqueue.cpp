// SPDX-License-Identifier: MIT
/**
 * SECTION:element-roningopqueue
 * @title: roningopqueue
 * @short_description: bounded queue that drops whole GOPs and never blocks
 *
 * Stands between a `tee` and a branch, for one track. It never blocks who brings the data: when
 * what waits would exceed a limit, whole GOPs are dropped, the oldest first (of one that has partly
 * left, the rest), and the next buffer out has DISCONT. Where every buffer is a keyframe, as in
 * audio, single buffers are dropped. When one GOP alone is over a limit, it is dropped and
 * everything up to the next keyframe. What comes before the first keyframe is left out silently,
 * because a branch may be joined in the middle of a GOP.
 *
 * What goes wrong downstream ends at this element: after an error, FLUSHING, EOS or NOT_LINKED
 * it accepts and discards what comes, until it is linked anew, flushed, or goes through READY
 * (after NOT_LINKED, a RECONFIGURE event does). A `tee` stops all its branches when one of them
 * returns an error; a recording must not stop because a live view failed, nor the other way round.
 * The element that failed has posted its error; this one only warns when no format was agreed upon,
 * which nobody else might tell. The exception is EOS, which is told upstream, unless keep-gop is
 * set, so that a source ends. Serialized queries (ALLOCATION, DRAIN) would have to wait and are
 * refused; caps are always accepted. Events that are not serialized are handed over to the task,
 * too, and overtake what waits.
 *
 * With `keep-gop` the newest GOP is held, including what has left already. While the source pad is
 * not linked, or downstream failed, only that is held and, before it, what is not older than
 * `keep-time`; nothing counts as dropped. When the pad is linked, the sticky events come first,
 * then what is held, then what follows. Unlinking waits, 100 ms at most, until what is on its way
 * has got to whom it is for. Who needs no more than that turns `keep-gop` off then, so
 * that what has left is not held twice.
 *
 * Element messages:
 *   ronin-frames-dropped frames (uint64), bytes (uint64), start-time and end-time (uint64, ns: PTS
 * range of these frames, the end with the duration of the last if that is known; 2^64-1 when none
 * had a PTS), since-running (uint64, ns of the monotonic clock: when this run of drops began).
 * Posted with the first buffer that is accepted without a drop, at EOS, a flush or the end, and
 * every second while the run lasts; each message counts what no earlier one did. When single
 * buffers are dropped, some between them may have got through.
 *
 * A limit that is lowered holds at once, for what waits already, too.
 *
 * Cost: a thread; references to what waits and, with keep-gop, to the newest GOP, together within
 * the limits; no copy. Adds no latency of its own. Each limit is always in force, and so are
 * 100,000 buffers and 1,000 events.
 *
 * |[
 * gst-launch-1.0 -e videotestsrc num-buffers=60 ! x264enc key-int-max=15 ! h264parse ! roningopqueue max-size-time=5000000000 ! mp4mux ! filesink location=queued.mp4
 * ]|
 *
 * Since: 0.1
 */
#include "gstroningopqueue.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "gop_queue.h"

GST_DEBUG_CATEGORY_STATIC(ronin_gop_queue_debug);
#define GST_CAT_DEFAULT ronin_gop_queue_debug

namespace {

using ronin_plugin::DropRun;
using ronin_plugin::GopQueue;
using Lock = std::unique_lock<std::mutex>;

enum {
  PROP_0,
  PROP_MAX_SIZE_BYTES,
  PROP_MAX_SIZE_TIME,
  PROP_KEEP_GOP,
  PROP_KEEP_TIME,
  PROP_FRAMES_DROPPED,
  PROP_LEVEL_BYTES,
  PROP_LEVEL_TIME,
  PROP_LEVEL_BUFFERS,
};

GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);
GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

}  // namespace

/// All of it is guarded by the mutex, which is never held while a pad pushes, a message is posted
/// or a task is waited for. Lock order: the mutex, then an object lock of GStreamer's.
struct GstRoninGopQueuePrivate {
  std::mutex mutex;
  std::condition_variable wake;  ///< for the task: there is something to take, or it has to end
  bool asleep = false;           ///< the task waits for `wake`
  GopQueue queue;
  bool keep_setting = false;           ///< the property
  bool keep = false;                   ///< what it was when this run began, until turned off
  bool active = false;                 ///< the source pad may have a task
  bool flushing = true;                ///< neither take nor give
  GstFlowReturn result = GST_FLOW_OK;  ///< what downstream said; OK while the queue is open
  guint64 link = 0;                    ///< counts links, unlinks and flushes
  guint64 taken_for = 0;               ///< `link` when the task took what it is pushing
  std::thread::id pusher;              ///< the task, while it pushes
  std::condition_variable pushed;      ///< for who unlinks: a push is over
  gulong probe = 0;                    ///< on the source pad, with `keep`
};

struct _GstRoninGopQueue {
  GstElement parent;
  GstPad* sinkpad;  ///< owned by the element
  GstPad* srcpad;   ///< owned by the element
  GstRoninGopQueuePrivate* priv;
};

G_DEFINE_TYPE(GstRoninGopQueue, gst_ronin_gop_queue, GST_TYPE_ELEMENT)
GST_ELEMENT_REGISTER_DEFINE(roningopqueue, "roningopqueue", GST_RANK_NONE, GST_TYPE_RONIN_GOP_QUEUE)

static void gst_ronin_gop_queue_loop(gpointer pad);

static GstClockTime now() { return GstClockTime(g_get_monotonic_time()) * GST_USECOND; }

static void post(GstRoninGopQueue* self, const std::optional<DropRun>& run) {
  if (!run) return;
  GST_DEBUG_OBJECT(
      self, "dropped %" G_GUINT64_FORMAT " frames, %" GST_TIME_FORMAT " to %" GST_TIME_FORMAT,
      run->frames, GST_TIME_ARGS(run->start), GST_TIME_ARGS(run->end));
  GstStructure* structure = gst_structure_new(
      "ronin-frames-dropped", "frames", G_TYPE_UINT64, run->frames, "bytes", G_TYPE_UINT64,
      run->bytes, "start-time", G_TYPE_UINT64, run->start, "end-time", G_TYPE_UINT64, run->end,
      "since-running", G_TYPE_UINT64, run->since, nullptr);
  gst_element_post_message(GST_ELEMENT(self), gst_message_new_element(GST_OBJECT(self), structure));
}

/// Wakes the task, unless there is nobody to give to. With the mutex held.
static void wake(GstRoninGopQueuePrivate* priv) {
  if (priv->asleep && (priv->flushing || priv->queue.is_open())) priv->wake.notify_one();
}

/// Opens the queue if there is somebody to give to. With the mutex held.
static void open_queue(GstRoninGopQueue* self) {
  GstRoninGopQueuePrivate* priv = self->priv;
  priv->result = GST_FLOW_OK;
  if (!priv->keep || gst_pad_is_linked(self->srcpad) != FALSE) priv->queue.Open();
  wake(priv);
}

// --- Upstream's thread ---------------------------------------------------------------------------

/// Why nothing more is taken, or OK. With the mutex held.
static GstFlowReturn refusal(const GstRoninGopQueuePrivate* priv) {
  if (priv->flushing) return GST_FLOW_FLUSHING;
  return priv->result == GST_FLOW_EOS && !priv->keep ? GST_FLOW_EOS : GST_FLOW_OK;
}

/// Queues one buffer, whose reference it takes. With the mutex held.
static std::optional<DropRun> queue_buffer(GstRoninGopQueuePrivate* priv, GstBuffer* buffer) {
  const GstClockTime arrival = now();
  const guint64 before = priv->queue.drops().frames();
  priv->queue.PushBuffer(buffer, arrival);
  return priv->queue.drops().Take(priv->queue.drops().frames() == before, arrival);
}

static GstFlowReturn gst_ronin_gop_queue_chain(GstPad*, GstObject* parent, GstBuffer* buffer) {
  auto* self = GST_RONIN_GOP_QUEUE(parent);
  GstRoninGopQueuePrivate* priv = self->priv;
  Lock lock(priv->mutex);
  if (const GstFlowReturn refused = refusal(priv); refused != GST_FLOW_OK) {
    gst_buffer_unref(buffer);
    return refused;
  }
  const auto dropped = queue_buffer(priv, buffer);
  wake(priv);
  lock.unlock();
  post(self, dropped);
  return GST_FLOW_OK;
}

static void flush_start(GstRoninGopQueue* self, GstEvent* event) {
  GstRoninGopQueuePrivate* priv = self->priv;
  gst_pad_push_event(self->srcpad, event);
  {
    Lock lock(priv->mutex);
    priv->flushing = true;
    ++priv->link;
    wake(priv);
  }
  gst_pad_pause_task(self->srcpad);
}

static void flush_stop(GstRoninGopQueue* self, GstEvent* event) {
  GstRoninGopQueuePrivate* priv = self->priv;
  gst_pad_push_event(self->srcpad, event);
  Lock lock(priv->mutex);
  const auto dropped = priv->queue.drops().Take(true, now());
  priv->queue.Flush();
  if (priv->active) {
    priv->flushing = false;
    open_queue(self);
    gst_pad_start_task(self->srcpad, gst_ronin_gop_queue_loop, self->srcpad, nullptr);
  }
  lock.unlock();
  post(self, dropped);
}

static GstFlowReturn gst_ronin_gop_queue_sink_event(GstPad*, GstObject* parent, GstEvent* event) {
  auto* self = GST_RONIN_GOP_QUEUE(parent);
  GstRoninGopQueuePrivate* priv = self->priv;
  const GstEventType type = GST_EVENT_TYPE(event);
  if (type == GST_EVENT_FLUSH_START) {
    flush_start(self, event);
    return GST_FLOW_OK;
  }
  if (type == GST_EVENT_FLUSH_STOP) {
    flush_stop(self, event);
    return GST_FLOW_OK;
  }
  std::optional<DropRun> dropped;
  Lock lock(priv->mutex);
  if (priv->flushing) {
    gst_event_unref(event);
    return GST_FLOW_FLUSHING;
  }
  const GstClockTime arrival = now();
  if ((int(type) & int(GST_EVENT_TYPE_SERIALIZED)) != 0) {
    priv->queue.PushEvent(event, arrival);
    dropped = priv->queue.drops().Take(type == GST_EVENT_EOS, arrival);
  } else {
    priv->queue.PushEventFirst(event);
  }
  wake(priv);
  lock.unlock();
  post(self, dropped);
  return GST_FLOW_OK;
}

static gboolean gst_ronin_gop_queue_sink_query(GstPad* pad, GstObject* parent, GstQuery* query) {
  // Its turn would come when all in front of it is through; until then the camera would wait.
  if ((int(GST_QUERY_TYPE(query)) & int(GST_QUERY_TYPE_SERIALIZED)) != 0) return FALSE;
  // What downstream refuses is its own affair: a tee would take it for the end of the stream.
  if (GST_QUERY_TYPE(query) == GST_QUERY_ACCEPT_CAPS) {
    gst_query_set_accept_caps_result(query, TRUE);
    return TRUE;
  }
  return gst_pad_query_default(pad, parent, query);
}

// --- The source pad's task -----------------------------------------------------------------------

/// Downstream takes nothing more of this link.
static void fail(GstRoninGopQueue* self, Lock& lock, GstFlowReturn result) {
  GstRoninGopQueuePrivate* priv = self->priv;
  priv->result = result;
  priv->queue.Close(now());
  lock.unlock();
  GST_INFO_OBJECT(self, "downstream returned %s, discarding", gst_flow_get_name(result));
  if (result == GST_FLOW_NOT_NEGOTIATED) {
    GST_ELEMENT_WARNING(self, CORE, NEGOTIATION,
                        ("What follows the queue does not take this format; it gets nothing."),
                        (nullptr));
  }
}

/// A push is over. Locks the mutex.
static void pushed(GstRoninGopQueuePrivate* priv, Lock& lock) {
  lock.lock();
  priv->pusher = {};
  priv->pushed.notify_all();
}

/// Pushes the next buffer or event, after waiting for it. Returns false when flushing.
static bool push_next(GstRoninGopQueue* self) {
  GstRoninGopQueuePrivate* priv = self->priv;
  Lock lock(priv->mutex);
  while (!priv->flushing && (!priv->queue.is_open() || priv->queue.empty())) {
    priv->asleep = true;
    priv->wake.wait(lock);
    priv->asleep = false;
  }
  if (priv->flushing) return false;
  GstMiniObject* const next = priv->queue.Pop();
  const guint64 link = priv->link;
  priv->taken_for = link;
  priv->pusher = std::this_thread::get_id();
  lock.unlock();
  if (GST_IS_EVENT(next)) {
    // What an event's refusal means, the next buffer's result tells.
    gst_pad_push_event(self->srcpad, GST_EVENT_CAST(next));
    pushed(priv, lock);
    return true;
  }
  const GstFlowReturn result = gst_pad_push(self->srcpad, GST_BUFFER_CAST(next));
  pushed(priv, lock);
  if (result == GST_FLOW_OK) return true;
  // It is no matter of today's link what an earlier one returned.
  if (priv->link == link) fail(self, lock, result);
  return true;
}

static void gst_ronin_gop_queue_loop(gpointer pad) {
  auto* self = GST_RONIN_GOP_QUEUE(GST_PAD_PARENT(pad));
  while (push_next(self)) {
  }
  gst_pad_pause_task(self->srcpad);
}

/// A buffer that was taken for one link and held on the pad until there was another one would come
/// in front of the kept GOP, which has it, too.
static GstPadProbeReturn drop_stale(GstPad*, GstPadProbeInfo*, gpointer data) {
  GstRoninGopQueuePrivate* priv = GST_RONIN_GOP_QUEUE(data)->priv;
  const Lock lock(priv->mutex);
  return priv->link == priv->taken_for ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

// --- Any thread ----------------------------------------------------------------------------------

/// The element of a pad of ours, with a reference; null when the pad outlived it.
static GstRoninGopQueue* element_of(GstPad* pad) {
  GstObject* parent = gst_object_get_parent(GST_OBJECT(pad));
  return parent != nullptr ? GST_RONIN_GOP_QUEUE(parent) : nullptr;
}

static void on_linked(GstPad* pad, GstPad*, gpointer) {
  GstRoninGopQueue* self = element_of(pad);
  if (self == nullptr) return;
  {
    GstRoninGopQueuePrivate* priv = self->priv;
    Lock lock(priv->mutex);
    // Without keep-gop what waits goes on to whoever is linked now.
    if (priv->active && !priv->flushing && (priv->keep || !priv->queue.is_open())) {
      ++priv->link;
      priv->queue.Close(now());
      open_queue(self);
    }
  }
  gst_object_unref(self);
}

static void on_unlinked(GstPad* pad, GstPad*, gpointer) {
  GstRoninGopQueue* self = element_of(pad);
  if (self == nullptr) return;
  {
    GstRoninGopQueuePrivate* priv = self->priv;
    Lock lock(priv->mutex);
    if (priv->active && priv->keep) {
      ++priv->link;
      priv->queue.Close(now());
      // What the task has taken may be on its way to this consumer still, and would come to the
      // next one. One that holds it has got it already, so that there is no need to wait longer.
      constexpr auto kOnItsWay = std::chrono::milliseconds(100);
      if (priv->pusher != std::this_thread::get_id()) {
        priv->pushed.wait_for(lock, kOnItsWay,
                              [priv] { return priv->pusher == std::thread::id(); });
      }
    }
  }
  gst_object_unref(self);
}

static gboolean gst_ronin_gop_queue_src_event(GstPad* pad, GstObject* parent, GstEvent* event) {
  auto* self = GST_RONIN_GOP_QUEUE(parent);
  if (GST_EVENT_TYPE(event) == GST_EVENT_RECONFIGURE) {
    const Lock lock(self->priv->mutex);
    if (!self->priv->flushing && self->priv->result == GST_FLOW_NOT_LINKED) open_queue(self);
  }
  return gst_pad_event_default(pad, parent, event);
}

static gboolean gst_ronin_gop_queue_src_query(GstPad* pad, GstObject* parent, GstQuery* query) {
  auto* self = GST_RONIN_GOP_QUEUE(parent);
  if (GST_QUERY_TYPE(query) != GST_QUERY_LATENCY) return gst_pad_query_default(pad, parent, query);
  if (gst_pad_peer_query(self->sinkpad, query) == FALSE) return FALSE;
  gboolean live = FALSE;
  GstClockTime min = 0;
  GstClockTime max = 0;
  gst_query_parse_latency(query, &live, &min, &max);
  // A sink may hold back this much more until the queue drops. It delays nothing by itself.
  Lock lock(self->priv->mutex);
  const GstClockTime time = self->priv->queue.limits().time;
  lock.unlock();
  max = !GST_CLOCK_TIME_IS_VALID(max) || max > G_MAXUINT64 - 1 - time ? time : max + time;
  gst_query_set_latency(query, live, min, std::max(min, max));
  return TRUE;
}

// --- The application's thread --------------------------------------------------------------------

static gboolean gst_ronin_gop_queue_activate_sink(GstPad* pad, GstObject* parent, GstPadMode mode,
                                                  gboolean active) {
  if (mode != GST_PAD_MODE_PUSH) return FALSE;
  if (active != FALSE) return TRUE;
  GstRoninGopQueuePrivate* priv = GST_RONIN_GOP_QUEUE(parent)->priv;
  {
    Lock lock(priv->mutex);
    priv->flushing = true;
    wake(priv);
  }
  // Who is still bringing something has left when this is locked.
  GST_PAD_STREAM_LOCK(pad);
  {
    Lock lock(priv->mutex);
    priv->queue.Flush();
  }
  GST_PAD_STREAM_UNLOCK(pad);
  return TRUE;
}

static gboolean gst_ronin_gop_queue_activate_src(GstPad* pad, GstObject* parent, GstPadMode mode,
                                                 gboolean active) {
  if (mode != GST_PAD_MODE_PUSH) return FALSE;
  auto* self = GST_RONIN_GOP_QUEUE(parent);
  GstRoninGopQueuePrivate* priv = self->priv;
  if (active != FALSE) {
    Lock lock(priv->mutex);
    priv->keep = priv->keep_setting;
    priv->queue.Restart(priv->keep);
    priv->active = true;
    priv->flushing = false;
    ++priv->link;
    open_queue(self);
    lock.unlock();
    if (priv->keep) {
      priv->probe = gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, drop_stale, self, nullptr);
    }
    return gst_pad_start_task(pad, gst_ronin_gop_queue_loop, pad, nullptr);
  }
  {
    Lock lock(priv->mutex);
    priv->active = false;
    priv->flushing = true;
    wake(priv);
  }
  const gboolean stopped = gst_pad_stop_task(pad);
  if (priv->probe != 0) gst_pad_remove_probe(pad, priv->probe);
  priv->probe = 0;
  return stopped;
}

static GstStateChangeReturn gst_ronin_gop_queue_change_state(GstElement* element,
                                                             GstStateChange change) {
  const auto result =
      GST_ELEMENT_CLASS(gst_ronin_gop_queue_parent_class)->change_state(element, change);
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY) {
    auto* self = GST_RONIN_GOP_QUEUE(element);
    Lock lock(self->priv->mutex);
    const auto dropped = self->priv->queue.drops().Take(true, now());
    lock.unlock();
    post(self, dropped);
  }
  return result;
}

static void gst_ronin_gop_queue_set_property(GObject* object, guint id, const GValue* value,
                                             GParamSpec* pspec) {
  GstRoninGopQueuePrivate* priv = GST_RONIN_GOP_QUEUE(object)->priv;
  const Lock lock(priv->mutex);
  GopQueue::Limits limits = priv->queue.limits();
  switch (id) {
    case PROP_MAX_SIZE_BYTES:
      limits.bytes = g_value_get_uint64(value);
      break;
    case PROP_MAX_SIZE_TIME:
      limits.time = g_value_get_uint64(value);
      break;
    case PROP_KEEP_GOP:
      priv->keep_setting = g_value_get_boolean(value) != FALSE;
      if (priv->keep && !priv->keep_setting) {
        priv->keep = false;
        priv->queue.StopKeeping();
      }
      break;
    case PROP_KEEP_TIME:
      limits.keep = g_value_get_uint64(value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
  priv->queue.SetLimits(limits, now());
}

static void gst_ronin_gop_queue_get_property(GObject* object, guint id, GValue* value,
                                             GParamSpec* pspec) {
  GstRoninGopQueuePrivate* priv = GST_RONIN_GOP_QUEUE(object)->priv;
  const Lock lock(priv->mutex);
  switch (id) {
    case PROP_MAX_SIZE_BYTES:
      g_value_set_uint64(value, priv->queue.limits().bytes);
      break;
    case PROP_MAX_SIZE_TIME:
      g_value_set_uint64(value, priv->queue.limits().time);
      break;
    case PROP_KEEP_GOP:
      g_value_set_boolean(value, priv->keep_setting);
      break;
    case PROP_KEEP_TIME:
      g_value_set_uint64(value, priv->queue.limits().keep);
      break;
    case PROP_FRAMES_DROPPED:
      g_value_set_uint64(value, priv->queue.drops().frames());
      break;
    case PROP_LEVEL_BYTES:
      g_value_set_uint64(value, priv->queue.bytes());
      break;
    case PROP_LEVEL_TIME:
      g_value_set_uint64(value, priv->queue.time());
      break;
    case PROP_LEVEL_BUFFERS:
      g_value_set_uint64(value, priv->queue.buffers());
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void gst_ronin_gop_queue_init(GstRoninGopQueue* self) {
  self->priv = new GstRoninGopQueuePrivate();

  self->sinkpad = gst_pad_new_from_static_template(&sink_template, "sink");
  gst_pad_set_chain_function(self->sinkpad, gst_ronin_gop_queue_chain);
  gst_pad_set_event_full_function(self->sinkpad, gst_ronin_gop_queue_sink_event);
  gst_pad_set_query_function(self->sinkpad, gst_ronin_gop_queue_sink_query);
  gst_pad_set_activatemode_function(self->sinkpad, gst_ronin_gop_queue_activate_sink);
  GST_PAD_SET_PROXY_CAPS(self->sinkpad);
  gst_element_add_pad(GST_ELEMENT(self), self->sinkpad);

  self->srcpad = gst_pad_new_from_static_template(&src_template, "src");
  gst_pad_set_event_function(self->srcpad, gst_ronin_gop_queue_src_event);
  gst_pad_set_query_function(self->srcpad, gst_ronin_gop_queue_src_query);
  gst_pad_set_activatemode_function(self->srcpad, gst_ronin_gop_queue_activate_src);
  GST_PAD_SET_PROXY_CAPS(self->srcpad);
  g_signal_connect(self->srcpad, "linked", G_CALLBACK(on_linked), nullptr);
  g_signal_connect(self->srcpad, "unlinked", G_CALLBACK(on_unlinked), nullptr);
  gst_element_add_pad(GST_ELEMENT(self), self->srcpad);
}

static void gst_ronin_gop_queue_finalize(GObject* object) {
  delete GST_RONIN_GOP_QUEUE(object)->priv;
  G_OBJECT_CLASS(gst_ronin_gop_queue_parent_class)->finalize(object);
}

static void install_number(GObjectClass* klass, guint id, const char* name, const char* nick,
                           const char* blurb, guint64 least, guint64 otherwise, int flags) {
  g_object_class_install_property(
      klass, id,
      g_param_spec_uint64(name, nick, blurb, least, G_MAXUINT64, otherwise,
                          GParamFlags(flags | G_PARAM_STATIC_STRINGS)));
}

static void install_properties(GObjectClass* klass) {
  constexpr int kAnyTime = G_PARAM_READWRITE | GST_PARAM_MUTABLE_PLAYING;
  const GopQueue::Limits limits;
  install_number(klass, PROP_MAX_SIZE_BYTES, "max-size-bytes", "Max. size",
                 "Most bytes that wait; there is no value for no limit", 1, limits.bytes, kAnyTime);
  install_number(klass, PROP_MAX_SIZE_TIME, "max-size-time", "Max. time",
                 "Most time between the oldest and the newest buffer that waits (in ns); there is "
                 "no value for no limit",
                 1, limits.time, kAnyTime);
  g_object_class_install_property(
      klass, PROP_KEEP_GOP,
      g_param_spec_boolean(
          "keep-gop", "Keep the GOP",
          "Hold the newest GOP and push it first when the source pad is linked. Turned on, it "
          "takes effect when going to PAUSED; turned off, at once",
          FALSE, GParamFlags(kAnyTime | G_PARAM_STATIC_STRINGS)));
  install_number(klass, PROP_KEEP_TIME, "keep-time", "Keep time",
                 "With keep-gop, while the source pad is not linked: hold older GOPs, too, that "
                 "began less than this before the newest keyframe (in ns, 0 = none), within the "
                 "other limits",
                 0, limits.keep, kAnyTime);
  install_number(klass, PROP_FRAMES_DROPPED, "frames-dropped", "Frames dropped",
                 "Buffers dropped since going to PAUSED (0 = none)", 0, 0, G_PARAM_READABLE);
  install_number(klass, PROP_LEVEL_BYTES, "current-level-bytes", "Bytes",
                 "Bytes that wait, without what keep-gop holds of the past", 0, 0,
                 G_PARAM_READABLE);
  install_number(klass, PROP_LEVEL_TIME, "current-level-time", "Time",
                 "Time between the oldest and the newest buffer that waits (in ns)", 0, 0,
                 G_PARAM_READABLE);
  install_number(klass, PROP_LEVEL_BUFFERS, "current-level-buffers", "Buffers", "Buffers that wait",
                 0, 0, G_PARAM_READABLE);
}

static void gst_ronin_gop_queue_class_init(GstRoninGopQueueClass* klass) {
  auto* object_class = G_OBJECT_CLASS(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  GST_DEBUG_CATEGORY_INIT(ronin_gop_queue_debug, "roningopqueue", 0, "queue that drops whole GOPs");

  object_class->set_property = gst_ronin_gop_queue_set_property;
  object_class->get_property = gst_ronin_gop_queue_get_property;
  object_class->finalize = gst_ronin_gop_queue_finalize;
  install_properties(object_class);

  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(element_class, "RoninNVR GOP queue", "Generic",
                                        "Bounded queue that drops whole GOPs and never blocks",
                                        "The RoninNVR developers");
  element_class->change_state = gst_ronin_gop_queue_change_state;
}
