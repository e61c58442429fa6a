// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

namespace ronin::demo {

/// The index of a picture as black and white cells in the top of the picture, for readers of
/// decoded pictures (also of scaled ones, also in a browser's canvas).
///
/// Layout: the strip y = 0 .. height/15, cut into 32 cells of equal width (width/32 px; at
/// 640x360 a cell is 20x24 px). From the left:
///
///   cell 0..3    1 0 1 0   start mark; also gives the levels of white and black
///   cell 4..27   index, 24 bits, most significant first
///   cell 28      parity: number of ones in cells 4, 6, … 26 is even with it
///   cell 29      parity: number of ones in cells 5, 7, … 27 is even with it
///   cell 30..31  0 1       end mark
///
/// 1 is white (luma 235), 0 is black (luma 16), no colour. To read: average the middle half of
/// each cell in both directions; threshold = middle between the averages of cells 0 and 1.
///
/// index = frame number modulo the number of pictures in the clip.
constexpr int kBarCodeCells = 32;
constexpr int kBarCodeHeightDivisor = 15;

/// One 8-bit plane of a picture; borrowed for the call.
struct Plane {
  uint8_t* data = nullptr;
  int stride = 0;  ///< bytes from row to row
  int width = 0;
  int height = 0;
};

/// Draws `index` (below 2^24) into a luma plane of at least 512x240.
void DrawBarCode(const Plane& luma, uint32_t index);

/// The index in a luma plane, or nothing when marks or parity do not fit.
std::optional<uint32_t> ReadBarCode(const Plane& luma);

}  // namespace ronin::demo
