// SPDX-License-Identifier: MIT
#include "live/ll_stream.h"

#include <utility>

#include "base/main_thread.h"

namespace ronin::live {
namespace {

using namespace std::chrono_literals;

Error Unavailable(std::string sentence) {
  return {.kind = ErrorKind::kUnavailable, .message = std::move(sentence)};
}

}  // namespace

LlStream::LlStream(const Clock& clock, LlWindow::Options window,
                   std::chrono::milliseconds start_timeout)
    : clock_(clock),
      start_timeout_(start_timeout),
      window_(std::move(window)),
      last_request_(clock.Mono()) {}

LlStream::~LlStream() { FailAll(Unavailable("The live view has ended.")); }

void LlStream::RequestPlaylist(const LlPlaylistAsk& ask, PlaylistReply reply, Gone gone) {
  RONIN_ASSERT_MAIN_THREAD();
  last_request_ = clock_.Mono();
  if (TryPlaylist(ask, reply)) return;
  Wait({.serve = [this, ask, reply] { return TryPlaylist(ask, reply); },
        .fail = [reply](const Error& error) { reply(Fail(error)); },
        .gone = std::move(gone),
        .limit = clock_.Mono() + Patience()});
}

bool LlStream::TryPlaylist(const LlPlaylistAsk& ask, const PlaylistReply& reply) {
  if (away_) {
    reply(Fail(ErrorKind::kUnavailable, *away_));
    return true;
  }
  if (!window_.ready()) return false;
  if (ask.segment) {
    const auto look = window_.LookFor(*ask.segment, ask.part);
    if (look == LlWindow::Look::kLater) return false;
    if (look == LlWindow::Look::kInvalid) {
      reply(Fail(ErrorKind::kInvalidArgument,
                 "That is too far ahead of the newest segment; read the playlist again."));
      return true;
    }
  }
  reply(window_.Playlist(ask.delta));
  return true;
}

void LlStream::RequestPart(LlPartId id, PartReply reply, Gone gone) {
  RONIN_ASSERT_MAIN_THREAD();
  last_request_ = clock_.Mono();
  if (TryPart(id, reply)) return;
  Wait({.serve = [this, id, reply] { return TryPart(id, reply); },
        .fail = [reply](const Error& error) { reply(Fail(error)); },
        .gone = std::move(gone),
        .limit = clock_.Mono() + Patience()});
}

bool LlStream::TryPart(LlPartId id, const PartReply& reply) {
  LlWindow::FoundPart found = window_.Part(id);
  if (found.bytes) {
    reply(std::move(found.bytes));
    return true;
  }
  if (!found.later) {
    reply(Fail(ErrorKind::kNotFound,
               "This piece of the live view is gone, or never was; reload the playlist."));
    return true;
  }
  if (away_) reply(Fail(ErrorKind::kUnavailable, *away_));
  return away_.has_value();
}

GRef<GBytes> LlStream::Segment(int64_t number) {
  last_request_ = clock_.Mono();
  return window_.Segment(number);
}

std::chrono::milliseconds LlStream::Patience() const {
  if (!window_.ready()) return start_timeout_;
  return 3 * std::chrono::seconds(window_.pace()->target_s);  // RFC 8216bis, 6.2.5.2
}

void LlStream::Wait(Waiting waiting) {
  if (waiting_.size() >= kMostWaiting) Sweep();
  if (waiting_.size() >= kMostWaiting) {
    waiting.fail(Unavailable("Too many viewers wait for this camera; try again."));
    return;
  }
  waiting_.push_back(std::move(waiting));
  if (!sweep_.active()) sweep_ = Source::Every(250ms, [this] { Sweep(); });
}

void LlStream::ServeAll() {
  // A reply may ask again, which adds to the list.
  for (Waiting& one : std::exchange(waiting_, {})) {
    if (!one.serve()) waiting_.push_back(std::move(one));
  }
  if (waiting_.empty()) sweep_.Cancel();
}

void LlStream::FailAll(const Error& error) {
  for (const Waiting& one : std::exchange(waiting_, {})) one.fail(error);
  if (waiting_.empty()) sweep_.Cancel();
}

void LlStream::Sweep() {
  const MonoTime now = clock_.Mono();
  for (Waiting& one : std::exchange(waiting_, {})) {
    if (one.gone() || now >= one.limit) {
      one.fail(Unavailable("The next picture has not come in time; try again in a moment."));
    } else {
      waiting_.push_back(std::move(one));
    }
  }
  if (waiting_.empty()) sweep_.Cancel();
}

void LlStream::OnInit(const live::Init& init) { window_.Begin(init.bytes); }

void LlStream::OnChunks(std::span<const Chunk> chunks) {
  away_.reset();
  for (const Chunk& chunk : chunks) window_.Add(chunk);
  ServeAll();
}

void LlStream::OnEnd(const FeedEnd& end) {
  window_.End();
  away_ = end.sentence;
  ServeAll();
}

}  // namespace ronin::live
