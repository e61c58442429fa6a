// SPDX-License-Identifier: MIT
// make-big-catalog FILE SEGMENTS: a catalog of so many rows, unless the file is there.
#include <cstdlib>
#include <iostream>

#include "hot/big_catalog.h"

int main(int argc, char** argv) {
  if (argc != 3 || std::atoll(argv[2]) < 1) return 2;
  if (const auto done = ronin::bench::MakeBigCatalog(argv[1], std::atoll(argv[2])); !done) {
    std::cerr << "make-big-catalog: " << done.error().Text() << '\n';
    return 1;
  }
  return 0;
}
