// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "demo/clip.h"
#include "demo/clip_maker.h"

namespace ronin::demo {

constexpr int kMostDemoCameras = 5;
constexpr int kMostNumberedCameras = 64;

/// The clips of the first `count` cameras of the demonstration, 1 to kMostDemoCameras.
std::vector<ClipSpec> DemoClips(int count);

/// `count` clips like `clip` for end-to-end tests: the first with AAC, the others without sound.
std::vector<ClipSpec> NumberedClips(int count, const ClipSpec& clip = NumberedClip());

/// Makes all clips, two at a time. Blocks. Errors: those of ClipMaker::Make(), the first one.
Result<std::vector<ClipRef>> MakeAll(const ClipMaker& maker, const std::vector<ClipSpec>& specs);

}  // namespace ronin::demo
