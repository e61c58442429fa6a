// SPDX-License-Identifier: MIT
#pragma once

#include "camera/tls_certificate.h"

namespace ronin::camera {

/// What the newest connection that this thread has made showed and the system does not trust;
/// nullptr when it was in order, or had no TLS. Valid until this thread connects again.
///
/// The signal `accept-certificate` alone does not do: GLib resumes TLS sessions, and asks nobody
/// then, so that a certificate stays accepted for a while after the user has taken that back.
const TlsCertificate* DistrustedOnThisThread();

/// Begins to look; before the first connection. Any thread.
void WatchTlsHandshakes();

}  // namespace ronin::camera
