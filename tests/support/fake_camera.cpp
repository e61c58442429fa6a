// SPDX-License-Identifier: MIT
#include "support/fake_camera.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "demo/clip_maker.h"

namespace ronin::testing {
namespace {

template <typename T>
T OrThrow(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().Text());
  return std::move(*result);
}

}  // namespace

demo::ClipRef TestClip(const demo::ClipSpec& spec) {
  const char* root = std::getenv("RONIN_BUILD_ROOT");
  const std::filesystem::path folder =
      root != nullptr ? std::filesystem::path(root) : std::filesystem::temp_directory_path();
  return OrThrow(demo::ClipMaker(folder / "test-clips").Make(spec));
}

FakeCamera::FakeCamera(const FakeCameraOptions& options)
    : camera_(OrThrow(server_.Add(TestClip(options.clip), options.camera))) {}

FakeCamera::~FakeCamera() = default;

}  // namespace ronin::testing
