// SPDX-License-Identifier: MIT
#pragma once

namespace ronin {

/// Recording and playback first: gives the calling thread the least share of the processor, and of
/// the disk what others leave. A system that refuses costs only politeness.
void BePolite();

}  // namespace ronin
