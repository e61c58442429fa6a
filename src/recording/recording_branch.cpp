// SPDX-License-Identifier: MIT
#include "recording/recording_branch.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <utility>

#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"
#include "gst/element.h"
#include "recording/segment_cutter.h"

namespace ronin::recording {
namespace {

using namespace std::chrono_literals;

constexpr auto kStartPoll = 50ms;
constexpr int64_t kVideoTimescale = 90000;  // of ronincmafmux
constexpr auto kFinishLimit = 2s;
constexpr uint64_t kMaxQueuedBytes = 48u << 20;
constexpr uint64_t kMaxQueuedNs = 10'000'000'000;

/// When the first frame of a fragment was taken.
std::optional<WallTime> UtcOf(GstBuffer* fragment) {
  static GstStaticCaps unix_time = GST_STATIC_CAPS("timestamp/x-unix");
  const GRef<GstCaps> caps = Adopt(gst_static_caps_get(&unix_time));
  const auto* meta = gst_buffer_get_reference_timestamp_meta(fragment, caps.Get());
  if (meta == nullptr) return std::nullopt;
  return FromMicros(int64_t(meta->timestamp / 1000));
}

/// Bounded, and never in the way of the camera: what does not fit is dropped, GOP by GOP.
Result<GRef<GstElement>> MakeQueue(const char* name) {
  return gst::MakeElement("roningopqueue", name,
                          {{"max-size-bytes", std::to_string(kMaxQueuedBytes)},
                           {"max-size-time", std::to_string(kMaxQueuedNs)}});
}

}  // namespace

/// What streaming threads and main share.
struct RecordingBranch::State {
  std::mutex mutex;                        // guards all below
  std::map<std::string, WallTime> starts;  // of files named, until main has heard of them
  std::set<WallTime> named;                // the newest starts: a file ends where the next begins
  uint64_t last_pts = 0;
  uint64_t frame_ns = 0;  // between the last two frames
  uint64_t frames = 0;
  std::atomic<bool> cut{false};  // not guarded: end the file with the next keyframe

  void Count(uint64_t pts) {
    std::lock_guard lock(mutex);
    if (frames++ > 0 && pts > last_pts) frame_ns = pts - last_pts;
    last_pts = pts;
  }

