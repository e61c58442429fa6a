// SPDX-License-Identifier: MIT
#include "catalog/segment.h"

namespace ronin {

std::string_view ToString(StreamKind stream) { return stream == StreamKind::kSub ? "sub" : "main"; }

Result<StreamKind> ParseStreamKind(std::string_view text) {
  if (text == "main") return StreamKind::kMain;
  if (text == "sub") return StreamKind::kSub;
  return Fail(ErrorKind::kInvalidArgument, "stream must be main or sub");
}

std::string_view ToString(SegmentState state) {
  switch (state) {
    case SegmentState::kRecording:
      return "recording";
    case SegmentState::kComplete:
      return "complete";
    case SegmentState::kRecovered:
      return "recovered";
    case SegmentState::kMissing:
      return "missing";
  }
  return "missing";
}

}  // namespace ronin
