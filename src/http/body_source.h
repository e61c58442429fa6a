// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "base/g_ref.h"
#include "base/result.h"
#include "http/request.h"

namespace ronin::http {

/// The bytes of a long body, read piece by piece while the client takes them: a recording, an
/// export, an endless stream. The server asks for at most 256 KiB at a time and holds at most two
/// pieces. Owner: shared by the handler and by the answer under way.
/// Thread: called on main; reads elsewhere (a disk can be slow).
class BodySource {
 public:
  static constexpr int64_t kUnknownSize = -1;
  using Done = std::function<void(Result<GRef<GBytes>>)>;

  virtual ~BodySource() = default;

  /// The size in bytes, which must not change while it is sent; or kUnknownSize: then the answer
  /// is chunked, has no ranges, and ends with the first Read that gives no bytes.
  virtual int64_t size() const = 0;

  /// Gives the bytes from `offset`: exactly `length` of them when the size is known, between one
  /// and `length` (none at the end) when it is not. Errors of any kind break the connection off,
  /// so that a client never takes a part for the whole.
  ///
  /// @param done  call it once, on main, not before Read() has returned. May come after the client
  ///              has left, and need not come at all once the source is destroyed.
  virtual void Read(int64_t offset, size_t length, Done done) = 0;

  /// The client left before the end: an endless source stops producing. Not called after the
  /// last byte was read.
  virtual void Cancel() {}
};

/// What is said about a body that comes from a BodySource.
struct BodyOptions {
  std::string content_type = "application/octet-stream";
  std::string etag;  ///< strong entity tag without its quotes; empty: none, and no If-Range
  HeaderList headers;
};

}  // namespace ronin::http
