// SPDX-License-Identifier: MIT
// print-frame-numbers FILE: the numbers that the fake camera put into a recording, one a line.
#include <cstdio>
#include <iostream>

#include "support/frame_numbers.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto frames = ronin::testing::ReadFrameNumbers(argv[1]);
  if (!frames) {
    std::cerr << frames.error().Text() << '\n';
    return 1;
  }
  for (const auto& frame : *frames) std::cout << frame.number << '\n';
  return 0;
}
