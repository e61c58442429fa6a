// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "api/context.h"
#include "base/stream_id.h"

namespace ronin::api {

/// Which stream a request for a live view asks for; answers itself (400) when `?stream=` is neither
/// main nor sub.
std::optional<StreamId> ReadStream(const http::Request& request, const http::Responder& responder);

/// The same stream of a camera; answers itself (404) when there is none.
camera::Camera* FindStream(const ApiContext& context, const http::Request& request,
                           const http::Responder& responder);

}  // namespace ronin::api
