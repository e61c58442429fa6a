// SPDX-License-Identifier: MIT
#include "base/stream_id.h"

namespace ronin {

std::string_view ToString(StreamKind stream) { return stream == StreamKind::kSub ? "sub" : "main"; }

Result<StreamKind> ParseStreamKind(std::string_view text) {
  if (text == "main") return StreamKind::kMain;
  if (text == "sub") return StreamKind::kSub;
  return Fail(ErrorKind::kInvalidArgument, "stream must be main or sub");
}

}  // namespace ronin
