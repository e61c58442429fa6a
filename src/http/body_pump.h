// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>

#include "http/body_source.h"

namespace ronin::http {

/// Carries a BodySource to a connection piece by piece: one piece being read and one being written
/// at most, so an answer holds 512 KiB whatever its size. Owner: Exchange. Thread: main.
class BodyPump : public std::enable_shared_from_this<BodyPump> {
 public:
  static constexpr size_t kPieceBytes = 256 * 1024;
  static constexpr int kMaxPieces = 2;

  /// Where the pieces go. None of these may destroy the pump.
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void OnPiece(const GRef<GBytes>& bytes) = 0;
    virtual void OnBodyEnd() = 0;
    virtual void OnBodyFailed(const Error& error) = 0;
  };

  /// @param length  bytes to send from `offset`, or kUnknownSize
  /// @param sink    outlives this, or calls Stop() first
  BodyPump(std::shared_ptr<BodySource> body, int64_t offset, int64_t length, Sink* sink);

  /// Asks for the first piece.
  void Start() { Read(); }
  /// A piece has been written: asks for the next.
  void OnPieceWritten();
  /// No more calls to the sink; an unfinished source is told.
  void Stop();

 private:
  void Read();
  void OnRead(size_t wanted, const Result<GRef<GBytes>>& bytes);
  bool endless() const { return left_ == BodySource::kUnknownSize; }

  std::shared_ptr<BodySource> body_;  // shared with the handler that made it
  int64_t offset_;
  int64_t left_;
  Sink* sink_;  // null once stopped
  int written_behind_ = 0;
  bool reading_ = false;
  bool ended_ = false;
};

}  // namespace ronin::http
