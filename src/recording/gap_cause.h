// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "base/error.h"
#include "camera/camera_error.h"
#include "config/ledger_store.h"
#include "storage/volume_probe.h"

namespace ronin::recording {

/// Why nothing is recorded while a camera fails like this. The detail is the error's code. Pure.
GapCause CauseOf(const camera::CameraError& error);

/// Why nothing is recorded while the storage fails like this. Pure.
GapCause CauseOf(const Error& storage_error);
/// Why a volume takes nothing. @param state  not kOk
GapCause CauseOf(VolumeState state);

/// Why nothing was recorded between the last run and this one. Pure.
/// @param boot_id  of the machine now; empty: not known
GapCause CauseOfTimeOff(const RunRecord& last, const std::string& boot_id);

/// Identifies this start of the machine; empty when the system does not tell. Reads a file of the
/// kernel, which does not block. Any thread.
std::string BootId();

}  // namespace ronin::recording
