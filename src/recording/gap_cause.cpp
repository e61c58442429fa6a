// SPDX-License-Identifier: MIT
#include "recording/gap_cause.h"

#include <fstream>

namespace ronin::recording {

GapCause CauseOf(const camera::CameraError& error) {
  const std::string& code = error.code;
  if (code == "unauthorized" || code == "forbidden" || code == "credentials") {
    return {GapReason::kAuth, code};
  }
  if (code == "storage") return {GapReason::kDisk, code};
  if (code == "timeout") return {GapReason::kNetwork, code};
  // Not the camera's fault: the recorder's own pipelines do not end.
  if (code == "stuck") return {GapReason::kOverload, code};
  // A camera that closes the connection was reached.
  if (code == "unreachable") {
    return error.by_camera ? GapCause{GapReason::kCamera, "closed"}
                           : GapCause{GapReason::kNetwork, code};
  }
  return {GapReason::kCamera, code};
}

GapCause CauseOf(const Error& storage_error) {
  switch (storage_error.kind) {
    case ErrorKind::kNoSpace:
      return {GapReason::kDisk, "full"};
    case ErrorKind::kNotFound:
      return {GapReason::kDisk, "missing"};
    case ErrorKind::kPermission:
      return {GapReason::kDisk, "read_only"};
    default:
      return {GapReason::kDisk, "error"};
  }
}

GapCause CauseOf(VolumeState state) {
  switch (state) {
    case VolumeState::kFull:
      return {GapReason::kDisk, "full"};
    case VolumeState::kMissing:
      return {GapReason::kDisk, "missing"};
    case VolumeState::kReadOnly:
      return {GapReason::kDisk, "read_only"};
    default:
      return {GapReason::kDisk, "error"};
  }
}

GapCause CauseOfTimeOff(const RunRecord& last, const std::string& boot_id) {
  if (last.clean) return {GapReason::kRestart, ""};
  if (boot_id.empty() || last.boot_id.empty() || last.boot_id == boot_id) {
    return {GapReason::kCrash, ""};
  }
  return {GapReason::kPower, ""};
}

std::string BootId() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string out;
  std::getline(file, out);
  return out;
}

}  // namespace ronin::recording
