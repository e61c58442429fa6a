// SPDX-License-Identifier: MIT
#include "base/process_figures.h"

#include <ctime>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/unique_fd.h"
#include "base/worker.h"

namespace ronin {
namespace {

TEST(ProcessFigures, CountThreadsAndDescriptors) {
  const ProcessFigures before = ReadProcessFigures();
  std::vector<UniqueFd> files;
  for (int i = 0; i < 10; ++i) files.emplace_back(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const Worker worker("test");

  const ProcessFigures now = ReadProcessFigures();

  EXPECT_EQ(now.open_descriptors.value(), before.open_descriptors.value() + 10);
  EXPECT_EQ(now.threads.value(), before.threads.value() + 1);
  EXPECT_GT(now.most_descriptors.value(), now.open_descriptors.value());
}

TEST(ProcessFigures, TellWhatIsUsed) {
  const ProcessFigures before = ReadProcessFigures();
  std::vector<char> memory(64 << 20, 'x');
  const std::clock_t begin = std::clock();
  while (std::clock() - begin < CLOCKS_PER_SEC / 20) memory[size_t(std::clock()) % 4096] = 'y';

  const ProcessFigures now = ReadProcessFigures();

  EXPECT_GE(now.cpu_s, before.cpu_s + 0.05);
  EXPECT_GE(now.resident_bytes.value(), before.resident_bytes.value() + (60 << 20));
}

}  // namespace
}  // namespace ronin
