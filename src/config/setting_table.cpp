// SPDX-License-Identifier: MIT
// The one place that knows which keys there are. data/config.example.conf is checked against it.
#include "config/settings.h"

namespace ronin {
namespace {

constexpr SettingInfo kTable[] = {
    {"listen", &Settings::listen, "list", "127.0.0.1:8080", 0, 0, true,
     "Addresses and ports to serve on; port 0 takes a free one."},
    {"data_dir", &Settings::data_dir, "path", "/var/lib/ronin-nvr", 0, 0, true,
     "Folder of the databases and keys; a relative path starts at the working directory."},
    {"storage", &Settings::storage, "list", "", 0, 0, true,
     "Folders for recordings, relative ones as for data_dir; without any, it is recordings in "
     "data_dir. Cameras are spread over them; more can be added in the UI."},
    {"log_level", &Settings::log_level, "word", "info", 0, 0, false,
     "What is logged: error, warning, info or debug, each with those before it."},
    {"time_zone", &Settings::time_zone, "word", "", 0, 0, false,
     "The site's time zone, such as Europe/Berlin; empty is the system's."},
    {"allow_loopback_cameras", &Settings::allow_loopback_cameras, "true or false", "false", 0, 0,
     false, "Whether a camera may be on this machine itself."},
    {"segment_duration_s", &Settings::segment_duration, "seconds", "900", 10, 3600, true,
     "Length of one recorded file."},
    {"fragment_ms", &Settings::fragment, "milliseconds", "200", 50, 2000, true,
     "Longest piece of a file that is written at once and that a crash can lose."},
    {"sync_interval_s", &Settings::sync_interval, "seconds", "3", 1, 60, true,
     "How often recordings are forced to the disk; a power cut loses at most this much."},
    {"stall_timeout_s", &Settings::stall_timeout, "seconds", "4", 1, 60, false,
     "After how long without video a camera is connected anew."},
    {"status_poll_s", &Settings::status_poll, "seconds", "60", 1, 3600, false,
     "How often a disabled camera, or one that refused its password, is asked whether it is "
     "there."},
    {"retention_interval_s", &Settings::retention_interval, "seconds", "3600", 1, 86400, false,
     "How often recordings are looked for that are older or more than is to be kept."},
    {"move_kib_s", &Settings::move_kib_s, "KiB/s", "0", 0, 10000000, true,
     "How much is moved to an archive volume per second at most; 0 is half of what the disks can."},
    {"undo_s", &Settings::undo, "seconds", "30", 1, 3600, false,
     "How long a removed camera can be restored."},
    {"hls_idle_timeout_s", &Settings::hls_idle_timeout, "seconds", "60", 1, 3600, false,
     "How long HLS goes on after its last request."},
    {"live_linger_s", &Settings::live_linger, "seconds", "30", 1, 3600, false,
     "How long a camera's sub stream stays connected after its last viewer."},
    {"camera_memory_mib", &Settings::camera_memory_mib, "MiB", "96", 16, 4096, true,
     "Most media of one camera that is held in memory, of both streams and for viewers; what the "
     "disk does not take in time is dropped beyond it."},
    {"restream_listen", &Settings::restream_listen, "word", "", 0, 0, true,
     "Address and port to serve the cameras on by RTSP, such as 127.0.0.1:8554; empty is off."},
    {"restream_user", &Settings::restream_user, "word", "ronin", 0, 0, true,
     "Who signs in to the restream, if it has a password."},
    {"restream_password", &Settings::restream_password, "word", "", 0, 0, true,
     "The password of the restream; without one it serves this machine alone."},
};

}  // namespace

std::span<const SettingInfo> AllSettings() { return kTable; }

}  // namespace ronin
