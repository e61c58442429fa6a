// SPDX-License-Identifier: MIT
#include "demo/demo_cameras.h"

#include <atomic>
#include <optional>
#include <thread>
#include <utility>

#include "base/text.h"

namespace ronin::demo {

std::vector<ClipSpec> DemoClips(int count) {
  std::vector<ClipSpec> out = {
      {.audio = AudioCodec::kAac,
       .name = "Front door",
       .pattern = "door",
       .width = 1280,
       .height = 720,
       .kbit = 800},
      {.name = "Driveway", .pattern = "driveway", .width = 960, .height = 540, .kbit = 600},
      {.audio = AudioCodec::kPcmu,
       .name = "Garden",
       .pattern = "garden",
       .width = 704,
       .height = 576,
       .kbit = 600},
      {.audio = AudioCodec::kAac,
       .name = "Garage",
       .pattern = "garage",
       .width = 640,
       .height = 360,
       .kbit = 500},
      {.video = VideoCodec::kH265,
       .name = "Street",
       .pattern = "street",
       .width = 1280,
       .height = 720,
       .kbit = 600},
  };
  out.resize(size_t(count));
  return out;
}

std::vector<ClipSpec> NumberedClips(int count, const ClipSpec& clip) {
  std::vector<ClipSpec> out(size_t(count), clip);
  if (!out.empty()) out.front().audio = AudioCodec::kAac;
  return out;
}

Result<std::vector<ClipRef>> MakeAll(const ClipMaker& maker, const std::vector<ClipSpec>& specs) {
  std::vector<std::optional<Result<ClipRef>>> made(specs.size());
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t i = next++; i < specs.size(); i = next++) made[i] = maker.Make(specs[i]);
  };
  std::thread other(work);
  work();
  other.join();

  std::vector<ClipRef> out;
  for (auto& clip : made) {
    if (!*clip) return Fail(clip->error());
    out.push_back(std::move(**clip));
  }
  return out;
}

}  // namespace ronin::demo
