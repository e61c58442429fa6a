// SPDX-License-Identifier: MIT
#pragma once

#include "base/unique_fd.h"
#include "camera/tls_certificate.h"

namespace ronin::camera {

/// What is known of the newest connection that this thread has made with a GSocketClient, as
/// rtspsrc does, which tells nothing of it.

/// What it showed and the system does not trust; nullptr when it was in order, or had no TLS. Valid
/// until this thread connects again.
///
/// rtspsrc's signal `accept-certificate` alone does not do: GLib resumes TLS sessions, and asks
/// nobody then, so that a certificate stays accepted for a while after the user has taken that
/// back.
const TlsCertificate* DistrustedOnThisThread();

/// Another descriptor of its socket; none when it is over.
UniqueFd SocketOfThisThread();

/// Begins to look; before the first connection. Any thread.
void WatchSockets();

}  // namespace ronin::camera
