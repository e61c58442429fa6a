// SPDX-License-Identifier: MIT
#include "recording/segment_rows.h"

#include <deque>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/text.h"

namespace ronin::recording {
namespace {

using namespace std::chrono_literals;

constexpr auto kRetryRows = 500ms;
// A slice of the database thread: others wait for it, too.
constexpr int kRowsAtOnce = 16;
constexpr size_t kEndsTogether = 64;

/// Whether it may work later.
bool IsPassing(const Error& error) {
  return error.kind == ErrorKind::kUnavailable || error.kind == ErrorKind::kNoSpace ||
         error.kind == ErrorKind::kPermission || error.kind == ErrorKind::kCorrupt ||
         error.kind == ErrorKind::kTimeout;
}

Result<int64_t> ExistingRow(Catalog& catalog, const SegmentStart& row) {
  const std::string before = row.rel_path.substr(0, row.rel_path.size() - 1);
  auto files = catalog.Files(row.volume_id, before, row.rel_path + '\x01', 100);
  if (!files) return tl::unexpected(files.error());
  for (const FileRow& file : *files) {
    if (file.rel_path == row.rel_path) return file.id;
  }
  return Fail(ErrorKind::kNotFound, Concat("there is no row of ", row.rel_path));
}

}  // namespace

/// Belongs to the database thread, but for `fresh`, `count` and `writes`.
struct SegmentRows::State {
  State(Catalog& c, Callbacks cb, Mailbox::Sender m)
      : catalog(c), callbacks(std::move(cb)), to_main(std::move(m)) {}

  struct Row {
    int64_t id = 0;
    Begun begun;
  };

  Catalog& catalog;
  const Callbacks callbacks;
  const Mailbox::Sender to_main;
  std::map<std::string, Row> rows;  // of open files, by absolute path
  std::mutex mutex;
  std::deque<Change> fresh;  // guarded: posted, and not taken yet
  std::deque<Change> waiting;
  size_t lost = 0;
  std::atomic<size_t> count{0};  // of waiting, for other threads
  Durations writes;

  /// The next change, or the next ones if they are ends of files.
  std::vector<Change> NextFresh() {
    const auto is_end = [](const Change& one) { return std::holds_alternative<Ended>(one); };
    std::vector<Change> out;
    std::lock_guard lock(mutex);
    while (!fresh.empty() && out.size() < kEndsTogether) {
      if (!out.empty() && !(is_end(out.back()) && is_end(fresh.front()))) break;
      out.push_back(std::move(fresh.front()));
      fresh.pop_front();
    }
    return out;
  }

  void TakeFresh() {
    std::vector<Change> next = NextFresh();
    if (next.size() > 1 && waiting.empty() && EndTogether(next)) return;
    for (Change& change : next) Take(std::move(change));
  }

  /// False: nothing was done, and they are to be tried one by one.
  bool EndTogether(const std::vector<Change>& ends) {
    const MonoTime begin = SystemClock().Mono();
    const auto done = catalog.Together([&]() -> Status {
      for (const Change& end : ends) {
        if (auto one = Complete(std::get<Ended>(end)); !one) return one;
      }
      return {};
    });
    if (!done) return false;
    writes.Add(SystemClock().Mono() - begin);
    for (const Change& end : ends) Completed(std::get<Ended>(end));
    return true;
  }

  void Take(Change change) {
    if (waiting.empty()) {
      const auto done = Run(change);
      if (done) return;
      log::Error("recording", Concat("the catalog cannot be written (", done.error().Text(),
                                     "); recording goes on, and its rows follow when it can"));
    }
    waiting.push_back(std::move(change));
    if (waiting.size() > kMost) {
      waiting.pop_front();
      ++lost;
    }
    count = waiting.size();
  }

  /// Before what waits: what ended meanwhile has to have begun.
  void EnterAgain() {
    for (auto& [path, row] : rows) waiting.push_front(std::move(row.begun));
    rows.clear();
    count = waiting.size();
  }

  /// Whether it got on, and there is more to do.
  bool Retry() {
    int done = 0;
    for (; done < kRowsAtOnce && !waiting.empty() && Run(waiting.front()); ++done) {
      waiting.pop_front();
    }
    count = waiting.size();
    if (!waiting.empty()) return done == kRowsAtOnce;
    if (done > 0) Caught();
    return false;
  }

  void Caught() {
    log::Info("recording", "the catalog takes rows again, and has all that waited");
    if (const size_t gone = std::exchange(lost, 0); gone > 0) {
      log::Warning("recording", Concat(gone,
                                       " rows were too many to keep; the check of the "
                                       "recordings finds their files"));
      to_main.Post([done = callbacks.on_lost] { done(); });
    }
  }

