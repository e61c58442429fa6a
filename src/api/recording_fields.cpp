// SPDX-License-Identifier: MIT
#include "api/recording_fields.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

namespace ronin::api {
namespace {

constexpr std::string_view kRecordingFields[] = {
    "id",         "camera_id",  "stream",       "start",       "end",
    "duration_s", "size_bytes", "path",         "video",       "audio",
    "state",      "protected",  "camera_clock", "clock_epoch", "suspect"};

}  // namespace

RecordingFields ReadRecordingFields(const JsonValue& body) {
  RecordingFields out;
  for (const std::string& name : body.MemberNames()) {
    if (std::ranges::find(kRecordingFields, name) == std::end(kRecordingFields)) {
      out.errors.push_back({name, "is not a field of a recording"});
    }
  }
  if (const auto value = body.Member("protected")) {
    out.is_protected = value->AsBool();
    if (!out.is_protected) out.errors.push_back({"protected", "must be true or false"});
  }
  return out;
}

}  // namespace ronin::api
