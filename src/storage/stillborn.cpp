// SPDX-License-Identifier: MIT
#include "storage/stillborn.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "storage/mp4_scan.h"

namespace ronin {
namespace {

/// More than a first fragment.
constexpr uintmax_t kMostBytes = 4 << 20;

bool HoldsOnlyZeros(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 65536> piece{};
  while (file) {
    file.read(piece.data(), std::streamsize(piece.size()));
    const auto end = piece.begin() + file.gcount();
    if (std::any_of(piece.begin(), end, [](char byte) { return byte != 0; })) return false;
  }
  return file.eof();
}

}  // namespace

bool IsStillborn(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error || size > kMostBytes) return false;
  if (HoldsOnlyZeros(path)) return true;
  const auto scan = ScanMp4(path);
  return scan && scan->origin && scan->fragments == 0;
}

}  // namespace ronin
