// SPDX-License-Identifier: MIT
/**
 * SECTION:element-roninfilesink
 * @title: roninfilesink
 * @short_description: append-only file for fragmented MP4
 *
 * Writes fragmented MP4 to a file that must not exist before, one `writev` for each fragment, so
 * that a crash leaves whole fragments and the file always plays. The header waits for the first
 * fragment, so that there is never a file without pictures. At the end comes an index of the
 * fragments, see fragment_index.h; nothing is ever rewritten. It answers the SEEKING query with
 * "not seekable", which makes `mp4mux fragment-duration=…` write a file that is only appended to.
 *
 * Nothing that happens to the disk stops the stream: a write that failed is tried once more, at
 * once, since what it should write is still there. An error that stays is posted as an element
 * message `ronin-file-error`, what was written of the unfinished fragment is cut off again, and
 * further data is discarded until the element goes back to READY. The recorder decides what then.
 *
 * Element messages:
 *   ronin-fragment    location (string), offset (uint64, bytes), size (uint64, bytes, with what
 * stands before it), time (uint64, in units of the first track, from the file's zero), duration
 * (uint64), keyframe (boolean): it is on its way to the disk
 *   ronin-file-opened location (string): the file is there, with its first fragment
 *   ronin-file-retried location (string), errno (int): a write failed, and succeeded when tried
 * again; nothing is lost
 *   ronin-file-error  location (string), errno (int), text (string): recording to this file ended
 *   ronin-file-closed location (string), size (uint64, bytes), fragments (uint64), frames (uint64,
 * samples of the first track): after EOS; size is 0 when nothing came, and then there is no file
 *
 * Cost: keeps one fragment, by reference; no copy; no thread of its own. A `writev` can block for
 * as long as the disk does, so a queue belongs in front of it.
 *
 * |[
 * gst-launch-1.0 -e videotestsrc num-buffers=60 ! x264enc key-int-max=15 ! h264parse ! mp4mux fragment-duration=250 ! roninfilesink location=clip.mp4
 * ]|
 *
 * Since: 0.1
 */
#include "gstroninfilesink.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "box_boundary.h"
#include "mp4/fragment_index.h"
#include "mp4/moof_view.h"

GST_DEBUG_CATEGORY_STATIC(ronin_file_sink_debug);
#define GST_CAT_DEFAULT ronin_file_sink_debug

namespace {

enum { PROP_0, PROP_LOCATION, PROP_BYTES_WRITTEN };

GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

/// What the user set; guarded by its mutex. Lock order: never both mutexes, there is only one.
struct Settings {
  std::mutex mutex;
  std::string location;
};

/// What the stream is doing. Streaming thread, and state changes while that thread is stopped.
struct State {
  std::string location;                ///< the open file's
  int fd = -1;                         ///< -1 before the first buffer and after an error
  bool failed = false;                 ///< discard until the next start
  guint64 fragments = 0;               ///< `mdat` boxes written
  guint64 frames = 0;                  ///< samples of the first track written
  guint32 first_track = 0;             ///< its id; 0: nothing is written
  guint64 size = 0;                    ///< bytes of whole boxes in the file
  std::vector<GstBuffer*> pending;     ///< owned: what came since the last whole fragment
  ronin_plugin::BoxBoundary boundary;  ///< finds where fragments end
  ronin_plugin::FragmentIndex index;   ///< of the fragments in the file
};

}  // namespace

struct GstRoninFileSinkPrivate {
  Settings settings;
  State state;
  std::atomic<guint64> bytes_written{0};
};

struct _GstRoninFileSink {
  GstBaseSink parent;
  GstRoninFileSinkPrivate* priv;
};

G_DEFINE_TYPE(GstRoninFileSink, gst_ronin_file_sink, GST_TYPE_BASE_SINK)
GST_ELEMENT_REGISTER_DEFINE(roninfilesink, "roninfilesink", GST_RANK_NONE, GST_TYPE_RONIN_FILE_SINK)

static void drop_pending(State& state) {
  for (GstBuffer* buffer : state.pending) gst_buffer_unref(buffer);
  state.pending.clear();
}

static void post(GstRoninFileSink* self, GstStructure* structure) {
  gst_element_post_message(GST_ELEMENT(self), gst_message_new_element(GST_OBJECT(self), structure));
}