  void Named(WallTime start) {
    constexpr size_t kKept = 16;
    std::lock_guard lock(mutex);
    named.insert(start);
    if (named.size() > kKept) named.erase(named.begin());
  }
};

namespace {

/// Whether the message says that all data of `files` is written and its last file closed; other
/// than the end of a file, which may be one in the middle. See `message-forward` of GstBin.
bool IsEndOf(GstMessage* message, GstElement* files) {
  const GstStructure* s = gst_message_get_structure(message);
  if (s == nullptr || gst_structure_has_name(s, "GstBinForwarded") == FALSE) return false;
  GstMessage* inner = nullptr;
  gst_structure_get(s, "message", GST_TYPE_MESSAGE, &inner, nullptr);
  if (inner == nullptr) return false;
  const bool out =
      GST_MESSAGE_TYPE(inner) == GST_MESSAGE_EOS && GST_MESSAGE_SRC(inner) == GST_OBJECT(files);
  gst_message_unref(inner);
  return out;
}

void SendEos(const GRef<GstElement>& queue) {
  // EOS waits for its turn behind the media, so it may block; not on main.
  gst::Reaper::CallAsync(queue.Get(), [](GstElement* element) {
    gst_pad_send_event(gst::StaticPad(element, "sink").Get(), gst_event_new_eos());
  });
}

}  // namespace

RecordingBranch::RecordingBranch(camera::Stream& stream, const Settings& settings,
                                 Callbacks callbacks, const Clock& clock, gst::Reaper& reaper)
    : pipeline_(Share(stream.pipeline())),
      video_tee_(Share(stream.video_tee())),
      audio_tee_(Share(stream.audio_tee())),
      facts_(stream.facts()),
      settings_(settings),
      callbacks_(std::move(callbacks)),
      clock_(clock),
      reaper_(reaper),
      state_(std::make_shared<State>()) {}

RecordingBranch::~RecordingBranch() { RemoveElements(); }

Status RecordingBranch::Attach() {
  RONIN_ASSERT_MAIN_THREAD();
  auto video = MakeQueue("record-video");
  if (!video) return tl::unexpected(video.error());
  video_queue_ = *video;
  gst_bin_add(GST_BIN(pipeline_.Get()), video_queue_.Get());
  const auto wait = [](GstPad*, GstPadProbeInfo*) { return GST_PAD_PROBE_OK; };
  video_block_ = gst::PadProbe(gst::StaticPad(video_queue_.Get(), "src"),
                               GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, wait);
  gst_element_sync_state_with_parent(video_queue_.Get());
  auto linked = gst::TeeBranch::Link(video_tee_.Get(), gst::StaticPad(video_queue_.Get(), "sink"));
  if (!linked) return tl::unexpected(linked.error());
  video_branch_ = std::move(*linked);
  if (settings_.audio) {
    auto audio = MakeQueue("record-audio");
    if (!audio) return tl::unexpected(audio.error());
    audio_queue_ = *audio;
    gst_bin_add(GST_BIN(pipeline_.Get()), audio_queue_.Get());
    audio_block_ = gst::PadProbe(gst::StaticPad(audio_queue_.Get(), "src"),
                                 GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, wait);
    gst_element_sync_state_with_parent(audio_queue_.Get());
    linked = gst::TeeBranch::Link(audio_tee_.Get(), gst::StaticPad(audio_queue_.Get(), "sink"));
    if (!linked) return tl::unexpected(linked.error());
    audio_branch_ = std::move(*linked);
  }
  start_watch_ = Source::Every(kStartPoll, [this] { WatchForVideo(); });
  return {};
}

/// By the first frame it is known whether the camera offers audio that is taken.
void RecordingBranch::WatchForVideo() {
  if (facts_->last_video_us != 0) Begin(settings_.audio && facts_->audio_offered);
}

void RecordingBranch::Begin(bool with_audio) {
  start_watch_.Cancel();
  if (!with_audio && audio_queue_) {
    audio_branch_.Unlink();
    audio_block_.Remove();
    gst_bin_remove(GST_BIN(pipeline_.Get()), audio_queue_.Get());
    Retire({std::move(audio_queue_)}, nullptr);
  }
  if (auto made = MakeFiles(with_audio); !made) {
    Fail(made.error());
    return;
  }
  video_block_.Remove();
  audio_block_.Remove();
}

Status RecordingBranch::MakeFiles(bool with_audio) {
  auto fragments = gst::MakeElement(
      "ronincmafmux", "fragments",
      {{"fragment-duration", std::to_string(std::chrono::nanoseconds(settings_.fragment).count())},
       {"delta-units", "false"}});
  auto muxer = gst::MakeElement("roninfragmux", "muxer", {{"camera-id", settings_.camera_uuid}});
  auto sink = gst::MakeElement("roninfilesink", "file");
  auto files = gst::MakeElement("splitmuxsink", "files",
                                {{"max-size-time", "0"}, {"send-keyframe-requests", "false"}});
  for (const auto* element : {&fragments, &muxer, &sink, &files}) {
    if (!*element) return tl::unexpected(element->error());
  }
  fragments_ = *fragments;
  files_ = *files;
  sink_ = *sink;
  g_object_set(files_.Get(), "muxer", muxer->Get(), "sink", sink->Get(), nullptr);
  ConnectNaming();
  ListenToBus();
  gst_bin_add_many(GST_BIN(pipeline_.Get()), fragments_.Get(), files_.Get(), nullptr);
  const auto link = [](const GRef<GstElement>& from, const GRef<GstElement>& to, const char* name) {
    const GRef<GstPad> sink_pad = Adopt(gst_element_request_pad_simple(to.Get(), name));
    const GRef<GstPad> source = gst::StaticPad(from.Get(), "src");
    return sink_pad && gst_pad_link(source.Get(), sink_pad.Get()) == GST_PAD_LINK_OK;
  };
  const bool linked = link(fragments_, files_, "video") &&
                      link(video_queue_, fragments_, "video_%u") &&
                      (!with_audio || link(audio_queue_, fragments_, "audio_%u"));
  if (!linked) return ronin::Fail(ErrorKind::kInternal, "the tracks do not fit the MP4 muxer");
  AddProbes();
  gst_element_sync_state_with_parent(files_.Get());
  gst_element_sync_state_with_parent(fragments_.Get());
  return {};
}

void RecordingBranch::ConnectNaming() {
  struct Naming {
    std::shared_ptr<State> state;
    std::shared_ptr<camera::StreamFacts> facts;
    std::function<Result<std::string>(WallTime)> name_file;
    Mailbox::Sender to_main;
    RecordingBranch* branch;  // only for letters, which are dropped when it is gone
  };
  g_signal_connect_data(
      files_.Get(), "format-location-full",
      G_CALLBACK(+[](GstElement*, guint, GstSample* sample, gpointer data) noexcept -> gchar* {
        auto& naming = *static_cast<Naming*>(data);
        GstBuffer* buffer = sample != nullptr ? gst_sample_get_buffer(sample) : nullptr;
        std::unique_lock lock(naming.state->mutex);
        const uint64_t last_pts = naming.state->last_pts;
        lock.unlock();
        const auto utc = buffer != nullptr ? UtcOf(buffer) : std::nullopt;
        const WallTime start = utc ? *utc : naming.facts->clock.ToWall(last_pts);
        naming.state->Named(start);
        auto path = naming.name_file(start);
        if (!path) {
          // The sink fails to create this, which ends the branch; the reason is told first.
          naming.to_main.Post(
              [branch = naming.branch, error = path.error()] { branch->Fail(error); });
          return g_strdup("");
        }
        lock.lock();
        naming.state->starts[*path] = start;
        return g_strdup(path->c_str());
      }),
      new Naming{state_, facts_, callbacks_.name_file, mailbox_.sender(), this},
      [](gpointer data, GClosure*) noexcept { delete static_cast<Naming*>(data); },
      GConnectFlags(0));
}

void RecordingBranch::AddProbes() {
  count_probe_ = gst::PadProbe(gst::StaticPad(video_queue_.Get(), "src"), GST_PAD_PROBE_TYPE_BUFFER,
                               [state = state_](GstPad*, GstPadProbeInfo* info) {
                                 state->Count(GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info)));
                                 return GST_PAD_PROBE_OK;
                               });
  // A file may end only where a keyframe's fragment comes; splitmuxsink does not know which.
  auto cutter = std::make_shared<SegmentCutter>(settings_.segment_duration);
  cut_probe_ = gst::PadProbe(
      gst::StaticPad(fragments_.Get(), "src"), GST_PAD_PROBE_TYPE_BUFFER,
      [cutter, state = state_, files = files_](GstPad*, GstPadProbeInfo* info) {
        GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
        if (GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_MARKER) == FALSE) {
          return GST_PAD_PROBE_OK;
        }
        const auto utc = UtcOf(buffer);
        const bool full = utc && cutter->Keyframe(*utc);
        const bool jumped = GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_RESYNC) != FALSE;
        const bool asked = state->cut.exchange(false);
        if (full || jumped || asked) g_signal_emit_by_name(files.Get(), "split-after");
        return GST_PAD_PROBE_OK;
      });
}

