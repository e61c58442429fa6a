// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "base/g_ref.h"
#include "http/wire.h"

namespace ronin::http {

/// A GIOStream over the wire's socket, for libsoup: it counts and times what passes, and can be
/// cut off without closing the socket. Thread: any (see Wire).
GRef<GIOStream> NewConnectionStream(std::shared_ptr<Wire> wire);

}  // namespace ronin::http
