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
#include "recording/file_growth.h"
#include "recording/hole_probe.h"
#include "recording/segment_cutter.h"

namespace ronin::recording {
namespace {

using namespace std::chrono_literals;

constexpr auto kStartPoll = 50ms;
constexpr auto kAudioPoll = 5ms;
constexpr int kMostAudioPolls = 200;
constexpr auto kFinishLimit = 2s;

}  // namespace

/// What streaming threads and main share.
struct RecordingBranch::State {
  std::mutex mutex;                        // guards all below
  std::map<std::string, WallTime> starts;  // of files named, until main has heard of them
  std::set<WallTime> named;                // the newest starts: a file ends where the next begins
  uint64_t last_pts = 0;
  uint64_t frame_ns = 0;  // between the last two frames
  uint64_t frames = 0;
  FileGrowth growth;
  std::atomic<bool> cut{false};  // not guarded: end the file with the next keyframe

  void Count(uint64_t pts) {
    std::lock_guard lock(mutex);
    if (frames++ > 0 && pts > last_pts) frame_ns = pts - last_pts;
    last_pts = pts;
  }

  /// What the sink says. Nothing for a fragment, of which main hears only when it asks; else the
  /// length of the newest file at that moment.
  std::optional<Micros> Heard(const GstStructure* s) {
    const char* location = s != nullptr ? gst_structure_get_string(s, "location") : nullptr;
    std::lock_guard lock(mutex);
    if (location == nullptr) return growth.length();
    if (gst_structure_has_name(s, "ronin-fragment")) {
      growth.Fragment(s);
      return std::nullopt;
    }
    if (gst_structure_has_name(s, "ronin-file-opened")) growth.Open(location);
    guint64 size = 0;
    if (gst_structure_get_uint64(s, "size", &size) != FALSE) growth.Size(size);
    return growth.length();
  }

  /// Of a file that is open: zero before its first fragment.
  Micros LengthOf(const std::string& path) {
    std::lock_guard lock(mutex);
    return growth.path() == path ? growth.length() : Micros{};
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

void SendEos(GstElement* queue) {
  // EOS waits for its turn behind the media, so it may block; not on main.
  gst::Reaper::CallAsync(queue, [](GstElement* element) {
    gst_pad_send_event(gst::StaticPad(element, "sink").Get(), gst_event_new_eos());
  });
}

}  // namespace

RecordingBranch::RecordingBranch(camera::Stream& stream, std::unique_ptr<TrackQueues> queues,
                                 const Settings& settings, Callbacks callbacks, gst::Reaper& reaper)
    : pipeline_(Share(stream.pipeline())),
      facts_(stream.facts()),
      settings_(settings),
      callbacks_(std::move(callbacks)),
      reaper_(reaper),
      state_(std::make_shared<State>()),
      queues_(std::move(queues)) {
  RONIN_ASSERT_MAIN_THREAD();
  queues_->HoldAll(true);
  start_watch_ = Source::Every(kStartPoll, [this] { WatchForVideo(); });
}

RecordingBranch::~RecordingBranch() { RemoveElements(); }

/// By the first frame it is known whether the camera offers audio that is taken.
void RecordingBranch::WatchForVideo() {
  if (facts_->last_video_us != 0) Begin(settings_.audio && facts_->audio_offered);
}

void RecordingBranch::Begin(bool with_audio) {
  start_watch_.Cancel();
  if (!with_audio) queues_->DropAudio();
  if (auto made = MakeFiles(with_audio); !made) {
    Fail(made.error());
    return;
  }
  BeginVideo(kMostAudioPolls);
}

/// Links the video once the audio that was held is through, which the muxer keeps until then:
/// audio that comes behind its video is stored behind it, too, and players stumble over seconds.
void RecordingBranch::BeginVideo(int tries) {
  guint64 waiting = 0;
  if (queues_->audio() != nullptr) {
    g_object_get(queues_->audio(), "current-level-buffers", &waiting, nullptr);
  }
  if (waiting == 0 || tries == 0) {
    LinkVideo();
  } else {
    start_watch_ = Source::After(kAudioPoll, [this, tries] { BeginVideo(tries - 1); });
  }
}

void RecordingBranch::LinkVideo() {
  const GRef<GstPad> pad = std::move(video_pad_);
  if (auto linked = queues_->LinkVideo(pad.Get()); !linked) Fail(linked.error());
}

Status RecordingBranch::MakeFiles(bool with_audio) {
  auto fragments = gst::MakeElement(
      "ronincmafmux", "fragments",
      {{"fragment-duration", std::to_string(std::chrono::nanoseconds(settings_.fragment).count())},
       {"delta-units", "false"}});
  auto muxer = gst::MakeElement("roninfragmux", "muxer",
                                {{"camera-id", settings_.camera_uuid},
                                 {"sub-stream", settings_.sub_stream ? "true" : "false"},
                                 {"connection", std::to_string(ToMicros(settings_.connected))}});
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
  const GRef<GstPad> to_files = Adopt(gst_element_request_pad_simple(files_.Get(), "video"));
  video_pad_ = Adopt(gst_element_request_pad_simple(fragments_.Get(), "video_%u"));
  const GRef<GstPad> from_muxer = gst::StaticPad(fragments_.Get(), "src");
  if (!to_files || !video_pad_ ||
      gst_pad_link(from_muxer.Get(), to_files.Get()) != GST_PAD_LINK_OK) {
    return ronin::Fail(ErrorKind::kInternal, "the MP4 muxer does not fit the files");
  }
  AddProbes();
  gst_element_sync_state_with_parent(files_.Get());
  gst_element_sync_state_with_parent(fragments_.Get());
  if (!with_audio) return {};
  const GRef<GstPad> audio = Adopt(gst_element_request_pad_simple(fragments_.Get(), "audio_%u"));
  return queues_->LinkAudio(audio.Get());
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
  count_probe_ = gst::PadProbe(gst::StaticPad(queues_->video(), "src"), GST_PAD_PROBE_TYPE_BUFFER,
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
    std::shared_ptr<State> state;
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
        const auto length = listening.state->Heard(gst_message_get_structure(message));
        if (!length) return;
        listening.to_main.Post([branch = listening.branch, message = Share(message),
                                length = *length] { branch->OnBusMessage(message.Get(), length); });
      }),
      new Listening{files_.Get(), queues_->video(), state_, mailbox_.sender(), this},
      [](gpointer data, GClosure*) noexcept { delete static_cast<Listening*>(data); },
      GConnectFlags(0));
}

