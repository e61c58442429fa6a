// SPDX-License-Identifier: MIT
#include "demo/bar_code.h"

#include <vector>

#include <gtest/gtest.h>

namespace ronin::demo {
namespace {

class BarCode : public ::testing::Test {
 protected:
  Plane Picture(int width, int height) {
    pixels_.assign(size_t(width * height), 128);
    return {pixels_.data(), width, width, height};
  }
  std::vector<uint8_t> pixels_;
};

TEST_F(BarCode, ReadsBackWhatWasDrawn) {
  const Plane picture = Picture(640, 360);
  for (const uint32_t index : {0U, 1U, 249U, 0x555555U, 0xaaaaaaU, 0xffffffU}) {
    DrawBarCode(picture, index);
    EXPECT_EQ(ReadBarCode(picture), index);
  }
}

TEST_F(BarCode, SurvivesScaling) {
  const Plane big = Picture(640, 360);
  DrawBarCode(big, 123456);
  std::vector<uint8_t> pixels(400 * 225);
  for (int y = 0; y < 225; ++y) {
    for (int x = 0; x < 400; ++x)
      pixels[size_t(y * 400 + x)] = big.data[y * 360 / 225 * 640 + x * 640 / 400];
  }

  EXPECT_EQ(ReadBarCode({pixels.data(), 400, 400, 225}), 123456U);
}

TEST_F(BarCode, SurvivesLowContrastAndNoise) {
  const Plane picture = Picture(640, 360);
  DrawBarCode(picture, 4321);
  for (size_t i = 0; i < pixels_.size(); ++i)
    pixels_[i] = uint8_t(60 + pixels_[i] / 2 + i * 7 % 23);

  EXPECT_EQ(ReadBarCode(picture), 4321U);
}

TEST_F(BarCode, SeesNothingInAPictureWithoutOne) {
  EXPECT_EQ(ReadBarCode(Picture(640, 360)), std::nullopt);
  EXPECT_EQ(ReadBarCode(Picture(32, 20)), std::nullopt);
}

TEST_F(BarCode, SeesThatOneCellIsWrong) {
  const Plane picture = Picture(640, 360);
  DrawBarCode(picture, 1000);
  for (int y = 0; y < 24; ++y) {
    for (int x = 10 * 20; x < 11 * 20; ++x)
      picture.data[y * 640 + x] = uint8_t(251 - picture.data[y * 640 + x]);
  }

  EXPECT_EQ(ReadBarCode(picture), std::nullopt);
}

}  // namespace
}  // namespace ronin::demo
