// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "api/context.h"
#include "base/result.h"
#include "base/stream_id.h"

namespace ronin::api {

/// Which stream a request for a live view asks for; answers itself (400) when `?stream=` is neither
/// main nor sub.
std::optional<StreamId> ReadStream(const http::Request& request, const http::Responder& responder);

/// The same stream of a camera; answers itself (404) when there is none.
camera::Camera* FindStream(const ApiContext& context, const http::Request& request,
                           const http::Responder& responder);

/// The answer to a request for a playlist: of live pictures nothing may be cached.
void SendPlaylist(const http::Responder& responder, const Result<std::string>& playlist);
/// Why there is no live picture, and when to ask again if there may be one soon.
void SendLiveError(const http::Responder& responder, const Error& error);

}  // namespace ronin::api