  /// An error is one that passes; others are told here, since trying again would not help.
  Status Run(const Change& change) {
    const MonoTime begin = SystemClock().Mono();
    const auto done = std::visit([this](const auto& one) { return Do(one); }, change);
    writes.Add(SystemClock().Mono() - begin);
    if (done) return done;
    if (done.error().kind == ErrorKind::kCorrupt && callbacks.on_damage) {
      to_main.Post([tell = callbacks.on_damage, damage = done.error()] { tell(damage); });
    }
    if (IsPassing(done.error())) return done;
    log::Error("recording", Concat("a row is wrong until the next check of the recordings: ",
                                   done.error().Text()));
    return {};
  }

  Status Do(const Begun& begun) {
    SegmentStart row = begun.row;
    const auto volume = catalog.EnsureVolume(begun.volume.root(), begun.volume.uuid());
    if (!volume) return tl::unexpected(volume.error());
    row.volume_id = *volume;
    auto id = catalog.BeginSegment(row);
    // It was done already, and only its answer was lost.
    if (!id && id.error().kind == ErrorKind::kConflict) id = ExistingRow(catalog, row);
    if (!id) return tl::unexpected(id.error());
    rows[begun.volume.PathOf(row.rel_path)] = {*id, begun};
    Tell(*id);
    return {};
  }

  Status Do(const Suspected& suspected) {
    const auto found = rows.find(suspected.path);
    if (found == rows.end()) return {};
    return catalog.SetSuspect(found->second.id);
  }

  Status Do(const Ended& ended) {
    const auto done = catalog.Together([&] { return Complete(ended); });
    if (done || !IsPassing(done.error())) Completed(ended);
    return done;
  }

  Status Complete(const Ended& ended) {
    const auto found = rows.find(ended.path);
    if (found == rows.end()) return {};  // it was given up
    if (ended.state == SegmentState::kRecording) return {};
    const int64_t id = found->second.id;
    const bool gone = ended.state == SegmentState::kMissing;
    if (auto noted = NoteMore(found->second, ended); !noted) return noted;
    auto done = catalog.FinishSegment(id, ended.end, ended.size_bytes, ended.frames,
                                      gone ? SegmentState::kRecovered : ended.state);
    if (done && gone) done = catalog.SetState(id, SegmentState::kMissing);
    return done;
  }

  /// Nobody writes to it, and the catalog knows so.
  void Completed(const Ended& ended) {
    const auto found = rows.find(ended.path);
    if (found == rows.end()) return;
    const int64_t id = found->second.id;
    rows.erase(found);
    if (ended.state != SegmentState::kRecording) Tell(id);
  }

  /// What the end knows better than the beginning. Errors: those that pass.
  Status NoteMore(const Row& row, const Ended& ended) {
    Status noted;
    if (ended.camera_clock) noted = catalog.SetCameraClock(row.id, *ended.camera_clock);
    if (noted && ended.audio && *ended.audio != row.begun.row.audio) {
      noted = catalog.SetAudio(row.id, *ended.audio);
    }
    if (noted || IsPassing(noted.error())) return noted;
    log::Warning("recording",
                 Concat("a row lacks what the end of its file knew: ", noted.error().Text()));
    return {};
  }

  void Tell(int64_t id) {
    if (auto segment = catalog.Get(id)) {
      to_main.Post([done = callbacks.on_segment, segment = *segment] { done(segment); });
    }
  }
};

SegmentRows::SegmentRows(Catalog& catalog, Worker& database, Callbacks callbacks)
    : database_(database),
      state_(std::make_shared<State>(catalog, std::move(callbacks), mailbox_.sender())) {
  retry_ = Source::Every(kRetryRows, [this] {
    // Behind what is being tried: a locked catalog must not get a queue of attempts.
    if (state_->count > 0 && database_.depth() == 0) RetryOn(database_, state_);
  });
}

/// A slice at a time, with what others have asked for between them.
void SegmentRows::RetryOn(Worker& database, std::shared_ptr<State> state) {
  database.Post([&database, state] {
    if (state->Retry()) RetryOn(database, state);
  });
}

SegmentRows::~SegmentRows() = default;

void SegmentRows::Post(Change change) {
  {
    std::lock_guard lock(state_->mutex);
    state_->fresh.push_back(std::move(change));
  }
  database_.Post([state = state_] { state->TakeFresh(); });
}

void SegmentRows::Begin(Begun begun) { Post(std::move(begun)); }
void SegmentRows::Suspect(std::string path) { Post(Suspected{std::move(path)}); }
void SegmentRows::End(Ended ended) { Post(std::move(ended)); }

void SegmentRows::EnterAgain() {
  database_.Post([&database = database_, state = state_] {
    state->EnterAgain();
    RetryOn(database, state);
  });
}

void SegmentRows::TryAgain() {
  database_.Post([state = state_] {
    while (state->Retry()) {
    }
  });
}

size_t SegmentRows::waiting() const { return state_->count; }
const Durations& SegmentRows::writes() const { return state_->writes; }

}  // namespace ronin::recording
