// SPDX-License-Identifier: MIT
#include "recording/camera_recorder.h"

#include <utility>

#include "base/ask.h"
#include "base/log.h"
#include "base/main_thread.h"
#include "base/text.h"
#include "recording/gap_cause.h"
#include "storage/folders.h"
#include "storage/mp4_scan.h"
#include "storage/segment_path.h"

namespace ronin::recording {
namespace {

using namespace std::chrono_literals;

constexpr auto kRetryStorage = 2s;
constexpr auto kStillClosing = 50ms;

/// The path of a new file, its folder made. Streaming thread.
Result<std::string> NameFile(const Volume& volume, const std::string& folder, WallTime start) {
  // The volume's own folder is never made here: if it is gone, so is the disk.
  if (auto there = volume.CheckRoom(); !there) return tl::unexpected(there.error());
  auto path = FreeSegmentPath(volume.root(), {.folder = folder, .start = start});
  if (!path) return tl::unexpected(path.error());
  const std::string full = volume.PathOf(path->ToString());
  if (auto made = MakeDirs(full.substr(0, full.rfind('/'))); !made) {
    return tl::unexpected(made.error());
  }
  return full;
}

/// What a user can do about a storage failure.
std::string Sentence(const Error& error, const std::string& root) {
  switch (error.kind) {
    case ErrorKind::kNoSpace:
      return Concat("The disk of ", root, " is full; make room, recording goes on by itself.");
    case ErrorKind::kNotFound:
      return Concat("The storage folder ", root,
                    " is missing; check that the disk is mounted, recording goes on by itself.");
    case ErrorKind::kPermission:
      return Concat(
          "The storage folder ", root,
          " cannot be written to; check its permissions, and that its disk has not become "
          "read-only. Recording goes on by itself.");
    default:
      return Concat("Recording to ", root, " failed; check the disk, recording goes on by itself.");
  }
}

SegmentStart RowOf(int64_t camera_id, const RecorderContext& context, const FileEvent& file,
                   const camera::StreamFacts& facts) {
  SegmentStart row{.camera_id = camera_id,
                   .volume_id = context.volume_id,
                   .rel_path = file.path.substr(context.volume.root().size() + 1),
                   .start = file.start};
  if (const auto video = facts.video()) {
    row.video = SegmentVideo{video->codec, video->width, video->height};
  }
  if (const auto audio = facts.audio(); audio && facts.last_audio_us != 0) {
    row.audio = SegmentAudio{audio->codec, audio->sample_rate_hz, audio->channels};
  }
  return row;
}

/// Database thread. `scan`: what is in the file, as its headers say.
Status FinishRow(Catalog& catalog, int64_t id, const FileEvent& file, const Result<Mp4Scan>& scan) {
  const bool gone = !scan && scan.error().kind == ErrorKind::kNotFound;
  if (!file.in_order && !scan && !gone) return tl::unexpected(scan.error());
  const bool as_read = !file.in_order && scan;
  const WallTime end = as_read ? file.start + scan->duration : file.end;
  const auto size = int64_t(as_read ? scan->whole_bytes : file.size_bytes);
  const auto frames = scan ? std::optional(int64_t(scan->frames)) : std::nullopt;
  const auto state = file.in_order ? SegmentState::kComplete : SegmentState::kRecovered;
  auto done = catalog.FinishSegment(id, end, size, frames, state);
  if (done && gone) done = catalog.SetState(id, SegmentState::kMissing);
  return done;
}

}  // namespace

CameraRecorder::CameraRecorder(const CameraRecord& camera, const RecorderContext& context)
    : camera_id_(camera.id),
      name_(camera.name),
      folder_(camera.folder),
      uuid_(camera.uuid),
      audio_(camera.record_audio),
      context_(context) {}

CameraRecorder::~CameraRecorder() = default;

void CameraRecorder::StreamBuilt(camera::Stream& stream) {
  RONIN_ASSERT_MAIN_THREAD();
  stream_ = &stream;
  facts_ = stream.facts();
  if (wanted_) Begin();
}

void CameraRecorder::Configure(const CameraRecord& camera) {
  name_ = camera.name;
  audio_ = camera.record_audio;
}

void CameraRecorder::Want(bool wanted) {
  RONIN_ASSERT_MAIN_THREAD();
  if (std::exchange(wanted_, wanted) == wanted) return;
  if (wanted) {
    // A branch that still closes its file is followed by the next one.
    if (stream_ != nullptr && !branch_) Begin();
    return;
  }
  retry_.Cancel();
  recording_since_.reset();
  error_.reset();
  EndBranch();
  context_.on_changed(camera_id_);
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

void CameraRecorder::Begin() {
  auto settings = context_.settings;
  settings.audio = settings.audio && audio_;
  settings.camera_uuid = uuid_;
  RecordingBranch::Callbacks callbacks{
      .name_file = [&volume = context_.volume,
                    folder = folder_](WallTime start) { return NameFile(volume, folder, start); },
      .on_opened = [this](const FileEvent& file) { Opened(file); },
      .on_closed = [this](const FileEvent& file) { Closed(file); },
      .on_lost = [this](const FramesLost& lost) { Lost(lost); },
      .on_error = [this](const Error& error) { Failed(error); }};
  branch_ = std::make_unique<RecordingBranch>(*stream_, settings, std::move(callbacks),
                                              context_.clock, context_.reaper);
  if (auto attached = branch_->Attach(); !attached) Failed(attached.error());
}

void CameraRecorder::Opened(const FileEvent& file) {
  if (error_) {
    log::Info("recording", Concat("camera ", name_, ": recording again"), {{"CAMERA", name_}});
  }
  error_.reset();
  current_ = file;
  if (!recording_since_ && wanted_ && stream_ != nullptr) {
    recording_since_ = file.start;
    closed_bytes_ = 0;
  }
  if (context_.ledger != nullptr) context_.ledger->Recorded(camera_id_, file.start);
  const auto id = std::make_shared<int64_t>(0);
  rows_[file.path] = id;
  const SegmentStart row = RowOf(camera_id_, context_, file, *facts_);
  Ask(
      context_.database, mailbox_,
      [&catalog = context_.catalog, row, id]() -> Result<Segment> {
        auto begun = catalog.BeginSegment(row);
        if (!begun) return tl::unexpected(begun.error());
        *id = *begun;
        return catalog.Get(*id);
      },
      [this, path = file.path](Result<Segment> segment) {
        if (segment) {
          context_.on_segment(*segment);
        } else {
          log::Error("recording",
                     Concat("camera ", name_, ": no row for ", path, ": ", segment.error().Text(),
                            "; the file itself is being written"));
        }
      });
  context_.on_changed(camera_id_);
}

void CameraRecorder::Closed(const FileEvent& file) {
  if (current_ && current_->path == file.path) current_.reset();
  last_end_ = file.end;
  closed_bytes_ += file.size_bytes;
  const auto node = rows_.extract(file.path);
  if (node.empty()) return;
  // Reading the file's headers back counts its frames, and proves that it can be read.
  context_.storage.Post([&context = context_, id = node.mapped(), file, name = name_,
                         sender = mailbox_.sender(), this] {
    const auto scan = ScanMp4(file.path);
    // The row must not outlive the data that it promises.
    if (auto synced = SyncFile(file.path); !synced) {
      log::Error("recording", Concat("camera ", name, ": ", synced.error().Text(),
                                     "; the file may be damaged, check the disk"));
    }
    context.database.Post([&context, id, file, scan, name, sender, this] {
      if (auto finished = FinishRow(context.catalog, *id, file, scan); !finished) {
        log::Error("recording",
                   Concat("camera ", name, ": the row of ", file.path,
                          " stays open until the next start: ", finished.error().Text()));
        return;
      }
      if (auto segment = context.catalog.Get(*id)) {
        sender.Post([this, segment = *segment] { context_.on_segment(segment); });
      }
    });
  });
  context_.on_changed(camera_id_);
}

void CameraRecorder::Lost(const FramesLost& lost) {
  RONIN_ASSERT_MAIN_THREAD();
  frames_lost_ += lost.frames;
  if (context_.ledger != nullptr) {
    context_.ledger->Lost(camera_id_, lost.start, lost.end, {GapReason::kOverload, ""});
  }
  log::Error("recording",
             Concat("camera ", name_, ": ", lost.frames,
                    " pictures are lost: the disk or this machine is too slow"),
             {{"CAMERA", name_}});
}

void CameraRecorder::Failed(const Error& error) {
  if (context_.ledger != nullptr && wanted_) {
    const WallTime since = recorded_until().value_or(context_.clock.Now());
    context_.ledger->Missing(camera_id_, since, CauseOf(error));
  }
  recording_since_.reset();
  const bool first = !error_;
  Explain(error);
  EndBranch();
  // A single failure costs no more than the rest of the GOP; a lasting one is asked about.
  TryAfter(first ? 0s : kRetryStorage);
}

void CameraRecorder::Explain(const Error& error) {
  const std::string sentence = Sentence(error, context_.volume.root());
  const bool news = !error_ || error_->message != sentence;
  log::Write(news ? log::Level::kError : log::Level::kDebug, "recording",
             Concat("camera ", name_, ": ", sentence, " (", error.Text(), ")"),
             {{"CAMERA", name_}});
  if (!news) return;
  error_ = camera::CameraError{"storage", sentence, context_.clock.Now()};
  context_.on_changed(camera_id_);
}

void CameraRecorder::TryAfter(std::chrono::milliseconds wait) {
  if (!wanted_) return;
  retry_ = Source::After(wait, [this] {
    if (branch_) {  // still closing its file
      TryAfter(kStillClosing);
      return;
    }
    // Only when there is room again: each attempt on a full disk would leave a small file.
    Ask(
        context_.storage, mailbox_, [&volume = context_.volume] { return volume.CheckRoom(); },
        [this](const Status& room) {
          if (stream_ == nullptr || branch_ || !wanted_) return;
          if (room) {
            Begin();
          } else {
            Explain(room.error());
            TryAfter(kRetryStorage);
          }
        });
  });
}

void CameraRecorder::StreamEnding(std::function<void()> done) {
  RONIN_ASSERT_MAIN_THREAD();
  stream_ = nullptr;
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
  }
}

void CameraRecorder::BranchEnded() {
  const bool had_one = branch_ != nullptr;
  branch_.reset();
  current_.reset();
  ending_ = false;
  if (had_one && last_end_ && context_.ledger != nullptr) {
    context_.ledger->Ended(camera_id_, *last_end_);
  }
  if (const auto then = std::exchange(branch_ended_, nullptr)) then();
  // It was switched off and on again meanwhile; a failure waits for its next try.
  if (had_one && wanted_ && stream_ != nullptr && !branch_ && !retry_.active() && !error_) Begin();
}

}  // namespace ronin::recording
