// SPDX-License-Identifier: MIT
#include "catalog/segment.h"

namespace ronin {

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
