// SPDX-License-Identifier: MIT
#include "http/body_pump.h"

#include <algorithm>

namespace ronin::http {

BodyPump::BodyPump(std::shared_ptr<BodySource> body, int64_t offset, int64_t length, Sink* sink)
    : body_(std::move(body)), offset_(offset), left_(length), sink_(sink) {}

void BodyPump::Read() {
  if (sink_ == nullptr || reading_ || ended_ || written_behind_ + 1 > kMaxPieces) return;
  const size_t wanted =
      endless() ? kPieceBytes : size_t(std::min<int64_t>(int64_t(kPieceBytes), left_));
  reading_ = true;
  body_->Read(offset_, wanted, [weak = weak_from_this(), wanted](Result<GRef<GBytes>> bytes) {
    if (const auto self = weak.lock()) self->OnRead(wanted, bytes);
  });
}

void BodyPump::OnRead(size_t wanted, const Result<GRef<GBytes>>& bytes) {
  reading_ = false;
  if (sink_ == nullptr) return;
  if (!bytes) return sink_->OnBodyFailed(bytes.error());
  const size_t size = *bytes ? g_bytes_get_size(bytes->Get()) : 0;
  if (size > wanted || (!endless() && size != wanted)) {
    return sink_->OnBodyFailed({ErrorKind::kInternal, "a body gave a piece of the wrong size"});
  }
  if (size > 0) {
    offset_ += int64_t(size);
    if (!endless()) left_ -= int64_t(size);
    ++written_behind_;
    sink_->OnPiece(*bytes);
  }
  if (endless() ? size == 0 : left_ == 0) {
    ended_ = true;
    if (sink_ != nullptr) sink_->OnBodyEnd();
    return;
  }
  Read();
}

void BodyPump::OnPieceWritten() {
  if (written_behind_ > 0) --written_behind_;
  Read();
}

void BodyPump::Stop() {
  if (sink_ == nullptr) return;
  sink_ = nullptr;
  if (!ended_) body_->Cancel();
}

}  // namespace ronin::http