/// Ends recording to this file: cuts off the torn fragment, tells the recorder once.
static void fail(GstRoninFileSink* self, int error, const char* doing) {
  State& state = self->priv->state;
  state.failed = true;
  drop_pending(state);
  if (state.fd >= 0) {
    if (ftruncate(state.fd, off_t(state.size)) != 0) {
      GST_WARNING_OBJECT(self, "the torn end of %s stays: %s", state.location.c_str(),
                         g_strerror(errno));
    }
    if (state.size == 0) unlink(state.location.c_str());  // ours: it did not exist before
    close(state.fd);
    state.fd = -1;
  }
  GST_WARNING_OBJECT(self, "cannot %s %s: %s", doing, state.location.c_str(), g_strerror(error));
  gchar* text = g_strdup_printf("cannot %s: %s", doing, g_strerror(error));
  post(self,
       gst_structure_new("ronin-file-error", "location", G_TYPE_STRING, state.location.c_str(),
                         "errno", G_TYPE_INT, error, "text", G_TYPE_STRING, text, nullptr));
  g_free(text);
}

/// The location counts from when the first data is there: splitmuxsink sets it late.
static void take_location(GstRoninFileSink* self) {
  std::lock_guard lock(self->priv->settings.mutex);
  self->priv->state.location = self->priv->settings.location;
}

static bool open_file(GstRoninFileSink* self) {
  State& state = self->priv->state;
  take_location(self);
  state.fd = open(state.location.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0640);
  if (state.fd >= 0) return true;
  fail(self, errno, "create the file");
  return false;
}

/// Writes all of `parts`, going on after interruptions and short writes. Returns 0 or an errno.
static int write_all(int fd, std::vector<iovec> parts) {
  size_t first = 0;
  while (first < parts.size()) {
    const int count = int(std::min<size_t>(parts.size() - first, IOV_MAX));
    const ssize_t written = writev(fd, &parts[first], count);
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    size_t left = size_t(written);
    while (first < parts.size() && left >= parts[first].iov_len) {
      left -= parts[first].iov_len;
      ++first;
    }
    if (left > 0) {
      parts[first].iov_base = static_cast<char*>(parts[first].iov_base) + left;
      parts[first].iov_len -= left;
    }
  }
  return 0;
}

/// Writes a fragment to the end of the file; a single failure costs nothing. Returns 0 or an errno.
static int write_fragment(GstRoninFileSink* self, const std::vector<iovec>& parts) {
  const State& state = self->priv->state;
  const int error = write_all(state.fd, parts);
  // What was written of it must not stand before the second attempt.
  if (error == 0 || ftruncate(state.fd, off_t(state.size)) != 0) return error;
  const int again = write_all(state.fd, parts);
  if (again == 0) {
    post(self, gst_structure_new("ronin-file-retried", "location", G_TYPE_STRING,
                                 state.location.c_str(), "errno", G_TYPE_INT, error, nullptr));
  }
  return again;
}

/// The memories of buffers, mapped one by one: mapping a whole buffer would copy its payload.
class Mapped {
 public:
  Mapped() = default;
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  ~Mapped() {
    for (auto& [memory, map] : maps_) gst_memory_unmap(memory, &map);
  }

  bool Add(GstBuffer* buffer) {
    for (guint i = 0; i < gst_buffer_n_memory(buffer); ++i) {
      GstMemory* memory = gst_buffer_peek_memory(buffer, i);
      GstMapInfo map;
      if (gst_memory_map(memory, &map, GST_MAP_READ) == FALSE) return false;
      maps_.emplace_back(memory, map);
      if (map.size > 0) parts.push_back({map.data, map.size});
      bytes += map.size;
    }
    return true;
  }

  std::vector<iovec> parts;
  guint64 bytes = 0;

 private:
  std::vector<std::pair<GstMemory*, GstMapInfo>> maps_;
};

/// A fragment that is about to be written, as far as its head tells.
struct Piece {
  guint64 offset = 0;  ///< in the pending bytes
  ronin_plugin::MoofView view;
};

/// Puts the fragments that were written into the index, and tells of them. What stands between two
/// belongs to the one before.
static void report(GstRoninFileSink* self, const std::vector<Piece>& pieces, guint64 bytes) {
  State& state = self->priv->state;
  for (size_t i = 0; i < pieces.size(); ++i) {
    const Piece& piece = pieces[i];
    const auto& track = piece.view.tracks.front();
    const guint64 end = i + 1 < pieces.size() ? pieces[i + 1].offset : bytes;
    const guint64 offset = state.size + piece.offset;
    state.index.Add(offset, piece.view.moof_at, end - piece.offset, track.id, track.decode_time,
                    track.sync);
    if (state.first_track == 0) state.first_track = track.id;
    for (const auto& one : piece.view.tracks) {
      if (one.id == state.first_track) state.frames += one.samples;
    }
    post(self,
         gst_structure_new("ronin-fragment", "location", G_TYPE_STRING, state.location.c_str(),
                           "offset", G_TYPE_UINT64, offset, "size", G_TYPE_UINT64,
                           end - piece.offset, "time", G_TYPE_UINT64, guint64(track.decode_time),
                           "duration", G_TYPE_UINT64, guint64(track.duration), "keyframe",
                           G_TYPE_BOOLEAN, track.sync ? TRUE : FALSE, nullptr));
  }
}

