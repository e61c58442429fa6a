// SPDX-License-Identifier: MIT
#include "app/heap_limit.h"

#include <algorithm>
#include <barrier>
#include <cstdio>
#include <cstdlib>
#include <malloc.h>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace ronin::app {
namespace {

size_t Heaps() {
  char* text = nullptr;
  size_t size = 0;
  FILE* out = open_memstream(&text, &size);
  malloc_info(0, out);
  std::fclose(out);
  const std::string found(text, size);
  std::free(text);
  size_t count = 0;
  for (size_t at = found.find("<heap nr="); at != std::string::npos;
       at = found.find("<heap nr=", at + 1)) {
    ++count;
  }
  return count;
}

TEST(KeepHeapsFew, GivesManyThreadsNoMoreHeapsThanThereAreProcessors) {
  const size_t before = Heaps();  // other tests in this process have had threads
  KeepHeapsFew();
  constexpr int kThreads = 64;
  std::barrier all(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&all] {
      std::vector<char> some(1000);
      all.arrive_and_wait();
      some.resize(100000);
      all.arrive_and_wait();
    });
  }
  for (auto& thread : threads) thread.join();

  EXPECT_LE(Heaps(), std::max<size_t>({before, 2, std::thread::hardware_concurrency()}));
}

size_t LargeThings() { return mallinfo2().hblks; }

TEST(GiveFreeMemoryBack, KeepsWhatIsLargeOutOfTheHeapsAlsoAfterSomethingLarger) {
  if (mallinfo2().uordblks == 0) GTEST_SKIP() << "this is not glibc's malloc";
  // In a process of its own: here, other tests have left holes in which a keyframe has room.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        GiveFreeMemoryBack();
        { const std::vector<char> larger(4 << 20); }
        const size_t before = LargeThings();
        const std::vector<char> keyframe(200'000);
        std::_Exit(LargeThings() == before + 1 ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace ronin::app
