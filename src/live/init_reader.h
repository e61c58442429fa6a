// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "live/live_feed.h"

namespace ronin::live {

/// Reads what an init segment (`ftyp moov`) says of its tracks; of several of a kind, the first
/// counts. Codecs are named as in RFC 6381. Pure; any thread.
/// Errors: kCorrupt: there is no video in it whose codec is known.
Result<Init> ReadInit(GRef<GBytes> bytes);

}  // namespace ronin::live
