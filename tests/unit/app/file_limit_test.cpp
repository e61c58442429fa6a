// SPDX-License-Identifier: MIT
#include "app/file_limit.h"

#include <algorithm>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "base/unique_fd.h"

namespace ronin::app {
namespace {

class FileLimitTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before_), 0); }
  void TearDown() override { setrlimit(RLIMIT_NOFILE, &before_); }

  void SetSoft(rlim_t soft) {
    const rlimit limit = {soft, before_.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  }
  static rlim_t Soft() {
    rlimit now = {};
    getrlimit(RLIMIT_NOFILE, &now);
    return now.rlim_cur;
  }

  rlimit before_ = {};
};

TEST_F(FileLimitTest, RisesToTheHardLimitOr65536) {
  SetSoft(256);

  const uint64_t allowed = RaiseFileLimit();

  EXPECT_EQ(allowed, std::min<rlim_t>(before_.rlim_max, 65536));
  EXPECT_EQ(Soft(), allowed);
}

TEST_F(FileLimitTest, IsNeverLowered) {
  SetSoft(before_.rlim_max);

  EXPECT_EQ(RaiseFileLimit(), before_.rlim_max);
  EXPECT_EQ(Soft(), before_.rlim_max);
}

/// Opens descriptors until `free` are left below the limit.
std::vector<UniqueFd> LeaveFree(rlim_t limit, size_t free) {
  std::vector<UniqueFd> out;
  size_t left = 0;
  for (int fd = 0; fd < int(limit); ++fd) left += ::fcntl(fd, F_GETFD) < 0 ? 1 : 0;
  for (; left > free; --left) out.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  return out;
}

TEST_F(FileLimitTest, KeepsSomeForEachCamera) {
  SetSoft(1024);

  const auto taken = LeaveFree(1024, 100);

  EXPECT_EQ(SpareDescriptors(0), 36);
  EXPECT_EQ(SpareDescriptors(4), 4);
  EXPECT_EQ(SpareDescriptors(5), -4);
}

TEST_F(FileLimitTest, KeepsAQuarterOfALowLimit) {
  SetSoft(200);

  const auto taken = LeaveFree(200, 52);

  EXPECT_EQ(SpareDescriptors(64), 2);
}

TEST_F(FileLimitTest, FindsFreeOnesBelowOthers) {
  SetSoft(400);
  auto taken = LeaveFree(400, 0);
  EXPECT_EQ(SpareDescriptors(0), -64);

  taken.erase(taken.begin(), taken.begin() + 70);

  EXPECT_EQ(SpareDescriptors(0), 6);
}

TEST_F(FileLimitTest, PlentyIsNotCounted) {
  SetSoft(std::min<rlim_t>(before_.rlim_max, 65536));

  EXPECT_EQ(SpareDescriptors(2), kMostSpare);
}

}  // namespace
}  // namespace ronin::app
