// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace ronin::demo {

enum class VideoCodec { kH264, kH265 };
enum class AudioCodec { kNone, kAac, kPcmu, kPcma };

enum class ClipKind {
  kScene,     ///< 60 s for people: a moving picture, the camera's name, seconds of the minute
  kNumbered,  ///< for tests: each picture carries its index as a bar code, see bar_code.h
};

/// What a clip looks and sounds like. Two equal specs share one cached file. Values; any thread.
struct ClipSpec {
  ClipKind kind = ClipKind::kScene;
  VideoCodec video = VideoCodec::kH264;
  AudioCodec audio = AudioCodec::kNone;
  std::string name = "Camera";  ///< burned in, kScene only
  /// What is seen: a place of scene.h ("door", "garden", …; kScene only), or a `pattern` of
  /// videotestsrc ("ball", "smpte", …).
  std::string pattern = "ball";
  int width = 1280;  ///< pixels, even
  int height = 720;  ///< pixels, even
  int fps = 15;      ///< whole frames per second
  int gop_s = 1;     ///< exact length of a GOP, seconds
  /// Whether two B-frames stand between P-frames (H.264, GOPs of 3 n + 1 pictures), so that
  /// pictures come in another order than they are shown.
  bool reordered = false;
  int seconds = 60;  ///< length; kScene needs 60
  int kbit = 800;    ///< target video bitrate, kbit/s

  int frames() const { return fps * seconds; }
  int gop() const { return fps * gop_s; }  ///< frames
  /// By how many frames the picture at `index` of the byte stream is shown later than it is sent.
  int ShownLater(int index) const;
};

/// 640x360 at 25 fps, 10 s: what tests play unless they say otherwise.
ClipSpec NumberedClip(AudioCodec audio = AudioCodec::kNone);

}  // namespace ronin::demo