/// Writes the pending buffers in one go. They are whole boxes.
static void flush_pending(GstRoninFileSink* self) {
  State& state = self->priv->state;
  if (state.pending.empty() || state.failed) return;
  if (state.fd < 0 && !open_file(self)) return;
  int error = 0;
  guint64 bytes = 0;
  std::vector<Piece> pieces;
  {
    Mapped mapped;
    for (GstBuffer* buffer : state.pending) {
      const size_t first = mapped.parts.size();
      const guint64 offset = mapped.bytes;
      if (!mapped.Add(buffer)) error = ENOMEM;
      if (mapped.parts.size() == first) continue;
      const iovec& head = mapped.parts[first];
      if (auto view = ronin_plugin::MoofView::Read(static_cast<const uint8_t*>(head.iov_base),
                                                   head.iov_len)) {
        pieces.push_back({offset, std::move(*view)});
      }
    }
    bytes = mapped.bytes;
    if (error == 0) error = write_fragment(self, mapped.parts);
  }
  if (error != 0) {
    fail(self, error, "write the file");
    return;
  }
  drop_pending(state);
  const bool first = state.size == 0;
  if (first) {
    post(self, gst_structure_new("ronin-file-opened", "location", G_TYPE_STRING,
                                 state.location.c_str(), nullptr));
  }
  report(self, pieces, bytes);
  state.size += bytes;
  self->priv->bytes_written = state.size;
}

static GstFlowReturn gst_ronin_file_sink_render(GstBaseSink* sink, GstBuffer* buffer) {
  auto* self = GST_RONIN_FILE_SINK(sink);
  State& state = self->priv->state;
  if (state.failed) return GST_FLOW_OK;
  bool complete = false;
  {
    Mapped mapped;
    if (!mapped.Add(buffer)) {
      fail(self, ENOMEM, "read the data");
      return GST_FLOW_OK;
    }
    for (const iovec& part : mapped.parts) {
      const auto seen =
          state.boundary.Feed(static_cast<const uint8_t*>(part.iov_base), part.iov_len);
      state.fragments += seen.fragments;
      complete = seen.complete;
    }
  }
  state.pending.push_back(gst_buffer_ref(buffer));
  // A muxer's buffers end with boxes, so a buffer that ends a fragment ends with it.
  if (complete) flush_pending(self);
  return GST_FLOW_OK;
}

/// Appends the index. A file is whole without it, so a disk that is full costs only that.
static void write_index(GstRoninFileSink* self) {
  State& state = self->priv->state;
  if (state.index.empty()) return;
  ronin_plugin::Bytes bytes = state.index.Write();
  const int error = write_all(state.fd, {{bytes.data(), bytes.size()}});
  if (error == 0) {
    state.size += bytes.size();
    self->priv->bytes_written = state.size;
    return;
  }
  GST_WARNING_OBJECT(self, "%s has no index: %s", state.location.c_str(), g_strerror(error));
  if (ftruncate(state.fd, off_t(state.size)) != 0) {
    GST_WARNING_OBJECT(self, "a torn index stays: %s", g_strerror(errno));
  }
}

static gboolean gst_ronin_file_sink_event(GstBaseSink* sink, GstEvent* event) {
  auto* self = GST_RONIN_FILE_SINK(sink);
  State& state = self->priv->state;
  if (GST_EVENT_TYPE(event) == GST_EVENT_EOS && !state.failed) {
    // What still waits has no end (a moof without its mdat): the file ends with a whole fragment.
    drop_pending(state);
    if (state.fd >= 0) {
      write_index(self);
      close(state.fd);
      state.fd = -1;
    } else {
      take_location(self);
    }
    post(self,
         gst_structure_new("ronin-file-closed", "location", G_TYPE_STRING, state.location.c_str(),
                           "size", G_TYPE_UINT64, state.size, "fragments", G_TYPE_UINT64,
                           state.fragments, "frames", G_TYPE_UINT64, state.frames, nullptr));
  }
  return GST_BASE_SINK_CLASS(gst_ronin_file_sink_parent_class)->event(sink, event);
}