void RecordingBranch::ListenToBus() {
  bus_ = Adopt(gst_element_get_bus(pipeline_.Get()));
  gst_bus_enable_sync_message_emission(bus_.Get());
  g_object_set(pipeline_.Get(), "message-forward", TRUE, nullptr);
  struct Listening {
    GstElement* files;
    GstElement* queue;
    Mailbox::Sender to_main;
    RecordingBranch* branch;  // only for letters
  };
  bus_handler_ = g_signal_connect_data(
      bus_.Get(), "sync-message::element",
      G_CALLBACK(+[](GstBus*, GstMessage* message, gpointer data) noexcept {
        auto& listening = *static_cast<Listening*>(data);
        GstObject* source = GST_MESSAGE_SRC(message);
        const bool ours =
            gst_object_has_as_ancestor(source, GST_OBJECT(listening.files)) != FALSE ||
            source == GST_OBJECT(listening.queue);
        if (!ours && !IsEndOf(message, listening.files)) return;  // of another branch
        listening.to_main.Post([branch = listening.branch, message = Share(message)] {
          branch->OnBusMessage(message.Get());
        });
      }),
      new Listening{files_.Get(), video_queue_.Get(), mailbox_.sender(), this},
      [](gpointer data, GClosure*) noexcept { delete static_cast<Listening*>(data); },
      GConnectFlags(0));
}