/// @param length  of the newest file when the message was sent
void RecordingBranch::OnBusMessage(GstMessage* message, Micros length) {
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
  } else if (gst_structure_has_name(s, "ronin-file-closed")) {
    if (open_file_) {
      open_file_->in_order = true;
      gst_structure_get(s, "size", G_TYPE_UINT64, &open_file_->size_bytes, "frames", G_TYPE_UINT64,
                        &open_file_->frames, nullptr);
      if (length > Micros{}) open_file_->end = open_file_->start + length;
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

void RecordingBranch::Fail(Error error) {
  if (std::exchange(failed_, true)) return;
  mailbox_.Post([this, error = std::move(error)] { callbacks_.on_error(error); });
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
  queues_->LeaveTees();
  if (video_pad_ && !failed_) LinkVideo();
  if (!files_ || failed_ || drained_) {
    mailbox_.Post([this] { Finished(); });
    return;
  }
  deadline_ = Source::After(kFinishLimit, [this] { Finished(); });
  SendEos(queues_->video());
  if (queues_->audio() != nullptr) SendEos(queues_->audio());
}

void RecordingBranch::Finished() {
  if (!finished_) return;
  deadline_.Cancel();
  if (open_file_) {  // it failed, or the disk does not answer: it ends with what is written
    open_file_->size_bytes = bytes_written();
    open_file_->held = !failed_;  // what failed has closed it
    if (const auto end = written_until()) open_file_->end = *end;
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

std::optional<WallTime> RecordingBranch::written_until() const {
  if (!open_file_) return std::nullopt;
  const Micros length = state_->LengthOf(open_file_->path);
  return length > Micros{} ? std::optional(open_file_->start + length) : std::nullopt;
}

uint64_t RecordingBranch::bytes() const {
  std::lock_guard lock(state_->mutex);
  return state_->growth.bytes();
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
  queues_->LeaveTees();
  queues_->Forget();  // it may take as long as a disk hangs until they end
  count_probe_.Remove();
  cut_probe_.Remove();
  // The sink first: a queue cannot stop while its thread waits in splitmuxsink.
  std::vector<GRef<GstElement>> elements;
  for (GRef<GstElement>* element : {&files_, &fragments_}) {
    if (!*element) continue;
    gst::TakeOut(pipeline_.Get(), element->Get());
    elements.push_back(std::move(*element));
  }
  sink_.Reset();
  queues_->TakeOut(&elements);
  queues_.reset();
  Retire(std::move(elements), std::move(gone_));
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