static gboolean gst_ronin_file_sink_query(GstBaseSink* sink, GstQuery* query) {
  if (GST_QUERY_TYPE(query) == GST_QUERY_SEEKING) {
    GstFormat format;
    gst_query_parse_seeking(query, &format, nullptr, nullptr, nullptr);
    gst_query_set_seeking(query, format, FALSE, 0, -1);
    return TRUE;
  }
  return GST_BASE_SINK_CLASS(gst_ronin_file_sink_parent_class)->query(sink, query);
}

/// Forgets the file of the run before. A new one is created with the first data, so that a disk
/// that is away fails the file, by a message, and not the state change of the whole pipeline.
static void begin_file(GstRoninFileSink* self) {
  State& state = self->priv->state;
  state.failed = false;
  state.fragments = 0;
  state.frames = 0;
  state.first_track = 0;
  state.size = 0;
  state.boundary = {};
  state.index = {};
  self->priv->bytes_written = 0;
}

static void end_file(GstRoninFileSink* self) {
  State& state = self->priv->state;
  drop_pending(state);
  if (state.fd >= 0) close(state.fd);
  state.fd = -1;
}

// GstBaseSink's start and stop belong to NULL; a file belongs to one run between READY and READY.
static GstStateChangeReturn gst_ronin_file_sink_change_state(GstElement* element,
                                                             GstStateChange change) {
  auto* self = GST_RONIN_FILE_SINK(element);
  if (change == GST_STATE_CHANGE_READY_TO_PAUSED) begin_file(self);
  const auto result =
      GST_ELEMENT_CLASS(gst_ronin_file_sink_parent_class)->change_state(element, change);
  if (change == GST_STATE_CHANGE_PAUSED_TO_READY) end_file(self);
  return result;
}

static void gst_ronin_file_sink_set_property(GObject* object, guint id, const GValue* value,
                                             GParamSpec* pspec) {
  auto* self = GST_RONIN_FILE_SINK(object);
  switch (id) {
    case PROP_LOCATION: {
      std::lock_guard lock(self->priv->settings.mutex);
      const gchar* location = g_value_get_string(value);
      self->priv->settings.location = location != nullptr ? location : "";
      break;
    }
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void gst_ronin_file_sink_get_property(GObject* object, guint id, GValue* value,
                                             GParamSpec* pspec) {
  auto* self = GST_RONIN_FILE_SINK(object);
  switch (id) {
    case PROP_LOCATION: {
      std::lock_guard lock(self->priv->settings.mutex);
      g_value_set_string(value, self->priv->settings.location.c_str());
      break;
    }
    case PROP_BYTES_WRITTEN:
      g_value_set_uint64(value, self->priv->bytes_written);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void gst_ronin_file_sink_init(GstRoninFileSink* self) {
  self->priv = new GstRoninFileSinkPrivate();
  gst_base_sink_set_sync(GST_BASE_SINK(self), FALSE);
}

static void gst_ronin_file_sink_finalize(GObject* object) {
  delete GST_RONIN_FILE_SINK(object)->priv;
  G_OBJECT_CLASS(gst_ronin_file_sink_parent_class)->finalize(object);
}

static void gst_ronin_file_sink_class_init(GstRoninFileSinkClass* klass) {
  auto* object_class = G_OBJECT_CLASS(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  auto* sink_class = GST_BASE_SINK_CLASS(klass);
  GST_DEBUG_CATEGORY_INIT(ronin_file_sink_debug, "roninfilesink", 0, "append-only MP4 file");

  object_class->set_property = gst_ronin_file_sink_set_property;
  object_class->get_property = gst_ronin_file_sink_get_property;
  object_class->finalize = gst_ronin_file_sink_finalize;
  g_object_class_install_property(
      object_class, PROP_LOCATION,
      g_param_spec_string(
          "location", "Location",
          "Path of the file; it must not exist yet. Takes effect with the first "
          "buffer after READY",
          "", GParamFlags(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)));
  g_object_class_install_property(
      object_class, PROP_BYTES_WRITTEN,
      g_param_spec_uint64("bytes-written", "Bytes written",
                          "Size of the open file in bytes, whole fragments only (0 = nothing yet)",
                          0, G_MAXUINT64, 0,
                          GParamFlags(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));

  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_set_static_metadata(
      element_class, "RoninNVR file sink", "Sink/File",
      "Appends fragmented MP4 to a new file, fragment by fragment", "The RoninNVR developers");
  element_class->change_state = gst_ronin_file_sink_change_state;
  sink_class->render = gst_ronin_file_sink_render;
  sink_class->event = gst_ronin_file_sink_event;
  sink_class->query = gst_ronin_file_sink_query;
}