void RecordingBranch::OnBusMessage(GstMessage* message) {
  const GstStructure* s = gst_message_get_structure(message);
  if (IsEndOf(message, files_.Get())) {
    drained_ = true;  // the camera may end the stream before anybody calls Finish()
    Finished();
    return;
  }
  if (s != nullptr && gst_structure_has_name(s, "ronin-frames-dropped")) {
    Dropped(s);
    return;
  }
  const char* location = s != nullptr ? gst_structure_get_string(s, "location") : nullptr;
  if (location == nullptr) return;
  if (gst_structure_has_name(s, "ronin-file-opened")) {
    Opened(location);
  } else if (gst_structure_has_name(s, "ronin-fragment")) {
    Grew(s);
  } else if (gst_structure_has_name(s, "ronin-file-closed")) {
    if (open_file_) {
      open_file_->in_order = true;
      gst_structure_get_uint64(s, "size", &open_file_->size_bytes);
      closing_file_ = std::exchange(open_file_, std::nullopt);
    }
  } else if (gst_structure_has_name(s, "ronin-file-retried")) {
    if (std::exchange(retried_, location) == location) return;  // once for each file
    int number = 0;
    gst_structure_get_int(s, "errno", &number);
    log::Warning("recording", Concat("recording to ", location, " failed (", g_strerror(number),
                                     ") and worked when tried again; check the disk"));
  } else if (gst_structure_has_name(s, "ronin-file-error")) {
    int number = 0;
    gst_structure_get_int(s, "errno", &number);
    Fail(ErrorFromErrno(number, Concat("recording to ", location, " failed")));
  }
}

/// The queue was full: the disk, or this machine, did not keep up.
void RecordingBranch::Dropped(const GstStructure* dropped) {
  guint64 frames = 0;
  guint64 start = 0;
  guint64 end = 0;
  gst_structure_get(dropped, "frames", G_TYPE_UINT64, &frames, "start-time", G_TYPE_UINT64, &start,
                    "end-time", G_TYPE_UINT64, &end, nullptr);
  callbacks_.on_lost(
      {.frames = frames, .start = facts_->clock.ToWall(start), .end = facts_->clock.ToWall(end)});
}

void RecordingBranch::Opened(const std::string& path) {
  FileEvent file{.path = path};
  {
    std::lock_guard lock(state_->mutex);
    const auto found = state_->starts.find(path);
    if (found == state_->starts.end()) return;
    file.start = found->second;
    state_->starts.erase(found);
  }
  ReportClosed();
  open_file_ = file;
  first_time_.reset();
  callbacks_.on_opened(file);
}

/// Reports the file that was closed; it ends with its last frame, or where the next one begins
/// without a seam. Behind a step of the clock the next one begins elsewhere.
void RecordingBranch::ReportClosed() {
  if (!closing_file_) return;
  FileEvent file = *std::exchange(closing_file_, std::nullopt);
  {
    std::lock_guard lock(state_->mutex);
    if (file.end == WallTime{})
      file.end = facts_->clock.ToWall(state_->last_pts + state_->frame_ns);
    constexpr Micros kSeam = 1s;
    const auto next = state_->named.upper_bound(file.start);
    if (next != state_->named.end() && std::chrono::abs(*next - file.end) < kSeam) file.end = *next;
  }
  file.end = std::max(file.end, file.start);
  callbacks_.on_closed(file);
}

