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

int ClipSpec::ShownLater(int index) const {
  if (!reordered) return 0;
  // Sent: I0 P3 B1 B2 P6 B4 B5 ...; two frames late, so that none is shown before it was sent.
  constexpr int kLate = 2;
  const int in_gop = index % gop();
  if (in_gop == 0) return kLate;
  return kLate + ((in_gop - 1) % 3 == 0 ? 2 : -1);
}

}  // namespace ronin::demo
