// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace ronin {

/// Which of a camera's streams.
enum class StreamKind { kMain, kSub };

std::string_view ToString(StreamKind stream);  ///< "main" or "sub"
/// Errors: kInvalidArgument.
Result<StreamKind> ParseStreamKind(std::string_view text);

/// One stream of one camera; a camera's id alone means its main stream. A value; any thread.
struct StreamId {
  // Not explicit: most of what is asked is asked of the main stream.
  StreamId(int64_t camera, StreamKind which = StreamKind::kMain) : camera_id(camera), kind(which) {}

  int64_t camera_id;
  StreamKind kind;
  auto operator<=>(const StreamId&) const = default;
};

}  // namespace ronin