/// A fragment of the open file is on its way to the disk.
void RecordingBranch::Grew(const GstStructure* fragment) {
  if (!open_file_) return;
  guint64 time = 0;
  guint64 duration = 0;
  gst_structure_get(fragment, "time", G_TYPE_UINT64, &time, "duration", G_TYPE_UINT64, &duration,
                    nullptr);
  if (!first_time_) first_time_ = time;
  const auto length = int64_t(time + duration - *first_time_);
  open_file_->end = open_file_->start + Micros(length * 1'000'000 / kVideoTimescale);
}

void RecordingBranch::Fail(Error error) {
  if (std::exchange(failed_, true)) return;
  callbacks_.on_error(std::move(error));
}

void RecordingBranch::Cut() { state_->cut = true; }

void RecordingBranch::Finish(std::function<void()> done) {
  RONIN_ASSERT_MAIN_THREAD();
  finished_ = std::move(done);
  const bool begun = bool(files_);
  if (!begun && !failed_ && facts_->last_video_us != 0) {
    Begin(settings_.audio && facts_->audio_offered);
  }
  start_watch_.Cancel();
  video_branch_.Unlink();
  audio_branch_.Unlink();
  if (!files_ || failed_ || drained_) {
    mailbox_.Post([this] { Finished(); });
    return;
  }
  deadline_ = Source::After(kFinishLimit, [this] { Finished(); });
  SendEos(video_queue_);
  if (audio_queue_) SendEos(audio_queue_);
}

void RecordingBranch::Finished() {
  if (!finished_) return;
  deadline_.Cancel();
  if (open_file_) {  // it failed, or the disk does not answer: it ends with what is written
    open_file_->size_bytes = bytes_written();
    open_file_->held = !failed_;  // what failed has closed it
    closing_file_ = std::exchange(open_file_, std::nullopt);
  }
  ReportClosed();
  std::exchange(finished_, nullptr)();
}

uint64_t RecordingBranch::bytes_written() const {
  if (!sink_) return 0;
  guint64 bytes = 0;
  // Not through splitmuxsink, which has a lock while a file is named: that may hang on a disk.
  g_object_get(sink_.Get(), "bytes-written", &bytes, nullptr);
  return bytes;
}

uint64_t RecordingBranch::frames() const {
  std::lock_guard lock(state_->mutex);
  return state_->frames;
}

void RecordingBranch::RemoveElements() {
  if (bus_handler_ != 0) {
    g_signal_handler_disconnect(bus_.Get(), std::exchange(bus_handler_, 0));
    gst_bus_disable_sync_message_emission(bus_.Get());
  }
  video_branch_.Unlink();
  audio_branch_.Unlink();
  count_probe_.Remove();
  cut_probe_.Remove();
  // The sink first: a queue cannot stop while its thread waits in splitmuxsink.
  std::vector<GRef<GstElement>> elements;
  for (GRef<GstElement>* element : {&files_, &fragments_, &video_queue_, &audio_queue_}) {
    if (!*element) continue;
    gst_bin_remove(GST_BIN(pipeline_.Get()), element->Get());
    elements.push_back(std::move(*element));
  }
  sink_.Reset();
  if (!elements.empty()) Retire(std::move(elements), std::move(gone_));
  video_block_.Remove();
  audio_block_.Remove();
}

void RecordingBranch::Retire(std::vector<GRef<GstElement>> elements, std::function<void()> gone) {
  reaper_.Retire({.what = settings_.name,
                  .consequence = "its disk may hang. It is left behind, and recording goes on in a "
                                 "new file where it can; check the disk",
                  .needs_a_disk = true,
                  .elements = std::move(elements),
                  .done = std::move(gone)});
}

}  // namespace ronin::recording
