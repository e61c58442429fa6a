// SPDX-License-Identifier: MIT
#include "base/worker.h"

#include <atomic>
#include <vector>

#include <gtest/gtest.h>

namespace ronin {
namespace {

TEST(Worker, RunsJobsInOrderAndAllOfThemBeforeItEnds) {
  std::vector<int> got;
  {
    Worker worker("test");
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(worker.Post([&got, i] { got.push_back(i); }));
  }

  ASSERT_EQ(got.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(got[size_t(i)], i);
}

TEST(Worker, RefusesJobsAfterStop) {
  Worker worker("test");
  worker.Stop();

  EXPECT_FALSE(worker.Post([] { FAIL(); }));
}

TEST(Worker, CountsWhatWaits) {
  Worker worker("test");
  std::atomic<bool> go{false};
  worker.Post([&] { go.wait(false); });
  worker.Post([] {});

  EXPECT_EQ(worker.depth(), 2U);

  go = true;
  go.notify_one();
  worker.Stop();
  EXPECT_EQ(worker.depth(), 0U);
}

}  // namespace
}  // namespace ronin
