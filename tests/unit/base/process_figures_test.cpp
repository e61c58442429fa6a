// SPDX-License-Identifier: MIT
#include "base/process_figures.h"

#include <ctime>
#include <memory>
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

TEST(ProcessFigures, TellWhatIsInUseFromTheHolesBetween) {
  const ProcessFigures before = ReadProcessFigures();
  if (!before.heap_used_bytes) GTEST_SKIP() << "this is not glibc's malloc";
  std::vector<std::unique_ptr<char[]>> small;
  for (int i = 0; i < 1000; ++i) small.push_back(std::make_unique<char[]>(4000));
  const ProcessFigures full = ReadProcessFigures();
  for (size_t i = 0; i < small.size(); i += 2) small[i].reset();

  const ProcessFigures holed = ReadProcessFigures();

  EXPECT_GE(full.heap_used_bytes.value(), before.heap_used_bytes.value() + 4'000'000);
  EXPECT_LE(holed.heap_used_bytes.value(), full.heap_used_bytes.value() - 2'000'000);
  EXPECT_GE(holed.heap_free_bytes.value(), full.heap_free_bytes.value() + 2'000'000);
}

}  // namespace
}  // namespace ronin
