// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "restream/feed.h"
#include "restream/rtsp_types.h"

namespace ronin::restream {

/// The role that lets a client see streams.
constexpr const char* kViewerRole = "viewer";

/// Makes the media of one stream, one for each client, so that no client holds up another: sources
/// that `feed` fills, and payloaders; nothing is decoded. (transfer full)
GRef<GstRTSPMediaFactory> MakeMediaFactory(const std::shared_ptr<Feed>& feed);

}  // namespace ronin::restream
