// SPDX-License-Identifier: MIT
#include "live/ll_stream.h"

#include <utility>

#include "base/main_thread.h"

namespace ronin::live {
LlStream::LlStream(const Clock& clock, LlWindow::Options window,
                   std::chrono::milliseconds start_timeout)
    : clock_(clock),
      start_timeout_(start_timeout),
      window_(std::move(window)),
      last_request_(clock.Mono()),
      waiters_(clock, kMostWaiting) {}

LlStream::~LlStream() {
  waiters_.FailAll({.kind = ErrorKind::kUnavailable, .message = "The live view has ended."});
}

void LlStream::RequestPlaylist(const LlPlaylistAsk& ask, PlaylistReply reply, Gone gone) {
  RONIN_ASSERT_MAIN_THREAD();
  last_request_ = clock_.Mono();
  waiters_.ServeOrKeep({.serve = [this, ask, reply] { return TryPlaylist(ask, reply); },
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
  waiters_.ServeOrKeep({.serve = [this, id, reply] { return TryPart(id, reply); },
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

void LlStream::OnInit(const live::Init& init) { window_.Begin(init.bytes); }

void LlStream::OnChunks(std::span<const Chunk> chunks) {
  away_.reset();
  for (const Chunk& chunk : chunks) window_.Add(chunk);
  waiters_.ServeAll();
}

void LlStream::OnEnd(const FeedEnd& end) {
  window_.End();
  away_ = end.sentence;
  waiters_.ServeAll();
}

}  // namespace ronin::live
