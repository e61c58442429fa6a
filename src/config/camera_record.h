// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/stream_id.h"
#include "config/schedule.h"

namespace ronin {

/// How media travels from the camera.
enum class Transport {
  kAuto,    ///< TCP first, then what the camera answers with
  kTcp,     ///< RTP interleaved in the RTSP connection
  kUdp,     ///< RTP over UDP
  kCompat,  ///< the slower, more tolerant receiver
};

std::string_view ToString(Transport transport);  ///< "auto", "tcp", "udp" or "compat"
/// Errors: kInvalidArgument with the words that are allowed.
Result<Transport> ParseTransport(std::string_view text);

/// A camera as it is configured; nothing of its state. A value; any thread.
struct CameraRecord {
  int64_t id = 0;    ///< given by CameraStore::Insert; never used again for another camera
  std::string uuid;  ///< given by Insert; names the camera inside its files
  std::string name;  ///< what people call it; unique, without regard to upper and lower case
  std::optional<std::string> group;      ///< what it belongs to, such as "Warehouse"
  std::vector<std::string> tags;         ///< words to find it by
  std::string url;                       ///< main stream, without credentials in front of the host
  std::optional<std::string> sub_url;    ///< a smaller stream of the same picture
  std::optional<std::string> onvif_url;  ///< of its ONVIF service
  std::string username;
  std::string password;  ///< a secret: never logged, never in an answer
  std::string folder;    ///< given by Insert; its folder on every volume, for ever
  Transport transport = Transport::kAuto;
  /// SHA-256, "AA:BB:…", of the certificate that it may show though the system does not trust it.
  std::optional<std::string> tls_fingerprint;
  /// uuid of the volume that it records to while that can be; nothing: its own by the weights.
  std::optional<std::string> volume_uuid;
  bool enabled = true;
  bool record = true;
  bool record_sub = false;
  bool record_audio = true;
  std::optional<Schedule> schedule;            ///< of the recording; nothing: always
  std::optional<int64_t> retention_days;       ///< nothing: the general policy
  std::optional<int64_t> retention_bytes;      ///< of the main stream; nothing: no limit of its own
  std::optional<int64_t> retention_min_days;   ///< nothing: the general policy
  std::optional<int64_t> sub_retention_days;   ///< nothing: the general policy
  std::optional<int64_t> sub_retention_bytes;  ///< nothing: no limit of its own
  WallTime created{};                          ///< given by Insert
  WallTime updated{};                          ///< given by Insert and Update
  /// Of url, sub_url, onvif_url, username and password those whose stored value is damaged: empty
  /// here, and kept as they are by Update() unless they get a value or leave this set.
  std::set<std::string> unreadable;

  /// Whether all that a stream needs could be read.
  bool can_connect(StreamKind stream = StreamKind::kMain) const {
    const char* other = stream == StreamKind::kMain ? "sub_url" : "url";
    return unreadable.size() == unreadable.count(other) + unreadable.count("onvif_url");
  }
  /// Of that stream; empty: there is none.
  std::string address(StreamKind stream) const {
    return stream == StreamKind::kMain ? url : sub_url.value_or("");
  }
};

}  // namespace ronin
