// SPDX-License-Identifier: MIT
#include "demo/bar_code.h"

#include <array>
#include <cstring>

namespace ronin::demo {
namespace {

constexpr uint8_t kWhite = 235;
constexpr uint8_t kBlack = 16;
constexpr int kIndexBits = 24;
constexpr int kFirstIndexCell = 4;
constexpr int kMinContrast = 60;  // of 219; less is no bar code

using Cells = std::array<bool, kBarCodeCells>;

Cells Encode(uint32_t index) {
  Cells cells{};
  cells[0] = cells[2] = true;
  for (int bit = 0; bit < kIndexBits; ++bit) {
    const bool one = ((index >> (kIndexBits - 1 - bit)) & 1U) != 0;
    cells[size_t(kFirstIndexCell + bit)] = one;
    const size_t parity = bit % 2 == 0 ? 28 : 29;
    cells[parity] = cells[parity] != one;
  }
  cells[31] = true;
  return cells;
}

int CellEdge(int cell, int width) { return cell * width / kBarCodeCells; }

/// The average luma in the middle of a cell.
int CellLevel(const Plane& luma, int cell) {
  const int left = CellEdge(cell, luma.width);
  const int quarter = (CellEdge(cell + 1, luma.width) - left) / 4;
  const int height = luma.height / kBarCodeHeightDivisor;
  int sum = 0;
  int count = 0;
  for (int y = height / 4; y < height - height / 4; ++y) {
    for (int x = left + quarter; x < CellEdge(cell + 1, luma.width) - quarter; ++x, ++count) {
      sum += luma.data[y * luma.stride + x];
    }
  }
  return count > 0 ? sum / count : 0;
}

}  // namespace

void DrawBarCode(const Plane& luma, uint32_t index) {
  const Cells cells = Encode(index);
  for (int y = 0; y < luma.height / kBarCodeHeightDivisor; ++y) {
    for (int cell = 0; cell < kBarCodeCells; ++cell) {
      const int left = CellEdge(cell, luma.width);
      std::memset(luma.data + y * luma.stride + left, cells[size_t(cell)] ? kWhite : kBlack,
                  size_t(CellEdge(cell + 1, luma.width) - left));
    }
  }
}

std::optional<uint32_t> ReadBarCode(const Plane& luma) {
  if (luma.width < 2 * kBarCodeCells || luma.height < 2 * kBarCodeHeightDivisor) return {};
  const int white = CellLevel(luma, 0);
  const int black = CellLevel(luma, 1);
  if (white - black < kMinContrast) return {};

  Cells seen{};
  for (int cell = 0; cell < kBarCodeCells; ++cell) {
    seen[size_t(cell)] = CellLevel(luma, cell) > (white + black) / 2;
  }
  uint32_t index = 0;
  for (int bit = 0; bit < kIndexBits; ++bit) {
    index = (index << 1U) | (seen[size_t(kFirstIndexCell + bit)] ? 1U : 0U);
  }
  if (seen != Encode(index)) return {};
  return index;
}

}  // namespace ronin::demo
