// SPDX-License-Identifier: MIT
#include "recording/camera_recorder.h"

#include <memory>
#include <tuple>
#include <utility>

#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"
#include "recording/gap_cause.h"
#include "storage/file_syncs.h"
#include "storage/mp4_scan.h"

namespace ronin::recording {
namespace {

using namespace std::chrono_literals;

constexpr auto kRetryStorage = 2s;
constexpr auto kStillClosing = 50ms;
// Of one camera, that do not end.
constexpr size_t kMostHeld = 2;

/// What has come of it so far.
std::optional<SegmentAudio> SoundOf(const camera::StreamFacts& facts) {
  const auto audio = facts.audio();
  if (!audio || facts.last_audio_us == 0) return std::nullopt;
  return SegmentAudio{audio->codec, audio->sample_rate_hz, audio->channels};
}

SegmentStart RowOf(StreamId id, const Volume& volume, const FileEvent& file,
                   const camera::StreamFacts& facts) {
  SegmentStart row{.camera_id = id.camera_id,
                   .stream = id.kind,
                   .rel_path = file.path.substr(volume.root().size() + 1),
                   .start = file.start};
  if (const auto video = facts.video()) {
    row.video = SegmentVideo{video->codec, video->width, video->height};
  }
  row.audio = SoundOf(facts);
  return row;
}

/// How the file ended. `scan`: what is in it, as its headers say; `away`: its disk is.
SegmentRows::Ended EndOf(const FileEvent& file, const KnownAtEnd& known,
                         const Result<Mp4Scan>& scan, bool away) {
  const bool gone = !scan && !away && scan.error().kind == ErrorKind::kNotFound;
  const bool as_read = !file.in_order && scan;
  SegmentRows::Ended out{.path = file.path,
                         .end = as_read ? file.start + scan->duration : file.end,
                         .size_bytes = int64_t(as_read ? scan->whole_bytes : file.size_bytes),
                         .frames = {}};
  out.camera_clock = known.camera_clock;
  if (scan) out.frames = int64_t(scan->frames);
  if (scan) out.audio = scan->audio ? known.sound : std::nullopt;
  if (gone) {
    out.state = SegmentState::kMissing;
  } else if (file.in_order) {
    out.state = SegmentState::kComplete;
  } else {
    out.state = scan ? SegmentState::kRecovered : SegmentState::kRecording;
  }
  return out;
}

}  // namespace

CameraRecorder::CameraRecorder(const CameraRecord& camera, StreamKind kind,
                               const RecorderContext& context)
    : id_(camera.id, kind),
      name_(camera.name),
      folder_(camera.folder),
      uuid_(camera.uuid),
      audio_(camera.record_audio),
      assigned_(camera.volume_uuid.value_or("")),
      context_(context) {}

CameraRecorder::~CameraRecorder() = default;

void CameraRecorder::StreamBuilt(camera::Stream& stream) {
  RONIN_ASSERT_MAIN_THREAD();
  stream_ = &stream;
  facts_ = stream.facts();
  connected_ = context_.clock.Now();
  hole_probe_ =
      WatchHoles(stream.video_tee(), [this, to_main = mailbox_.sender()](const Hole& hole) {
        to_main.Post([this, hole] {
          constexpr size_t kMostHoles = 64;
          holes_.push_back(hole);
          if (holes_.size() > kMostHoles) holes_.pop_front();
          TellHoles();
        });
      });
  // Files of one camera never overlap, unless the system's clock was set back meanwhile.
  constexpr auto kClockStep = 2s;
  if (last_end_ && *last_end_ < context_.clock.Now() + kClockStep) {
    facts_->clock.SetFloor(*last_end_);
  }
  if (wanted_) {
    Begin();
  } else {
    std::ignore = Hold();
  }
}

void CameraRecorder::Configure(const CameraRecord& camera) {
  name_ = camera.name;
  audio_ = camera.record_audio;
  if (std::exchange(assigned_, camera.volume_uuid.value_or("")) != assigned_) VolumesChanged();
}

VolumeGate* CameraRecorder::ItsVolume() const { return context_.volumes.Choose(uuid_, assigned_); }

void CameraRecorder::Want(bool wanted) {
  RONIN_ASSERT_MAIN_THREAD();
  if (std::exchange(wanted_, wanted) == wanted) return;
  if (wanted) {
    // A branch that still closes its file is followed by the next one, which gets all from now on.
    if (branch_ && queues_) queues_->HoldAll(true);
    if (stream_ != nullptr && !branch_) Begin();
    return;
  }
  if (queues_) queues_->HoldAll(false);
  retry_.Cancel();
  recording_since_.reset();
  error_.reset();
  EndBranch();
  context_.on_changed(id_.camera_id);
}

std::optional<WallTime> CameraRecorder::recorded_until() const {
  if (!recording()) return last_end_;
  if (const auto written = branch_->written_until()) return written;
  // A new file has none yet: as far as it has come.
  const MonoTime newest{Micros(facts_->last_video_us)};
  return context_.clock.Now() - (context_.clock.Mono() - newest);
}

CameraRecorder::Figures CameraRecorder::figures() const {
  if (!recording()) return {};
  return {closed_bytes_ + branch_->bytes_written(), branch_->frames()};
}

CameraRecorder::Figures CameraRecorder::totals() const {
  if (!branch_) return ended_;
  return {ended_.bytes + branch_->bytes(), ended_.frames + branch_->frames()};
}

/// Joins the stream, if nothing has. Begin() tells what failed.
Status CameraRecorder::Hold() {
  if (stream_ == nullptr || queues_) return {};
  auto queues =
      TrackQueues::Attach(*stream_, context_.reaper, Concat("the recording queues of ", Whose()),
                          camera::SharesOf(context_.memory, id_.kind));
  if (!queues) return tl::unexpected(queues.error());
  queues_ = std::move(*queues);
  return {};
}

void CameraRecorder::Begin() {
  if (auto held = Hold(); !held) {
    Failed(held.error());
    return;
  }
  VolumeGate* gate = ItsVolume();
  if (gate == nullptr) {  // VolumesChanged() brings it back here
    // Nothing is wrong before the first look at them is over, which does not take long.
    const std::string reason = context_.volumes.Reason();
    const bool looking = reason.empty();
    queues_->HoldAll(looking);
    if (!looking) Explain(reason);
    return;
  }
  if (context_.reaper.Held(BranchName()) >= kMostHeld) {
    const Error error{ErrorKind::kUnavailable,
                      "The last recordings of this camera have not ended; their disk may hang. "
                      "Recording goes on when one has; check the disk."};
    queues_->HoldAll(false);
    Missing(CauseOf(error));
    Explain(error.message);
    TryAfter(kRetryStorage);
    return;
  }
  auto settings = context_.settings;
  settings.audio = settings.audio && audio_;
  settings.camera_uuid = uuid_;
  settings.sub_stream = id_.kind == StreamKind::kSub;
  settings.connected = connected_;
  settings.name = BranchName();
  naming_ = std::make_shared<FileNaming>(gate->volume(), folder_, id_.kind, context_.open_paths);
  RecordingBranch::Callbacks callbacks{
      .name_file = [naming = naming_](WallTime start) { return naming->Name(start); },
      .on_opened = [this](const FileEvent& file) { Opened(file); },
      .on_closed = [this](const FileEvent& file) { Closed(file); },
      .on_lost = [this](const FramesLost& lost) { Lost(lost); },
      .on_error = [this](const Error& error) { Failed(error); }};
  branch_ = std::make_unique<RecordingBranch>(*stream_, std::move(queues_), settings,
                                              std::move(callbacks), context_.reaper);
}

void CameraRecorder::Opened(const FileEvent& file) {
  if (error_) {
    log::Info("recording", Concat(Whose(), ": recording again"), {{"CAMERA", name_}});
  }
  error_.reset();
  current_ = file;
  if (!recording_since_ && wanted_ && stream_ != nullptr) {
    recording_since_ = file.start;
    closed_bytes_ = 0;
  }
  if (context_.ledger != nullptr) context_.ledger->Recorded(id_, file.start);
  std::erase_if(holes_, [&file](const Hole& hole) { return hole.end <= file.start; });
  TellHoles();
  const auto& clock = facts_->sender_clock;
  const OpenFile& opened = files_[file.path] = {facts_, clock.epoch(), clock.newest()};
  const auto named = naming_->Take(file.path);
  SegmentStart row = RowOf(id_, named.volume, file, *facts_);
  row.camera_clock = ClockOf(opened);
  if (context_.ledger != nullptr) row.clock_epoch = context_.ledger->EpochOf(file.start);
  context_.rows.Begin({.row = std::move(row), .volume = named.volume, .open = named.open});
  const VolumeGate* gate = context_.volumes.Holding(file.path);
  generation_ = gate != nullptr ? gate->generation() : 0;
  context_.on_changed(id_.camera_id);
  LeaveVolumeThatIsGone();
  LeaveRemovedVolume();
}

void CameraRecorder::Closed(const FileEvent& file) {
  last_end_ = file.end;
  TellHoles();
  if (current_ && current_->path == file.path) current_.reset();
  closed_bytes_ += file.size_bytes;
  VolumeGate* gate = context_.volumes.Holding(file.path);
  const auto open = files_.extract(file.path);
  if (open.empty() || gate == nullptr) return;
  const KnownAtEnd known{ClockOf(open.mapped()), SoundOf(*open.mapped().facts)};
  auto read_back = ReadBack(file, known, *gate);
  if (file.held) {
    // Its row stays as it is until nobody writes to it any more: see BranchEnded().
    read_back_ = std::move(read_back);
  } else {
    read_back();
  }
  context_.on_changed(id_.camera_id);
}

/// Reading the file back proves that it can be read, and tells what is in it; of one that was
/// closed in order, its beginning and its end do. What is returned may be called after the recorder
/// is gone.
std::function<void()> CameraRecorder::ReadBack(const FileEvent& file, const KnownAtEnd& known,
                                               VolumeGate& gate) {
  return [&rows = context_.rows, file, known, gate = &gate, volume = gate.volume(),
          sender = mailbox_.sender()] {
    struct Found {
      Result<Mp4Scan> scan;
      bool away = false;
    };
    const auto found = std::make_shared<Found>();
    gate->file_syncs().Add(
        {.path = file.path,
         .read =
             [found, volume, file] {
               found->scan = file.in_order ? ScanClosedMp4(file.path, file.size_bytes, file.frames)
                                           : ScanMp4(file.path);
               found->away = !volume.CheckThere();
             },
         // The row must not outlive the data that it promises.
         .synced =
             [&rows, found, file, known, gate, sender](const Status& synced) {
               if (!synced && !found->away && synced.error().kind != ErrorKind::kNotFound) {
                 rows.Suspect(file.path);
                 sender.Post([gate, error = synced.error()] { gate->SyncFailed(error); });
               }
               rows.End(EndOf(file, known, found->scan, found->away));
             }});
  };
}

/// By the last report before the file was opened, or the first one since; and the newest one now.
std::optional<CameraClock> CameraRecorder::ClockOf(const OpenFile& file) {
  const camera::SenderClock& clock = file.facts->sender_clock;
  const auto start = file.start ? file.start : clock.first();
  if (!start || start->epoch != file.epoch) return std::nullopt;
  CameraClock out{start->offset, {}};
  const auto end = clock.newest();
  if (end && end->epoch == start->epoch && end->number > start->number) {
    out.drift = end->offset - start->offset;
  }
  return out;
}

void CameraRecorder::Lost(const FramesLost& lost) {
  RONIN_ASSERT_MAIN_THREAD();
  frames_lost_ += lost.frames;
  if (context_.ledger != nullptr) {
    context_.ledger->Lost(id_, lost.start, lost.end, {GapReason::kOverload, ""});
  }
  // It is told every second while it lasts; once a minute is enough for the log.
  constexpr auto kSayAgain = 1min;
  const MonoTime now = context_.clock.Mono();
  const bool say = !lost_said_ || now - *lost_said_ >= kSayAgain;
  if (say) lost_said_ = now;
  log::Write(say ? log::Level::kError : log::Level::kDebug, "recording",
             Concat(Whose(), ": pictures are lost (", frames_lost_,
                    " so far): the disk or this machine is too slow"),
             {{"CAMERA", name_}});
}

/// Writes down those of the holes that lie in files. A hole is seen some frames later, and a file
/// may begin with a GOP from before the recording was wanted.
void CameraRecorder::TellHoles() {
  if (context_.ledger == nullptr) return;
  std::erase_if(holes_, [this](const Hole& hole) {
    const bool in_file =
        (current_ && hole.start >= current_->start) || (last_end_ && hole.start < *last_end_);
    if (!in_file) return false;
    context_.ledger->Lost(id_, hole.start, hole.end,
                          hole.lost ? GapCause{GapReason::kNetwork, "lost"}
                                    : GapCause{GapReason::kCamera, "no_picture"});
    return true;
  });
}

/// From the newest picture on nothing is recorded, until a file is opened again.
void CameraRecorder::Missing(const GapCause& cause) {
  if (context_.ledger == nullptr || !wanted_) return;
  context_.ledger->Missing(id_, recorded_until().value_or(context_.clock.Now()), cause);
}

void CameraRecorder::Failed(const Error& error) {
  Missing(CauseOf(error));
  recording_since_.reset();
  const bool first = !error_;
  failure_ = error.Text();
  const VolumeGate* gate = current_ ? context_.volumes.Holding(current_->path) : nullptr;
  if (gate == nullptr) gate = ItsVolume();
  Explain(gate != nullptr ? ConditionOf(error, gate->root()).sentence : context_.volumes.Reason());
  EndBranch();
  // A single failure costs no more than the rest of the GOP; a lasting one is asked about.
  TryAfter(first ? 0s : kRetryStorage);
}

/// For the API; the log has it from the volume, once for all cameras.
void CameraRecorder::Explain(const std::string& sentence) {
  if (error_ && error_->message == sentence) return;
  log::Debug("recording", Concat(Whose(), ": ", sentence, " ", failure_), {{"CAMERA", name_}});
  error_ = camera::CameraError{"storage", sentence, context_.clock.Now()};
  context_.on_changed(id_.camera_id);
}

void CameraRecorder::TryAfter(std::chrono::milliseconds wait) {
  if (!wanted_) return;
  retry_ = Source::After(wait, [this] {
    if (branch_) {  // still closing its file
      TryAfter(kStillClosing);
      return;
    }
    VolumeGate* gate = ItsVolume();
    if (gate == nullptr) {
      Try("");
      return;
    }
    // Only when there is room again: each attempt on a full disk would leave a small file.
    gate->Recheck([sender = mailbox_.sender(), this, failure = failure_] {
      sender.Post([this, failure] { Try(failure); });
    });
  });
}

/// @param failure  what a volume that seems to be good failed with; empty: nothing
void CameraRecorder::Try(const std::string& failure) {
  if (stream_ == nullptr || branch_ || !wanted_) return;
  if (ItsVolume() != nullptr && !failure.empty() && failure != told_) {
    told_ = failure;
    log::Error("recording", Concat(Whose(), ": writing failed, a new file begins (", failure, ")"),
               {{"CAMERA", name_}});
  }
  Begin();
}

void CameraRecorder::VolumesChanged() {
  if (stream_ == nullptr || !wanted_) return;
  if (!branch_) {
    // What failed on a volume that is good is tried again in its own time.
    if (!retry_.active() || ItsVolume() == nullptr) Begin();
    return;
  }
  if (const VolumeGate* gate = ItsVolume()) naming_->SetVolume(gate->volume());
  LeaveVolumeThatIsGone();
  LeaveRemovedVolume();
}

/// With the next keyframe, so nothing is lost.
void CameraRecorder::LeaveRemovedVolume() {
  const VolumeGate* gate = current_ ? context_.volumes.Holding(current_->path) : nullptr;
  if (gate != nullptr && gate->retired() && !ending_) branch_->Cut();
}

void CameraRecorder::LeaveVolumeThatIsGone() {
  const VolumeGate* gate = current_ ? context_.volumes.Holding(current_->path) : nullptr;
  if (gate == nullptr || ending_) return;
  const bool nowhere_else = gate->retired() && ItsVolume() == nullptr;
  if (gate->ok() && gate->generation() == generation_ && !nowhere_else) return;
  Missing(gate->ok() ? GapCause{GapReason::kDisk, "replaced"} : CauseOf(gate->state()));
  recording_since_.reset();
  failure_.clear();
  if (!gate->ok()) Explain(gate->sentence());
  EndBranch();
  TryAfter(0s);
}

void CameraRecorder::DataLost(const VolumeGate& gate) {
  for (const auto& [path, file] : files_) {
    if (context_.volumes.Holding(path) == &gate) context_.rows.Suspect(path);
  }
  // What comes until the next keyframe lies in the suspect file; better than nowhere.
  if (WritesTo(gate) && !ending_) branch_->Cut();
}

bool CameraRecorder::WritesTo(const VolumeGate& gate) const {
  return current_ && context_.volumes.Holding(current_->path) == &gate;
}

void CameraRecorder::StreamEnding(std::function<void()> done) {
  RONIN_ASSERT_MAIN_THREAD();
  stream_ = nullptr;
  hole_probe_.Remove();
  queues_.reset();
  retry_.Cancel();
  recording_since_.reset();
  branch_ended_ = std::move(done);
  EndBranch();
}

void CameraRecorder::EndBranch() {
  if (!branch_) {
    BranchEnded();
  } else if (!std::exchange(ending_, true)) {
    branch_->Finish([this] { mailbox_.Post([this] { BranchEnded(); }); });
    // It has left its tees: what comes from now on is the next one's.
    std::ignore = Hold();
    if (queues_) queues_->HoldAll(wanted_);
  }
}

void CameraRecorder::BranchEnded() {
  const bool had_one = branch_ != nullptr;
  ended_ = totals();
  if (read_back_) branch_->WhenGone(std::exchange(read_back_, nullptr));
  branch_.reset();
  current_.reset();
  ending_ = false;
  if (had_one && last_end_ && context_.ledger != nullptr) {
    context_.ledger->Ended(id_, *last_end_);
  }
  if (const auto then = std::exchange(branch_ended_, nullptr)) then();
  // It was switched off and on again meanwhile; a failure waits for its next try.
  if (had_one && wanted_ && stream_ != nullptr && !branch_ && !retry_.active() && !error_) Begin();
}

std::string CameraRecorder::BranchName() const { return Concat("the recording of ", Whose()); }

std::string CameraRecorder::Whose() const {
  return Concat("camera ", name_, id_.kind == StreamKind::kSub ? " (sub stream)" : "");
}

}  // namespace ronin::recording
