// SPDX-License-Identifier: MIT
#include "demo/clip_spec.h"

namespace ronin::demo {

ClipSpec NumberedClip(AudioCodec audio) {
  ClipSpec out;
  out.kind = ClipKind::kNumbered;
  out.audio = audio;
  out.name = "Numbered";
  out.width = 640;
  out.height = 360;
  out.fps = 25;
  out.seconds = 10;
  out.kbit = 500;
  return out;
}

}  // namespace ronin::demo
